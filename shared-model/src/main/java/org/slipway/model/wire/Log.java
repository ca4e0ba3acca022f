package org.slipway.model.wire;

import java.util.Base64;

/**
 * One line of a container's output.
 *
 * @param stream {@code stdout} or {@code stderr}
 * @param at RFC 3339
 * @param partial the line goes on in the next one of its stream
 * @param data Base64 of the bytes, without the line's end
 */
public record Log(String stream, String at, boolean partial, String data) {

    /** The bytes of the line. */
    public byte[] bytes() {
        return Base64.getDecoder().decode(data);
    }
}

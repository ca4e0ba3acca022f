package org.slipway.helper.lifecycle;

/**
 * Who asks, as the kernel said when the connection was accepted.
 *
 * @param uid user id, unsigned
 * @param administrator may work on containers of every owner
 */
public record Caller(int uid, boolean administrator) {

    /** The helper's own doings: re-adoption and the end of a container that nobody asked for. */
    public static final Caller HELPER = new Caller(0, true);
}

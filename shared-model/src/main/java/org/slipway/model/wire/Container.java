package org.slipway.model.wire;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Owned;
import tools.jackson.databind.node.ObjectNode;

/**
 * One container as it is now.
 *
 * @param owner the owner's user id
 * @param status a word of {@link org.slipway.model.state.Status}
 * @param pid the first process as the helper sees it, while there is one
 * @param bundle the absolute path of the bundle
 * @param created RFC 3339
 * @param state the state object of the specification with this runtime's extra members
 * @param exit how it ended, once it has
 * @param configDigest of the configuration that it was made from, as {@link #digest} makes it; empty from a helper that is older
 */
public record Container(
        long owner,
        String id,
        String status,
        Optional<Long> pid,
        String bundle,
        String created,
        ObjectNode state,
        Optional<Exit> exit,
        Optional<String> configDigest) {

    /** The digest of a configuration's bytes, as image-spec descriptor.md §Digests writes it: {@code sha256:} and hexadecimal. */
    public static String digest(byte[] config) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(config);
            return "sha256:" + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Its full name. */
    public Owned owned() {
        return new Owned((int) owner, new ContainerId(id));
    }
}

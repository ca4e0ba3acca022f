package org.slipway.model.wire;

import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * One message from client to server (varlink.org, section Method Call).
 *
 * @param method full name
 * @param more the client takes several answers
 * @param oneway the client takes no answer
 * @param upgrade after the answer the connection carries something else
 */
public record Request(
        String method,
        Optional<ObjectNode> parameters,
        Optional<Boolean> more,
        Optional<Boolean> oneway,
        Optional<Boolean> upgrade) {

    /** A plain call. */
    public static Request of(Call<?> call, boolean more) {
        return new Request(
                call.method(),
                Optional.of(Wire.toNode(call)),
                more ? Optional.of(true) : Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}

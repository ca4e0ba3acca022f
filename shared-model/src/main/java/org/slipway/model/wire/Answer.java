package org.slipway.model.wire;

import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * One message from server to client (varlink.org, section Method Reply).
 *
 * @param continues another answer to the same call follows
 * @param error full name of an error; {@code parameters} are then the error's
 */
public record Answer(Optional<ObjectNode> parameters, Optional<Boolean> continues, Optional<String> error) {

    /** The last, or only, answer. */
    public static Answer last(Object parameters) {
        return new Answer(Optional.of(Wire.toNode(parameters)), Optional.empty(), Optional.empty());
    }

    /** One answer of several. */
    public static Answer more(Object parameters) {
        return new Answer(Optional.of(Wire.toNode(parameters)), Optional.of(true), Optional.empty());
    }

    /** An error of the interface. */
    public static Answer error(Errors error) {
        return error(error.error(), error);
    }

    /** Any error, by its full name. */
    public static Answer error(String name, Object parameters) {
        return new Answer(Optional.of(Wire.toNode(parameters)), Optional.empty(), Optional.of(name));
    }
}

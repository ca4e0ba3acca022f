package org.slipway.model.spec;

import java.util.Optional;

/**
 * A namespace that the container has for itself or joins.
 *
 * @param path of one to join; absent: a new one
 */
public record Namespace(NamespaceType type, Optional<String> path) {

    static Namespace read(Member namespace) {
        Member type = namespace.require("type");
        return new Namespace(
                NamespaceType.parse(type.text()).orElseThrow(() -> type.wrong("not a kind of namespace")),
                namespace.text("path").filter(path -> !path.isEmpty()));
    }
}

package org.slipway.model.spec;

/**
 * The root filesystem.
 *
 * @param path absolute, or relative to the bundle
 */
public record Root(String path, boolean readonly) {

    static Root read(Member root) {
        return new Root(root.require("path").text(), root.flag("readonly").orElse(false));
    }
}

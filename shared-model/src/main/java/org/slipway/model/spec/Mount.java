package org.slipway.model.spec;

import java.util.List;
import java.util.Optional;

/**
 * One entry of {@code mounts}.
 *
 * @param options as they stand in the file; the compiler knows what they mean
 */
public record Mount(
        String destination,
        Optional<String> type,
        Optional<String> source,
        List<String> options,
        List<IdMapping> uidMappings,
        List<IdMapping> gidMappings) {

    static Mount read(Member mount) {
        return new Mount(
                mount.require("destination").text(),
                mount.text("type"),
                mount.text("source"),
                mount.texts("options"),
                mount.list("uidMappings", IdMapping::read),
                mount.list("gidMappings", IdMapping::read));
    }
}

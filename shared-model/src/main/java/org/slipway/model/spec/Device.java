package org.slipway.model.spec;

import java.util.Optional;

/**
 * A device node that the container needs.
 *
 * @param type {@code c}, {@code u}, {@code b} or {@code p}
 */
public record Device(
        String type,
        String path,
        Optional<Long> major,
        Optional<Long> minor,
        Optional<Long> fileMode,
        Optional<Long> uid,
        Optional<Long> gid) {

    static Device read(Member device) {
        return new Device(
                device.require("type").text(),
                device.require("path").text(),
                device.i64("major"),
                device.i64("minor"),
                device.u32("fileMode"),
                device.u32("uid"),
                device.u32("gid"));
    }
}

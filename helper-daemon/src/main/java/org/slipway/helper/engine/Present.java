package org.slipway.helper.engine;

import java.util.Optional;
import org.slipway.helper.cgroup.Cgroups;

/** The processors and memory nodes that this host has, as the kernel lists them now: for sentences about lists that it refused. */
final class Present {

    private static final String PROCESSORS = "/sys/devices/system/cpu/online";
    private static final String NODES = "/sys/devices/system/node/online";

    private Present() {}

    /** What a list of this file of a cgroup is chosen from; empty if the file holds no list. */
    static String in(String file) {
        return file.endsWith("cpuset.cpus") ? text(PROCESSORS) : file.endsWith("cpuset.mems") ? nodes() : "";
    }

    static String nodes() {
        return text(NODES);
    }

    private static String text(String file) {
        // a kernel without nodes counts all memory as the first one
        return Optional.of(Cgroups.text(file).orElse("0").strip())
                .filter(list -> !list.isEmpty())
                .orElse("0");
    }
}

package org.slipway.model.plan;

/** Who makes a container's cgroup. */
public enum CgroupManager {
    /** The runtime itself, by files and directories. */
    CGROUPFS,
    /** Systemd, as a transient scope. */
    SYSTEMD,
    /** Nobody: the container lives in the cgroup of its keeper, and nothing limits it. */
    DISABLED
}

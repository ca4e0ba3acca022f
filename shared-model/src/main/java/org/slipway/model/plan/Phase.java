package org.slipway.model.plan;

/** Groups of steps, in the order in which they happen. The numbers are part of the plan's byte format. */
public enum Phase {
    RESERVE(0),
    CGROUP(1),
    SPAWN(2),
    NAMESPACES(3),
    IDENTITY(4),
    MOUNTS(5),
    DEVICES(6),
    RUNTIME_HOOKS(7),
    CONTAINER_HOOKS(8),
    PIVOT(9),
    PATHS(10),
    GATE(11),
    START_HOOKS(12),
    LIMITS(13),
    CREDENTIALS(14),
    PROGRAM(15),
    POSTSTART_HOOKS(16),
    SIGNAL(17),
    STOP(18),
    CLEAN(19),
    POSTSTOP_HOOKS(20),
    FORGET(21),
    LIVE(22);

    private final int number;

    Phase(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}

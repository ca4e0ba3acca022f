package org.slipway.model.plan;

/** Who does a step. The numbers are part of the plan's byte format. */
public enum Actor {
    /** The daemon: root, or the person in rootless mode; never inside a namespace of the container. */
    HELPER(0),
    /** The parent of the container's init; stays outside the container's cgroup and namespaces. */
    KEEPER(1),
    /** Makes init; keeps the host's rights until the last step that needs them. */
    LAUNCHER(2),
    /** The process that becomes the container's program. */
    INIT(3),
    /** The command that a container engine called: parent of launcher and init where the engine waits for init itself. */
    CALLER(4);

    private final int number;

    Actor(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}

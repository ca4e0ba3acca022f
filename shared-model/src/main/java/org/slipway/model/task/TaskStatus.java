package org.slipway.model.task;

import java.util.Optional;
import org.slipway.model.state.Status;

/** A task's status, with the numbers of containerd's runtime/task.go; 0, which stands for nothing there, is none of them. */
public enum TaskStatus {
    CREATED(1),
    RUNNING(2),
    STOPPED(3),
    /** The container of the handle is gone. */
    DELETED(4),
    PAUSED(5);

    private final int number;

    TaskStatus(int number) {
        this.number = number;
    }

    /** Its number in messages. */
    public int number() {
        return number;
    }

    /** The status of a container's task; empty while the container is still being created, and so has none. */
    public static Optional<TaskStatus> of(Status status) {
        return switch (status) {
            case CREATING -> Optional.empty();
            case CREATED -> Optional.of(CREATED);
            case RUNNING -> Optional.of(RUNNING);
            case PAUSED -> Optional.of(PAUSED);
            case STOPPED -> Optional.of(STOPPED);
        };
    }
}

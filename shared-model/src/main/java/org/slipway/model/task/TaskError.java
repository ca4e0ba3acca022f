package org.slipway.model.task;

/** The errors that callers of the task interface tell apart (runtime/errors.go of containerd). */
public enum TaskError {
    /** Create: the id is in use in that namespace. */
    CONTAINER_EXISTS("task-container-exists"),
    /** The namespace has no such task. */
    CONTAINER_NOT_EXIST("task-container-not-exist"),
    /** The call names a runtime that is not registered. */
    RUNTIME_NOT_EXIST("task-runtime-not-exist"),
    /** Kill: the process has exited. */
    PROCESS_EXITED("task-process-exited");

    private final String code;

    TaskError(String code) {
        this.code = code;
    }

    /** The stable code; its sentence has the key {@code problem.} and this. */
    public String code() {
        return code;
    }
}

package org.slipway.helper.door;

/** Everything that can be asked of the helper. */
public enum Ask {
    INFO,
    COMMAND,
    SHUTDOWN,
    CREATE,
    START,
    KILL,
    DELETE,
    ABORT,
    PAUSE,
    RESUME,
    UPDATE,
    STATISTICS,
    STOP,
    STATE,
    LIST,
    TRACE,
    HOOKS,
    LOGS,
    EXEC,
    PROCESSES,
    PIDS,
    WATCH,
    WAIT,
    INPUT,
    RESIZE
}

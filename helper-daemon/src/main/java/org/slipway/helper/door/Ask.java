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
    WATCH,
    WAIT,
    INPUT,
    RESIZE
}

package org.slipway.model.wire;

/** Whose fault a failure is. */
public enum Fault {
    /** A bad request or configuration. */
    CALLER,
    /** Not now: the container's state forbids it. */
    STATE,
    /** The kernel or the machine refused. */
    HOST,
    /** Ours. */
    BUG
}

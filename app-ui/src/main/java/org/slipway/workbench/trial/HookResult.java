package org.slipway.workbench.trial;

/**
 * How a tested hook ended.
 *
 * @param status its exit status, 128 + signal for one that was killed
 * @param nanos from before it was started until it had ended
 */
record HookResult(End end, int status, long nanos, String output, String errors) {

    /** Why it ended. */
    enum End {
        EXITED,
        TIMED_OUT,
        CANCELLED
    }

    boolean good() {
        return end == End.EXITED && status == 0;
    }
}

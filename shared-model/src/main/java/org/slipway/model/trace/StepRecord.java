package org.slipway.model.trace;

import org.slipway.model.plan.PlanKind;

/**
 * What became of one step.
 *
 * @param plan the plan it stands in
 * @param step its index in that plan
 * @param result how far it came
 * @param errno the kernel's error number, 0 unless failed
 * @param startNanos CLOCK_MONOTONIC at its beginning
 * @param endNanos CLOCK_MONOTONIC at its end, 0 while it runs
 * @param detail what it was tried on when it failed, else empty
 */
public record StepRecord(
        PlanKind plan, int step, Result result, int errno, long startNanos, long endNanos, String detail) {

    /** How far a step came. */
    public enum Result {
        STARTED,
        OK,
        FAILED,
        SKIPPED
    }
}

package org.slipway.helper.run;

import org.slipway.model.plan.Plan;
import org.slipway.model.plan.Step;

/** Asked before each of the helper's steps: may wait until the step is permitted, or refuse it. */
public interface Permits {

    /** Every step may run at once. */
    Permits ALL = (_, _) -> {};

    /** Returns when the step may run. */
    void await(Plan plan, Step step) throws StepFailure, InterruptedException;
}

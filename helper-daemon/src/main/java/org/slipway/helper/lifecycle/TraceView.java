package org.slipway.helper.lifecycle;

import java.util.List;
import org.slipway.model.plan.Plan;
import org.slipway.model.trace.StepRecord;

/** The plans of a container as recorded, and what became of each step so far. */
public record TraceView(List<Plan> plans, List<StepRecord> records) {

    public TraceView {
        plans = List.copyOf(plans);
        records = List.copyOf(records);
    }
}

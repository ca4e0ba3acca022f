package org.slipway.workbench.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slipway.model.plan.Origin;
import org.slipway.model.plan.Phase;
import org.slipway.model.plan.Plan;
import org.slipway.model.plan.PlanKind;
import org.slipway.model.plan.Step;
import org.slipway.model.trace.StepRecord;

/** A line of a list of steps. */
public sealed interface StepRow {

    /** A heading: the steps of one phase follow. */
    record Heading(PlanKind plan, Phase phase, int steps) implements StepRow {}

    /** A step, and what became of it once it ran. */
    record Line(PlanKind plan, Step step, Optional<StepRecord> record) implements StepRow {

        /** The member of the configuration that asked for it. */
        public Optional<String> pointer() {
            return step.origin() instanceof Origin.Field field ? Optional.of(field.pointer()) : Optional.empty();
        }
    }

    /** Which step of which plan. */
    record Key(PlanKind plan, int step) {}

    /** The lines of some plans, with a heading wherever the phase changes. */
    static List<StepRow> rows(List<Plan> plans, Map<Key, StepRecord> records) {
        List<StepRow> rows = new ArrayList<>();
        for (Plan plan : plans) {
            List<Step> steps = plan.steps();
            for (int i = 0; i < steps.size(); i++) {
                Step step = steps.get(i);
                if (i == 0 || steps.get(i - 1).phase() != step.phase()) {
                    rows.add(new Heading(plan.kind(), step.phase(), length(steps, i)));
                }
                rows.add(new Line(
                        plan.kind(), step, Optional.ofNullable(records.get(new Key(plan.kind(), step.index())))));
            }
        }
        return rows;
    }

    private static int length(List<Step> steps, int from) {
        int to = from;
        while (to < steps.size() && steps.get(to).phase() == steps.get(from).phase()) {
            to++;
        }
        return to - from;
    }
}

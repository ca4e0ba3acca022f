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

    /** What an edit does to a step. */
    enum Change {
        SAME,
        ADDED,
        REMOVED
    }

    /**
     * A step, and what became of it once it ran.
     *
     * @param change whether an edit that is not saved brings the step, or takes it away
     */
    record Line(PlanKind plan, Step step, Optional<StepRecord> record, Change change) implements StepRow {

        private boolean follows(Line other) {
            return plan == other.plan && step.phase() == other.step.phase();
        }

        /** The member of the configuration that asked for it. */
        public Optional<String> pointer() {
            return step.origin() instanceof Origin.Field field ? Optional.of(field.pointer()) : Optional.empty();
        }
    }

    /** Which step of which plan. */
    record Key(PlanKind plan, int step) {}

    /** The lines of some plans, with a heading wherever the phase changes. */
    static List<StepRow> rows(List<Plan> plans, Map<Key, StepRecord> records) {
        List<Line> lines = new ArrayList<>();
        for (Plan plan : plans) {
            for (Step step : plan.steps()) {
                Optional<StepRecord> record = Optional.ofNullable(records.get(new Key(plan.kind(), step.index())));
                lines.add(new Line(plan.kind(), step, record, Change.SAME));
            }
        }
        return headed(lines);
    }

    /** The lines of some plans beside those of others of before: what came, what went, and what is as it was. */
    static List<StepRow> compared(List<Plan> before, List<Plan> now) {
        List<Line> lines = new ArrayList<>();
        for (Plan plan : now) {
            List<Step> old = before.stream()
                    .filter(each -> each.kind() == plan.kind())
                    .findFirst()
                    .map(Plan::steps)
                    .orElse(List.of());
            lines.addAll(Difference.of(plan.kind(), old, plan.steps()));
        }
        return headed(lines);
    }

    private static List<StepRow> headed(List<Line> lines) {
        List<StepRow> rows = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            if (i == 0 || !line.follows(lines.get(i - 1))) {
                int end = i;
                int steps = 0;
                while (end < lines.size() && lines.get(end).follows(line)) {
                    steps += lines.get(end).change() == Change.REMOVED ? 0 : 1;
                    end++;
                }
                rows.add(new Heading(line.plan(), line.step().phase(), steps));
            }
            rows.add(line);
        }
        return rows;
    }
}

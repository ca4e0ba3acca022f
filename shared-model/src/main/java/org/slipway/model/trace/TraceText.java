package org.slipway.model.trace;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slipway.model.plan.Origin;
import org.slipway.model.plan.Phase;
import org.slipway.model.plan.Plan;
import org.slipway.model.plan.PlanKind;
import org.slipway.model.plan.Step;
import org.slipway.model.text.ErrnoNames;
import org.slipway.model.text.Sentences;

/** A trace as lines of text: each plan, each phase, and each step with what became of it and how long it took. */
public final class TraceText {

    private static final long MICRO = 1_000;

    private TraceText() {}

    private record Key(PlanKind plan, int step) {}

    /**
     * The lines. A step that did not run has a dash; one that failed has the error's name and what it was tried on.
     *
     * @param records in the order in which they came; a later one of a step replaces an earlier
     */
    public static List<String> lines(List<Plan> plans, List<StepRecord> records, Sentences words) {
        Map<Key, StepRecord> last = new HashMap<>();
        records.forEach(record -> last.put(new Key(record.plan(), record.step()), record));
        List<String> lines = new ArrayList<>();
        for (Plan plan : plans) {
            lines.add(plan.kind().name().toLowerCase(Locale.ROOT).replace('_', ' '));
            Optional<Phase> phase = Optional.empty();
            for (Step step : plan.steps()) {
                if (!phase.equals(Optional.of(step.phase()))) {
                    phase = Optional.of(step.phase());
                    lines.add("  " + words.phase(step.phase()));
                }
                lines.add(line(step, Optional.ofNullable(last.get(new Key(plan.kind(), step.index()))), words));
            }
        }
        return lines;
    }

    private static String line(Step step, Optional<StepRecord> record, Sentences words) {
        String asked = step.origin() instanceof Origin.Field(String pointer) ? " [" + pointer + "]" : "";
        String failed = record.filter(each -> each.result() == StepRecord.Result.FAILED)
                .map(each -> each.detail().isEmpty() ? "" : ": " + each.detail())
                .orElse("");
        return "    %3d %-8s %9s  %s%s%s"
                .formatted(
                        step.index(),
                        record.map(TraceText::result).orElse("-"),
                        record.map(TraceText::time).orElse(""),
                        words.step(step.op()),
                        failed,
                        asked);
    }

    private static String result(StepRecord record) {
        return record.result() == StepRecord.Result.FAILED && record.errno() != 0
                ? ErrnoNames.of(record.errno())
                : record.result().name().toLowerCase(Locale.ROOT);
    }

    private static String time(StepRecord record) {
        return record.endNanos() == 0 ? "" : (record.endNanos() - record.startNanos()) / MICRO + " us";
    }
}

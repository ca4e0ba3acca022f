package org.slipway.workbench.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slipway.model.plan.PlanKind;
import org.slipway.model.plan.Step;

/** Two plans side by side, by the longest sequence of steps that do the same in both. */
final class Difference {

    private Difference() {}

    /** The steps of both in one order; what went stands before what came in its place. */
    static List<StepRow.Line> of(PlanKind kind, List<Step> before, List<Step> now) {
        int[][] common = common(before, now);
        List<StepRow.Line> lines = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < before.size() || j < now.size()) {
            if (i < before.size() && j < now.size() && same(before.get(i), now.get(j))) {
                lines.add(line(kind, now.get(j), StepRow.Change.SAME));
                i++;
                j++;
            } else if (i < before.size() && (j == now.size() || common[i + 1][j] >= common[i][j + 1])) {
                lines.add(line(kind, before.get(i), StepRow.Change.REMOVED));
                i++;
            } else {
                lines.add(line(kind, now.get(j), StepRow.Change.ADDED));
                j++;
            }
        }
        return lines;
    }

    private static StepRow.Line line(PlanKind kind, Step step, StepRow.Change change) {
        return new StepRow.Line(kind, step, Optional.empty(), change);
    }

    private static boolean same(Step one, Step other) {
        return one.op().equals(other.op()) && one.actor() == other.actor();
    }

    /** At [i][j]: how many steps the rests from i and from j have in common, in order. */
    private static int[][] common(List<Step> before, List<Step> now) {
        int[][] length = new int[before.size() + 1][now.size() + 1];
        for (int i = before.size() - 1; i >= 0; i--) {
            for (int j = now.size() - 1; j >= 0; j--) {
                length[i][j] = same(before.get(i), now.get(j))
                        ? length[i + 1][j + 1] + 1
                        : Math.max(length[i + 1][j], length[i][j + 1]);
            }
        }
        return length;
    }
}

package org.slipway.model.plan;

import static org.slipway.model.plan.Draft.field;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slipway.model.plan.LiveOp.ChangeIoPriority;
import org.slipway.model.plan.LiveOp.ChangeOomScoreAdj;
import org.slipway.model.plan.LiveOp.ChangeRlimit;
import org.slipway.model.plan.LiveOp.ChangeScheduler;
import org.slipway.model.plan.LiveOp.RestoreProcesses;
import org.slipway.model.plan.ProcessOp.SetIoPriority;
import org.slipway.model.plan.ProcessOp.SetOomScoreAdj;
import org.slipway.model.plan.ProcessOp.SetRlimit;
import org.slipway.model.plan.ProcessOp.SetScheduler;

/** What an update of {@code process} does to every process of a container: what start does to the first, from outside. */
final class LiveProcesses {

    private LiveProcesses() {}

    /**
     * The steps.
     *
     * @param start the start plan of what is asked
     * @param members of {@code process} that are asked for
     * @param cgroup in which all processes are found
     */
    static List<Draft> of(Plan start, Set<String> members, String cgroup) {
        List<Draft> steps = new ArrayList<>();
        for (Step step : start.steps()) {
            if (!(step.origin() instanceof Origin.Field(String pointer)) || !asked(pointer, members)) {
                continue;
            }
            switch (step.op()) {
                case SetRlimit set ->
                    add(steps, pointer, new ChangeRlimit(cgroup, set.resource(), set.soft(), set.hard()), cgroup);
                case SetOomScoreAdj set -> add(steps, pointer, new ChangeOomScoreAdj(cgroup, set.score()), cgroup);
                case SetScheduler set ->
                    add(
                            steps,
                            pointer,
                            new ChangeScheduler(
                                    cgroup,
                                    set.policy(),
                                    set.nice(),
                                    set.priority(),
                                    set.flags(),
                                    set.runtime(),
                                    set.deadline(),
                                    set.period()),
                            cgroup);
                case SetIoPriority set ->
                    add(steps, pointer, new ChangeIoPriority(cgroup, set.category(), set.level()), cgroup);
                default -> {}
            }
        }
        return steps;
    }

    private static boolean asked(String pointer, Set<String> members) {
        return members.stream().anyMatch(member -> pointer.equals(member) || pointer.startsWith(member + "/"));
    }

    private static void add(List<Draft> steps, String pointer, LiveOp op, String cgroup) {
        steps.add(Draft.helper(Phase.LIVE, field(pointer), op).undoneBy(new RestoreProcesses(cgroup, LiveOp.what(op))));
    }
}

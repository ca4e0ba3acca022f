package org.slipway.model.plan;

import static org.slipway.model.plan.Draft.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slipway.model.plan.KeeperOp.AwaitExit;
import org.slipway.model.plan.KeeperOp.KillInit;
import org.slipway.model.plan.KeeperOp.SendSignal;
import org.slipway.model.plan.LiveOp.AwaitEnd;
import org.slipway.model.plan.LiveOp.FreezeCgroup;
import org.slipway.model.plan.LiveOp.ThawCgroup;
import org.slipway.model.plan.RecordOp.RecordStatus;
import org.slipway.model.plan.VisitOp.EndVisit;
import org.slipway.model.plan.VisitOp.SpawnVisitor;
import org.slipway.model.spec.Lifecycle;
import org.slipway.model.state.Status;

/** Plans for containers that live. Nothing here touches the machine. */
public final class LivePlanner {

    /** Longer than any system call that can be interrupted takes. */
    private static final int FREEZE_TIMEOUT_MILLIS = 10_000;

    private LivePlanner() {}

    /** Where all processes of a container are frozen: the freezer of v1, else the cgroup of v2; none for one without a cgroup. */
    public static Optional<String> freezer(Compiled.Ready plans) {
        return plans.freezer().or(plans::killable);
    }

    /** Freezes all processes. */
    public static Plan pause(String freezer) {
        return BarrierPass.plan(
                PlanKind.PAUSE,
                Lifecycle.NEWEST.profile(),
                List.of(
                        live(new FreezeCgroup(freezer, FREEZE_TIMEOUT_MILLIS))
                                .undoneBy(new ThawCgroup(freezer, FREEZE_TIMEOUT_MILLIS)),
                        live(new RecordStatus(Status.PAUSED.word()))));
    }

    /** Lets them go on. */
    public static Plan resume(String freezer) {
        return BarrierPass.plan(
                PlanKind.RESUME,
                Lifecycle.NEWEST.profile(),
                List.of(
                        live(new ThawCgroup(freezer, FREEZE_TIMEOUT_MILLIS)),
                        live(new RecordStatus(Status.RUNNING.word()))));
    }

    /**
     * Asks the first process to end, and ends it.
     *
     * @param freezer in which all processes are frozen now: they have to go on to end
     * @param grace in milliseconds; 0 kills at once
     */
    public static Plan stop(int signal, int grace, Optional<String> freezer) {
        List<Draft> steps = new ArrayList<>();
        freezer.ifPresent(path -> steps.add(live(new ThawCgroup(path, FREEZE_TIMEOUT_MILLIS))));
        if (grace > 0) {
            steps.add(Draft.helper(Phase.SIGNAL, rule("asked-for"), new SendSignal(signal)));
            steps.add(Draft.helper(Phase.STOP, rule("asked-for"), new AwaitEnd(grace)));
        }
        steps.add(Draft.helper(Phase.STOP, rule("asked-for"), new KillInit()));
        steps.add(Draft.helper(Phase.STOP, rule("required-by-runtime"), new AwaitExit(Planner.EXIT_TIMEOUT_MILLIS)));
        return BarrierPass.plan(PlanKind.STOP, Lifecycle.NEWEST.profile(), steps);
    }

    /**
     * Takes back those steps of a plan that were done, last first: each that was done inside by a visit of its own, so that one which
     * cannot be taken back does not keep the others from it.
     *
     * @param done their indexes
     */
    public static Plan undo(Plan plan, Set<Integer> done) {
        List<Draft> steps = new ArrayList<>();
        for (Step step : plan.steps().reversed()) {
            if (step.undo().isEmpty() || !done.contains(step.index())) {
                continue;
            }
            if (step.actor() == Actor.LAUNCHER) {
                steps.add(Draft.helper(Phase.LIVE, rule("visits-container"), new SpawnVisitor()));
                plan.of(Actor.LAUNCHER)
                        .filter(leading -> LiveVisit.leadsIn(leading.op()))
                        .forEach(leading ->
                                steps.add(Draft.launcher(Phase.LIVE, rule("visits-container"), leading.op())));
            }
            steps.add(Draft.of(
                    step.actor(), Phase.LIVE, step.origin(), step.undo().get()));
        }
        if (!steps.isEmpty() && steps.getLast().actor() == Actor.LAUNCHER) {
            steps.add(Draft.helper(Phase.LIVE, rule("visits-container"), new EndVisit()));
        }
        return BarrierPass.plan(plan.kind(), plan.profile(), steps);
    }

    private static Draft live(Op op) {
        return Draft.helper(Phase.LIVE, rule("asked-for"), op);
    }
}

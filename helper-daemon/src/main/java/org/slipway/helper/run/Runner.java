package org.slipway.helper.run;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slipway.helper.libc.Errno;
import org.slipway.helper.libc.ErrnoException;
import org.slipway.model.plan.Actor;
import org.slipway.model.plan.BarrierOp;
import org.slipway.model.plan.HookOp;
import org.slipway.model.plan.HookOp.RunHook;
import org.slipway.model.plan.KeeperOp;
import org.slipway.model.plan.ListenerOp;
import org.slipway.model.plan.LiveOp;
import org.slipway.model.plan.NetworkOp;
import org.slipway.model.plan.Op;
import org.slipway.model.plan.Plan;
import org.slipway.model.plan.PlanKind;
import org.slipway.model.plan.Step;
import org.slipway.model.trace.StepRecord;
import org.slipway.model.trace.StepRecord.Result;

/** Does the helper's steps of one plan in order, and keeps what became of each. Used once, by one thread. */
public final class Runner {

    /** What to do when a step fails. */
    public enum Mode {
        /** Stop there: the caller takes back what was done. */
        STRICT,
        /** Go on with the rest, as an undo must. */
        THOROUGH
    }

    private final Plan plan;
    private final Deeds deeds;
    private final Reporter reporter;
    private final List<StepRecord> records = new ArrayList<>();
    private int told;

    public Runner(Plan plan, Deeds deeds, Reporter reporter) {
        this.plan = plan;
        this.deeds = deeds;
        this.reporter = reporter;
    }

    /**
     * Runs the plan.
     *
     * @param skip steps that are not done, by index
     * @throws StepFailure the first failure when strict; when thorough each is a warning
     */
    public void run(Mode mode, Set<Integer> skip) throws StepFailure, InterruptedException {
        run(mode, skip, false);
    }

    /**
     * Runs the plan.
     *
     * @param poststartMayFail whether a poststart hook that fails is a warning, as versions before 1.3 have it
     */
    public void run(Mode mode, Set<Integer> skip, boolean poststartMayFail) throws StepFailure, InterruptedException {
        try {
            for (Step step : plan.steps()) {
                if (step.actor() != Actor.HELPER) {
                    continue;
                }
                try {
                    one(step, skip.contains(step.index()));
                } catch (StepFailure failure) {
                    if (mode == Mode.STRICT
                            && !forgiven(step, poststartMayFail)
                            && !lost(plan.kind(), step.op(), failure.errno())) {
                        throw failure;
                    }
                    reporter.warning(failure);
                }
            }
        } finally {
            deeds.close();
            records.addAll(deeds.visited());
            tell();
            reporter.ended();
        }
    }

    /** HOOK-22: a poststop hook that fails is a warning. */
    private static boolean forgiven(Step step, boolean poststartMayFail) {
        return step.op() instanceof RunHook hook
                && (hook.kind() == HookOp.Kind.POSTSTOP || (poststartMayFail && hook.kind() == HookOp.Kind.POSTSTART));
    }

    /**
     * An interface that the container has removed, or put another one in the place of, comes back by no further try: a delete tells so and
     * goes on.
     */
    static boolean lost(PlanKind plan, Op op, Optional<Errno> errno) {
        return plan == PlanKind.DELETE
                && op instanceof NetworkOp.ReturnNetDevice
                && errno.filter(error -> error.equals(Errno.ESTALE) || error.equals(Errno.ENODEV))
                        .isPresent();
    }

    private void one(Step step, boolean skipped) throws StepFailure, InterruptedException {
        long begin = System.nanoTime();
        if (skipped) {
            ended(step, Result.SKIPPED, 0, begin, "");
            return;
        }
        if (takesLong(step)) {
            records.add(new StepRecord(plan.kind(), step.index(), Result.STARTED, 0, begin, 0, ""));
            tell();
            records.removeLast();
            told--;
        }
        try {
            ended(step, deeds.run(step) ? Result.OK : Result.SKIPPED, 0, begin, "");
        } catch (ErrnoException e) {
            throw failed(step, begin, e.errno(), e.call(), e);
        } catch (IOException e) {
            throw failed(step, begin, errno(e), String.valueOf(e.getMessage()), e);
        } catch (RuntimeException e) {
            // a bug of ours ends this step, not the undo that may follow it
            ended(step, Result.FAILED, 0, begin, e.toString());
            throw new StepFailure(plan.kind(), step.index(), StepFailure.Kind.BUG, Optional.empty(), e.toString(), e);
        } catch (StepFailure e) {
            boolean own = e.plan() == plan.kind() && e.step() == step.index();
            ended(step, Result.FAILED, own ? e.errno().map(Errno::number).orElse(0) : 0, begin, own ? e.text() : "");
            throw e;
        }
    }

    private StepFailure failed(Step step, long begin, Errno errno, String text, Throwable cause) {
        ended(step, Result.FAILED, errno.number(), begin, text);
        return new StepFailure(plan.kind(), step.index(), StepFailure.Kind.REFUSED, Optional.of(errno), text, cause);
    }

    private void ended(Step step, Result result, int errno, long begin, String detail) {
        records.add(new StepRecord(plan.kind(), step.index(), result, errno, begin, System.nanoTime(), detail));
    }

    private static boolean takesLong(Step step) {
        return switch (step.op()) {
            case BarrierOp.Await _,
                    RunHook _,
                    KeeperOp.AwaitExec _,
                    KeeperOp.AwaitExit _,
                    LiveOp.AwaitEnd _,
                    ListenerOp.SendListener _ -> true;
            default -> false;
        };
    }

    private void tell() {
        if (told < records.size()) {
            reporter.steps(List.copyOf(records.subList(told, records.size())));
            told = records.size();
        }
    }

    /** What became of the steps so far. */
    public List<StepRecord> records() {
        return List.copyOf(records);
    }

    /** The error behind an exception of java.nio, which carries only its text. */
    static Errno errno(IOException e) {
        @Nullable String reason = e instanceof FileSystemException file ? file.getReason() : e.getMessage();
        if (e instanceof java.nio.file.NoSuchFileException) {
            return Errno.ENOENT;
        } else if (e instanceof java.nio.file.FileAlreadyExistsException) {
            return Errno.EEXIST;
        } else if (e instanceof java.nio.file.AccessDeniedException) {
            return Errno.EACCES;
        } else if (reason != null && reason.contains("No space left")) {
            return Errno.ENOSPC;
        }
        return Errno.EIO;
    }
}

package org.slipway.helper.run;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slipway.helper.hook.HookFile;
import org.slipway.helper.hook.HookFile.Part;
import org.slipway.helper.hook.HookIdentity;
import org.slipway.helper.hook.HookRun;
import org.slipway.model.plan.Blob;
import org.slipway.model.plan.HookOp.Kind;
import org.slipway.model.plan.HookOp.RunHook;
import org.slipway.model.plan.PlanKind;

/** Runs a hook of the runtime namespace, keeps its output with the container, and tells it as it comes. */
final class HookDeed {

    private static final Logger LOG = LoggerFactory.getLogger(HookDeed.class);
    /** The file counts steps of create and of init's start; the helper's hooks of later plans stand outside. */
    private static final int OUTSIDE = 0xffffffff;

    private static final long BREATH_NANOS = 50_000_000;

    private final Tools tools;
    private final Subject subject;
    private final PlanKind plan;
    private final Reporter reporter;

    HookDeed(Tools tools, Subject subject, PlanKind plan, Reporter reporter) {
        this.tools = tools;
        this.subject = subject;
        this.plan = plan;
        this.reporter = reporter;
    }

    void run(RunHook hook, int step) throws IOException, InterruptedException, StepFailure {
        // poststop runs when init is gone and has no number any more
        int pid = hook.kind() == Kind.POSTSTOP
                ? 0
                : subject.body().init().map(Proc::pid).orElse(0);
        Capture capture = new Capture(hook, plan == PlanKind.CREATE ? step : OUTSIDE);
        capture.begin();
        long begin = System.nanoTime();
        int status = tools.hooks()
                .run(
                        hook,
                        HookIdentity.arguments(subject.plans().create()),
                        hook.stateHead() + pid + hook.stateTail(),
                        capture);
        capture.end(status, System.nanoTime() - begin);
        if (status != 0) {
            throw new StepFailure(plan, step, StepFailure.Kind.HOOK, Optional.empty(), Integer.toString(status), null);
        }
    }

    /** Output of one hook, from two threads. */
    private final class Capture implements org.slipway.helper.hook.RuntimeHooks.Output {

        private final RunHook hook;
        private final int step;
        private final HookFile file = new HookFile(subject.folder().file("hooks"));
        private final ByteArrayOutputStream output = new ByteArrayOutputStream();
        private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
        private long lastTold;

        Capture(RunHook hook, int step) {
            this.hook = hook;
            this.step = step;
        }

        /** An empty frame: a helper that follows this one knows that hooks began, and that poststop hooks are due. */
        synchronized void begin() {
            keep(Part.OUTPUT, new byte[0], 0);
        }

        @Override
        public synchronized void output(Part part, byte[] bytes, int length) {
            (part == Part.OUTPUT ? output : errors).write(bytes, 0, length);
            keep(part, bytes, length);
            if (System.nanoTime() - lastTold > BREATH_NANOS) {
                lastTold = System.nanoTime();
                reporter.hook(value(0, false, 0));
            }
        }

        private void keep(Part part, byte[] bytes, int length) {
            try {
                file.add(step, hook.kind(), hook.position(), part, bytes, length);
            } catch (IOException e) {
                LOG.warn("output of a hook is not kept, continuing: {}", e.toString());
            }
        }

        synchronized void end(int status, long nanos) {
            try {
                file.end(step, hook.kind(), hook.position(), status, nanos);
            } catch (IOException e) {
                LOG.warn("the end of a hook is not kept, continuing: {}", e.toString());
            }
            reporter.hook(value(status, true, nanos));
        }

        private HookRun value(int status, boolean ended, long nanos) {
            return new HookRun(
                    hook.kind(),
                    hook.position(),
                    step == OUTSIDE ? -1 : step,
                    status,
                    ended,
                    nanos,
                    Blob.of(output.toByteArray()),
                    Blob.of(errors.toByteArray()));
        }
    }
}

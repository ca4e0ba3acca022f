package org.slipway.helper.run;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slipway.helper.libc.Descriptors;
import org.slipway.helper.libc.Errno;
import org.slipway.helper.libc.ErrnoException;
import org.slipway.helper.libc.Fd;
import org.slipway.helper.lifecycle.ExitView;
import org.slipway.model.plan.KeeperOp;
import org.slipway.model.plan.Plan;
import org.slipway.model.plan.PlanCodec;
import org.slipway.model.plan.PlanKind;

/**
 * Start: one byte into the gate, then the wait until the program runs; {@code docs/protocols.md} section 5.
 *
 * <p>The fifo {@code started} is opened before the gate, so that its end cannot be missed.
 */
final class Opening {

    private static final Duration RECORDING = Duration.ofSeconds(10);

    /** Init cannot call for us: it has loaded the filter. */
    private static final Duration GLANCE = Duration.ofMillis(1);

    private final Tools tools;
    /** The number under which keeper, launcher and init hold the start plan; {@code docs/protocols.md} section 2. */
    private static final int START_PLAN = 5;

    private final Subject subject;
    private Optional<Fd> started = Optional.empty();

    Opening(Tools tools, Subject subject) {
        this.tools = tools;
        this.subject = subject;
    }

    /** Whether a start plan comes to init only at start. */
    static boolean isFilledLater(Plan start) {
        return start.steps().stream().anyMatch(step -> step.op() instanceof KeeperOp.FillStartPlan);
    }

    /** Writes the start plan into the memory file that init holds, and seals it. */
    void fill(Plan start) throws IOException {
        Proc init = subject.body().init().orElseThrow(() -> new ErrnoException("init", Errno.ESRCH));
        String path = "/proc/" + init.pid() + "/fd/" + START_PLAN;
        try (Fd fd = Descriptors.open(path, Descriptors.O_RDWR | Descriptors.O_TRUNC, 0)) {
            if (init.ended()) {
                throw new ErrnoException("open(\"" + path + "\")", Errno.ESRCH); // the pid may be another's by now
            }
            Descriptors.writeAll(fd, PlanCodec.encode(start));
            Descriptors.seal(fd);
        }
    }

    /** Opens the gate. */
    void open() throws ErrnoException {
        if (!subject.body().alive()) {
            throw new ErrnoException("open(\"gate\")", Errno.ESRCH);
        }
        listen();
        String gate = subject.folder().file("gate").toString();
        try (Fd fd = Descriptors.open(gate, Descriptors.O_WRONLY | Descriptors.O_NONBLOCK, 0)) {
            Descriptors.writeAll(fd, new byte[] {1});
        }
    }

    /** Opens the reading end of {@code started}. */
    private void listen() throws ErrnoException {
        String path = subject.folder().file("started").toString();
        started = Optional.of(Descriptors.open(path, Descriptors.O_RDONLY | Descriptors.O_NONBLOCK, 0));
    }

    /**
     * Waits until the program was executed.
     *
     * @param step the index of the step that waits, for a failure that is no other step's
     */
    void await(int step) throws IOException, InterruptedException, StepFailure {
        if (started.isEmpty()) {
            listen();
        }
        Fd fd = started.orElseThrow();
        try {
            byte[] buffer = new byte[64];
            // init has held the writing end since create: without a writer the read is an end, not a beginning
            while (Descriptors.read(fd, buffer) != 0) {
                boolean _ = tools.reactor().awaitReadable(fd, null);
            }
        } finally {
            tools.reactor().close(fd);
        }
        judge(step);
    }

    /**
     * Waits until the filter is loaded.
     *
     * @return init's number of the filter's listener; empty when somebody has taken it and the program runs
     */
    OptionalInt awaitListener(int step) throws IOException, InterruptedException, StepFailure {
        if (started.isEmpty()) {
            listen();
        }
        ResultPage page = ResultPage.open(subject.folder().file("page"));
        byte[] buffer = new byte[64];
        while (page.listener().isEmpty()) {
            boolean ended = tools.reactor().awaitReadable(started.orElseThrow(), GLANCE)
                    && Descriptors.read(started.orElseThrow(), buffer) == 0;
            if (ended) {
                judge(step);
                return OptionalInt.empty();
            }
        }
        return page.listener();
    }

    /** Lets init, which has waited for it, go on. */
    void listenerTaken() throws IOException {
        ResultPage.listenerTaken(subject.folder().file("page"));
    }

    /** Lets go of the reading end, if nobody came to wait. */
    void close() {
        started.ifPresent(fd -> tools.reactor().close(fd));
    }

    private void judge(int step) throws IOException, InterruptedException, StepFailure {
        ResultPage page = ResultPage.open(subject.folder().file("page"));
        Optional<ResultPage.Fault> fault = page.fault();
        if (fault.isPresent()) {
            throw failure(fault.get());
        }
        if (page.phase() == ResultPage.Phase.EXECUTING && executedAndAlive()) {
            return;
        }
        ExitView exit = end();
        // errno may have been written after we looked
        Optional<ResultPage.Fault> late = page.fault();
        if (late.isPresent()) {
            throw failure(late.get());
        }
        if (!exit.executed()) {
            throw new StepFailure(
                    PlanKind.START,
                    step,
                    StepFailure.Kind.INIT_DIED,
                    Optional.empty(),
                    Integer.toString(exit.signal()),
                    null);
        }
    }

    private boolean executedAndAlive() {
        Optional<Proc> init = subject.body().init();
        if (init.isEmpty() || init.get().ended()) {
            return false;
        }
        boolean executed = Stat.of(init.get().pid())
                .filter(stat -> stat.alive() && stat.executed())
                .isPresent();
        return executed && !init.get().ended();
    }

    private ExitView end() throws InterruptedException {
        try {
            return subject.body().exit().get(RECORDING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return ExitView.UNKNOWN;
        }
    }

    static StepFailure failure(ResultPage.Fault fault) {
        return new StepFailure(
                fault.plan(),
                fault.step(),
                fault.errno() > 0 ? StepFailure.Kind.REFUSED : StepFailure.Kind.HOOK,
                fault.errno() > 0 ? Optional.of(new Errno(fault.errno())) : Optional.empty(),
                fault.text(),
                fault.detail(),
                null);
    }
}

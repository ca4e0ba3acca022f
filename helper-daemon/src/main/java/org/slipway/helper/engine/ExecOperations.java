package org.slipway.helper.engine;

import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slipway.helper.cgroup.Cgroups;
import org.slipway.helper.hook.HookRun;
import org.slipway.helper.libc.ErrnoException;
import org.slipway.helper.lifecycle.Caller;
import org.slipway.helper.lifecycle.Event;
import org.slipway.helper.lifecycle.ExecView;
import org.slipway.helper.lifecycle.Execs;
import org.slipway.helper.lifecycle.Execution;
import org.slipway.helper.lifecycle.ExitView;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.lifecycle.TraceView;
import org.slipway.helper.log.LogStream;
import org.slipway.helper.run.Body;
import org.slipway.helper.run.Deeds;
import org.slipway.helper.run.Launch;
import org.slipway.helper.run.Proc;
import org.slipway.helper.run.Reporter;
import org.slipway.helper.run.Runner;
import org.slipway.helper.run.StepFailure;
import org.slipway.helper.run.Subject;
import org.slipway.helper.run.Tools;
import org.slipway.helper.store.Entry;
import org.slipway.helper.store.Folder;
import org.slipway.model.plan.ExecPlanner;
import org.slipway.model.plan.ExecRequest;
import org.slipway.model.plan.Plan;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Owned;
import org.slipway.model.state.Status;
import org.slipway.model.trace.StepRecord;

/**
 * Processes that are executed in containers beside the first one: each with a record, a keeper and plans of its own, below those of its
 * container. Any number run side by side; none takes the container, and whoever removes that ends them first.
 */
final class ExecOperations implements Execs {

    private static final Logger LOG = LoggerFactory.getLogger(ExecOperations.class);

    /** Of one container, ended ones that nobody removed included. */
    private static final int MOST = 1024;

    /** Of those the ended ones that are kept with their output, see {@link Execution.End#KEPT}. */
    static final int MOST_ENDED = 32;

    /** Under {@link Entry#annotations}: the end that the record is for, see {@link Execution.End}. */
    static final String END = "end";

    private final Engine engine;
    private final AtomicLong count = new AtomicLong(System.currentTimeMillis() * 1000);

    ExecOperations(Engine engine) {
        this.engine = engine;
    }

    @Override
    public ExecView exec(Caller caller, Execution asked) throws Failure {
        Container container = engine.ruled(caller, asked.container());
        judge(container, asked);
        Tools tools = engine.toolbox().tools();
        ContainerId id =
                asked.id().orElseGet(() -> new ContainerId("exec-" + Long.toString(count.incrementAndGet(), 36)));
        ExecRequest.Living living = ExecDrafting.living(container).orElseThrow(() -> gone(container));
        Folder folder = folder(container, id);
        ExecDrafting.Draft draft =
                ExecDrafting.of(container, asked, folder.path().toString(), living, engine.facts(), engine.filters());
        asked.doubts().accept(draft.doubts());
        Exec exec = exec(container, id, subject(container, id, folder, draft, asked.end()), asked.end());
        register(exec);
        try {
            make(tools, exec, asked);
        } catch (Failure e) {
            forget(exec);
            throw container.body().alive() ? e : gone(container);
        } finally {
            exec.companion().settle();
        }
        begun(exec);
        return changed(exec);
    }

    private static void judge(Container container, Execution asked) throws Failure {
        Status status = container.status();
        Map<String, String> arguments = Map.of("id", container.name().id().value(), "status", status.word());
        switch (status) {
            case CREATING, STOPPED -> throw Failure.state("container-not-running", arguments);
            case PAUSED -> {
                if (!asked.ignorePaused()) {
                    throw Failure.state("exec-paused", arguments);
                }
            }
            case CREATED, RUNNING -> {}
        }
    }

    /** First it is known, then it is asked whether the container is on its way out: of the two that meet, one sees the other. */
    private void register(Exec exec) throws Failure {
        Container container = exec.container();
        Map<String, String> arguments =
                Map.of("id", container.name().id().value(), "exec", exec.id().value(), "most", Integer.toString(MOST));
        if (exec.id().equals(container.name().id()) || container.execs().putIfAbsent(exec.id(), exec) != null) {
            throw Failure.state("exec-id-used", arguments);
        }
        // counted with the new one in its place: of two that come at once neither slips by
        if (container.execs().size() > MOST) {
            remove(exec);
            throw Failure.state("exec-too-many", arguments);
        }
        forgetOldest(container);
        container.subject().companions().add(exec.companion());
        Optional<Container.Operation> operation = container.making();
        if (operation.isPresent()) {
            exec.companion().settle();
            remove(exec);
            throw Failure.state(
                    "container-busy",
                    Map.of(
                            "id",
                            container.name().id().value(),
                            "operation",
                            operation.get().name().toLowerCase(java.util.Locale.ROOT)));
        }
    }

    /** Ended ones keep their output until somebody removes them: of those only the newest stay. */
    private void forgetOldest(Container container) {
        List<Exec> ended = container.execs().values().stream()
                .filter(exec -> exec.end() == Execution.End.KEPT
                        && exec.companion().settled()
                        && exec.body().exit().isDone())
                .sorted(Comparator.comparing(
                        (Exec exec) -> exec.subject().entry().created()))
                .toList();
        for (Exec exec : ended.subList(0, Math.max(0, ended.size() - MOST_ENDED))) {
            try {
                collect(exec);
            } catch (Failure e) {
                LOG.warn("{} in {} is not forgotten: {}", exec.id(), container.name(), e.getMessage());
            }
        }
    }

    private void make(Tools tools, Exec exec, Execution asked) throws Failure {
        Subject subject = exec.subject();
        try (Launch launch = new Launch(
                tools.image(),
                tools.reactor(),
                subject.body(),
                subject.plans(),
                subject.folder().path().toString(),
                asked.streams(),
                asked.preserved(),
                asked.spawner())) {
            Plan create = subject.plans().create();
            try {
                run(tools, exec, create, Optional.of(launch));
                asked.born().born(subject.body().init().map(Proc::pid).orElse(0));
                run(tools, exec, subject.plans().start().orElseThrow(), Optional.empty());
            } catch (StepFailure e) {
                launch.breakOff();
                Failure failure = Failures.of(e, create, subject.plans());
                undo(tools, exec);
                throw failure.code().equals("exec-gone") ? gone(exec.container()) : failure;
            } catch (InterruptedException e) {
                launch.breakOff();
                undo(tools, exec);
                throw Failure.state(
                        "exec-broken-off",
                        Map.of("id", exec.container().name().id().value()));
            } catch (Failure e) {
                launch.breakOff();
                undo(tools, exec);
                throw e;
            } catch (IOException | RuntimeException e) {
                launch.breakOff();
                undo(tools, exec);
                throw Failure.bug("internal-error", Map.of("what", e.toString()), e);
            }
        }
    }

    private void run(Tools tools, Exec exec, Plan plan, Optional<Launch> launch)
            throws StepFailure, InterruptedException {
        Runner runner = runner(tools, exec, plan, launch);
        runner.run(Runner.Mode.STRICT, Set.of());
        try {
            exec.subject().folder().trace(runner.records());
        } catch (IOException e) {
            LOG.warn(
                    "the trace of {} in {} is not kept, continuing: {}",
                    exec.id(),
                    exec.container().name(),
                    e);
        }
    }

    private static Runner runner(Tools tools, Exec exec, Plan plan, Optional<Launch> launch) {
        Reporter reporter = new Silent(exec);
        return new Runner(plan, new Deeds(tools, exec.subject(), launch, plan, reporter), reporter);
    }

    /** The steps of an executed process are told by its trace alone. */
    private record Silent(Exec exec) implements Reporter {
        @Override
        public void steps(List<StepRecord> records) {}

        @Override
        public void hook(HookRun run) {
            throw new IllegalStateException("exec runs no hooks");
        }

        @Override
        public void warning(StepFailure failure) {
            LOG.warn("{} in {}: {}, continuing", exec.id(), exec.container().name(), failure.getMessage());
        }

        @Override
        public void ended() {}
    }

    /** Takes back what was made, as far as it goes. An interrupt is kept for whoever waits for it. */
    void undo(Tools tools, Exec exec) {
        boolean interrupted = Thread.interrupted();
        Plan plan = ExecPlanner.delete(exec.subject().plans(), !exec.body().gone());
        try {
            runner(tools, exec, plan, Optional.empty()).run(Runner.Mode.THOROUGH, Set.of());
        } catch (StepFailure e) {
            throw new IllegalStateException("a thorough run does not fail", e);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** One that this helper made or adopted: its output is followed, its end told, and its record removed if nobody will. */
    void begun(Exec exec) {
        if (Engine.keeperHoldsStreams(exec.subject())) {
            exec.tail().begin(false);
        }
        var _ = exec.body()
                .exit()
                .thenAcceptAsync(
                        _ -> ended(exec),
                        task -> Thread.ofVirtual().name("end of " + exec.id()).start(task));
    }

    private void ended(Exec exec) {
        if (exec.container().execs().get(exec.id()) != exec) {
            return;
        }
        ExecView _ = changed(exec);
        if (exec.end() == Execution.End.FORGOTTEN) {
            try {
                collect(exec);
            } catch (Failure e) {
                LOG.warn(
                        "the record of {} in {} stays: {}",
                        exec.id(),
                        exec.container().name(),
                        e.getMessage());
            }
        }
    }

    /** Makes the record go. */
    private void collect(Exec exec) throws Failure {
        Plan plan = ExecPlanner.delete(exec.subject().plans(), false);
        try {
            runner(engine.toolbox().tools(), exec, plan, Optional.empty()).run(Runner.Mode.STRICT, Set.of());
        } catch (StepFailure e) {
            throw Failures.of(e, plan, exec.subject().plans());
        } catch (InterruptedException e) {
            throw Engine.interrupted(e);
        }
        forget(exec);
    }

    void forget(Exec exec) {
        exec.tail().close();
        exec.body().forget();
        remove(exec);
    }

    private void remove(Exec exec) {
        exec.container().execs().remove(exec.id(), exec);
        exec.container().subject().companions().remove(exec.companion());
    }

    /** The container is gone, and all of them with it. */
    void forgetAll(Container container) {
        List.copyOf(container.execs().values()).forEach(this::forget);
    }

    private ExecView changed(Exec exec) {
        ExecView view = exec.view();
        engine.hub().publish(new Event.Executed(view));
        return view;
    }

    /** An executed process with its parts, not known to the container yet. */
    Exec exec(Container container, ContainerId id, Subject subject, Execution.End end) {
        return new Exec(container, id, subject, new Tail(engine.reactor(), subject.folder(), _ -> {}), end);
    }

    static Folder folder(Container container, ContainerId id) {
        return Folder.at(container.subject().folder().file("exec").resolve(id.fileName()));
    }

    private Subject subject(
            Container container, ContainerId id, Folder folder, ExecDrafting.Draft draft, Execution.End end) {
        Entry own = container.subject().entry();
        Entry entry = new Entry(
                Entry.VERSION,
                own.owner(),
                id.value(),
                own.ociVersion(),
                own.bundle(),
                own.rootfs(),
                Map.of(END, end.name()),
                Instant.now().toString(),
                Status.CREATING,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                own.profile(),
                own.prestartInStart(),
                own.set());
        return new Subject(
                folder, new Body(engine.reactor(), folder), draft.process().bytes(), draft.plans(), entry);
    }

    private static Failure gone(Container container) {
        return Failure.state("exec-gone", Map.of("id", container.name().id().value()));
    }

    @Override
    public List<ExecView> list(Caller caller, Owned container) throws Failure {
        return engine.find(caller, container).execs().values().stream()
                .sorted(Comparator.comparing(
                                (Exec exec) -> exec.subject().entry().created())
                        .thenComparing(exec -> exec.id().value()))
                .map(Exec::view)
                .toList();
    }

    @Override
    public void kill(Caller caller, Owned container, ContainerId exec, int signal) throws Failure {
        Exec known = known(engine.ruled(caller, container), exec);
        if (signal < 0 || signal > 64) {
            throw Failure.caller("signal-unknown", Map.of("signal", Integer.toString(signal)));
        }
        Plan plan = ExecPlanner.kill(known.subject().plans(), signal);
        try {
            runner(engine.toolbox().tools(), known, plan, Optional.empty()).run(Runner.Mode.STRICT, Set.of());
        } catch (StepFailure e) {
            throw Failures.of(e, plan, known.subject().plans());
        } catch (InterruptedException e) {
            throw Engine.interrupted(e);
        }
    }

    @Override
    public ExitView awaitExit(Caller caller, Owned container, ContainerId exec) throws Failure, InterruptedException {
        try {
            return known(engine.find(caller, container), exec).body().exit().get();
        } catch (ExecutionException e) {
            throw Failure.bug("exit-lost", Map.of("id", exec.value()), e);
        }
    }

    @Override
    public ExitView delete(Caller caller, Owned container, ContainerId exec) throws Failure {
        Exec known = known(engine.ruled(caller, container), exec);
        if (!known.body().exit().isDone()) {
            throw Failure.state("exec-running", Map.of("id", container.id().value(), "exec", exec.value()));
        }
        ExitView exit = known.body().exit().join();
        collect(known);
        return exit;
    }

    @Override
    public TraceView trace(Caller caller, Owned container, ContainerId exec) throws Failure {
        try {
            return known(engine.find(caller, container), exec).trace();
        } catch (IOException e) {
            throw Engine.unreadable(e);
        }
    }

    @Override
    public LogStream logs(Caller caller, Owned container, ContainerId exec, boolean follow) throws Failure {
        Exec known = known(engine.find(caller, container), exec);
        try {
            return known.tail().read(follow && Engine.keeperHoldsStreams(known.subject()));
        } catch (IOException e) {
            throw Engine.unreadable(e);
        }
    }

    @Override
    public void input(Caller caller, Owned container, ContainerId exec, byte[] data, boolean end) throws Failure {
        held(caller, container, exec).tail().input(data, end);
    }

    @Override
    public void resize(Caller caller, Owned container, ContainerId exec, int rows, int columns) throws Failure {
        held(caller, container, exec).tail().resize(rows, columns);
    }

    private Exec held(Caller caller, Owned container, ContainerId exec) throws Failure {
        Exec known = known(engine.ruled(caller, container), exec);
        if (!Engine.keeperHoldsStreams(known.subject())) {
            throw Failure.state("streams-not-held", Map.of("id", exec.value()));
        }
        return known;
    }

    private static Exec known(Container container, ContainerId exec) throws Failure {
        return Optional.ofNullable(container.execs().get(exec))
                .orElseThrow(() -> Failure.state(
                        "exec-unknown", Map.of("id", container.name().id().value(), "exec", exec.value())));
    }

    @Override
    public String table(Caller caller, Owned container, List<String> options) throws Failure {
        List<Integer> pids = pids(caller, container);
        return PsTable.of(PsTable.run(engine.toolbox().tools().hooks(), caller, options), pids);
    }

    @Override
    public List<Integer> pids(Caller caller, Owned name) throws Failure {
        Container container = engine.find(caller, name);
        Optional<String> cgroup = container.subject().plans().killable();
        try {
            // every hierarchy has the same ones; without any the first process is all that is known
            List<Integer> pids = cgroup.isPresent()
                    ? Cgroups.everyone(cgroup.get())
                    : container.body().alive()
                            ? container.body().init().map(Proc::pid).stream().toList()
                            : List.of();
            return pids.stream().distinct().sorted().toList();
        } catch (ErrnoException e) {
            throw Failure.host("record-unreadable", Map.of("text", String.valueOf(e.getMessage())), e);
        }
    }
}

package org.slipway.helper.engine;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slipway.helper.event.Hub;
import org.slipway.helper.hook.HookFile;
import org.slipway.helper.hook.HookRun;
import org.slipway.helper.libc.Errno;
import org.slipway.helper.lifecycle.CreateRequest;
import org.slipway.helper.lifecycle.Event;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.run.Deeds;
import org.slipway.helper.run.Launch;
import org.slipway.helper.run.Runner;
import org.slipway.helper.run.StepFailure;
import org.slipway.helper.run.Subject;
import org.slipway.helper.run.Tools;
import org.slipway.helper.run.Visited;
import org.slipway.helper.store.Folder;
import org.slipway.model.plan.Actor;
import org.slipway.model.plan.CgroupOp;
import org.slipway.model.plan.HookOp.Kind;
import org.slipway.model.plan.HookOp.RunHook;
import org.slipway.model.plan.KeeperOp;
import org.slipway.model.plan.LivePlanner;
import org.slipway.model.plan.Plan;
import org.slipway.model.plan.PlanKind;
import org.slipway.model.plan.Planner;
import org.slipway.model.plan.Step;
import org.slipway.model.trace.StepRecord;
import org.slipway.model.trace.StepRecord.Result;

/** The operations that change a container, each as the run of a plan. The caller has taken the container. */
final class Operations {

    private static final Logger LOG = LoggerFactory.getLogger(Operations.class);

    private final Hub hub;

    Operations(Hub hub) {
        this.hub = hub;
    }

    /** Makes the environment; when it fails all is undone before the failure is thrown. */
    void create(Tools tools, Container container, CreateRequest request) throws Failure, InterruptedException {
        Subject subject = container.subject();
        Plan plan = subject.plans().create();
        try (Launch launch = new Launch(
                tools.image(),
                tools.reactor(),
                subject.body(),
                subject.plans(),
                subject.folder().path().toString(),
                request.streams(),
                request.preserved(),
                request.spawner())) {
            Runner runner = runner(tools, container, plan, Optional.of(launch));
            try {
                runner.run(Runner.Mode.STRICT, Set.of());
                keep(container, runner.records());
            } catch (StepFailure e) {
                boolean brokenOff = brokenOff(container);
                launch.breakOff();
                Failure failure = failure(container, e, plan);
                // a taken id is another container's: nothing was done, and nothing of that one may be undone
                if (!failure.code().equals("container-exists")) {
                    undo(tools, container, runner.records(), hooksBegan(container));
                } else {
                    forget(container);
                }
                if (brokenOff) {
                    throw new InterruptedException(failure.code());
                }
                throw failure;
            } catch (InterruptedException e) {
                launch.breakOff();
                undo(tools, container, runner.records(), hooksBegan(container));
                throw e;
            } catch (RuntimeException e) {
                launch.breakOff();
                undo(tools, container, runner.records(), hooksBegan(container));
                throw Failure.bug("internal-error", Map.of("what", e.toString()), e);
            }
        }
    }

    /** Runs the program; when it fails the container is destroyed (HOOK-20, HOOK-21). */
    void start(Tools tools, Container container) throws Failure, InterruptedException {
        Subject subject = container.subject();
        Plan plan = subject.plans()
                .start()
                .orElseThrow(() -> Failure.state(
                        "no-process", Map.of("id", container.name().id().value())));
        run(tools, container, plan, Set.of());
    }

    /** Does the rest of a start whose gate was opened by an earlier helper. */
    void resume(Tools tools, Container container) throws Failure, InterruptedException {
        Plan plan = container.subject().plans().start().orElseThrow();
        Set<Integer> opened = plan.steps().stream()
                .filter(step -> step.op() instanceof KeeperOp.OpenGate || step.op() instanceof KeeperOp.FillStartPlan)
                .map(Step::index)
                .collect(Collectors.toSet());
        run(tools, container, plan, opened);
    }

    private void run(Tools tools, Container container, Plan plan, Set<Integer> skip)
            throws Failure, InterruptedException {
        Runner runner = runner(tools, container, plan, Optional.empty());
        try {
            runner.run(Runner.Mode.STRICT, skip, container.spec().lifecycle().poststartMayFail());
            keep(container, runner.records());
        } catch (StepFailure e) {
            boolean brokenOff = brokenOff(container);
            Failure failure = failure(container, e, plan);
            undo(tools, container, List.of(), true);
            if (brokenOff) {
                throw new InterruptedException(failure.code());
            }
            throw failure;
        } catch (InterruptedException e) {
            undo(tools, container, List.of(), true);
            throw e;
        }
    }

    /** Whether a step failed because it was interrupted, as files and channels are; what undoes it is not interrupted once more. */
    private static boolean brokenOff(Container container) {
        boolean interrupted = Thread.interrupted(); // asked in any case: asking takes the interrupt away
        return container.unbreakable() || interrupted;
    }

    /** Sends a signal: to init, or to all that the container's cgroup holds. */
    void kill(Tools tools, Container container, int signal, boolean all) throws Failure, InterruptedException {
        Plan plan = Planner.kill(signal, all, container.subject().plans());
        Runner runner = runner(tools, container, plan, Optional.empty());
        try {
            runner.run(Runner.Mode.STRICT, Set.of());
        } catch (StepFailure e) {
            throw Failures.of(e, plan, container.subject().plans());
        }
    }

    /** Runs a plan on a container that lives; when a step fails, those before it are taken back. */
    void live(Tools tools, Container container, Plan plan) throws Failure, InterruptedException {
        Runner runner = runner(tools, container, plan, Optional.empty());
        try {
            runner.run(Runner.Mode.STRICT, Set.of());
        } catch (StepFailure e) {
            takeBack(tools, container, plan, runner.records());
            throw Failures.of(e, plan, container.subject().plans());
        } catch (InterruptedException e) {
            takeBack(tools, container, plan, runner.records());
            throw e;
        }
    }

    /** The same with a record, by which another helper takes back what this one did not end. */
    void update(Tools tools, Container container, Plan plan) throws Failure, InterruptedException {
        Folder folder = container.subject().folder();
        try {
            Visited.forget(folder);
            folder.beginUpdate(plan);
        } catch (IOException e) {
            throw Failure.host("record-unwritable", Map.of("text", String.valueOf(e.getMessage())), e);
        }
        Runner runner = runner(tools, container, plan, Optional.empty());
        try {
            runner.run(Runner.Mode.STRICT, Set.of());
        } catch (StepFailure e) {
            takeBack(tools, container, plan, runner.records());
            throw Failures.of(e, plan, container.subject().plans());
        } catch (InterruptedException e) {
            takeBack(tools, container, plan, runner.records());
            throw e;
        } finally {
            ended(container, runner.records());
        }
    }

    private static void ended(Container container, List<StepRecord> records) {
        try {
            container.subject().folder().endUpdate(records);
        } catch (IOException e) {
            LOG.warn("the trace of an update of {} is not kept, continuing: {}", container.name(), e.toString());
        }
    }

    /** Takes back all of an update that an earlier helper began: what was never done is as before anyway. */
    void abandon(Tools tools, Container container, Plan plan) throws InterruptedException {
        // inside, where the container goes on making changes of its own, only what is known to be done
        Set<Integer> done = Visited.steps(container.subject().folder());
        takeBack(
                tools,
                container,
                plan,
                plan.steps().stream()
                        .filter(step -> step.actor() == Actor.HELPER || done.contains(step.index()))
                        .map(Step::index)
                        .collect(Collectors.toSet()));
        ended(container, List.of());
    }

    private void takeBack(Tools tools, Container container, Plan plan, List<StepRecord> done)
            throws InterruptedException {
        takeBack(
                tools,
                container,
                plan,
                done.stream()
                        .filter(record -> record.result() == Result.OK)
                        .map(StepRecord::step)
                        .collect(Collectors.toSet()));
    }

    private void takeBack(Tools tools, Container container, Plan plan, Set<Integer> done) throws InterruptedException {
        Plan undo = LivePlanner.undo(plan, done);
        if (undo.steps().isEmpty()) {
            return;
        }
        try {
            runner(tools, container, undo, Optional.empty()).run(Runner.Mode.THOROUGH, Set.of());
        } catch (StepFailure e) {
            throw new IllegalStateException("a thorough run does not fail", e);
        }
    }

    /** Removes it; one that fails leaves the container stopped, and can be tried again. */
    void delete(Tools tools, Container container, Consumer<Failure> warnings) throws Failure, InterruptedException {
        Plan plan = undoing(container);
        Runner runner = runner(tools, container, plan, Optional.empty(), warnings);
        try {
            runner.run(Runner.Mode.STRICT, Set.of());
        } catch (StepFailure e) {
            throw Failures.of(e, plan, container.subject().plans());
        }
        forget(container);
    }

    /** What is told, with what only the machine knows: asked for before anything is undone. */
    private static Failure failure(Container container, StepFailure e, Plan plan) {
        Failure failure = Failures.of(e, plan, container.subject().plans(), hooks(container));
        return OomWatch.killed(container.subject().plans().cgroups()) ? Failures.outOfMemory(failure) : failure;
    }

    /** What hooks have said so far; asked for before the record goes. */
    private static List<HookRun> hooks(Container container) {
        try {
            return new HookFile(container.subject().folder().file("hooks")).runs();
        } catch (IOException e) {
            LOG.debug("the output of hooks cannot be read: {}", e.toString());
            return List.of();
        }
    }

    /** Takes back what was done, as far as it goes; each thing that cannot be taken back is told. */
    void undo(Tools tools, Container container, List<StepRecord> done, boolean withHooks) throws InterruptedException {
        undo(tools, container, done, withHooks, _ -> {});
    }

    /** The same; {@code warnings} is told as well. */
    void undo(Tools tools, Container container, List<StepRecord> done, boolean withHooks, Consumer<Failure> warnings)
            throws InterruptedException {
        boolean _ = container.unbreakable(); // from here on it is broken off, and that alone is not
        Plan plan = undoing(container);
        Set<Integer> skip = new HashSet<>();
        Set<String> notOurs = refusedCgroups(container.subject().plans().create(), done);
        for (Step step : plan.steps()) {
            boolean skipped = switch (step.op()) {
                case RunHook hook -> hook.kind() == Kind.POSTSTOP && !withHooks;
                case CgroupOp.KillCgroup kill -> notOurs.contains(kill.path());
                case CgroupOp.RemoveCgroup remove -> notOurs.contains(remove.path());
                default -> false;
            };
            if (skipped) {
                skip.add(step.index());
            }
        }
        try {
            runner(tools, container, plan, Optional.empty(), warnings).run(Runner.Mode.THOROUGH, skip);
        } catch (StepFailure e) {
            throw new IllegalStateException("a thorough run does not fail", e);
        }
        forget(container);
    }

    /** Cgroups that create could not make because they hold somebody else, or are frozen. */
    private static Set<String> refusedCgroups(Plan create, List<StepRecord> done) {
        Set<String> refused = new HashSet<>();
        for (StepRecord record : done) {
            if (record.result() == Result.FAILED
                    && (record.errno() == Errno.EEXIST.number() || record.errno() == Errno.EBUSY.number())
                    && create.steps().get(record.step()).op() instanceof CgroupOp.MakeCgroup make) {
                refused.add(make.path());
            }
        }
        return refused;
    }

    /** Whether a hook of create began, and poststop hooks are due: the file tells of the helper's, the page of init's. */
    static boolean hooksBegan(Container container) {
        Plan create = container.subject().plans().create();
        return !hooks(container).isEmpty()
                || container.nativeRecords().stream()
                        .filter(record -> record.plan() == PlanKind.CREATE)
                        .anyMatch(record -> create.steps().get(record.step()).op() instanceof RunHook);
    }

    private static Plan undoing(Container container) {
        return Planner.delete(
                container.subject().plans(),
                container.spec(),
                container.subject().entry().bundle(),
                container.name(),
                !container.body().gone(),
                !container.subject().companions().isEmpty());
    }

    private static void forget(Container container) {
        container.tail().close();
        container.body().forget();
    }

    private Runner runner(Tools tools, Container container, Plan plan, Optional<Launch> launch) {
        return runner(tools, container, plan, launch, _ -> {});
    }

    private Runner runner(
            Tools tools, Container container, Plan plan, Optional<Launch> launch, Consumer<Failure> warnings) {
        Tellings tellings = new Tellings(hub, tools.reactor(), container, plan, warnings);
        hub.publish(new Event.Planned(container.name(), plan));
        return new Runner(plan, new Deeds(tools, container.subject(), launch, plan, tellings), tellings);
    }

    private static void keep(Container container, List<StepRecord> records) {
        try {
            container.subject().folder().trace(records);
        } catch (IOException e) {
            LOG.warn("the trace of {} is not kept, continuing: {}", container.name(), e.toString());
        }
    }
}

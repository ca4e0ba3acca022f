package org.slipway.helper.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slipway.helper.libc.Descriptors;
import org.slipway.helper.libc.Errno;
import org.slipway.helper.libc.ErrnoException;
import org.slipway.helper.libc.Fd;
import org.slipway.model.plan.BarrierOp;
import org.slipway.model.plan.CallerOp;
import org.slipway.model.plan.CgroupOp;
import org.slipway.model.plan.ExecOp;
import org.slipway.model.plan.HookOp;
import org.slipway.model.plan.HookOp.RunHook;
import org.slipway.model.plan.KeeperOp;
import org.slipway.model.plan.ListenerOp;
import org.slipway.model.plan.LiveOp;
import org.slipway.model.plan.MountOp;
import org.slipway.model.plan.NamespaceOp;
import org.slipway.model.plan.NetworkOp;
import org.slipway.model.plan.Op;
import org.slipway.model.plan.Plan;
import org.slipway.model.plan.ProcessOp;
import org.slipway.model.plan.RecordOp;
import org.slipway.model.plan.ResctrlOp;
import org.slipway.model.plan.Step;
import org.slipway.model.plan.VisitOp;
import org.slipway.model.state.Status;
import org.slipway.model.trace.StepRecord;

/** What the helper does at each of its steps. One for each run of a plan. */
public final class Deeds {

    private static final Logger LOG = LoggerFactory.getLogger(Deeds.class);

    private static final int SIGKILL = 9;

    /** Room for the steps of a start plan that is made at start: a program may have more limits and sets then. */
    private static final int SPARE = 64;

    private final Tools tools;
    private final Subject subject;
    private final Optional<Launch> launch;
    private final Plan plan;
    private final HookDeed hooks;
    private final CgroupDeeds cgroups;
    private final Opening opening;
    private final NetworkDeed network;
    private final LiveDeeds live;
    private Optional<Visit> visit = Optional.empty();
    private final List<StepRecord> visited = new ArrayList<>();

    /**
     * Sets up.
     *
     * @param launch the keeper that create starts; empty for every other plan
     */
    public Deeds(Tools tools, Subject subject, Optional<Launch> launch, Plan plan, Reporter reporter) {
        this.tools = tools;
        this.subject = subject;
        this.launch = launch;
        this.plan = plan;
        this.hooks = new HookDeed(tools, subject, plan.kind(), reporter);
        this.cgroups = new CgroupDeeds(subject, plan);
        this.opening = new Opening(tools, subject);
        this.network = new NetworkDeed(tools, subject);
        this.live = new LiveDeeds(subject);
    }

    /** Does one step; false if there was nothing to do. A deed on a process that has just failed tells of that failure, not of its own. */
    boolean run(Step step) throws IOException, InterruptedException, StepFailure {
        tools.permits().await(plan, step);
        try {
            return act(step);
        } catch (ErrnoException e) {
            if (launch.isPresent() && subject.body().init().map(Proc::ended).orElse(e.is(Errno.ESRCH))) {
                launch.get().whatFailed(step.index());
            }
            throw e;
        }
    }

    private boolean act(Step step) throws IOException, InterruptedException, StepFailure {
        Op op = step.op();
        return switch (op) {
            case BarrierOp barrier -> barrier(barrier, step.index());
            case RecordOp record -> record(record);
            case KeeperOp keeper -> keeper(keeper, step);
            case CgroupOp cgroup -> cgroups.run(cgroup, step.index());
            case ResctrlOp resctrl -> cgroups.run(resctrl);
            case NamespaceOp namespace -> namespace(namespace);
            case CallerOp caller -> caller(caller);
            case HookOp hook -> hook(hook, step.index());
            case LiveOp live -> this.live.run(live);
            case VisitOp visiting -> visiting(visiting, step.index());
            case NetworkOp network -> this.network.run(network);
            case ListenerOp listener -> listener(listener, step.index());
            case ExecOp exec -> exec(exec);
            case MountOp _, ProcessOp _ -> throw new IllegalStateException("not a step of the helper: " + op);
        };
    }

    /** Lets go of what a plan that was broken off still holds. */
    void close() throws InterruptedException {
        opening.close();
        try {
            boolean _ = endVisit();
        } catch (IOException e) {
            LOG.warn(
                    "the launcher that has entered {} has not ended, continuing: {}",
                    subject.folder().path(),
                    e.toString());
        }
    }

    /** What launchers that entered the container have done, as they recorded it. */
    List<StepRecord> visited() {
        return visited;
    }

    private boolean visiting(VisitOp op, int step) throws IOException, InterruptedException {
        switch (op) {
            case VisitOp.SpawnVisitor _ -> {
                boolean _ = endVisit();
                visit = Optional.of(Visit.begin(tools, subject.folder(), plan, step));
            }
            case VisitOp.EndVisit _ -> {
                return endVisit();
            }
            case VisitOp.ResizeTerminal size -> subject.resizeTerminal(size.height(), size.width());
            case VisitOp.DetachMount _, VisitOp.RemoveDevice _, VisitOp.PrepareMasks _ ->
                throw new IllegalStateException("not a step of the helper: " + op);
        }
        return true;
    }

    private boolean endVisit() throws IOException, InterruptedException {
        Optional<Visit> ending = visit;
        visit = Optional.empty();
        if (ending.isPresent()) {
            ending.get().end();
            visited.addAll(ending.get().records());
        }
        return ending.isPresent();
    }

    private boolean barrier(BarrierOp op, int step) throws IOException, InterruptedException, StepFailure {
        switch (op) {
            case BarrierOp.Signal signal -> launching().go(signal.barrier(), step);
            case BarrierOp.Await await when visit.isPresent() -> visit.get().await(await.barrier(), step);
            case BarrierOp.Await await -> launching().await(await.barrier(), step);
        }
        return true;
    }

    private boolean record(RecordOp op) throws IOException {
        switch (op) {
            case RecordOp.ReserveState _ -> {
                subject.folder().reserve();
                subject.folder().intend(subject.config(), subject.plans());
                subject.record(Status.CREATING);
                int start = subject.plans()
                        .start()
                        .map(Plan::steps)
                        .map(steps -> steps.size())
                        .orElse(0);
                boolean later = subject.plans().start().stream().anyMatch(Opening::isFilledLater);
                ResultPage.make(
                        subject.folder().file("page"),
                        subject.plans().create().steps().size(),
                        later ? start + SPARE : start);
            }
            case RecordOp.RemoveState _ -> subject.folder().remove();
            case RecordOp.WriteStateFile write ->
                StateFile.write(write, subject.body().init().map(Proc::pid).orElse(0), subject.folder());
            case RecordOp.RemoveStateFile remove -> StateFile.remove(remove, subject.folder());
            case RecordOp.RecordStatus status ->
                subject.record(Status.valueOf(status.status().toUpperCase(Locale.ROOT)));
        }
        return true;
    }

    private boolean keeper(KeeperOp op, Step step) throws IOException, InterruptedException, StepFailure {
        switch (op) {
            case KeeperOp.SpawnKeeper _ -> launching().spawn();
            case KeeperOp.HandOver _ -> launching().handOver();
            case KeeperOp.KillInit _ -> {
                return killInit();
            }
            case KeeperOp.FillStartPlan _ -> opening.fill(plan);
            case KeeperOp.OpenGate _ -> opening.open();
            case KeeperOp.AwaitExec _ -> {
                opening.await(step.index());
                subject.body().markExecuted();
            }
            case KeeperOp.SendSignal signal -> init().signal(signal.signal());
            case KeeperOp.AwaitExit exit -> {
                return awaitExit(exit.timeoutMillis());
            }
            case KeeperOp.OpenStreams _,
                    KeeperOp.MakeGate _,
                    KeeperOp.MakeFifos _,
                    KeeperOp.SpawnLauncher _,
                    KeeperOp.SpawnByCaller _,
                    KeeperOp.WaitGate _ -> throw new IllegalStateException("not a step of the helper: " + op);
        }
        return true;
    }

    private boolean killInit() throws ErrnoException {
        Optional<Proc> init = subject.body().init();
        if (init.isPresent()) {
            init.get().signal(SIGKILL);
        }
        return init.isPresent();
    }

    /** Waits for the keeper, which ends by itself once init is dead; one that does not is killed. */
    private boolean awaitExit(int millis) throws IOException, InterruptedException {
        Optional<Proc> keeper = subject.body().keeper();
        if (keeper.isEmpty()) {
            return subject.body().init().isPresent() && awaitOrphan(millis);
        }
        if (!subject.body().awaitKeeper(millis)) {
            keeper.get().signal(SIGKILL);
            if (!subject.body().awaitKeeper(millis)) {
                throw new ErrnoException("waiting for keeper " + keeper.get().pid(), Errno.EBUSY);
            }
        }
        return true;
    }

    /** By a descriptor of its own, for whoever watches the container waits for the other. */
    private boolean awaitOrphan(int millis) throws IOException, InterruptedException {
        Fd pidfd = Descriptors.duplicate(subject.body().init().orElseThrow().pidfd(), 0);
        try {
            if (!tools.reactor().awaitReadable(pidfd, Duration.ofMillis(millis))) {
                throw new ErrnoException("waiting for init", Errno.EBUSY);
            }
            return true;
        } finally {
            tools.reactor().close(pidfd);
        }
    }

    private boolean namespace(NamespaceOp op) throws IOException, StepFailure {
        switch (op) {
            case NamespaceOp.WriteIdMap map -> writeToInit(map.groups() ? "gid_map" : "uid_map", map.map());
            case NamespaceOp.DenySetgroups _ -> writeToInit("setgroups", "deny");
            default -> throw new IllegalStateException("not a step of the helper: " + op);
        }
        return true;
    }

    /** What root writes for the caller; who may have which ids was judged when the plan was made. */
    private boolean caller(CallerOp op) throws IOException {
        if (!(op instanceof CallerOp.MapCaller map)) {
            throw new IllegalStateException("not a step of the helper: " + op);
        }
        Proc launcher =
                launching().unshared().orElseThrow(() -> new ErrnoException("the caller's launcher", Errno.ESRCH));
        if (map.denySetgroups()) {
            writeTo(launcher, "setgroups", "deny");
        }
        writeTo(launcher, "uid_map", map.users());
        writeTo(launcher, "gid_map", map.groups());
        return true;
    }

    private void writeToInit(String file, String text) throws IOException {
        writeTo(init(), file, text);
    }

    private static void writeTo(Proc process, String file, String text) throws IOException {
        String path = "/proc/" + process.pid() + "/" + file;
        try (Fd fd = Descriptors.open(path, Descriptors.O_WRONLY, 0)) {
            if (process.ended()) {
                throw new ErrnoException("open(\"" + path + "\")", Errno.ESRCH); // the pid may be another's by now
            }
            Descriptors.writeAll(fd, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private boolean listener(ListenerOp op, int step) throws IOException, InterruptedException, StepFailure {
        switch (op) {
            case ListenerOp.ProbeListener probe -> Listener.probe(probe.path());
            case ListenerOp.SendListener send -> {
                OptionalInt number = opening.awaitListener(step);
                if (number.isEmpty()) {
                    return false; // an earlier helper sent it
                }
                new Listener(tools).send(send, init(), number.getAsInt());
                opening.listenerTaken();
            }
        }
        return true;
    }

    private boolean exec(ExecOp op) throws IOException, InterruptedException {
        if (!(op instanceof ExecOp.EndProcesses end)) {
            throw new IllegalStateException("not a step of the helper: " + op);
        }
        for (Companion companion : subject.companions()) {
            companion.end(end.timeoutMillis());
        }
        return !subject.companions().isEmpty();
    }

    private boolean hook(HookOp op, int step) throws IOException, InterruptedException, StepFailure {
        switch (op) {
            case RunHook hook -> hooks.run(hook, step);
        }
        return true;
    }

    private Proc init() throws ErrnoException {
        return subject.body().init().orElseThrow(() -> new ErrnoException("init", Errno.ESRCH));
    }

    private Launch launching() {
        return launch.orElseThrow(() -> new IllegalStateException("a plan without a keeper to start"));
    }
}

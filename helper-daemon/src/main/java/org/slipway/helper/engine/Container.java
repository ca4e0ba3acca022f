package org.slipway.helper.engine;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.slipway.helper.cgroup.Cgroups;
import org.slipway.helper.lifecycle.Breakable;
import org.slipway.helper.lifecycle.ContainerView;
import org.slipway.helper.lifecycle.ExitView;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.lifecycle.TraceView;
import org.slipway.helper.run.Body;
import org.slipway.helper.run.Proc;
import org.slipway.helper.run.ResultPage;
import org.slipway.helper.run.Subject;
import org.slipway.helper.store.Entry;
import org.slipway.model.plan.LivePlanner;
import org.slipway.model.plan.Plan;
import org.slipway.model.spec.Spec;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Owned;
import org.slipway.model.state.Status;
import org.slipway.model.trace.StepRecord;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One container, as long as this helper knows it. */
final class Container {

    /** What is being done to it. */
    enum Operation {
        NONE,
        CREATE,
        START,
        DELETE,
        PAUSE,
        RESUME,
        UPDATE,
        STOP
    }

    private static final JsonMapper JSON = new JsonMapper();

    private final Owned name;
    private final Spec spec;
    private final Subject subject;
    private final Tail tail;
    private final String configDigest;
    private final AtomicReference<Operation> operation;
    private volatile List<StepRecord> running = List.of();
    private volatile Optional<Breakable> breakable = Optional.empty();
    private final Map<ContainerId, Exec> execs = new ConcurrentHashMap<>();

    Container(Owned name, Spec spec, Subject subject, Tail tail, Operation operation) {
        this.name = name;
        this.spec = spec;
        this.subject = subject;
        this.tail = tail;
        subject.terminal((rows, columns) -> {
            try {
                tail.resize(rows, columns);
            } catch (Failure e) {
                throw new IOException(e.code(), e);
            }
        });
        this.configDigest = org.slipway.model.wire.Container.digest(subject.config());
        this.operation = new AtomicReference<>(operation);
    }

    Owned name() {
        return name;
    }

    Spec spec() {
        return spec;
    }

    Subject subject() {
        return subject;
    }

    Body body() {
        return subject.body();
    }

    Tail tail() {
        return tail;
    }

    /** Takes it for an operation, or refuses: two at the same time never both succeed. */
    void take(Operation wanted) throws Failure {
        Operation now = operation.compareAndExchange(Operation.NONE, wanted);
        if (now != Operation.NONE) {
            throw Failure.state(
                    "container-busy",
                    Map.of("id", name.id().value(), "operation", now.name().toLowerCase(java.util.Locale.ROOT)));
        }
    }

    /** Begins what may be broken off, on this thread. */
    void breakable() {
        breakable = Optional.of(Breakable.begin());
    }

    /** From now on it is not broken off; true if it has been, and the thread does not know yet. */
    boolean unbreakable() {
        boolean pending = breakable.map(Breakable::end).orElse(false);
        breakable = Optional.empty();
        return pending;
    }

    /** Breaks off the create or start that is going on; false if there is none. */
    boolean breakOff() {
        Optional<Breakable> now = breakable;
        now.ifPresent(Breakable::breakOff);
        return now.isPresent();
    }

    /** What was executed in it beside its first process. */
    Map<ContainerId, Exec> execs() {
        return execs;
    }

    /** Whether it is on its way out, or not there yet. */
    Optional<Operation> making() {
        Operation now = operation.get();
        return now == Operation.DELETE || now == Operation.CREATE ? Optional.of(now) : Optional.empty();
    }

    /** Gives it back. */
    void giveBack() {
        operation.set(Operation.NONE);
    }

    /** What is true now: the record, corrected by what the kernel says of init. */
    Status status() {
        Status recorded = subject.entry().status();
        if (recorded == Status.CREATING) {
            return Status.CREATING;
        } else if (!body().alive()) {
            return Status.STOPPED;
        }
        if (recorded == Status.PAUSED) {
            return frozen() ? Status.PAUSED : Status.RUNNING;
        }
        return body().executed() ? Status.RUNNING : recorded;
    }

    /** What the record says may be over: SIGKILL thaws, and so may anybody who may write to the cgroup. */
    private boolean frozen() {
        return LivePlanner.freezer(subject.plans()).map(Cgroups::frozen).orElse(false);
    }

    /** Whether its plan became its owner. */
    boolean confined() {
        return subject.plans().create().caller().isPresent();
    }

    ContainerView view() {
        Entry entry = subject.entry();
        Status status = status();
        OptionalInt pid = status == Status.STOPPED
                ? OptionalInt.empty()
                : body().init().map(Proc::pid).map(OptionalInt::of).orElse(OptionalInt.empty());
        Optional<ExitView> exit =
                status == Status.STOPPED ? Optional.ofNullable(body().exit().getNow(null)) : Optional.empty();
        return new ContainerView(
                name,
                status,
                pid,
                entry.bundle(),
                Instant.parse(entry.created()),
                state(entry, status, pid, exit),
                exit,
                configDigest,
                entry.set());
    }

    /** The state object of runtime.md with this runtime's own members (STATE-12). */
    private String state(Entry entry, Status status, OptionalInt pid, Optional<ExitView> exit) {
        ObjectNode state = JSON.createObjectNode();
        state.put("ociVersion", entry.ociVersion());
        state.put("id", entry.id());
        state.put("status", status.word());
        pid.ifPresent(number -> state.put("pid", number));
        state.put("bundle", entry.bundle());
        if (!entry.annotations().isEmpty()) {
            ObjectNode annotations = state.putObject("annotations");
            entry.annotations().forEach(annotations::put);
        }
        state.put("profile", entry.rules().name());
        state.put("rootfs", entry.rootfs());
        state.put("created", entry.created());
        state.put("owner", Integer.toUnsignedLong(entry.owner()));
        if (pid.isPresent()) {
            ObjectNode namespaces = state.putObject("namespaces");
            body().init().map(Proc::namespaces).orElse(Map.of()).forEach(namespaces::put);
        }
        exit.filter(ExitView::known).ifPresent(end -> {
            state.put("exitStatus", end.status());
            end.at().ifPresent(at -> state.put("exitedAt", at.toString()));
        });
        return state.toString();
    }

    /** The helper's steps of the operation in progress, which are not on disk yet. */
    void running(List<StepRecord> records) {
        running = records;
    }

    TraceView trace() throws IOException {
        List<Plan> plans = new ArrayList<>(List.of(subject.plans().create()));
        subject.plans().start().ifPresent(plans::add);
        List<StepRecord> records = new ArrayList<>(subject.folder().trace());
        records.addAll(running);
        records.addAll(nativeRecords());
        subject.folder().updated().ifPresent(plans::add);
        records.addAll(subject.folder().updatedTrace());
        records.sort(Comparator.comparing(StepRecord::plan).thenComparingInt(StepRecord::step));
        return new TraceView(plans, records);
    }

    /** What the page says of the steps of keeper, launcher and init. */
    List<StepRecord> nativeRecords() {
        try {
            return ResultPage.open(subject.folder().file("page")).records();
        } catch (IOException e) {
            return List.of(); // before it is made
        }
    }
}

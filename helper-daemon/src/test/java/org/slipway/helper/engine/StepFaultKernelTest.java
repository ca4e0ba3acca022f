package org.slipway.helper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.helper.cgroup.Host;
import org.slipway.helper.libc.Errno;
import org.slipway.helper.lifecycle.Caller;
import org.slipway.helper.lifecycle.CreateRequest;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.lifecycle.Streams;
import org.slipway.helper.reactor.Reactor;
import org.slipway.helper.run.Permits;
import org.slipway.helper.run.StepFailure;
import org.slipway.model.plan.Actor;
import org.slipway.model.plan.BarrierOp;
import org.slipway.model.plan.HookOp;
import org.slipway.model.plan.KeeperOp;
import org.slipway.model.plan.Origin;
import org.slipway.model.plan.Plan;
import org.slipway.model.plan.PlanKind;
import org.slipway.model.plan.ProcessOp;
import org.slipway.model.plan.Step;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Owned;
import org.slipway.model.state.Status;
import org.slipway.model.test.Requirement;
import org.slipway.model.test.Watched;

/**
 * A failure injected at each step of the plans of create, start and delete, one by one, whoever does it: before its deed, and after
 * it. Nothing may be left, and the error says where. The steps are those of the plan itself, so that a new one is tried as well.
 */
@Tag("kernel")
@Timeout(600)
class StepFaultKernelTest implements Watched {

    private static final Caller ROOT = new Caller(0, true);
    private static final Owned NAME = new Owned(0, new ContainerId("step-" + Leftovers.TAG));
    private static final int PAGE_FAULT = 40;

    @TempDir
    Path temp;

    private Path state;
    private Reactor reactor;
    private TestBundle bundle;

    @Override
    public List<Path> stateDirectories() {
        return List.of(temp.resolve("slipway-test-state"));
    }

    @BeforeEach
    void open() throws IOException {
        state = Files.createDirectories(temp.resolve("slipway-test-state"));
        bundle = TestBundle.in(Files.createDirectories(temp.resolve("bundle")));
        reactor = Reactor.start();
    }

    @AfterEach
    void close() {
        reactor.close();
    }

    /** A step to fail: by the helper's permits, or by what the page tells a launcher that was built for it. */
    private record Fault(Step step, int number, boolean after) {
        boolean helpers() {
            return step.actor() == Actor.HELPER;
        }

        String where() {
            return (after ? "after " : "before ") + step.index() + " " + step.actor() + " " + step.op();
        }
    }

    private final class Switch implements Permits {
        private final Map<PlanKind, Plan> plans = new EnumMap<>(PlanKind.class);
        private volatile Optional<Fault> fault = Optional.empty();
        private volatile PlanKind kind = PlanKind.CREATE;

        @Override
        public void await(Plan plan, Step asked) throws StepFailure {
            plans.put(plan.kind(), plan);
            if (fault.isEmpty()) {
                return;
            }
            Fault wanted = fault.get();
            if (asked.op() instanceof KeeperOp.SpawnKeeper && !wanted.helpers()) {
                tell(2 * (wanted.number() + 1) + (wanted.after() ? 1 : 0));
            }
            if (wanted.helpers()
                    && plan.kind() == kind
                    && asked.index() == wanted.step().index()) {
                fault = Optional.empty();
                throw new StepFailure(
                        kind, asked.index(), StepFailure.Kind.REFUSED, Optional.of(Errno.EIO), "injected", null);
            }
        }

        private void tell(int word) {
            try (FileChannel page =
                    FileChannel.open(state.resolve("0/" + NAME.id() + "/page"), StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
                assertEquals(4, page.write(bytes.putInt(word).flip(), PAGE_FAULT));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        void set(PlanKind its, Fault wanted) {
            kind = its;
            fault = Optional.of(wanted);
        }
    }

    private static Path faulty() {
        return EngineKernelTest.launcher().resolveSibling("test/slipway-launch-faults");
    }

    private Engine engine(Path launcher, Switch faults) throws IOException {
        return Engine.open(state, launcher, Host.facts(), reactor, faults);
    }

    private CreateRequest request() {
        return CreateRequest.of(NAME, bundle.path.toString(), bundle.bytes(), new Streams.None());
    }

    /** As much as one configuration can ask for: every kind of hook, limits, devices, paths, all namespaces. */
    private void enrich(boolean ownUsers) {
        for (String kind : List.of("prestart", "createRuntime", "createContainer", "startContainer", "poststart")) {
            bundle.hook(kind, "/bin/true", "true");
        }
        bundle.hook("poststop", "/bin/true", "true").args("sleep", "1000");
        var linux = bundle.linux();
        var namespaces = linux.putArray("namespaces");
        for (String type : List.of("pid", "network", "ipc", "uts", "mount", "cgroup", "time")) {
            namespaces.addObject().put("type", type);
        }
        linux.putObject("timeOffsets").putObject("monotonic").put("secs", 100);
        linux.putObject("sysctl").put("net.ipv4.ip_forward", "1");
        if (ownUsers) {
            namespaces.addObject().put("type", "user");
            for (String map : List.of("uidMappings", "gidMappings")) {
                linux.putArray(map)
                        .addObject()
                        .put("containerID", 0)
                        .put("hostID", 0)
                        .put("size", 65536);
            }
        } else {
            var device = linux.putArray("devices").addObject();
            device.put("path", "/dev/mine").put("type", "c").put("major", 1).put("minor", 3);
        }
        var resources = linux.has("resources")
                ? (tools.jackson.databind.node.ObjectNode) linux.get("resources")
                : linux.putObject("resources");
        resources.putObject("memory").put("limit", 64 << 20);
        resources.putObject("pids").put("limit", 50);
        resources.putObject("cpu").put("shares", 512);
        var bind = ((tools.jackson.databind.node.ArrayNode) bundle.config.get("mounts")).addObject();
        bind.put("destination", "/bound").put("type", "bind").put("source", temp.toString());
        bind.putArray("options").add("bind").add("ro");
        var seccomp = linux.putObject("seccomp").put("defaultAction", "SCMP_ACT_ALLOW");
        var rule = seccomp.putArray("syscalls").addObject().put("action", "SCMP_ACT_ERRNO");
        rule.putArray("names").add("swapon");
    }

    private static List<Fault> faults(Plan plan, int before) {
        List<Fault> faults = new ArrayList<>();
        for (Step step : plan.steps()) {
            int number = before + step.index();
            faults.add(new Fault(step, number, false));
            boolean deed = !(step.op() instanceof BarrierOp)
                    && !(step.op() instanceof KeeperOp.WaitGate)
                    && !(step.op() instanceof ProcessOp.LoadSeccompAndExec);
            if (step.actor() != Actor.HELPER && deed) {
                faults.add(new Fault(step, number, true));
            }
        }
        return faults;
    }

    private static void assertSaysWhere(Failure failure, Plan plan, Fault fault) {
        Failure.At at = failure.at().orElseThrow(() -> new AssertionError(fault.where() + ": " + failure, failure));
        assertEquals(plan.kind(), at.plan(), fault.where());
        assertEquals(fault.step().index(), at.step(), () -> fault.where() + ": " + failure);
        assertEquals(
                fault.step().origin() instanceof Origin.Field field ? Optional.of(field.pointer()) : Optional.empty(),
                at.pointer(),
                fault.where());
    }

    private static void assertUnknown(Engine engine, Fault fault) {
        assertEquals(
                "container-unknown",
                assertThrows(Failure.class, () -> engine.state(ROOT, NAME)).code(),
                fault.where());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Requirement({"ERR-01", "ERR-03"})
    void aFailureAtEachStepOfCreateLeavesNothingAndSaysWhere(boolean ownUsers) throws Exception {
        enrich(ownUsers);
        Switch faults = new Switch();
        try (Engine engine = engine(faulty(), faults)) {
            Leftovers before = Leftovers.now(state);
            engine.create(ROOT, request());
            Plan plan = engine.trace(ROOT, NAME).plans().getFirst();
            engine.delete(ROOT, NAME, true);
            for (Fault fault : faults(plan, 0)) {
                faults.set(PlanKind.CREATE, fault);
                if (fault.step().op() instanceof KeeperOp.WaitGate) {
                    initDiesAtTheGate(engine);
                } else {
                    Failure failure = assertThrows(Failure.class, () -> engine.create(ROOT, request()), fault::where);
                    assertSaysWhere(failure, plan, fault);
                }
                assertUnknown(engine, fault);
                before.assertSame(state, fault.where());
            }
        }
    }

    /** It has told that it stands there, so create may have succeeded: then it is a container whose process has ended. */
    private void initDiesAtTheGate(Engine engine) throws Exception {
        try {
            engine.create(ROOT, request());
        } catch (Failure e) {
            assertEquals(Optional.of(Errno.EIO), e.at().flatMap(Failure.At::errno), e::toString);
            return;
        }
        engine.awaitExit(ROOT, NAME);
        assertEquals(Status.STOPPED, engine.state(ROOT, NAME).status());
        engine.delete(ROOT, NAME, false);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Requirement({"ERR-01", "ERR-03"})
    void aFailureAtEachStepOfStartLeavesNothingAndSaysWhere(boolean ownUsers) throws Exception {
        enrich(ownUsers);
        Switch faults = new Switch();
        try (Engine engine = engine(faulty(), faults)) {
            Leftovers before = Leftovers.now(state);
            engine.create(ROOT, request());
            List<Plan> plans = engine.trace(ROOT, NAME).plans();
            Plan plan = plans.getLast();
            engine.delete(ROOT, NAME, true);
            for (Fault fault : faults(plan, plans.getFirst().steps().size())) {
                faults.set(PlanKind.START, fault);
                engine.create(ROOT, request());
                Failure failure = assertThrows(Failure.class, () -> engine.start(ROOT, NAME), fault::where);
                assertSaysWhere(failure, plan, fault);
                assertUnknown(engine, fault);
                before.assertSame(state, fault.where());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Requirement({"ERR-03", "LIFE-08"})
    void aDeleteThatFailedAtAnyStepCanBeTriedAgain(boolean started) throws Exception {
        enrich(false);
        Switch faults = new Switch();
        try (Engine engine = engine(faulty(), faults)) {
            Leftovers before = Leftovers.now(state);
            make(engine, started);
            engine.delete(ROOT, NAME, true);
            Plan plan = faults.plans.get(PlanKind.DELETE);
            for (Fault fault : faults(plan, 0)) {
                make(engine, started);
                faults.set(PlanKind.DELETE, fault);
                if (fault.step().op() instanceof HookOp) { // HOOK-22
                    engine.delete(ROOT, NAME, true);
                } else {
                    assertSaysWhere(
                            assertThrows(Failure.class, () -> engine.delete(ROOT, NAME, true), fault::where),
                            plan,
                            fault);
                    engine.delete(ROOT, NAME, true);
                }
                assertTrue(faults.fault.isEmpty(), fault.where());
                before.assertSame(state, fault.where());
            }
        }
    }

    private void make(Engine engine, boolean started) throws Failure {
        engine.create(ROOT, request());
        if (started) {
            engine.start(ROOT, NAME);
        }
    }

    @Test
    void theLauncherThatIsDistributedHasNoSuchSwitch() throws Exception {
        bundle.args("sleep", "1000");
        Switch faults = new Switch();
        try (Engine engine = engine(EngineKernelTest.launcher(), faults)) {
            make(engine, false);
            List<Plan> plans = engine.trace(ROOT, NAME).plans();
            engine.delete(ROOT, NAME, true);
            int before = 0;
            for (Plan plan : plans) {
                for (Fault fault : faults(plan, before)) {
                    if (fault.helpers() || fault.step().index() % 5 != 0) {
                        continue;
                    }
                    faults.set(plan.kind(), fault);
                    make(engine, true);
                    assertEquals(Status.RUNNING, engine.state(ROOT, NAME).status(), fault.where());
                    engine.delete(ROOT, NAME, true);
                }
                before += plan.steps().size();
            }
        }
    }
}

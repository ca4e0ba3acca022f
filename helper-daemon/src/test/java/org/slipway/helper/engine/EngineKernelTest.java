package org.slipway.helper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.helper.cgroup.Host;
import org.slipway.helper.hook.HookRun;
import org.slipway.helper.lifecycle.Caller;
import org.slipway.helper.lifecycle.ContainerView;
import org.slipway.helper.lifecycle.CreateRequest;
import org.slipway.helper.lifecycle.Event;
import org.slipway.helper.lifecycle.ExitView;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.lifecycle.Streams;
import org.slipway.helper.lifecycle.Subscription;
import org.slipway.helper.lifecycle.TraceView;
import org.slipway.helper.log.LogLine;
import org.slipway.helper.log.LogStream;
import org.slipway.helper.reactor.Reactor;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Owned;
import org.slipway.model.state.Status;
import org.slipway.model.test.Requirement;
import org.slipway.model.test.Watched;
import org.slipway.model.trace.StepRecord;

/** The engine against the real launcher and the real kernel: needs root. Every test ends with nothing left behind. */
@Tag("kernel")
@Timeout(60)
class EngineKernelTest implements Watched {

    static final Caller ROOT = new Caller(0, true);
    static final Owned NAME = new Owned(0, new ContainerId("t1-" + Leftovers.TAG));

    @TempDir
    Path temp;

    private Path state;
    private Reactor reactor;
    private Engine engine;
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
        engine = Engine.open(state, launcher(), Host.facts(), reactor);
    }

    @AfterEach
    void close() throws IOException, Failure {
        for (ContainerView left : engine.list(ROOT, Optional.empty())) { // of a test that failed half-way
            engine.delete(ROOT, left.name(), true);
        }
        engine.close();
        reactor.close();
    }

    static Path launcher() {
        return Path.of(System.getProperty("slipway.launcher", "../native/target/slipway-launch"))
                .toAbsolutePath()
                .normalize();
    }

    private ContainerView create(Streams streams) throws Failure {
        return engine.create(ROOT, CreateRequest.of(NAME, bundle.path.toString(), bundle.bytes(), streams));
    }

    private Failure refused(Callable<?> work) {
        return assertThrows(Failure.class, work::call);
    }

    private String output() throws Failure, IOException, InterruptedException {
        StringBuilder text = new StringBuilder();
        try (LogStream log = engine.logs(ROOT, NAME, true)) {
            for (Optional<LogLine> line = log.next(); line.isPresent(); line = log.next()) {
                text.append(new String(line.get().data().bytes(), StandardCharsets.UTF_8))
                        .append('\n');
            }
        }
        return text.toString();
    }

    @Test
    @Requirement({"OPS-CREATE-05", "OPS-START-03", "STATE-07", "OPS-DELETE-05"})
    void aProgramIsCreatedStartedAndDeleted() throws Exception {
        bundle.args("echo", "hello from inside");
        ContainerView created = create(new Streams.Log());
        assertEquals(Status.CREATED, created.status());
        assertTrue(Files.exists(Path.of("/proc/" + created.pid().getAsInt())));
        engine.start(ROOT, NAME);
        ExitView exit = engine.awaitExit(ROOT, NAME);
        assertEquals(0, exit.status());
        assertTrue(exit.executed() && exit.known());
        assertEquals("hello from inside\n", output());
        assertEquals(Status.STOPPED, engine.state(ROOT, NAME).status());
        engine.delete(ROOT, NAME, false);
        assertEquals(
                "container-unknown", refused(() -> engine.state(ROOT, NAME)).code());
        create(new Streams.None());
        engine.delete(ROOT, NAME, true);
    }

    @Test
    @Requirement({"OPS-KILL-03", "OPS-DELETE-02", "OPS-KILL-02", "OPS-START-02"})
    void whatIsNotAllowedNowIsRefusedAndChangesNothing() throws Exception {
        bundle.args("sleep", "1000");
        create(new Streams.None());
        assertEquals(
                "container-not-stopped",
                refused(() -> {
                            engine.delete(ROOT, NAME, false);
                            return null;
                        })
                        .code());
        engine.start(ROOT, NAME);
        assertEquals(Status.RUNNING, engine.state(ROOT, NAME).status());
        assertEquals(
                "container-not-created", refused(() -> engine.start(ROOT, NAME)).code());
        assertEquals(
                "container-not-stopped",
                refused(() -> {
                            engine.delete(ROOT, NAME, false);
                            return null;
                        })
                        .code());
        assertEquals(Status.RUNNING, engine.state(ROOT, NAME).status());
        engine.kill(ROOT, NAME, 9, false);
        ExitView exit = engine.awaitExit(ROOT, NAME);
        assertEquals(137, exit.status());
        assertEquals(9, exit.signal());
        assertEquals(
                "container-not-running",
                refused(() -> {
                            engine.kill(ROOT, NAME, 15, false);
                            return null;
                        })
                        .code());
        engine.delete(ROOT, NAME, false);
    }

    @Test
    @Requirement({"OPS-CREATE-02", "OPS-CREATE-03", "OPS-START-05"})
    void ofTwoAtTheSameTimeExactlyOneSucceeds() throws Exception {
        bundle.args("sleep", "1000");
        assertEquals(1, succeeded(() -> create(new Streams.None()), 4));
        assertEquals(
                "container-exists", refused(() -> create(new Streams.None())).code());
        assertEquals(Status.CREATED, engine.state(ROOT, NAME).status());
        assertEquals(1, succeeded(() -> engine.start(ROOT, NAME), 4));
        assertEquals(Status.RUNNING, engine.state(ROOT, NAME).status());
        engine.delete(ROOT, NAME, true);
    }

    private static int succeeded(Callable<?> work, int times) throws InterruptedException {
        List<FutureTask<Object>> tasks = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            FutureTask<Object> task = new FutureTask<>(() -> (Object) work.call());
            Thread.ofVirtual().start(task);
            tasks.add(task);
        }
        int succeeded = 0;
        for (FutureTask<Object> task : tasks) {
            try {
                task.get();
                succeeded++;
            } catch (ExecutionException e) {
                assertEquals(
                        Failure.class, e.getCause().getClass(), e.getCause().toString());
            }
        }
        return succeeded;
    }

    @Test
    void aConfigurationThatIsWrongIsRefusedWithItsPlace() {
        bundle.config.remove("root");
        Failure failure = refused(() -> create(new Streams.None()));
        assertEquals("config-refused", failure.code());
        assertTrue(
                failure.findings().stream()
                        .anyMatch(finding -> finding.pointer().startsWith("/root")),
                failure.findings().toString());
    }

    @Test
    void aMissingRootIsTheCallersFaultAndNamesTheField() {
        bundle.config.putObject("root").put("path", "nowhere");
        Failure failure = refused(() -> create(new Streams.None()));
        assertEquals("rootfs-missing", failure.code());
        assertEquals(Failure.Fault.CALLER, failure.fault());
        assertEquals(Optional.of("/root/path"), failure.at().orElseThrow().pointer());
    }

    @Test
    @Requirement("ERR-04")
    void aMissingProgramIsFoundAtCreate() {
        bundle.args("/bin/nothing-here");
        Failure failure = refused(() -> create(new Streams.None()));
        assertEquals("program-missing", failure.code());
        assertEquals("ENOENT", failure.at().orElseThrow().errno().orElseThrow().name());
        assertTrue(failure.at().orElseThrow().pointer().orElseThrow().startsWith("/process/args"));
    }

    @Test
    @Requirement({"HOOK-11", "HOOK-15", "HOOK-16", "HOOK-17"})
    void allHooksRunInTheirPlacesAndTheirOutputIsKept() throws Exception {
        Path marks = temp.resolve("marks");
        for (String kind : List.of("prestart", "createRuntime", "poststart", "poststop")) {
            bundle.hook(kind, "/bin/sh", "sh", "-c", "cat; echo; echo " + kind + " >> " + marks);
        }
        bundle.hook("createContainer", "/bin/sh", "sh", "-c", "cat; echo err >&2; echo createContainer >> " + marks);
        bundle.hook("startContainer", "/bin/sh", "sh", "-c", "cat");
        bundle.args("sleep", "1000");
        create(new Streams.None());
        engine.start(ROOT, NAME);
        List<HookRun> runs = engine.hooks(ROOT, NAME);
        assertEquals(
                List.of("prestart", "createRuntime", "createContainer", "startContainer", "poststart"),
                runs.stream().map(run -> run.kind().member()).toList());
        assertTrue(runs.stream().allMatch(run -> run.ended() && run.status() == 0), runs.toString());
        String last = new String(runs.getLast().output().bytes(), StandardCharsets.UTF_8);
        int pid = engine.state(ROOT, NAME).pid().getAsInt();
        assertTrue(last.contains("\"status\":\"running\"") && last.contains("\"pid\":" + pid + ","), last);
        String inside = new String(runs.get(3).output().bytes(), StandardCharsets.UTF_8);
        assertTrue(inside.contains("\"status\":\"created\"") && inside.contains("\"pid\":1,"), inside);
        assertEquals("err\n", new String(runs.get(2).errors().bytes(), StandardCharsets.UTF_8));
        engine.delete(ROOT, NAME, true);
        assertEquals(
                List.of("prestart", "createRuntime", "createContainer", "poststart", "poststop"),
                Files.readAllLines(marks));
    }

    /** Output of a hook that succeeds is kept too, up to a mebibyte of each stream, and how long it took. */
    @ParameterizedTest
    @ValueSource(strings = {"createRuntime", "createContainer"})
    @Requirement("HOOK-23")
    void whatAHookSaysIsKeptWithinBounds(String kind) throws Exception {
        bundle.hook(kind, "/bin/sh", "sh", "-c", "echo first; echo woe >&2; head -c 3000000 /dev/zero; echo done >&2");
        create(new Streams.None());
        HookRun run = engine.hooks(ROOT, NAME).getFirst();
        assertTrue(run.ended() && run.status() == 0 && run.nanos() > 0, run.kind() + " " + run.status());
        assertEquals("woe\ndone\n", new String(run.errors().bytes(), StandardCharsets.UTF_8));
        byte[] kept = run.output().bytes();
        assertTrue(kept.length > 1 << 19 && kept.length <= 1 << 20, () -> "kept " + kept.length);
        assertEquals("first\n", new String(kept, 0, 6, StandardCharsets.UTF_8));
        engine.delete(ROOT, NAME, true);
    }

    @Test
    @Requirement({"HOOK-18", "HOOK-19"})
    void aHookThatFailsEndsCreateAndPoststopRuns() throws Exception {
        Path mark = temp.resolve("mark");
        bundle.hook("createRuntime", "/bin/sh", "sh", "-c", "echo one >&2; echo no such bridge >&2; exit 3")
                .hook("poststop", "/bin/sh", "sh", "-c", "echo ran > " + mark);
        Failure failure = refused(() -> create(new Streams.None()));
        assertEquals("hook-failed", failure.code());
        assertEquals("status 3: 'no such bridge'", failure.arguments().get("text"));
        assertEquals(
                Optional.of("/hooks/createRuntime/0"),
                failure.at().orElseThrow().pointer());
        assertEquals("ran\n", Files.readString(mark));
    }

    @Test
    @Requirement("HOOK-07")
    void aHookThatHangsIsKilledWithItsChildrenAtItsTimeout() {
        bundle.hook("prestart", "/bin/sh", "sh", "-c", "sleep 987 & sleep 986").hookTimeout("prestart", 1);
        assertEquals("hook-timed-out", refused(() -> create(new Streams.None())).code());
    }

    @Test
    @Requirement("HOOK-21")
    void aPoststartHookThatFailsDestroysTheContainer() throws Exception {
        bundle.hook("poststart", "/bin/false").args("sleep", "1000");
        create(new Streams.None());
        assertEquals("hook-failed", refused(() -> engine.start(ROOT, NAME)).code());
        assertEquals(
                "container-unknown", refused(() -> engine.state(ROOT, NAME)).code());
    }

    @Test
    @Requirement("HOOK-20")
    void aStartContainerHookThatFailsDestroysTheContainer() throws Exception {
        bundle.hook("startContainer", "/bin/false").args("sleep", "1000");
        create(new Streams.None());
        assertEquals("hook-failed", refused(() -> engine.start(ROOT, NAME)).code());
        assertEquals(
                "container-unknown", refused(() -> engine.state(ROOT, NAME)).code());
    }

    @Test
    void aProgramKilledByItsOwnFilterIsNeverRunning() throws Exception {
        var seccomp = bundle.linux().putObject("seccomp");
        seccomp.put("defaultAction", "SCMP_ACT_ALLOW");
        var rule = seccomp.putArray("syscalls").addObject();
        rule.putArray("names").add("execve");
        rule.put("action", "SCMP_ACT_KILL_PROCESS");
        create(new Streams.None());
        Failure failure = refused(() -> engine.start(ROOT, NAME));
        assertEquals("init-died-before-exec", failure.code());
        assertEquals("31", failure.arguments().get("signal"));
    }

    @Test
    void aLimitOfOneProcessDoesNotStopTheContainerFromBeingMade() throws Exception {
        var resources = bundle.linux().has("resources")
                ? (tools.jackson.databind.node.ObjectNode) bundle.linux().get("resources")
                : bundle.linux().putObject("resources");
        resources.putObject("pids").put("limit", 1);
        resources.putObject("memory").put("limit", 64 << 20);
        bundle.args("sh", "-c", "(echo forked) || true; echo done");
        create(new Streams.Log());
        engine.start(ROOT, NAME);
        engine.awaitExit(ROOT, NAME);
        assertFalse(output().contains("forked"));
        engine.delete(ROOT, NAME, false);
    }

    @Test
    @Requirement({"STATE-13", "LIFE-01"})
    void aHelperThatIsGoneLeavesEverythingToTheNext() throws Exception {
        Owned second = new Owned(0, new ContainerId("t2-" + Leftovers.TAG));
        bundle.args("sh", "-c", "trap 'exit 5' TERM; while true; do sleep 0.1; done");
        create(new Streams.Log());
        int created = engine.state(ROOT, NAME).pid().getAsInt();
        engine.create(ROOT, CreateRequest.of(second, bundle.path.toString(), bundle.bytes(), new Streams.None()));
        engine.start(ROOT, second);

        engine.close();
        engine = Engine.open(state, launcher(), Host.facts(), reactor);
        assertEquals(2, engine.list(ROOT, Optional.empty()).size());
        ContainerView first = engine.state(ROOT, NAME);
        assertEquals(Status.CREATED, first.status());
        assertEquals(OptionalInt.of(created), first.pid());
        assertEquals(Status.RUNNING, engine.state(ROOT, second).status());
        engine.start(ROOT, NAME);
        Thread.sleep(200);
        engine.kill(ROOT, second, 15, false);
        assertEquals(5, engine.awaitExit(ROOT, second).status());
        engine.delete(ROOT, NAME, true);

        engine.close();
        engine = Engine.open(state, launcher(), Host.facts(), reactor);
        assertEquals(5, engine.awaitExit(ROOT, second).status());
        engine.delete(ROOT, second, false);
    }

    @Test
    @Requirement("STATE-13")
    void aRecordThatCannotBeReadIsNeverTakenForOneThatWasNotBegun() throws Exception {
        create(new Streams.Log());
        Path record = state.resolve("0/" + NAME.id() + "/state.json");
        byte[] kept = Files.readAllBytes(record);
        Files.writeString(record, "{");
        engine.close();
        engine = Engine.open(state, launcher(), Host.facts(), reactor);
        assertEquals(List.of(), engine.list(ROOT, Optional.empty()));
        Files.write(record, kept);
        engine.close();
        engine = Engine.open(state, launcher(), Host.facts(), reactor);
        assertEquals(Status.CREATED, engine.state(ROOT, NAME).status());
        engine.delete(ROOT, NAME, true);
    }

    @Test
    void onlyWhoHoldsTheGateIsTakenForInit() throws Exception {
        Path gate = Files.createFile(temp.resolve("gate"));
        int self = (int) ProcessHandle.current().pid();
        assertFalse(Adoption.holds(self, gate));
        try (var open = Files.newInputStream(gate)) {
            assertTrue(Adoption.holds(self, gate), open::toString);
        }
    }

    @Test
    void aKeeperThatIsKilledLeavesAContainerThatCanBeEnded() throws Exception {
        bundle.args("sleep", "1000");
        int init = create(new Streams.None()).pid().getAsInt();
        engine.start(ROOT, NAME);
        long keeper =
                ProcessHandle.of(init).orElseThrow().parent().orElseThrow().pid();
        ProcessHandle.of(keeper).orElseThrow().destroyForcibly();
        Thread.sleep(100);
        assertEquals(Status.RUNNING, engine.state(ROOT, NAME).status());
        engine.kill(ROOT, NAME, 9, false);
        engine.awaitExit(ROOT, NAME);
        assertEquals(Status.STOPPED, engine.state(ROOT, NAME).status());
        engine.delete(ROOT, NAME, false);
    }

    @Test
    void aLauncherThatIsMissingIsAFailureWithItsName() throws Exception {
        try (Engine other = Engine.open(state, Path.of("/no/launcher"), Host.facts(), reactor)) {
            Failure failure = refused(() -> other.create(
                    ROOT, CreateRequest.of(NAME, bundle.path.toString(), bundle.bytes(), new Streams.None())));
            assertEquals("launcher-missing", failure.code());
        }
    }

    @Test
    @Requirement({"LIFE-02", "LIFE-09"})
    void theTraceTellsEveryStepInOrder() throws Exception {
        bundle.args("true");
        create(new Streams.None());
        engine.start(ROOT, NAME);
        engine.awaitExit(ROOT, NAME);
        TraceView trace = engine.trace(ROOT, NAME);
        int steps = trace.plans().stream().mapToInt(plan -> plan.steps().size()).sum();
        assertEquals(steps, trace.records().size(), missing(trace));
        assertTrue(trace.records().stream()
                .allMatch(record -> record.result() == StepRecord.Result.OK
                        || record.result() == StepRecord.Result.SKIPPED
                        || record.result() == StepRecord.Result.STARTED));
        engine.delete(ROOT, NAME, false);
    }

    private static String missing(TraceView trace) {
        List<String> missing = new ArrayList<>();
        trace.plans()
                .forEach(plan -> plan.steps().forEach(step -> {
                    if (trace.records().stream()
                            .noneMatch(record -> record.plan() == plan.kind() && record.step() == step.index())) {
                        missing.add(plan.kind() + " " + step.index() + " " + step.actor() + " " + step.op());
                    }
                }));
        return missing.toString();
    }

    @Test
    void outputOfAHookOfInitIsToldAsItComes() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        bundle.hook("createContainer", "/bin/sh", "sh", "-c", "echo one; sleep 1; echo two");
        try (Subscription _ = engine.watch(ROOT, Optional.empty(), new Subscription.Listener() {
            @Override
            public void event(Event event) {
                if (event instanceof Event.HookRan ran) {
                    seen.add(new String(ran.run().output().bytes(), StandardCharsets.UTF_8)
                            + ran.run().ended());
                }
            }

            @Override
            public void fellBehind() {}
        })) {
            create(new Streams.None());
            engine.delete(ROOT, NAME, true);
        }
        assertTrue(seen.contains("one\nfalse") && seen.getLast().equals("one\ntwo\ntrue"), seen.toString());
    }

    @Test
    void whoListensHearsEverythingInOrder() throws Exception {
        List<Event> heard = new CopyOnWriteArrayList<>();
        bundle.args("echo", "hi");
        try (Subscription _ = engine.watch(ROOT, Optional.empty(), new Subscription.Listener() {
            @Override
            public void event(Event event) {
                heard.add(event);
            }

            @Override
            public void fellBehind() {}
        })) {
            create(new Streams.Log());
            engine.start(ROOT, NAME);
            engine.awaitExit(ROOT, NAME);
            output();
            engine.delete(ROOT, NAME, false);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
            while (heard.stream().noneMatch(event -> event instanceof Event.Removed) && System.nanoTime() < deadline) {
                Thread.sleep(10);
            }
        }
        List<Status> seen = new ArrayList<>();
        for (Event event : heard) {
            if (event instanceof Event.Changed changed
                    && (seen.isEmpty() || seen.getLast() != changed.container().status())) {
                seen.add(changed.container().status());
            }
        }
        assertEquals(Status.CREATING, seen.getFirst());
        assertTrue(seen.contains(Status.CREATED) && seen.getLast() == Status.STOPPED, seen.toString());
        assertEquals(
                1, heard.stream().filter(event -> event instanceof Event.Logged).count());
        assertTrue(heard.getLast() instanceof Event.Removed, heard.getLast().toString());
    }
}

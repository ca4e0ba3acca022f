package org.slipway.helper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.helper.cgroup.Host;
import org.slipway.helper.lifecycle.Caller;
import org.slipway.helper.lifecycle.CreateRequest;
import org.slipway.helper.lifecycle.Event;
import org.slipway.helper.lifecycle.ExecView;
import org.slipway.helper.lifecycle.Execution;
import org.slipway.helper.lifecycle.ExitView;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.lifecycle.Streams;
import org.slipway.helper.lifecycle.Subscription;
import org.slipway.helper.log.LogLine;
import org.slipway.helper.log.LogStream;
import org.slipway.helper.reactor.Reactor;
import org.slipway.model.plan.ExecProcess;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Owned;
import org.slipway.model.test.Requirement;
import org.slipway.model.test.Watched;
import org.slipway.model.trace.StepRecord;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Programs executed in containers, on the real kernel, as root. */
@Tag("kernel")
@Timeout(60)
class ExecKernelTest implements Watched {

    private static final Caller ROOT = new Caller(0, true);
    private static final Owned NAME = new Owned(0, new ContainerId("t1-" + Leftovers.TAG));
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path temp;

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
        bundle.args("sleep", "1000");
        begin();
    }

    private void begin() throws IOException {
        reactor = Reactor.start();
        engine = Engine.open(state, EngineKernelTest.launcher(), Host.facts(), reactor);
    }

    private void end() throws IOException {
        engine.close();
        reactor.close();
    }

    @AfterEach
    void close() throws IOException, Failure {
        engine.delete(ROOT, NAME, true);
        end();
    }

    private void create() throws Failure {
        engine.create(ROOT, CreateRequest.of(NAME, bundle.path.toString(), bundle.bytes(), new Streams.None()));
    }

    private void run() throws Failure {
        create();
        engine.start(ROOT, NAME);
    }

    private ExecView exec(String... args) throws Failure {
        return engine.execs()
                .exec(ROOT, Execution.of(NAME, Optional.empty(), ExecProcess.of(List.of(args)), new Streams.Log()));
    }

    private ExecView exec(ObjectNode process) throws Failure {
        return engine.execs()
                .exec(ROOT, Execution.of(NAME, Optional.empty(), ExecProcess.of(process), new Streams.Log()));
    }

    private ExitView end(ExecView exec) throws Failure, InterruptedException {
        return engine.execs().awaitExit(ROOT, NAME, exec.id());
    }

    private String said(ExecView exec) throws Failure, IOException, InterruptedException {
        StringBuilder text = new StringBuilder();
        try (LogStream log = engine.execs().logs(ROOT, NAME, exec.id(), true)) {
            for (Optional<LogLine> line = log.next(); line.isPresent(); line = log.next()) {
                text.append(new String(line.get().data().bytes(), StandardCharsets.UTF_8))
                        .append('\n');
            }
        }
        return text.toString();
    }

    private static String code(Callable<?> work) {
        return assertThrows(Failure.class, work::call).code();
    }

    private Path records() {
        return engine.folder(NAME).file("exec");
    }

    private List<String> left() {
        String[] names = records().toFile().list();
        return names == null ? List.of() : List.of(names);
    }

    private static ObjectNode json(String text) {
        return (ObjectNode) JSON.readTree(text.replace('\'', '"'));
    }

    @Test
    @Requirement({"EXT-EXEC-01", "TASK-30", "TASK-33", "TASK-35"})
    void aProgramIsExecutedCollectedAndForgotten() throws Exception {
        run();
        ExecView exec = exec("sh", "-c", "echo hello; cat /proc/1/comm; exit 7");
        assertEquals(7, end(exec).status());
        assertEquals("hello\nsleep\n", said(exec));
        assertEquals(
                List.of(exec.id()),
                engine.execs().list(ROOT, NAME).stream().map(ExecView::id).toList());
        assertEquals(7, engine.execs().delete(ROOT, NAME, exec.id()).status());
        assertEquals(List.of(), left());
        assertEquals("exec-unknown", code(() -> engine.execs().delete(ROOT, NAME, exec.id())));
        assertEquals(List.of(), engine.execs().list(ROOT, NAME));
    }

    @Test
    @Requirement({"EXT-EXEC-01", "SEC-19"})
    void itLivesWhereTheContainersProgramLivesAndMayDoWhatThatMay() throws Exception {
        String facts = "readlink /proc/self/root; cat /proc/self/limits; cat /proc/self/cgroup;"
                + "grep -E '^(Cap|NoNew|Seccomp:|Groups|Uid|Gid|Umask)' /proc/self/status;"
                + "for n in cgroup ipc mnt net pid user uts; do readlink /proc/self/ns/$n; done;"
                + "ls /proc/self/fd; env | sort; pwd; cat /proc/self/attr/current 2>/dev/null; hostname; id";
        for (String name : List.of("readlink", "grep", "ls", "sort", "pwd", "hostname")) {
            Files.createSymbolicLink(bundle.path.resolve("rootfs/bin/" + name), Path.of("busybox"));
        }
        bundle.linux()
                .set(
                        "seccomp",
                        json("{'defaultAction':'SCMP_ACT_ALLOW','syscalls':["
                                + "{'names':['mkdirat','mkdir'],'action':'SCMP_ACT_ERRNO'}]}"));
        bundle.args("sh", "-c", "{ " + facts + "; } 2>&1; sleep 1000");
        engine.create(ROOT, CreateRequest.of(NAME, bundle.path.toString(), bundle.bytes(), new Streams.Log()));
        engine.start(ROOT, NAME);
        ExecView exec = exec("sh", "-c", "{ " + facts + "; } 2>&1");
        assertEquals(0, end(exec).status());
        String theirs = said(exec);
        String own = "";
        for (int i = 0; i < 200 && own.length() < theirs.length(); i++) {
            Thread.sleep(10);
            own = containerSaid();
        }
        assertEquals(own, theirs);
        ExecView filtered = exec("sh", "-c", "busybox mkdir /tmp/x");
        assertTrue(end(filtered).status() != 0);
        assertTrue(said(filtered).contains("not permitted"));
    }

    private String containerSaid() throws Failure, IOException, InterruptedException {
        StringBuilder text = new StringBuilder();
        try (LogStream log = engine.logs(ROOT, NAME, false)) {
            for (Optional<LogLine> line = log.next(); line.isPresent(); line = log.next()) {
                text.append(new String(line.get().data().bytes(), StandardCharsets.UTF_8))
                        .append('\n');
            }
        }
        return text.toString();
    }

    @Test
    @Requirement({"EXT-EXEC-01", "EXT-EXEC-03"})
    void itEntersAUserNamespaceAndAnOomScoreIsSetThere() throws Exception {
        Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxr-xr-x"));
        bundle.linux().withArray("namespaces").addObject().put("type", "user");
        for (String map : List.of("uidMappings", "gidMappings")) {
            bundle.linux()
                    .withArray(map)
                    .addObject()
                    .put("containerID", 0)
                    .put("hostID", 100_000)
                    .put("size", 1000);
        }
        run();
        ExecView exec = exec(json("""
                {'args':['sh','-c','id -u; id -g; cat /proc/self/oom_score_adj; cat /proc/self/uid_map'],
                 'oomScoreAdj':500,'user':{'uid':5,'gid':6}}"""));
        assertEquals(0, end(exec).status(), said(exec));
        assertEquals("5\n6\n500\n         0     100000       1000\n", said(exec));
    }

    @Test
    @Requirement({"EXT-EXEC-02"})
    void itNeedsAContainerThatLives() throws Exception {
        create();
        ExecView early = exec("sh", "-c", "echo early");
        assertEquals(0, end(early).status());
        assertEquals("early\n", said(early));
        engine.start(ROOT, NAME);
        engine.pause(ROOT, NAME);
        assertEquals("exec-paused", code(() -> exec("true")));
        engine.resume(ROOT, NAME);
        engine.kill(ROOT, NAME, 9, false);
        engine.awaitExit(ROOT, NAME);
        assertEquals("container-not-running", code(() -> exec("true")));
        Owned other = new Owned(0, new ContainerId("slipway-test-nobody"));
        assertEquals(
                "container-unknown",
                code(() -> engine.execs()
                        .exec(
                                ROOT,
                                Execution.of(
                                        other,
                                        Optional.empty(),
                                        ExecProcess.of(List.of("true")),
                                        new Streams.None()))));
    }

    @Test
    @Requirement({"EXT-EXEC-02", "CLI-EXEC-04"})
    void inAPausedContainerItWaitsIfThatIsWanted() throws Exception {
        run();
        engine.pause(ROOT, NAME);
        BlockingQueue<ExecView> made = new LinkedBlockingQueue<>();
        Execution patient = new Execution(
                NAME,
                Optional.empty(),
                ExecProcess.of(List.of("true")),
                new Streams.None(),
                List.of(),
                0022,
                List.of(),
                true,
                Execution.End.KEPT,
                _ -> {},
                _ -> {});
        Thread.ofVirtual().start(() -> {
            try {
                made.add(engine.execs().exec(ROOT, patient));
            } catch (Failure e) {
                throw new IllegalStateException(e);
            }
        });
        assertEquals(null, made.poll(300, TimeUnit.MILLISECONDS));
        engine.resume(ROOT, NAME);
        ExecView exec = made.poll(10, TimeUnit.SECONDS);
        assertEquals(0, end(exec).status());
    }

    @Test
    @Requirement({"TASK-30", "TASK-33", "TASK-35"})
    void idsAreOnesOwnAndUsedOnce() throws Exception {
        run();
        Optional<ContainerId> id = Optional.of(new ContainerId("e1"));
        Callable<ExecView> again = () -> engine.execs()
                .exec(ROOT, Execution.of(NAME, id, ExecProcess.of(List.of("sleep", "1000")), new Streams.None()));
        ExecView exec = again.call();
        assertEquals("e1", exec.id().value());
        assertEquals("exec-id-used", code(again));
        assertEquals(
                "exec-id-used",
                code(() -> engine.execs()
                        .exec(
                                ROOT,
                                Execution.of(
                                        NAME,
                                        Optional.of(NAME.id()),
                                        ExecProcess.of(List.of("true")),
                                        new Streams.None()))));
        assertEquals("exec-running", code(() -> engine.execs().delete(ROOT, NAME, exec.id())));
        engine.execs().kill(ROOT, NAME, exec.id(), 15);
        ExitView exit = end(exec);
        assertEquals(143, exit.status());
        assertEquals(15, exit.signal());
        assertTrue(exit.at().isPresent());
        assertEquals(exit, engine.execs().delete(ROOT, NAME, exec.id()));
    }

    @Test
    @Requirement({"EXT-EXEC-01", "CLI-EXEC-01"})
    void whatCannotBeExecutedLeavesNothingBehind() throws Exception {
        run();
        Files.writeString(bundle.path.resolve("rootfs/etc/plain"), "text");
        assertEquals("program-missing", code(() -> exec("no-such-program")));
        assertEquals("program-not-executable", code(() -> exec("/etc/plain")));
        assertEquals("config-refused", code(() -> exec(json("{'args':[]}"))));
        assertEquals("config-refused", code(() -> exec(json("{'args':['true'],'user':{'uid':-1,'gid':0}}"))));
        assertEquals("step-failed", code(() -> exec(json("{'args':['true'],'cwd':'/etc/plain'}"))));
        Failure affinity =
                assertThrows(Failure.class, () -> exec(json("{'args':['true'],'execCPUAffinity':{'initial':'8000'}}")));
        assertEquals("exec-processors-missing", affinity.code());
        assertEquals(List.of(), left());
        assertEquals(List.of(), engine.execs().list(ROOT, NAME));
        assertEquals(1, engine.execs().pids(ROOT, NAME).size());
        assertEquals(0, end(exec("true")).status());
    }

    @Test
    @Requirement("SCHED-08")
    void itRunsOnTheProcessorsOfTheConfiguration() throws Exception {
        bundle.process().putObject("execCPUAffinity").put("initial", "0").put("final", "1");
        run();
        Files.createSymbolicLink(bundle.path.resolve("rootfs/bin/grep"), Path.of("busybox"));
        ExecView exec = exec("grep", "Cpus_allowed_list", "/proc/self/status");
        assertEquals(0, end(exec).status());
        assertEquals("Cpus_allowed_list:\t1\n", said(exec));
        ExecView other = exec(
                json(
                        "{'args':['grep','Cpus_allowed_list','/proc/self/status'],'execCPUAffinity':{'initial':'0','final':'0'}}"));
        assertEquals(0, end(other).status());
        assertEquals("Cpus_allowed_list:\t0\n", said(other));
    }

    @Test
    @Requirement({"EXT-PS-01", "TASK-31"})
    void allItsProcessesAreItsAlsoThoseInGroupsBelow() throws Exception {
        run();
        int init = engine.state(ROOT, NAME).pid().getAsInt();
        ExecView exec = exec("sleep", "999");
        int pid = exec.pid().getAsInt();
        assertEquals(
                List.of(init, pid).stream().sorted().toList(), engine.execs().pids(ROOT, NAME));
        List<String> groups = engine.find(ROOT, NAME).subject().plans().cgroups();
        for (String group : groups) {
            Path below = Files.createDirectories(Path.of(group, "below"));
            for (String file : List.of("cpuset.cpus", "cpuset.mems")) {
                if (Files.exists(below.resolve(file))) {
                    Files.writeString(below.resolve(file), Files.readString(Path.of(group, file)));
                }
            }
        }
        Execution sub = new Execution(
                NAME,
                Optional.empty(),
                ExecProcess.of(List.of("cat", "/proc/self/cgroup")),
                new Streams.Log(),
                List.of(),
                0022,
                List.of("/below"),
                false,
                Execution.End.KEPT,
                _ -> {},
                _ -> {});
        ExecView inside = engine.execs().exec(ROOT, sub);
        assertEquals(0, end(inside).status());
        List<String> lines = said(inside).lines().toList();
        assertFalse(lines.isEmpty());
        assertTrue(lines.stream().allMatch(line -> line.endsWith("/below")), lines.toString());
        for (String group : groups) {
            Files.writeString(Path.of(group, "below/cgroup.procs"), Integer.toString(pid));
        }
        assertEquals(
                List.of(init, pid).stream().sorted().toList(), engine.execs().pids(ROOT, NAME));
    }

    @Test
    @Requirement("EXT-EXEC-01")
    void ofTheEndedOnesOnlyTheNewestAreKept() throws Exception {
        run();
        List<ContainerId> made = new ArrayList<>();
        for (int i = 0; i < ExecOperations.MOST_ENDED + 2; i++) {
            ContainerId id = exec("true").id();
            made.add(id);
            var _ = engine.execs().awaitExit(ROOT, NAME, id);
        }
        assertEquals(
                made.subList(1, made.size()),
                engine.execs().list(ROOT, NAME).stream().map(ExecView::id).toList());
    }

    @Test
    @Requirement({"EXT-EXEC-02", "TASK-31"})
    void itEndsWithItsContainerWhoseRecordGoesWhole() throws Exception {
        run();
        ExecView exec = exec("sleep", "999");
        int pid = exec.pid().getAsInt();
        engine.kill(ROOT, NAME, 9, false);
        ExitView exit = end(exec);
        assertEquals(137, exit.status());
        engine.delete(ROOT, NAME, false);
        assertFalse(Files.exists(engine.folder(NAME).path()));
        assertFalse(Files.exists(Path.of("/proc/" + pid)));
        run();
        List<ExecView> some = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            some.add(exec("sleep", "999"));
        }
        engine.delete(ROOT, NAME, true);
        assertFalse(Files.exists(engine.folder(NAME).path()));
        for (ExecView one : some) {
            assertFalse(Files.exists(Path.of("/proc/" + one.pid().getAsInt())));
        }
    }

    @Test
    @Requirement({"EXT-EXEC-01", "TASK-35"})
    void itGoesOnWithoutTheHelperAndIsKnownToTheNext() throws Exception {
        run();
        ExecView kept = exec("sh", "-c", "trap 'exit 5' TERM; while :; do sleep 0.05; done");
        Execution own = new Execution(
                NAME,
                Optional.empty(),
                ExecProcess.of(List.of("sleep", "999")),
                new Streams.None(),
                List.of(),
                0022,
                List.of(),
                false,
                Execution.End.COLLECTED,
                _ -> {},
                _ -> {});
        ExecView waitedFor = engine.execs().exec(ROOT, own);
        end();
        begin();
        List<ExecView> found = engine.execs().list(ROOT, NAME);
        assertEquals(
                List.of(kept.id(), waitedFor.id()),
                found.stream().map(ExecView::id).toList());
        assertEquals(kept.pid(), found.getFirst().pid());
        Thread.sleep(100);
        engine.execs().kill(ROOT, NAME, kept.id(), 15);
        assertEquals(5, end(kept).status());
        engine.execs().kill(ROOT, NAME, waitedFor.id(), 9);
        for (int i = 0; i < 500 && left().size() > 1; i++) {
            Thread.sleep(10); // nobody waits for it any more: it takes itself away
        }
        assertEquals(List.of(kept.id().fileName()), left());
    }

    @Test
    @Requirement({"EXT-EXEC-01"})
    void itsComingAndGoingIsToldAndItsStepsAreOnRecord() throws Exception {
        run();
        BlockingQueue<ExecView> told = new LinkedBlockingQueue<>();
        try (Subscription _ = engine.watch(ROOT, Optional.empty(), new Subscription.Listener() {
            @Override
            public void event(Event event) {
                if (event instanceof Event.Executed executed) {
                    told.add(executed.exec());
                }
            }

            @Override
            public void fellBehind() {}
        })) {
            ExecView exec = exec("sh", "-c", "exit 3");
            end(exec);
            assertEquals(exec.id(), told.poll(10, TimeUnit.SECONDS).id());
            ExecView last = told.poll(10, TimeUnit.SECONDS);
            assertEquals(3, last.exit().orElseThrow().status());
            var trace = engine.execs().trace(ROOT, NAME, exec.id());
            assertEquals(2, trace.plans().size());
            assertTrue(trace.records().stream()
                    .allMatch(record -> record.result() == StepRecord.Result.OK
                            || record.result() == StepRecord.Result.SKIPPED
                            // the last one becomes the program
                            || record.step() == trace.plans().getLast().steps().size() - 3));
            assertTrue(trace.records().size() > 20);
        }
    }
}

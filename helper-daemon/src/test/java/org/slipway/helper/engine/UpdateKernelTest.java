package org.slipway.helper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.helper.cgroup.Host;
import org.slipway.helper.lifecycle.Caller;
import org.slipway.helper.lifecycle.ContainerView;
import org.slipway.helper.lifecycle.CreateRequest;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.lifecycle.Streams;
import org.slipway.helper.lifecycle.UpdateRequest;
import org.slipway.helper.lifecycle.UpdateView;
import org.slipway.helper.reactor.Reactor;
import org.slipway.helper.run.Stat;
import org.slipway.model.finding.Finding;
import org.slipway.model.plan.HostFacts;
import org.slipway.model.plan.Plan;
import org.slipway.model.plan.PlanKind;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Owned;
import org.slipway.model.state.Status;
import org.slipway.model.test.Requirement;

/** Updates of a live container, checked against the kernel's files of the version at hand. */
@Tag("kernel")
@Timeout(60)
class UpdateKernelTest {

    private static final Caller ROOT = new Caller(0, true);
    private static final Owned NAME = new Owned(0, new ContainerId("update-" + Leftovers.TAG));
    private static final HostFacts FACTS = facts();
    private static final boolean V2 = FACTS.cgroups() instanceof HostFacts.V2;

    @TempDir
    Path temp;

    private Reactor reactor;
    private Engine engine;
    private Leftovers before;
    private Path state;
    private TestBundle bundle;
    private int pid;

    private static HostFacts facts() {
        try {
            return Host.facts();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeEach
    void run() throws Exception {
        state = Files.createDirectories(temp.resolve("slipway-test-state"));
        before = Leftovers.now(state);
        reactor = Reactor.start();
        engine = Engine.open(state, EngineKernelTest.launcher(), FACTS, reactor);
        bundle = TestBundle.in(Files.createDirectories(temp.resolve("bundle")));
        bundle.args("sh", "-c", "sleep 1000 & sleep 1000");
        bundle.linux().withObject("/resources/memory").put("limit", 64 << 20);
        bundle.linux().withObject("/resources/cpu").put("shares", 1024);
        bundle.linux().withObject("/resources/pids").put("limit", 100);
        ContainerView made =
                engine.create(ROOT, CreateRequest.of(NAME, bundle.path.toString(), bundle.bytes(), new Streams.None()));
        pid = made.pid().getAsInt();
    }

    @AfterEach
    void nothingStays() throws Exception {
        engine.delete(ROOT, NAME, true);
        engine.close();
        reactor.close();
        before.assertSame(state, "after the test");
    }

    private void start() throws Exception {
        engine.start(ROOT, NAME);
        for (int i = 0; i < 500 && members().size() < 2; i++) {
            Thread.sleep(10);
        }
        assertEquals(2, members().size());
    }

    private Path directory(String controller) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/cgroup"))) {
            String[] fields = line.split(":", 3);
            if (V2 ? fields[1].isEmpty() : List.of(fields[1].split(",", -1)).contains(controller)) {
                return Path.of("/sys/fs/cgroup" + (V2 ? "" : "/" + fields[1]) + fields[2]);
            }
        }
        throw new IOException("no " + controller);
    }

    private String file(String controller, String v1, String v2) throws IOException {
        return Files.readString(directory(controller).resolve(V2 ? v2 : v1)).strip();
    }

    private List<Integer> members() throws IOException {
        return Files.readAllLines(directory("pids").resolve("cgroup.procs")).stream()
                .map(Integer::valueOf)
                .toList();
    }

    private UpdateView resources(String json) throws Failure {
        return engine.update(ROOT, NAME, UpdateRequest.resources(json.replace('\'', '"')));
    }

    private UpdateView changes(String json) throws Failure {
        return engine.update(ROOT, NAME, UpdateRequest.changes(json.replace('\'', '"')));
    }

    private Failure refused(String json) {
        return assertThrows(Failure.class, () -> resources(json));
    }

    @Test
    @Requirement({"LIVE-R-07", "LIVE-R-05", "CLI-UPDATE-01", "LIVE-MEM-01"})
    void inEveryStateOfALiveContainer() throws Exception {
        resources("{'pids':{'limit':50}}");
        assertEquals("50", file("pids", "pids.max", "pids.max"));
        start();
        resources("{'pids':{'limit':-1},'memory':{'limit':33554432}}");
        assertEquals("max", file("pids", "pids.max", "pids.max"));
        assertEquals("33554432", file("memory", "memory.limit_in_bytes", "memory.max"));
        engine.pause(ROOT, NAME);
        resources("{'pids':{'limit':60}}");
        assertEquals("60", file("pids", "pids.max", "pids.max"));
        assertEquals(Status.PAUSED, engine.state(ROOT, NAME).status());
        String effective = engine.configuration(ROOT, NAME).effective();
        assertTrue(effective.contains("\"limit\":60"), effective);
        assertTrue(effective.contains("\"limit\":33554432"), effective);
        assertTrue(!engine.configuration(ROOT, NAME).recorded().contains("33554432"));
        engine.kill(ROOT, NAME, 9, true);
        engine.find(ROOT, NAME).body().exit().get();
        assertEquals("container-not-live", refused("{'pids':{'limit':5}}").code());
    }

    @Test
    @Requirement({"LIVE-R-04", "LIVE-CPU-01", "LIVE-CPU-02", "LIVE-CPU-03"})
    void whatTheKernelRoundsIsTold() throws Exception {
        UpdateView view = resources(
                "{'memory':{'limit':33554433,'reservation':16777216},'cpu':{'shares':512,'quota':20000,'period':50000}}");
        assertEquals(
                List.of("live-differs /linux/resources/memory/limit"),
                view.notices().stream()
                        .map(notice -> notice.code() + " " + notice.pointer())
                        .toList());
        Finding notice = view.notices().getFirst();
        assertEquals("33554432", notice.arguments().get("found"));
        assertEquals("33554433", notice.arguments().get("value"));
        assertEquals(V2 ? "59" : "512", file("cpu", "cpu.shares", "cpu.weight"));
        assertEquals(V2 ? "20000 50000" : "20000", file("cpu", "cpu.cfs_quota_us", "cpu.max"));
        assertEquals("16777216", file("memory", "memory.soft_limit_in_bytes", "memory.low"));
        resources("{'cpu':{'quota':-1}}");
        assertEquals(V2 ? "max 50000" : "-1", file("cpu", "cpu.cfs_quota_us", "cpu.max"));
    }

    @Test
    @Requirement({"LIVE-MEM-03", "LIVE-CPU-04", "LIVE-CPU-07", "LIVE-CPU-09"})
    void limitsThatHangTogether() throws Exception {
        resources("{'memory':{'limit':134217728,'swap':268435456}}");
        assertEquals("134217728", file("memory", "memory.limit_in_bytes", "memory.max"));
        assertEquals(V2 ? "134217728" : "268435456", file("memory", "memory.memsw.limit_in_bytes", "memory.swap.max"));
        resources("{'memory':{'limit':33554432,'swap':67108864}}");
        assertEquals(V2 ? "33554432" : "67108864", file("memory", "memory.memsw.limit_in_bytes", "memory.swap.max"));
        assertEquals("update-refused", refused("{'memory':{'limit':134217728}}").code());
        resources("{'cpu':{'period':100000,'quota':50000,'burst':20000,'cpus':'0','idle':1}}");
        assertEquals("20000", file("cpu", "cpu.cfs_burst_us", "cpu.max.burst"));
        assertEquals("0", file("cpuset", "cpuset.cpus", "cpuset.cpus"));
        assertEquals("1", file("cpu", "cpu.idle", "cpu.idle"));
        resources("{'cpu':{'period':10000,'quota':2000,'burst':1000}}");
        assertEquals("1000", file("cpu", "cpu.cfs_burst_us", "cpu.max.burst"));
    }

    @Test
    @Requirement({"LIVE-R-03", "LIVE-R-02"})
    void whenOneWriteFailsAllIsAsBefore() throws Exception {
        start();
        String shares = file("cpu", "cpu.shares", "cpu.weight");
        // no machine has this processor, which only the kernel knows
        Failure failure = refused("{'cpu':{'shares':200},'pids':{'limit':42},'blockIO':"
                + "{'throttleReadBpsDevice':[{'major':4095,'minor':77,'rate':5}]}}");
        assertEquals("limit-refused", failure.code());
        assertEquals(
                Optional.of("/linux/resources/blockIO/throttleReadBpsDevice/0"),
                failure.at().orElseThrow().pointer());
        assertEquals(shares, file("cpu", "cpu.shares", "cpu.weight"));
        assertEquals("100", file("pids", "pids.max", "pids.max"));
        assertTrue(!engine.configuration(ROOT, NAME).effective().contains("42"));

        Failure recreate = refused("{'pids':{'limit':42},'memory':{'useHierarchy':true}}");
        assertEquals("update-refused", recreate.code());
        assertEquals("live-recreate", recreate.findings().getFirst().code());
        assertEquals("100", file("pids", "pids.max", "pids.max"));
    }

    @Test
    @Requirement({"LIVE-R-06", "LIVE-R-05"})
    void aPlanIsShownKeptAndTraced() throws Exception {
        UpdateView shown = engine.update(
                ROOT,
                NAME,
                new UpdateRequest(
                        UpdateRequest.resources("{\"pids\":{\"limit\":5}}").change(), true));
        assertEquals(PlanKind.UPDATE, shown.plan().kind());
        assertEquals("100", file("pids", "pids.max", "pids.max"));
        assertEquals(2, engine.trace(ROOT, NAME).plans().size());
        UpdateView done = resources("{'pids':{'limit':5}}");
        List<Plan> plans = engine.trace(ROOT, NAME).plans();
        assertEquals(done.plan(), plans.getLast());
        assertEquals(
                done.plan().steps().size(),
                engine.trace(ROOT, NAME).records().stream()
                        .filter(record -> record.plan() == PlanKind.UPDATE)
                        .count());
    }

    @Test
    @Requirement("LIVE-R-03")
    void anUpdateThatAHelperDidNotEndIsTakenBackByTheNext() throws Exception {
        UpdateView shown = engine.update(
                ROOT,
                NAME,
                new UpdateRequest(
                        UpdateRequest.resources("{\"pids\":{\"limit\":5}}").change(), true));
        engine.find(ROOT, NAME).subject().folder().beginUpdate(shown.plan());
        Files.writeString(directory("pids").resolve("pids.max"), "5");
        engine.close();
        engine = Engine.open(state, EngineKernelTest.launcher(), FACTS, reactor);
        assertEquals("100", file("pids", "pids.max", "pids.max"));
        resources("{'pids':{'limit':6}}");
        assertEquals("6", file("pids", "pids.max", "pids.max"));
    }

    @Test
    @Requirement({"LIVE-PROC-01", "LIVE-PROC-02", "LIVE-PROC-03", "LIVE-PROC-04"})
    void everyProcessIsReached() throws Exception {
        start();
        changes(
                "{'process':{'rlimits':[{'type':'RLIMIT_NOFILE','soft':321,'hard':322}],'oomScoreAdj':321,"
                        + "'scheduler':{'policy':'SCHED_BATCH','nice':3},'ioPriority':{'class':'IOPRIO_CLASS_IDLE','priority':0}}}");
        for (int member : members()) {
            Path proc = Path.of("/proc/" + member);
            assertEquals("321", Files.readString(proc.resolve("oom_score_adj")).strip());
            String limits = Files.readString(proc.resolve("limits"));
            assertTrue(limits.matches("(?s).*Max open files +321 +322 .*"), limits);
            String stat = Files.readString(proc.resolve("stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            assertEquals("3", fields[16], "nice");
            assertEquals("3", fields[38], "policy");
            assertTrue(Stat.of(member).isPresent());
        }
        Failure failure = assertThrows(
                Failure.class,
                () -> changes(
                        "{'process':{'oomScoreAdj':5,'rlimits':[{'type':'RLIMIT_NOFILE','soft':1,'hard':18446744073709551615}]}}"));
        assertEquals("rlimit-not-raisable", failure.code());
        for (int member : members()) {
            assertEquals(
                    "321",
                    Files.readString(Path.of("/proc/" + member + "/oom_score_adj"))
                            .strip());
            assertTrue(Files.readString(Path.of("/proc/" + member + "/limits"))
                    .matches("(?s).*Max open files +321 +322 .*"));
        }
    }

    @Test
    @Requirement({"LIVE-DEV-01", "LIVE-UNI-01"})
    void devicesAreRuledAnewAndTheDefaultOnesStay() throws Exception {
        start();
        resources(
                "{'devices':[{'allow':false,'access':'rwm'},{'allow':true,'type':'c','major':10,'minor':229,'access':'rw'}]}");
        if (V2) {
            resources("{'unified':{'memory.high':'33554432'}}");
            assertEquals("33554432", file("memory", "", "memory.high"));
            return;
        }
        String list = file("devices", "devices.list", "");
        assertTrue(list.contains("c 10:229 rw") && list.contains("c 1:3 rwm"), list);
        resources("{'devices':[{'allow':false,'access':'rwm'}]}");
        String later = file("devices", "devices.list", "");
        assertTrue(!later.contains("10:229") && later.contains("c 1:3 rwm"), later);
    }
}

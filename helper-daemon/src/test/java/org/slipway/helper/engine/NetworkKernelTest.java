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
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.helper.cgroup.Host;
import org.slipway.helper.libc.Errno;
import org.slipway.helper.lifecycle.Caller;
import org.slipway.helper.lifecycle.CreateRequest;
import org.slipway.helper.lifecycle.Event;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.lifecycle.Streams;
import org.slipway.helper.lifecycle.Subscription;
import org.slipway.helper.lifecycle.UpdateRequest;
import org.slipway.helper.log.LogLine;
import org.slipway.helper.log.LogStream;
import org.slipway.helper.network.NetDevices;
import org.slipway.helper.network.NetworkRole;
import org.slipway.helper.reactor.Reactor;
import org.slipway.helper.run.StepFailure;
import org.slipway.model.plan.NetworkOp;
import org.slipway.model.plan.Plan;
import org.slipway.model.plan.PlanKind;
import org.slipway.model.plan.RecordOp;
import org.slipway.model.plan.SeccompCompiler;
import org.slipway.model.plan.Step;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Owned;
import org.slipway.model.test.Requirement;
import org.slipway.model.test.Watched;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Interfaces of the host in containers, on the real kernel: needs root, ip(8), and pairs of virtual Ethernet devices. */
@Tag("kernel")
@Timeout(60)
class NetworkKernelTest implements Watched {

    private static final Caller ROOT = new Caller(0, true);
    private static final Owned NAME = new Owned(0, new ContainerId("net-" + Leftovers.TAG));

    /** Names on the host are at most 15 bytes long, and others may be at work there. */
    private static final String MOVED = "sw" + Leftovers.TAG + "a";

    private static final String PEER = "sw" + Leftovers.TAG + "b";

    @TempDir
    Path temp;

    private Path state;
    private Reactor reactor;
    private Engine engine;
    private TestBundle bundle;
    private Leftovers before;

    @Override
    public List<Path> stateDirectories() {
        return List.of(temp.resolve("slipway-test-state"));
    }

    @BeforeEach
    void open() throws Exception {
        state = Files.createDirectories(temp.resolve("slipway-test-state"));
        bundle = TestBundle.in(Files.createDirectories(temp.resolve("bundle")));
        reactor = Reactor.start();
        engine = Engine.open(state, EngineKernelTest.launcher(), Host.facts(), reactor);
        before = Leftovers.now(state);
        ip("link add " + MOVED + " address 02:00:00:00:12:34 mtu 1400 type veth peer name " + PEER);
        ip("addr add 10.99.7.2/24 brd + dev " + MOVED);
        ip("addr add 10.99.7.3/24 dev " + MOVED + " label " + MOVED + ":x");
        ip("addr add 10.99.8.2 peer 10.99.8.3/32 dev " + MOVED);
        ip("addr add 169.254.9.9/16 scope link dev " + MOVED);
        ip("-6 addr add 2001:db8:7::2/64 nodad dev " + MOVED);
        ip("-6 addr add 2001:db8:7::99/64 nodad valid_lft 1000 preferred_lft 1000 dev " + MOVED);
        ip("link set " + PEER + " up");
        bundle.linux().putObject("netDevices").putObject(MOVED);
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        try {
            takePairAway();
            assertFalse(on(MOVED));
            before.assertSame(state, "after the test");
        } finally {
            engine.close();
            reactor.close();
        }
    }

    /** The kernel does so itself when the namespace of the other end goes, some time after its last process: whoever is first. */
    private static void takePairAway() throws IOException, InterruptedException {
        if (on(PEER)) {
            new ProcessBuilder("ip", "link", "del", PEER)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        }
        for (int waited = 0; on(PEER) && waited < 2000; waited += 10) {
            Thread.sleep(10); // what netlink no longer knows, sysfs may show a moment longer
        }
        assertFalse(on(PEER));
    }

    private static String ip(String arguments) throws IOException, InterruptedException {
        Process ip = new ProcessBuilder(("ip " + arguments).split(" "))
                .redirectErrorStream(true)
                .start();
        String said = new String(ip.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(ip.waitFor(20, TimeUnit.SECONDS));
        assertEquals(0, ip.exitValue(), arguments + ": " + said);
        return said;
    }

    private static boolean on(String name) {
        return Files.exists(Path.of("/sys/class/net/" + name));
    }

    /** Addresses as ip(8) writes them in one line each, without times. */
    private static List<String> addresses(String text) {
        return text.lines()
                .filter(line -> line.contains("inet") && !line.contains("fe80:"))
                .map(line -> line.replaceAll("^[0-9]+: \\S+ +", "")
                        .replaceAll("\\\\.*", "")
                        .replaceAll(" (tentative|nodad|dynamic)", "")
                        .strip())
                .sorted()
                .toList();
    }

    private void create() throws Failure {
        engine.create(ROOT, CreateRequest.of(NAME, bundle.path.toString(), bundle.bytes(), new Streams.Log()));
    }

    /** What ip(8) says inside the created container. */
    private String inside(String arguments) throws Exception {
        int pid = engine.state(ROOT, NAME).pid().getAsInt();
        Process process = new ProcessBuilder(("nsenter --net=/proc/" + pid + "/ns/net ip " + arguments).split(" "))
                .redirectErrorStream(true)
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static List<String> kept(String name) {
        return List.of(
                "inet 10.99.7.2/24 brd 10.99.7.255 scope global " + name,
                "inet 10.99.7.3/24 scope global secondary " + name + ":x",
                "inet 10.99.8.2 peer 10.99.8.3/32 scope global " + name,
                "inet6 2001:db8:7::2/64 scope global");
    }

    private void assertReturned() throws Exception {
        assertEquals(kept(MOVED), addresses(ip("-o addr show " + MOVED)));
        assertTrue(ip("link show " + MOVED).contains("mtu 1400"));
    }

    @Test
    @Requirement("LIVE-ND-01")
    void aFurtherInterfaceComesToAContainerThatLives() throws Exception {
        bundle.linux().remove("netDevices");
        bundle.args("sleep", "1000");
        engine.create(ROOT, CreateRequest.of(NAME, bundle.path.toString(), bundle.bytes(), new Streams.None()));
        engine.start(ROOT, NAME);
        String text = "{\"linux\":{\"netDevices\":{\"" + MOVED + "\":{\"name\":\"lan\"}}}}";
        engine.update(ROOT, NAME, UpdateRequest.changes(text));
        assertFalse(on(MOVED));
        String inside = Files.readString(
                Path.of("/proc/" + engine.state(ROOT, NAME).pid().getAsInt() + "/net/fib_trie"));
        assertTrue(inside.contains("10.99.7.2"), inside);
        Failure taken = assertThrows(
                Failure.class,
                () -> engine.update(
                        ROOT,
                        NAME,
                        UpdateRequest.changes("{\"linux\":{\"netDevices\":{\"" + PEER + "\":{\"name\":\"lan\"}}}}")));
        assertEquals("update-refused", taken.code());
        assertTrue(on(PEER), "it stays");
        engine.delete(ROOT, NAME, true);
    }

    @Test
    @Requirement({"NETDEV-01", "NETDEV-06", "NETDEV-07", "NETDEV-09"})
    void anInterfaceIsMovedWithItsAddressesAndIsUp() throws Exception {
        create();
        assertFalse(on(MOVED));
        assertEquals(kept(MOVED), addresses(inside("-o addr show " + MOVED)));
        String link = inside("link show " + MOVED);
        assertTrue(link.contains("mtu 1400") && link.contains("02:00:00:00:12:34"), link);
        assertTrue(link.matches("(?s).*<[^>]*\\bUP\\b.*"), link);
        assertFalse(Files.exists(state.resolve("0/" + NAME.id() + "/network")));
        engine.delete(ROOT, NAME, true);
        // a virtual one ends with its namespace, and its peer with it
        for (int i = 0; i < 100 && on(PEER); i++) {
            Thread.sleep(50);
        }
        assertFalse(on(PEER));
        assertFalse(on(MOVED));
    }

    @Test
    @Requirement({"NETDEV-02", "NETDEV-05"})
    void itGetsTheNameThatIsAskedForOrOneOfATemplate() throws Exception {
        bundle.linux().putObject("netDevices").putObject(MOVED).put("name", "inner");
        create();
        assertEquals(kept("inner"), addresses(inside("-o addr show inner")));
        engine.delete(ROOT, NAME, true);
        await(() -> !on(PEER));
        ip("link add " + MOVED + " type veth peer name " + PEER);
        ip("addr add 10.99.7.2/24 brd + dev " + MOVED);
        bundle.linux().putObject("netDevices").putObject(MOVED).put("name", "any%d");
        create();
        assertEquals(List.of(kept("any0").getFirst()), addresses(inside("-o addr show any0")));
        engine.delete(ROOT, NAME, true);
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        for (int i = 0; i < 200 && !condition.holds(); i++) {
            Thread.sleep(50);
        }
        assertTrue(condition.holds());
    }

    private Failure refused() {
        return assertThrows(Failure.class, this::create);
    }

    @Test
    @Requirement({"NETDEV-03", "ERR-03"})
    void whatCannotBeMovedIsFoundBeforeAnythingIsMade() throws Exception {
        bundle.linux().putObject("netDevices").putObject("nosuchdev0");
        Failure missing = refused();
        assertEquals("net-device-missing", missing.code());
        assertEquals(
                Optional.of("/linux/netDevices/nosuchdev0"),
                missing.at().orElseThrow().pointer());
        bundle.linux().putObject("netDevices").putObject("lo").put("name", "other");
        assertEquals(
                "/linux/netDevices/lo", refused().at().orElseThrow().pointer().orElseThrow());
        bundle.linux().putObject("netDevices").putObject(MOVED);
        joins("/proc/self/ns/net");
        Failure shared = refused();
        assertEquals("net-device-needs-own-namespace", shared.code());
        assertTrue(addresses(ip("-o addr show " + MOVED)).containsAll(kept(MOVED)));
    }

    private void joins(String path) {
        for (var namespace : (ArrayNode) bundle.linux().get("namespaces")) {
            if (namespace.get("type").stringValue().equals("network")) {
                ((ObjectNode) namespace).put("path", path);
            }
        }
    }

    @Test
    @Requirement({"NETDEV-04", "NETDEV-10"})
    void aNameThatIsTakenInAJoinedNamespaceIsRefusedAndAllIsBack() throws Exception {
        Process holder = new ProcessBuilder("unshare", "-n", "sleep", "1000").start();
        try {
            Path net = Path.of("/proc/" + holder.pid() + "/ns/net");
            await(() -> !Files.readSymbolicLink(net).equals(Files.readSymbolicLink(Path.of("/proc/self/ns/net"))));
            joins("/proc/" + holder.pid() + "/ns/net");
            ObjectNode devices = bundle.linux().putObject("netDevices");
            devices.putObject(MOVED).put("name", "first");
            devices.putObject(PEER).put("name", "lo");
            Failure taken = refused();
            assertEquals("net-device-name-taken", taken.code());
            assertEquals(
                    Optional.of("/linux/netDevices/" + PEER + "/name"),
                    taken.at().orElseThrow().pointer());
            assertReturned();
            assertTrue(ip("link show " + PEER).matches("(?s).*<[^>]*\\bUP\\b.*"));
            devices.putObject(PEER).put("name", "second");
            create();
            assertEquals(kept("first"), addresses(inside("-o addr show first")));
            engine.delete(ROOT, NAME, true);
        } finally {
            holder.destroyForcibly().waitFor();
        }
        await(() -> !on(PEER) && !on(MOVED));
    }

    @Test
    @Requirement("NETDEV-10")
    void aLaterFailureOfCreateBringsItBackWithNameAndAddresses() throws Exception {
        String indexes = ip("-o link show " + MOVED).replaceAll("(?s):.*", "");
        bundle.linux().putObject("netDevices").putObject(MOVED).put("name", "in%d");
        bundle.hook("createRuntime", "/bin/false");
        assertEquals("hook-failed", refused().code());
        assertReturned();
        assertEquals(indexes, ip("-o link show " + MOVED).replaceAll("(?s):.*", ""));
        bundle.config.remove("hooks");
        bundle.args("/no/such/program");
        assertEquals("program-missing", refused().code());
        assertReturned();
    }

    @Test
    @Requirement({"NETDEV-10", "ERR-03"})
    void aFailureAtAnyStepThatConcernsItBringsItBack() throws Exception {
        engine.close();
        AtomicInteger refused = new AtomicInteger();
        engine = Engine.open(state, EngineKernelTest.launcher(), Host.facts(), reactor, (its, step) -> {
            if (its.kind() == PlanKind.CREATE && step.index() == refused.get()) {
                throw new StepFailure(
                        PlanKind.CREATE, step.index(), StepFailure.Kind.REFUSED, Optional.of(Errno.EIO), "", null);
            }
        });
        ip("addr del 169.254.9.9/16 dev " + MOVED);
        ip("-6 addr del 2001:db8:7::99/64 dev " + MOVED);
        ip("link set " + MOVED + " up");
        Plan plan = Drafting.of(
                        CreateRequest.of(NAME, bundle.path.toString(), bundle.bytes(), new Streams.Log()),
                        "/run/x",
                        Host.facts(),
                        SeccompCompiler.NONE,
                        Optional.empty())
                .plans()
                .create();
        int tried = 0;
        for (Step step : plan.steps()) {
            if (step.op() instanceof NetworkOp || step.op() instanceof RecordOp.RecordStatus) {
                refused.set(step.index());
                assertEquals(step.index(), refused().at().orElseThrow().step());
                assertReturned();
                assertTrue(ip("link show " + MOVED).matches("(?s).*<[^>]*\\bUP\\b.*"), step.op()::toString);
                tried++;
            }
        }
        assertEquals(7, tried);
    }

    @Test
    @Requirement("NETDEV-10")
    void anotherInterfaceInItsPlaceIsNotMovedToTheHost() throws Exception {
        assertWarning("net-device-exchanged", "; ip link add " + MOVED + " index $index type veth peer name other");
        assertFalse(on(MOVED));
    }

    @Test
    @Requirement("NETDEV-10")
    void oneThatTheContainerHasRemovedIsTold() throws Exception {
        assertWarning("net-device-lost", "");
    }

    /** What is told when a hook removes the interface, does something more, and fails. */
    private void assertWarning(String code, String more) throws Exception {
        List<String> warnings = Collections.synchronizedList(new ArrayList<>());
        try (var _ = engine.watch(ROOT, Optional.empty(), new Subscription.Listener() {
            @Override
            public void event(Event event) {
                if (event instanceof Event.Trouble trouble) {
                    warnings.add(trouble.failure().code());
                }
            }

            @Override
            public void fellBehind() {
                warnings.add("fell behind");
            }
        })) {
            bundle.hook(
                    "createRuntime",
                    "/bin/sh",
                    "sh",
                    "-c",
                    "pid=$(sed 's/.*\"pid\": *\\([0-9]*\\).*/\\1/'); exec nsenter --net=/proc/$pid/ns/net sh -c '"
                            + "index=$(cat /sys/class/net/" + MOVED + "/ifindex 2>/dev/null"
                            + " || ip -o link show " + MOVED + " | cut -d: -f1);"
                            + "ip link del " + MOVED + more + "; exit 3'");
            assertEquals("hook-failed", refused().code());
            await(() -> warnings.contains("hook-failed"));
        }
        assertTrue(warnings.contains(code), warnings::toString);
    }

    @Test
    @Requirement("NETDEV-10")
    void givingBackCanBeTakenUpAfterACrashBetweenTheMoveAndTheAddresses() throws Exception {
        Process holder = new ProcessBuilder("unshare", "-n", "sleep", "1000").start();
        try {
            Path net = Path.of("/proc/" + holder.pid() + "/ns/net");
            await(() -> !Files.readSymbolicLink(net).equals(Files.readSymbolicLink(Path.of("/proc/self/ns/net"))));
            ip("link set " + MOVED + " up");
            Path folder = Files.createDirectories(temp.resolve("record"));
            NetDevices devices =
                    new NetDevices(new NetworkRole(EngineKernelTest.launcher().toString(), reactor), folder);
            devices.pin(net.toString());
            devices.move(MOVED, "inner");
            Path record = folder.resolve("netdevices");
            Files.writeString(record, Files.readString(record).replace("\"returning\":false", "\"returning\":true"));
            Process back = new ProcessBuilder(
                            "nsenter",
                            "--net=" + net,
                            "ip",
                            "link",
                            "set",
                            "inner",
                            "netns",
                            "" + ProcessHandle.current().pid(),
                            "name",
                            MOVED)
                    .inheritIO()
                    .start();
            assertEquals(0, back.waitFor());
            assertEquals(List.of(), addresses(ip("-o addr show " + MOVED)));
            assertTrue(devices.giveBack(MOVED));
            assertReturned();
            assertTrue(ip("link show " + MOVED).matches("(?s).*<[^>]*\\bUP\\b.*"));
            assertFalse(devices.giveBack(MOVED));
            devices.unpin();
        } finally {
            holder.destroyForcibly().waitFor();
        }
    }

    @Test
    @Requirement({"NETDEV-10", "STATE-13"})
    void aHelperThatIsKilledInTheMiddleLosesNoInterface() throws Exception {
        Path mark = temp.resolve("mark");
        bundle.hook("createRuntime", "/bin/sh", "sh", "-c", "echo > " + mark + "; exec sleep 1");
        Process victim = FaultKernelTest.helper(state, bundle, false);
        await(() -> Files.exists(mark));
        assertFalse(on(MOVED));
        victim.destroyForcibly().waitFor();
        engine.close();
        engine = Engine.open(state, EngineKernelTest.launcher(), Host.facts(), reactor);
        assertReturned();
    }

    @Test
    @Requirement({"NETDEV-01", "NETDEV-08"})
    void itWorksUnderAUserNamespaceAndIsNotTouchedAfterwards() throws Exception {
        ((ArrayNode) bundle.linux().get("namespaces")).addObject().put("type", "user");
        for (String kind : List.of("uidMappings", "gidMappings")) {
            bundle.linux()
                    .putArray(kind)
                    .addObject()
                    .put("containerID", 0)
                    .put("hostID", 100000)
                    .put("size", 1000);
        }
        for (Path folder : List.of(temp, bundle.path)) {
            assertTrue(folder.toFile().setExecutable(true, false));
        }
        bundle.args("busybox", "ip", "-o", "addr", "show", MOVED);
        create();
        engine.start(ROOT, NAME);
        engine.awaitExit(ROOT, NAME);
        StringBuilder text = new StringBuilder();
        try (LogStream log = engine.logs(ROOT, NAME, true)) {
            for (Optional<LogLine> line = log.next(); line.isPresent(); line = log.next()) {
                text.append(new String(line.get().data().bytes(), StandardCharsets.UTF_8))
                        .append('\n');
            }
        }
        assertEquals(4, addresses(text.toString()).size(), text.toString());
        engine.delete(ROOT, NAME, false);
    }
}

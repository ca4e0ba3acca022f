package org.slipway.helper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.helper.cgroup.Host;
import org.slipway.helper.lifecycle.Caller;
import org.slipway.helper.lifecycle.CreateRequest;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.lifecycle.Streams;
import org.slipway.helper.lifecycle.UpdateRequest;
import org.slipway.helper.lifecycle.UpdateView;
import org.slipway.helper.reactor.Reactor;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Owned;
import org.slipway.model.test.Requirement;
import tools.jackson.databind.node.ArrayNode;

/** What an update changes inside a container that lives, on the real kernel: looked at from outside, by other ways than it was set. */
@Tag("kernel")
@Timeout(120)
class VisitKernelTest {

    private static final Caller ROOT = new Caller(0, true);
    private static final Owned NAME = new Owned(0, new ContainerId("visit-" + Leftovers.TAG));

    @TempDir
    Path temp;

    private Reactor reactor;
    private Engine engine;
    private Leftovers before;
    private Path state;
    private TestBundle bundle;

    @BeforeEach
    void open() throws Exception {
        state = Files.createDirectories(temp.resolve("slipway-test-state"));
        before = Leftovers.now(state);
        reactor = Reactor.start();
        engine = Engine.open(state, EngineKernelTest.launcher(), Host.facts(), reactor);
        bundle = TestBundle.in(Files.createDirectories(temp.resolve("bundle")));
        bundle.config.withObject("/root").put("readonly", false);
        bundle.args("sleep", "1000");
        Files.writeString(bundle.path.resolve("rootfs/etc/secret"), "not for you\n");
        Files.writeString(bundle.path.resolve("rootfs/etc/plain"), "plain\n");
    }

    @AfterEach
    void nothingStays() throws Exception {
        engine.delete(ROOT, NAME, true);
        engine.close();
        reactor.close();
        before.assertSame(state, "after the test");
    }

    private void run(boolean user) throws Exception {
        if (user) {
            ((ArrayNode) bundle.linux().get("namespaces")).addObject().put("type", "user");
            for (String kind : List.of("uidMappings", "gidMappings")) {
                bundle.linux()
                        .putArray(kind)
                        .addObject()
                        .put("containerID", 0)
                        .put("hostID", 0)
                        .put("size", 1000);
            }
        }
        engine.create(ROOT, CreateRequest.of(NAME, bundle.path.toString(), bundle.bytes(), new Streams.None()));
        engine.start(ROOT, NAME);
    }

    private String pid() throws Failure {
        return String.valueOf(engine.state(ROOT, NAME).pid().getAsInt());
    }

    private Path inside(String path) throws Failure {
        return Path.of("/proc", pid(), "root" + path);
    }

    /** What a program says that is put into namespaces of the container. */
    private String said(String namespaces, String... program) throws Exception {
        List<String> words = new ArrayList<>(List.of("nsenter", "--target", pid()));
        words.addAll(List.of(namespaces.split(" ", -1)));
        words.addAll(List.of(program));
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), text);
        return text.strip();
    }

    private UpdateView update(String change) throws Failure {
        return engine.update(ROOT, NAME, UpdateRequest.changes(change.replace('\'', '"')));
    }

    private String mount(String target) throws IOException, Failure {
        return Files.readAllLines(Path.of("/proc", pid(), "mountinfo")).stream()
                .filter(line -> line.split(" ", -1)[4].equals(target))
                .reduce((_, last) -> last)
                .orElse("");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Requirement({"LIVE-SYS-01", "LIVE-SYS-02"})
    void parametersAndNamesAreThoseOfItsNamespaces(boolean user) throws Exception {
        run(user);
        String hosts = Files.readString(Path.of("/proc/sys/net/ipv4/ip_forward"));
        UpdateView view = update("{'hostname':'boat','domainname':'harbour','linux':{'sysctl':"
                + "{'net.ipv4.ip_forward':'1','kernel.msgmax':'16384'}}}");
        assertEquals(List.of(), view.notices());
        assertEquals("boat", said("--uts", "hostname"));
        assertEquals("harbour", said("--uts", "cat", "/proc/sys/kernel/domainname"));
        assertEquals("1", said("--net", "cat", "/proc/sys/net/ipv4/ip_forward"));
        assertEquals("16384", said("--ipc", "cat", "/proc/sys/kernel/msgmax"));
        assertEquals(hosts, Files.readString(Path.of("/proc/sys/net/ipv4/ip_forward")));
        assertTrue(engine.configuration(ROOT, NAME).effective().contains("boat"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Requirement({"LIVE-R-03", "LIVE-SYS-01", "LIVE-MNT-01"})
    void whatFailsInsideTakesAllBack(boolean user) throws Exception {
        run(user);
        String name = said("--uts", "hostname");
        Failure failure = assertThrows(
                Failure.class,
                () -> update(
                        "{'hostname':'boat','linux':{'resources':{'pids':{'limit':12377}},'sysctl':{'kernel.msgmax':'16384'}},"
                                + "'mounts':[{'destination':'/tmp/one','type':'tmpfs','source':'tmpfs'},"
                                + "{'destination':'/tmp/two','type':'nosuchfs','source':'none'}]}"));
        assertEquals(
                "/mounts/" + (mounts() + 1),
                failure.at().orElseThrow().pointer().orElse(""),
                failure::toString);
        assertEquals(name, said("--uts", "hostname"));
        assertEquals("8192", said("--ipc", "cat", "/proc/sys/kernel/msgmax"));
        assertEquals("", mount("/tmp/one"));
        assertFalse(engine.configuration(ROOT, NAME).effective().contains("boat"));
        assertFalse(engine.configuration(ROOT, NAME).effective().contains("12377"));
    }

    private int mounts() {
        return bundle.config.get("mounts").size();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Requirement({"LIVE-MNT-01", "CLI-MNT-01"})
    void mountsComeGetOtherOptionsAndGo(boolean user) throws Exception {
        run(user);
        Path data = Files.createDirectories(temp.resolve("data"));
        Files.writeString(data.resolve("file"), "from the host");
        String bind = "{'destination':'/data','type':'none','source':'" + data + "','options':['bind'%s]}";
        update("{'mounts':[" + bind.formatted("")
                + ",{'destination':'/tmp/memory','type':'tmpfs','source':'tmpfs','options':['nosuid','size=64k']}]}");
        assertEquals("from the host", Files.readString(inside("/data/file")));
        assertTrue(mount("/tmp/memory").contains("size=64k"), mount("/tmp/memory"));
        assertTrue(mount("/tmp/memory").contains("nosuid"), mount("/tmp/memory"));
        assertEquals("/mounts/" + mounts(), member("/data"));
        assertEquals("/mounts/" + (mounts() + 1), member("/tmp/memory"));

        update("{'mounts':[" + bind.formatted(",'ro','nosuid'") + "]}");
        assertTrue(mount("/data").contains(" ro,nosuid"), mount("/data"));
        assertEquals("/mounts/" + mounts(), member("/data"));
        update("{'mounts':[" + bind.formatted(",'rw'") + "]}");
        assertTrue(mount("/data").contains(" rw,") && !mount("/data").contains("nosuid"), mount("/data"));

        Failure other = assertThrows(
                Failure.class, () -> update("{'mounts':[{'destination':'/data','type':'tmpfs','source':'x'}]}"));
        assertEquals("live-mount-differs", other.findings().getFirst().code());

        engine.update(ROOT, NAME, UpdateRequest.unmounting("/data", false));
        assertEquals("", mount("/data"));
        assertFalse(Files.exists(inside("/data/file")));
        assertFalse(engine.configuration(ROOT, NAME).effective().contains(data.toString()));
        Failure missing =
                assertThrows(Failure.class, () -> engine.update(ROOT, NAME, UpdateRequest.unmounting("/data", false)));
        assertEquals("live-mount-missing", missing.findings().getFirst().code());
    }

    private String member(String target) throws Failure {
        return StreamSupport.stream(engine.mounts(ROOT, NAME).spliterator(), false)
                .filter(mount -> mount.path("target").asString().equals(target))
                .map(mount -> mount.path("member").asString("none"))
                .reduce((_, last) -> last)
                .orElse("not mounted");
    }

    /** A link inside never leads a mount out of the root. */
    @Test
    @Requirement("LIVE-MNT-01")
    void aLinkInsideLeadsNoMountOut() throws Exception {
        run(false);
        Files.createSymbolicLink(bundle.path.resolve("rootfs/tmp/escape"), Path.of("/etc"));
        update("{'mounts':[{'destination':'/tmp/escape/slipway-here','type':'tmpfs','source':'tmpfs'}]}");
        assertFalse(Files.exists(Path.of("/etc/slipway-here")));
        assertTrue(mount("/etc/slipway-here").contains("tmpfs"));
        Path outside = Files.createDirectories(temp.resolve("outside"));
        Files.createSymbolicLink(bundle.path.resolve("rootfs/tmp/away"), outside);
        Failure failure = assertThrows(
                Failure.class,
                () -> update("{'mounts':[{'destination':'/tmp/away/here','type':'tmpfs','source':'tmpfs'}]}"));
        assertEquals("step-failed", failure.code());
        assertFalse(Files.exists(outside.resolve("here")));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Requirement("LIVE-MNT-03")
    void furtherPathsAreMaskedAndReadOnly(boolean user) throws Exception {
        run(user);
        assertEquals("not for you\n", Files.readString(inside("/etc/secret")));
        update("{'linux':{'maskedPaths':['/etc/secret','/tmp'],'readonlyPaths':['/etc/plain']}}");
        assertEquals("", Files.readString(inside("/etc/secret")));
        assertThrows(IOException.class, () -> Files.writeString(inside("/tmp/x"), "x"));
        assertEquals("plain\n", Files.readString(inside("/etc/plain")));
        assertThrows(IOException.class, () -> Files.writeString(inside("/etc/plain"), "x"));
        assertTrue(engine.configuration(ROOT, NAME).effective().contains("/proc/kcore"), "those of create stay");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Requirement("LIVE-DEVN-01")
    void furtherDevicesCanBeUsed(boolean user) throws Exception {
        run(user);
        update("{'linux':{'devices':[{'path':'/dev/kmsg','type':'c','major':1,'minor':11,'fileMode':420}]}}");
        assertTrue(Files.exists(inside("/dev/kmsg"), LinkOption.NOFOLLOW_LINKS));
        assertEquals(0x10b, ((Number) Files.getAttribute(inside("/dev/kmsg"), "unix:rdev")).intValue());
        if (!user) { // in a user namespace the node is bound over the file
            Failure other = assertThrows(
                    Failure.class,
                    () -> update("{'linux':{'devices':[{'path':'/etc/plain','type':'c','major':1,'minor':5}]}}"));
            assertEquals("/linux/devices/1", other.at().orElseThrow().pointer().orElse(""), other::toString);
            assertEquals("plain\n", Files.readString(inside("/etc/plain")));
        }
    }

    @Test
    @Requirement("LIVE-PROC-08")
    void theTerminalHasAnotherSize() throws Exception {
        bundle.process().put("terminal", true);
        bundle.args(
                "sh",
                "-c",
                "while true; do busybox stty size >/tmp/size.new; busybox mv /tmp/size.new /tmp/size; done");
        engine.create(ROOT, CreateRequest.of(NAME, bundle.path.toString(), bundle.bytes(), new Streams.Terminal()));
        engine.start(ROOT, NAME);
        update("{'process':{'consoleSize':{'height':31,'width':97}}}");
        Path size = bundle.path.resolve("rootfs/tmp/size");
        for (int i = 0;
                i < 1000 && !(Files.exists(size) && Files.readString(size).equals("31 97\n"));
                i++) {
            Thread.sleep(10);
        }
        assertEquals("31 97\n", Files.readString(size));
    }

    /** By the page that the visit left: what it is not known to have done inside is the container's own. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Requirement({"LIVE-R-03", "EXT-DAEMON-02"})
    void anotherHelperTakesBackWhatWasDoneInside(boolean known) throws Exception {
        run(false);
        String name = said("--uts", "hostname");
        update("{'hostname':'boat','mounts':[{'destination':'/tmp/one','type':'tmpfs','source':'tmpfs'}]}");
        engine.close();
        Path record = state.resolve("0").resolve(NAME.id().fileName());
        Files.move(record.resolve("updated"), record.resolve("update")); // as if it had died before the end
        if (!known) {
            Files.delete(record.resolve("visit/page"));
        }
        engine = Engine.open(state, EngineKernelTest.launcher(), Host.facts(), reactor);
        assertEquals(known ? name : "boat", said("--uts", "hostname"));
        assertEquals(known, mount("/tmp/one").isEmpty());
        assertFalse(Files.exists(record.resolve("update")));
    }

    /** It changes nothing, and names each step with the member that asked for it. */
    @Test
    @Requirement({"LIVE-R-06", "LIVE-SYS-02"})
    void theVisitIsExplained() throws Exception {
        run(false);
        String name = said("--uts", "hostname");
        UpdateRequest asked = UpdateRequest.changes("{\"hostname\":\"boat\"}");
        UpdateView view = engine.update(ROOT, NAME, new UpdateRequest(asked.change(), true));
        List<String> steps = view.plan().steps().stream()
                .map(step -> step.op().getClass().getSimpleName())
                .toList();
        assertEquals(
                List.of(
                        "SpawnVisitor",
                        "OpenContainer",
                        "EnterContainer",
                        "TakeRoot",
                        "SetHostname",
                        "Signal",
                        "Await",
                        "RecordConfiguration"),
                steps);
        assertEquals(name, said("--uts", "hostname"));
    }
}

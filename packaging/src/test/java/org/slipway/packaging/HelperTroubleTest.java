package org.slipway.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.model.test.Requirement;

/** A helper that is not there, dies, has company, has too many guests, or has no room. */
final class HelperTroubleTest extends KernelTest {
    private static final String FOREVER = "while true; do sleep 1; done";

    @Test
    @Requirement("CLI-G-11")
    void helperNotRunning() {
        var result = Shell.run(
                helper.command("state", "any"),
                Path.of("/"),
                Map.of("SLIPWAY_SOCKET", "/run/slipway-test-nobody/admin.sock"));
        assertEquals(125, result.status(), result::toString);
        assertEquals("", result.out());
        assertEquals(1, result.complaints().size(), result::err);
        assertTrue(result.err().contains("slipwayd"), () -> "says how to start it: " + result.err());
    }

    @Test
    void secondHelperForTheSameDirectory() {
        var second =
                Shell.run(Helper.program("slipwayd"), "--root", helper.root().toString());
        assertEquals(1, second.status(), second::toString);
        assertTrue(second.err().contains(helper.root().toString()), second::err);
        assertTrue(helper.alive());
        assertEquals("", helper.ok("list", "-q"), "the first one still answers");
    }

    @Test
    @Requirement({"EXT-DAEMON-02", "STATE-13", "LIFE-01"})
    void containersOutliveAKilledHelperAndAreFoundAgain() {
        created("one", "echo one; " + FOREVER);
        created("two", "exec sleep 1000");
        created("waits", "echo started later; " + FOREVER);
        helper.ok("start", "one");
        helper.ok("start", "two");
        var pids = List.of(pid("one"), pid("two"), pid("waits"));

        helper.crash();
        for (long pid : pids) {
            assertTrue(Files.exists(Path.of("/proc/" + pid)), "it goes on: " + pid);
        }
        helper.restart();

        assertEquals(
                List.of("one", "two", "waits"),
                helper.ok("list", "-q").lines().sorted().toList());
        assertEquals(pids, List.of(pid("one"), pid("two"), pid("waits")));
        assertEquals("running", helper.status("one"));
        assertEquals("running", helper.status("two"));
        assertEquals("created", helper.status("waits"));

        helper.ok("start", "waits");
        Shell.await(
                "the one that waited speaks",
                Duration.ofSeconds(10),
                () -> helper.outputOf("waits").equals(List.of("started later")));
        for (var id : List.of("one", "two", "waits")) {
            helper.ok("kill", id, "KILL");
            helper.awaitStatus(id, "stopped");
            helper.awaitExitStatus(id, 137);
            helper.ok("delete", id);
        }
    }

    @Test
    @Requirement({"EXT-DAEMON-02", "STATE-13"})
    void whatEndedWhileNoHelperWasThereIsKnownAfterwards() {
        created("brief", "sleep 1; exit 5");
        helper.ok("start", "brief");
        long pid = pid("brief");
        helper.crash();
        Shell.await("it ended", Duration.ofSeconds(20), () -> !Files.exists(Path.of("/proc/" + pid)));
        helper.restart();
        assertEquals("stopped", helper.status("brief"));
        helper.awaitExitStatus("brief", 5);
        helper.ok("delete", "brief");
    }

    @Test
    @Requirement({"EXT-DAEMON-02", "ERR-01"})
    void aHelperThatDiesInTheMiddleOfCreateLeavesNothing() throws Exception {
        var begun = work.resolve("hook-begun");
        var bundle = bundle("true").hook("createRuntime", "echo > " + begun + "; exec sleep 30", 60);
        var create = new ProcessBuilder(helper.command("create", "--bundle", bundle.text(), "half"));
        create.environment().putAll(helper.environment());
        var process = create.redirectErrorStream(true).start();
        Shell.await("the hook runs", Duration.ofSeconds(20), () -> Files.exists(begun));

        helper.crash();
        assertNotEquals(0, process.waitFor());
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(1, said.lines().filter(line -> !line.isBlank()).count(), said);

        helper.restart();
        assertEquals("", helper.ok("list", "-q"));
        assertFalse(Files.exists(helper.record("half")));
    }

    /** Ctrl-C, or a caller that is gone without a word, while a hook hangs. */
    @ParameterizedTest
    @ValueSource(strings = {"TERM", "KILL"})
    @Requirement("ERR-01")
    void aCreateThatItsCallerBreaksOffLeavesNothing(String signal) throws Exception {
        var begun = work.resolve("hanging-" + signal);
        var bundle = bundle("true").hook("createContainer", "echo > " + begun + "; sleep 987 & exec sleep 986", 600);
        var create = new ProcessBuilder(helper.command("create", "--bundle", bundle.text(), "dropped"));
        create.environment().putAll(helper.environment());
        var process = create.redirectErrorStream(true).start();
        Shell.await("the hook runs", Duration.ofSeconds(20), () -> Files.exists(begun));
        Shell.output("kill", "-" + signal, Long.toString(process.pid()));
        assertNotEquals(0, process.waitFor());
        if (signal.equals("TERM")) {
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(said.contains("dropped") && said.contains("broken off"), said);
        }
        Shell.await(
                "it is forgotten",
                Duration.ofSeconds(20),
                () -> helper.ok("list", "-q").isEmpty());
        assertFalse(Files.exists(helper.record("dropped")));
    }

    @Test
    void idleConnectionsDoNotDelayAnAnswer() throws IOException {
        var idle = new ArrayList<SocketChannel>();
        try {
            var address = UnixDomainSocketAddress.of(helper.root().resolve("admin.sock"));
            for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
                var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                channel.connect(address);
                idle.add(channel);
            }
            long begun = System.nanoTime();
            helper.ok("list");
            var took = Duration.ofNanos(System.nanoTime() - begun);
            assertTrue(took.compareTo(Shell.patient(Duration.ofSeconds(2))) < 0, took::toString);
        } finally {
            for (var channel : idle) {
                channel.close();
            }
        }
    }

    @Test
    @Requirement("ERR-01")
    void aFullDiskIsSaidAndLeavesNothing() throws Exception {
        var small = Files.createDirectories(
                Path.of("/run/slipway-test-full-" + ProcessHandle.current().pid()));
        Shell.output("mount", "-t", "tmpfs", "-o", "size=256k,mode=755", "tmpfs", small.toString());
        try (var full = new Helper(small)) {
            Files.write(small.resolve("filler"), new byte[64 * 1024]);
            Shell.run("dd", "if=/dev/zero", "of=" + small.resolve("filler"), "bs=4k");
            var result = full.slipway("create", "--bundle", bundle("true").text(), "crowded");
            assertEquals(1, result.status(), result::toString);
            assertEquals(1, result.complaints().size(), result::err);
            assertTrue(
                    result.err().contains("no space left on device")
                            || result.err().contains("ENOSPC"),
                    result::err);
            assertTrue(full.alive());
            Files.delete(small.resolve("filler"));
            assertEquals("", full.ok("list", "-q"));
        } finally {
            Shell.run("umount", "--lazy", small.toString());
            Files.deleteIfExists(small);
            Files.deleteIfExists(small.resolveSibling(small.getFileName() + ".helper.log"));
        }
    }

    private long pid(String id) {
        return helper.state(id).path("pid").asLong();
    }
}

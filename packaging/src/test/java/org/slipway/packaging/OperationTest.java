package org.slipway.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.model.test.Requirement;
import tools.jackson.databind.ObjectMapper;

/** The five operations and the state, sentence by sentence of the specification's runtime part. */
final class OperationTest extends KernelTest {
    private static final String FOREVER = "while true; do sleep 1; done";
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(strings = {"state", "start", "kill", "delete"})
    @Requirement({"OPS-STATE-01", "OPS-START-01", "OPS-KILL-01", "OPS-DELETE-01"})
    void withoutAnIdItIsAnError(String operation) {
        var result = helper.slipway(operation);
        assertEquals(2, result.status(), result::toString);
        assertEquals("", result.out());
    }

    @Test
    @Requirement("OPS-CREATE-01")
    void createNeedsAnIdAndTakesTheWorkingDirectoryForABundle() {
        var bundle = bundle(FOREVER);
        assertEquals(2, helper.slipway("create", "--bundle", bundle.text()).status());
        var nowhere = helper.slipwayIn(work, "create", "nowhere");
        assertEquals(1, nowhere.status(), nowhere::toString);
        assertTrue(nowhere.err().contains("config.json"), nowhere::err);
        assertEquals(0, helper.slipwayIn(bundle.path(), "create", "here").status());
        assertEquals(bundle.text(), helper.state("here").path("bundle").asString());
        gone("here");
    }

    @Test
    @Requirement({"STATE-02", "STATE-09", "STATE-11", "OPS-STATE-03"})
    void theStateTellsVersionPidAndAnnotations() {
        var bundle = bundle(FOREVER)
                .edit(config -> config.put("ociVersion", "1.1.0")
                        .withObject("/annotations")
                        .put("org.example.a", "b"));
        helper.create("told", bundle);
        var state = helper.state("told");
        assertEquals("1.1.0", state.path("ociVersion").asString());
        assertEquals("{\"org.example.a\":\"b\"}", state.path("annotations").toString());
        int pid = state.path("pid").asInt();
        assertTrue(Files.exists(Path.of("/proc/" + pid)), state::toString);
        helper.ok("start", "told");
        assertEquals(pid, helper.state("told").path("pid").asInt());
        helper.ok("kill", "told", "KILL");
        helper.awaitStatus("told", "stopped");
        assertEquals(0, helper.state("told").path("pid").asInt(0));
        gone("told");
        helper.create("bare", bundle(FOREVER));
        assertEquals(0, helper.state("bare").path("annotations").size());
        gone("bare");
    }

    @Test
    @Requirement({"STATE-04", "OPS-START-02", "OPS-KILL-02"})
    void whileCreateGoesOnItIsCreatingAndNothingElseIsDoneToIt() throws Exception {
        var begun = work.resolve("creating-begun");
        var end = work.resolve("creating-end");
        var bundle = bundle(FOREVER)
                .hook("createRuntime", "echo > " + begun + "; until [ -e " + end + " ]; do sleep 0.1; done", 60);
        var builder = new ProcessBuilder(helper.command("create", "--bundle", bundle.text(), "slow"));
        builder.environment().putAll(helper.environment());
        var create = builder.redirectErrorStream(true)
                .redirectOutput(work.resolve("creating-said").toFile())
                .start();
        Shell.await("the hook runs", Duration.ofSeconds(20), () -> Files.exists(begun));
        assertEquals("creating", helper.status("slow"));
        for (var operation : List.of("start", "kill", "delete")) {
            assertEquals(1, helper.slipway(operation, "slow").status(), operation);
        }
        Files.createFile(end);
        assertEquals(0, create.waitFor());
        assertEquals("created", helper.status("slow"));
        gone("slow");
    }

    @Test
    @Requirement({"LIFE-03", "OPS-CREATE-06"})
    void createMakesTheWholeEnvironment() throws Exception {
        var bundle = bundle(FOREVER).edit(config -> {
            config.put("hostname", "made");
            config.withObject("/linux/resources/pids").put("limit", 77);
            var mount = config.withArray("/mounts").addObject();
            mount.put("destination", "/made").put("type", "tmpfs").put("source", "made");
            var device = config.withObject("/linux").withArray("/devices").addObject();
            device.put("path", "/dev/made").put("type", "c").put("major", 1).put("minor", 3);
        });
        helper.create("made", bundle);
        var pid = helper.state("made").path("pid").asString();
        assertEquals("made\n", Shell.output("nsenter", "--target", pid, "--uts", "uname", "-n"));
        assertTrue(Files.readString(Path.of("/proc", pid, "mountinfo")).contains(" /made "));
        assertTrue(Files.exists(Path.of("/proc", pid, "root/dev/made")));
        assertFalse(Files.exists(Path.of("/proc", pid, "root" + bundle.config())), "its root is its own");
        var limit = Files.readAllLines(Path.of("/proc", pid, "cgroup")).stream()
                .filter(line -> line.contains(":pids:") || line.startsWith("0::"))
                .map(line -> Path.of("/sys/fs/cgroup" + (line.contains(":pids:") ? "/pids" : "") + line.split(":", 3)[2]
                        + "/pids.max"))
                .filter(Files::exists)
                .findFirst()
                .orElseThrow();
        assertEquals("77", Files.readString(limit).strip());
        gone("made");
    }

    @Test
    @Requirement({"OPS-CREATE-09", "LIFE-03"})
    void aPropertyThatCannotBeAppliedIsAnErrorAndThereIsNoContainer() {
        var bundle = bundle("true").edit(config -> {
            var mount = config.withArray("/mounts").addObject();
            mount.put("destination", "/data").put("type", "bind").put("source", "/nonexistent/source");
            mount.set("options", JSON.valueToTree(List.of("bind")));
        });
        var result = helper.slipway("create", "--bundle", bundle.text(), "unmade");
        assertEquals(1, result.status(), result::toString);
        assertTrue(result.err().contains("/nonexistent/source"), result::err);
        assertNotEquals(0, helper.slipway("state", "unmade").status());
    }

    @Test
    @Requirement("OPS-CREATE-10")
    void theConfigurationIsJudgedBeforeAnythingIsMade() {
        var mark = work.resolve("hook-of-refused");
        var bundle = bundle("true")
                .hook("prestart", "echo > " + mark, 5)
                .hook("poststop", "echo > " + mark, 5)
                .edit(config -> config.withObject("/process").put("cwd", "not/absolute"));
        var result = helper.slipway("create", "--bundle", bundle.text(), "refused");
        assertEquals(1, result.status(), result::toString);
        assertTrue(result.err().contains("/process/cwd"), result::err);
        assertFalse(Files.exists(mark), "a hook ran");
    }

    @Test
    @Requirement("OPS-START-04")
    void aContainerWithoutAProcessCannotBeStarted() {
        var bundle = bundle("true").edit(config -> config.remove("process"));
        var create = helper.slipway("create", "--bundle", bundle.text(), "empty");
        assertEquals(0, create.status(), create::toString);
        var start = helper.slipway("start", "empty");
        assertEquals(1, start.status(), start::toString);
        assertEquals("created", helper.status("empty"));
        gone("empty");
    }

    /** What it was given stays: a network namespace that it joined, and what it bound. */
    @Test
    @Requirement("OPS-DELETE-04")
    void whatItOnlyUsedStays() throws Exception {
        var source = Files.createDirectories(work.resolve("used"));
        Files.writeString(source.resolve("kept"), "kept");
        var holder = new ProcessBuilder("unshare", "--net", "sleep", "1000").start();
        var network = Path.of("/proc/" + holder.pid() + "/ns/net");
        try {
            Shell.await(
                    "the namespace is there",
                    Duration.ofSeconds(10),
                    () -> !same(network, Path.of("/proc/self/ns/net")));
            var bundle = bundle(FOREVER).edit(config -> {
                for (var namespace : config.withObject("/linux").withArray("/namespaces")) {
                    if (namespace.path("type").asString().equals("network")) {
                        ((tools.jackson.databind.node.ObjectNode) namespace).put("path", network.toString());
                    }
                }
                var mount = config.withArray("/mounts").addObject();
                mount.put("destination", "/used").put("type", "bind").put("source", source.toString());
                mount.set("options", JSON.valueToTree(List.of("bind")));
            });
            helper.create("guest", bundle);
            var pid = helper.state("guest").path("pid").asString();
            assertTrue(same(network, Path.of("/proc", pid, "ns/net")));
            gone("guest");
            assertTrue(holder.isAlive() && !same(network, Path.of("/proc/self/ns/net")));
            assertEquals("kept", Files.readString(source.resolve("kept")));
            assertTrue(Files.exists(bundle.config()));
        } finally {
            holder.destroyForcibly().waitFor();
        }
    }

    private static boolean same(Path one, Path other) {
        try {
            return Files.readSymbolicLink(one).equals(Files.readSymbolicLink(other));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @Requirement("LIFE-10")
    void whenItsFirstProcessEndsAllEnd() {
        var mark = "32" + ProcessHandle.current().pid();
        helper.create("parent", bundle("sleep " + mark + " & setsid sleep " + mark + " & sleep 0.5"));
        helper.ok("start", "parent");
        Shell.await(
                "both run",
                Duration.ofSeconds(10),
                () -> Shell.run("pgrep", "-fc", "^sleep " + mark).out().equals("2\n"));
        helper.awaitStatus("parent", "stopped");
        assertEquals("0\n", Shell.run("pgrep", "-fc", "^sleep " + mark).out());
        gone("parent");
    }
}

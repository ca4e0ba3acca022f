package org.slipway.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slipway.model.test.Requirement;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** What is done to containers that live, by the programs that people get, against the kernel's files of the version at hand. */
final class LiveTest extends KernelTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final boolean V2 = Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers"));

    private Bundle running(String id, String script) {
        var bundle = bundle(script).edit(config -> {
            config.withObject("/linux/resources/memory").put("limit", 64 << 20);
            config.withObject("/linux/resources/pids").put("limit", 100);
        });
        helper.create(id, bundle);
        helper.ok("start", id);
        return bundle;
    }

    private String file(String id, String controller, String v1, String v2) throws IOException {
        var pid = helper.state(id).path("pid").asString();
        for (String line : Files.readAllLines(Path.of("/proc", pid, "cgroup"))) {
            String[] fields = line.split(":", 3);
            if (V2 ? fields[1].isEmpty() : List.of(fields[1].split(",", -1)).contains(controller)) {
                Path directory = Path.of("/sys/fs/cgroup" + (V2 ? "" : "/" + fields[1]) + fields[2]);
                return Files.readString(directory.resolve(V2 ? v2 : v1)).strip();
            }
        }
        throw new IOException("no " + controller);
    }

    @Test
    @Requirement({"CLI-PAUSE-01", "EXT-PAUSE-01", "EXT-DEL-01"})
    void aPausedContainerIsPausedUntilItIsResumedAndCanBeDeleted() {
        running("paused", "while true; do sleep 1; done");
        helper.ok("pause", "paused");
        assertEquals("paused", helper.status("paused"));
        var again = helper.slipway("pause", "paused");
        assertEquals(1, again.status(), again::toString);
        helper.crash();
        helper.restart();
        assertEquals("paused", helper.status("paused"));
        helper.ok("resume", "paused");
        assertEquals("running", helper.status("paused"));
        helper.ok("pause", "paused");
        helper.ok("kill", "paused", "KILL");
        helper.awaitStatus("paused", "stopped");
        helper.ok("delete", "paused");
        running("forced", "while true; do sleep 1; done");
        helper.ok("pause", "forced");
        gone("forced");
    }

    @Test
    @Requirement({"CLI-UPDATE-01", "CLI-UPDATE-02", "CLI-UPDATE-03", "LIVE-R-02"})
    void updateWritesWhatTheKernelThenHolds() throws IOException {
        running("updated", "while true; do sleep 1; done");
        var file = Files.writeString(
                work.resolve("resources.json"),
                "{\"pids\":{\"limit\":42},\"cpu\":{\"quota\":50000,\"period\":200000},\"devices\":[{\"allow\":true,\"type\":\"c\",\"major\":10,\"minor\":229,\"access\":\"rw\"}]}");
        helper.ok("update", "-r", file.toString(), "updated");
        assertEquals("42", file("updated", "pids", "pids.max", "pids.max"));
        assertEquals(V2 ? "50000 200000" : "50000", file("updated", "cpu", "cpu.cfs_quota_us", "cpu.max"));
        helper.ok("update", "--memory", "32m", "--cpu-share", "512", "updated");
        assertEquals("33554432", file("updated", "memory", "memory.limit_in_bytes", "memory.max"));
        assertEquals(V2 ? "59" : "512", file("updated", "cpu", "cpu.shares", "cpu.weight"));
        Files.writeString(file, "{\"pids\":{\"limit\":7},\"memory\":{\"useHierarchy\":true}}");
        var refused = helper.slipway("update", "-r", file.toString(), "updated");
        assertEquals(1, refused.status(), refused::toString);
        assertTrue(refused.err().contains("re-create"), refused::err);
        assertEquals("42", file("updated", "pids", "pids.max", "pids.max"));
        if (V2) {
            Files.writeString(file, "{\"unified\":{\"memory.high\":\"16777216\"}}");
            helper.ok("update", "-r", file.toString(), "updated");
            assertEquals("16777216", file("updated", "memory", "", "memory.high"));
        }
        gone("updated");
    }

    @Test
    @Requirement({"CLI-UPDATE-01", "LIVE-R-07"})
    void badUpdatesAreRefusedAndChangeNothing() throws IOException {
        var unknown = helper.slipway("update", "--pids-limit", "5", "nobody");
        assertEquals(1, unknown.status());
        assertTrue(unknown.err().contains("does not exist"), unknown::err);
        running("bad", "while true; do sleep 1; done");
        var file = work.resolve("bad.json");
        for (String text : List.of(
                "{\"pids\":",
                "[]",
                "{\"pids\":{\"limit\":\"many\"}}",
                "{\"pidss\":{\"limit\":5}}",
                "{\"cpu\":{\"shares\":-5}}",
                "{\"pids\":{\"limit\":5},\"x\":\"" + "y".repeat(10 << 20) + "\"}")) {
            Files.writeString(file, text);
            var result = helper.slipway("update", "-r", file.toString(), "bad");
            assertEquals(1, result.status(), result::err);
        }
        assertEquals("100", file("bad", "pids", "pids.max", "pids.max"));
        Files.writeString(file, "{\"memory\":null,\"pids\":{\"limit\":null},\"devices\":null}");
        helper.ok("update", "-r", file.toString(), "bad");
        helper.ok("kill", "bad", "KILL");
        helper.awaitStatus("bad", "stopped");
        assertEquals(1, helper.slipway("update", "--pids-limit", "5", "bad").status());
        gone("bad");
    }

    @Test
    @Requirement({"LIVE-R-06", "CLI-EVENTS-01", "EXT-EVT-01"})
    void whatCanChangeAndWhatIsUsedAreJson() {
        JsonNode table = JSON.readTree(helper.ok("update", "--explain"));
        assertEquals(V2 ? "v2" : "v1", table.path("cgroup").asString());
        running("used", "while true; do sleep 1; done");
        JsonNode stats = JSON.readTree(helper.ok("events", "--stats", "used"));
        assertEquals("stats", stats.path("type").asString());
        assertEquals(64 << 20, stats.at("/data/memory/usage/limit").asInt());
        assertTrue(stats.at("/data/cpu/usage/total").asLong() > 0, stats::toString);
        assertEquals(100, stats.at("/data/pids/limit").asInt());
        gone("used");
    }

    @Test
    @Requirement({"CLI-STOP-01", "ANN-07"})
    void stopAsksAndOnlyDeletesWhenTold() {
        var bundle = bundle("trap 'exit 7' USR1; echo ready; while true; do sleep 1; done")
                .edit(config ->
                        config.withObject("/annotations").put("org.opencontainers.image.stopSignal", "SIGUSR1"));
        helper.create("asked", bundle);
        helper.ok("start", "asked");
        helper.ok("stop", "--time", "600", "asked");
        assertEquals("stopped", helper.status("asked"));
        helper.ok("stop", "--delete", "asked");
        assertFalse(helper.slipway("list", "-q").out().contains("asked"));
    }

    @Test
    @Requirement({"CLI-MNT-01", "LIVE-MNT-01", "LIVE-MNT-03", "LIVE-SYS-02"})
    void mountsAreListedAddedAndRemoved() throws IOException {
        var bundle = running("mounted", "while true; do sleep 1; done");
        Files.createDirectories(bundle.rootfs().resolve("etc"));
        Files.writeString(bundle.rootfs().resolve("etc/one"), "one");
        Files.writeString(bundle.rootfs().resolve("etc/two"), "two");
        Files.createDirectory(bundle.rootfs().resolve("data")); // the root is read-only inside
        var data = Files.createDirectories(work.resolve("live-data"));
        Files.writeString(data.resolve("file"), "from the host");
        var file = Files.writeString(
                work.resolve("mount.json"),
                "{\"destination\":\"/data\",\"type\":\"none\",\"source\":\"" + data
                        + "\",\"options\":[\"bind\",\"ro\"]}");
        JsonNode plan = JSON.readTree(helper.ok("mounts", "--explain", "add", "mounted", file.toString()));
        assertTrue(plan.toString().contains("SpawnVisitor"), plan::toString);
        assertFalse(helper.ok("mounts", "mounted").contains("/data"));
        helper.ok("mounts", "add", "mounted", file.toString());
        assertEquals("from the host", helper.ok("exec", "mounted", "cat", "/data/file"));
        JsonNode mount = null;
        for (JsonNode each : JSON.readTree(helper.ok("mounts", "--format", "json", "mounted"))) {
            mount = each.path("target").asString().equals("/data") ? each : mount;
        }
        int before =
                JSON.readTree(Files.readString(bundle.config())).path("mounts").size();
        assertEquals(
                "/mounts/" + before,
                mount == null ? "none" : mount.path("member").asString());
        assertTrue(helper.ok("mounts", "mounted")
                .lines()
                .anyMatch(line -> line.startsWith("/proc ") && line.contains("/mounts/")));
        helper.ok("mounts", "remove", "mounted", "/data");
        assertFalse(helper.ok("mounts", "mounted").contains("/data"));
        var missing = helper.slipway("mounts", "remove", "mounted", "/data");
        assertTrue(missing.status() != 0 && missing.err().contains("/data"), missing::toString);
        assertTrue(helper.slipway("mounts", "add", "mounted").status() != 0);
        var change = Files.writeString(
                work.resolve("change.json"),
                "{\"hostname\":\"boat\",\"linux\":{\"maskedPaths\":[\"/etc/one\",\"/etc/two\"]}}");
        helper.ok("update", "--changes", change.toString(), "mounted");
        assertEquals(
                "boat",
                helper.ok("exec", "mounted", "cat", "/proc/sys/kernel/hostname").strip());
        assertEquals("", helper.ok("exec", "mounted", "cat", "/etc/one", "/etc/two"));
        gone("mounted");
    }
}

package org.slipway.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slipway.model.test.Requirement;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/** Configurations that leave init little room: an engine's, the tightest limit of processes, a filter that kills at exec. */
final class HardenedTest extends KernelTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** As podman wrote it: a filter without noNewPrivileges, an ordinary user, one capability, a read-only root. */
    @Test
    @Requirement({"SEC-17", "CAP-01", "ROOT-04", "CFG-06"})
    void anEnginesConfigurationRunsAsWritten() throws Exception {
        var bundle = podmanBundle();
        helper.create("hardened", bundle);
        helper.ok("start", "hardened");
        helper.awaitStatus("hardened", "stopped");
        var told = new LinkedHashMap<String, String>();
        for (var line : helper.outputOf("hardened")) {
            var fields = line.split(":\\s*", 2);
            told.put(fields[0], fields.length > 1 ? fields[1] : "");
        }
        gone("hardened");

        assertEquals("1000 1000 1000 1000", told.get("Uid").replace('\t', ' '));
        assertEquals("0", told.get("NoNewPrivs"));
        assertEquals("2", told.get("Seccomp"), "a filter is loaded");
        var bind = "0000000000000400"; // CAP_NET_BIND_SERVICE
        for (var set : List.of("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")) {
            assertEquals(bind, told.get(set), set);
        }
        assertEquals("read-only", told.get("root"));
    }

    @Test
    @Requirement({"CG1-PIDS-01", "CG-09"})
    void oneProcessIsEnoughForAContainerWithPidsLimitOne() {
        var bundle = bundle("exec sleep 1000")
                .edit(config -> config.withObject("/linux/resources/pids").put("limit", 1));
        helper.create("lonely", bundle);
        helper.ok("start", "lonely");
        assertEquals("running", helper.status("lonely"));
        gone("lonely");
    }

    @Test
    @Requirement({"CG1-PIDS-01", "CG-09"})
    void withPidsLimitOneTheProgramCannotFork() {
        var bundle = bundle("(true) || echo refused")
                .edit(config -> config.withObject("/linux/resources/pids").put("limit", 1));
        var result = helper.slipway("run", "--bundle", bundle.text(), "lonely");
        assertNotEquals(0, result.status(), result::toString);
        assertTrue(result.err().contains("fork"), result::err);
    }

    /** execve itself is killed by the filter: the program never ran, and nobody may be told that it does. */
    @Test
    @Requirement({"STATE-06", "SEC-02"})
    void aProcessKilledByItsFilterAtExecIsNeverReportedRunning() {
        var bundle = bundle("sleep 1000").edit(config -> {
            var seccomp = config.withObject("/linux/seccomp");
            seccomp.put("defaultAction", "SCMP_ACT_ALLOW");
            seccomp.set("architectures", JSON.valueToTree(List.of("SCMP_ARCH_X86_64")));
            var rule = seccomp.withArray("/syscalls").addObject();
            rule.set("names", JSON.valueToTree(List.of("execve", "execveat")));
            rule.put("action", "SCMP_ACT_KILL_PROCESS");
        });
        helper.create("stillborn", bundle);
        var start = helper.slipway("start", "stillborn");
        assertEquals(1, start.status(), start::toString);
        assertEquals(1, start.complaints().size(), start::err);
        assertTrue(start.err().contains("SIGSYS") || start.err().contains("signal 31"), start::err);
        var state = helper.slipway("state", "stillborn");
        assertTrue(state.status() != 0 || !state.out().contains("\"running\""), state::toString);
        gone("stillborn");
    }

    /** The configuration from the corpus, with the host paths that it names made here, and a program that tells about itself. */
    private Bundle podmanBundle() throws IOException {
        var bundle = bundle("true");
        ObjectNode config;
        try (var stream = HardenedTest.class.getResourceAsStream("/corpus/podman-hardened.json")) {
            config = (ObjectNode) JSON.readTree(stream);
        }
        config.withObject("/root").put("path", "rootfs");
        var script = "grep -E '^(Uid|Cap|NoNew|Seccomp:)' /proc/self/status;"
                + " echo x 2> /dev/null > /etc/x || echo root: read-only";
        config.withObject("/process").set("args", JSON.valueToTree(List.of("/bin/sh", "-c", script)));
        for (var mount : config.path("mounts")) {
            if (mount.path("type").asString().equals("bind")) {
                var source = source(bundle, mount.path("destination").asString());
                ((ObjectNode) mount).put("source", source.toString());
            }
        }
        // An engine's limits may be above what this machine lets even root raise.
        for (var limit : config.withObject("/process").withArray("/rlimits")) {
            for (var end : List.of("soft", "hard")) {
                ((ObjectNode) limit).put(end, Math.min(limit.path(end).asLong(), 1024));
            }
        }
        // Hooks and files of the engine itself, which are not part of what the kernel is asked for.
        config.remove("hooks");
        Files.writeString(bundle.config(), config.toString());
        for (var applet : Map.of("grep", "busybox").entrySet()) {
            Files.createSymbolicLink(
                    bundle.rootfs().resolve("bin").resolve(applet.getKey()), Path.of(applet.getValue()));
        }
        return bundle;
    }

    /** A file or folder to be bound at this destination; only the engine's few text files are files. */
    private static Path source(Bundle bundle, String destination) throws IOException {
        var source = bundle.path().resolve("bound" + destination.replace('/', '-'));
        return destination.startsWith("/etc/") || destination.contains("containerenv")
                ? Files.writeString(source, "")
                : Files.createDirectories(source);
    }
}

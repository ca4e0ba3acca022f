package org.slipway.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slipway.model.test.Requirement;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/** Bundles of old versions of the specification, really run as those versions had it. */
final class ProfileTest extends KernelTest {

    private static final String FOREVER = "while true; do sleep 1; done";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path STATES = Path.of("/run/opencontainer/containers");
    private static final Path LINKS = Path.of("/run/opencontainers/runc");

    /** A bundle in the shape of a draft: what its version does not know is taken out, what it asks for is put in. */
    private Bundle draft(String version, String script) {
        var bundle = bundle(script).edit(config -> {
            config.put("ociVersion", version);
            config.putObject("platform").put("os", "linux").put("arch", arch());
            var process = config.withObject("/process");
            process.remove(List.of("rlimits", "noNewPrivileges", "capabilities", "oomScoreAdj"));
            process.withObject("/user").remove("umask");
            config.remove("annotations");
            var linux = config.withObject("/linux");
            linux.remove(List.of("maskedPaths", "readonlyPaths", "resources", "seccomp"));
            var namespaces = linux.putArray("namespaces");
            List.of("pid", "network", "ipc", "uts", "mount")
                    .forEach(type -> namespaces.addObject().put("type", type));
            var mounts = config.putArray("mounts");
            mounts.addObject().put("destination", "/proc").put("type", "proc").put("source", "proc");
            if (version.equals("0.3.0")) {
                linux.putArray("capabilities").add("CAP_KILL");
            } else {
                process.putArray("capabilities").add("CAP_KILL");
            }
        });
        return bundle;
    }

    private static String arch() {
        return System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
    }

    private ObjectNode newest(String id) {
        return (ObjectNode) JSON.readTree(helper.ok("state", "--profile", "1.3", id));
    }

    private void awaitNewest(String id, String status) {
        Shell.await(
                "'" + id + "' is " + status,
                Duration.ofSeconds(20),
                () -> newest(id).path("status").asString().equals(status));
    }

    private boolean known(String id) {
        return helper.slipway("state", id).status() == 0;
    }

    @Test
    @Requirement({"DRAFT-0.3-16", "DRAFT-0.3-14", "DRAFT-0.3-15", "DRAFT-0.3-13"})
    void a030BundleStartsInOneOperationAndItsStateIsAFile() throws Exception {
        var seen = work.resolve("seen-by-prestart");
        var bundle = draft("0.3.0", FOREVER).hook("prestart", "cat " + STATES + "/old/state.json > " + seen, 5);
        helper.ok("start", "old", bundle.text());
        awaitNewest("old", "running");
        var state = helper.state("old");
        assertEquals(List.of("version", "id", "pid", "bundlePath", "profile"), List.copyOf(state.propertyNames()));
        assertEquals(
                "0.3.0 old " + bundle.text(),
                state.path("version").asString() + " " + state.path("id").asString() + " "
                        + state.path("bundlePath").asString());
        var file = JSON.readTree(Files.readString(STATES.resolve("old/state.json")));
        assertEquals(List.of("version", "id", "pid", "bundlePath"), List.copyOf(file.propertyNames()));
        assertEquals(state.path("pid").asInt(), file.path("pid").asInt());
        assertEquals(file, JSON.readTree(Files.readString(seen)), "it is there before the prestart hooks");
        assertEquals(file, JSON.readTree(Files.readString(LINKS.resolve("old/state.json"))));
        assertTrue(Files.isSymbolicLink(LINKS.resolve("old")));

        assertNotEquals(0, helper.slipway("start", "old", bundle.text()).status(), "an id that is taken");
        awaitNewest("old", "running");
        helper.ok("stop", "old");
        assertFalse(known("old"));
        assertFalse(Files.exists(STATES.resolve("old")));
        assertFalse(Files.exists(LINKS.resolve("old"), LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    @Requirement({"DRAFT-0.4-04", "DRAFT-0.4-06", "DRAFT-0.4-07", "DRAFT-0.4-08"})
    void the040OperationsStopAndFreeTheId() {
        var bundle = draft("0.4.0", FOREVER);
        helper.ok("start", "four", bundle.text());
        assertEquals(
                "CapEff:\t0000000000000020\n",
                Shell.output(
                        "grep", "CapEff", "/proc/" + newest("four").path("pid").asInt() + "/status"));
        assertNotEquals(0, helper.slipway("start", "four").status(), "it runs already");
        awaitNewest("four", "running");
        assertFalse(Files.exists(STATES.resolve("four")));
        helper.ok("stop", "four");
        assertFalse(known("four"));
        helper.ok("start", "four", draft("0.4.0", "exit 3").text());
        awaitNewest("four", "stopped");
        assertNotEquals(0, helper.slipway("stop", "four").status(), "it does not run");
        assertTrue(known("four"), "and a stop without effect leaves it");
    }

    @Test
    @Requirement({"DRAFT-0.3-08"})
    void aMountThatHasNothingToStandOnIsAnErrorIn03() {
        var bundle = draft("0.3.0", "true");
        var mount = JSON.createObjectNode();
        mount.put("destination", "/nowhere").put("type", "tmpfs").put("source", "tmpfs");
        bundle.edit(config -> config.withArray("/mounts").add(mount));
        var refused = helper.slipway("start", "hollow", bundle.text());
        assertNotEquals(0, refused.status(), refused::toString);
        assertTrue(refused.err().contains("/nowhere"), refused::err);
        assertFalse(Files.exists(bundle.rootfs().resolve("nowhere")));
        assertFalse(known("hollow"));
        helper.ok(
                "start",
                "solid",
                bundle.edit(config -> config.put("ociVersion", "0.4.0")).text());
    }

    @Test
    @Requirement({"DRAFT-0430AAF-04", "DRAFT-0430AAF-05", "DRAFT-0430AAF-06", "DRAFT-0430AAF-09"})
    void inTheSplitDraftWhatRunsIsReadAtStart() throws Exception {
        var told = work.resolve("told-by-whom");
        Files.createDirectory(told);
        var bundle = draft("0.6.0-dev", "echo made");
        bundle.edit(config -> {
            var mount = config.withArray("/mounts").addObject();
            mount.put("destination", "/tmp").put("type", "bind").put("source", told.toString());
            mount.putArray("options").add("bind");
        });
        helper.create("split", bundle);
        bundle.args("/bin/sh", "-c", "echo $WORD $PWD > /tmp/word; " + FOREVER).edit(config -> {
            config.withObject("/process")
                    .put("cwd", "/etc")
                    .putArray("env")
                    .add("WORD=changed")
                    .add("PATH=/bin");
            config.put("hostname", 7).putArray("mounts").add("nonsense");
        });
        helper.ok("start", "split");
        var word = told.resolve("word").toFile();
        Shell.await("the program runs", Duration.ofSeconds(20), () -> word.length() > 0);
        assertEquals(List.of("changed /etc"), Files.readAllLines(told.resolve("word")));
        var pid = newest("split").path("pid").asInt();
        bundle.args("/bin/false");
        assertNotEquals(0, helper.slipway("start", "split").status(), "started already");
        assertEquals(pid, newest("split").path("pid").asInt());
        var state = helper.state("split");
        assertEquals(List.of("ociVersion", "id", "pid", "bundlePath", "profile"), List.copyOf(state.propertyNames()));

        helper.ok("stop", "split");
        assertEquals("stopped", newest("split").path("status").asString());
        helper.ok("delete", "split");
        assertFalse(known("split"));
    }

    @Test
    @Requirement({"DRAFT-0430AAF-08", "DRAFT-0430AAF-05"})
    void aProcessThatCannotRunIsAnErrorOfStart() {
        var bundle = draft("0.6.0-dev", "true");
        helper.create("wrong", bundle);
        bundle.edit(config -> config.withObject("/process").put("cwd", "not/absolute"));
        var refused = helper.slipway("start", "wrong");
        assertNotEquals(0, refused.status());
        assertTrue(refused.err().contains("/process/cwd"), refused::err);
        assertEquals("created", newest("wrong").path("status").asString(), "and it can be mended");
        bundle.edit(config -> config.withObject("/process").put("cwd", "/"));
        helper.ok("start", "wrong");
    }

    @Test
    @Requirement({"DRAFT-0430AAF-13", "DRAFT-0430AAF-14", "DRAFT-0430AAF-15", "DRAFT-0430AAF-23"})
    void autoremoveDeletesByItselfAndNothingElseDoes() throws Exception {
        var stays = draft("0.6.0-dev", "true");
        helper.create("stays", stays);
        helper.ok("start", "stays");
        awaitNewest("stays", "stopped");

        var ends = draft("0.6.0-dev", "true")
                .edit(config -> config.withObject("/root").put("autoremove", true));
        helper.create("ends", ends);
        helper.ok("start", "ends");
        Shell.await("'ends' is gone", Duration.ofSeconds(20), () -> !known("ends"));
        assertTrue(helper.slipway("delete", "ends").err().contains("does not exist"));

        var stopped = draft("0.6.0-dev", FOREVER)
                .edit(config -> config.withObject("/root").put("autoremove", true));
        helper.create("stopped", stopped);
        helper.ok("start", "stopped");
        helper.ok("stop", "stopped");
        Shell.await("'stopped' is gone", Duration.ofSeconds(20), () -> !known("stopped"));
        assertEquals("stopped", newest("stays").path("status").asString());
        helper.ok("delete", "stays");
    }

    @Test
    @Requirement({"DRAFT-0430AAF-17", "DRAFT-0430AAF-10", "DRAFT-0430AAF-11", "DRAFT-0430AAF-21"})
    void runTakesTheBundleAndDeleteStopsFirst() throws Exception {
        var order = work.resolve("order");
        var bundle = draft("0.6.0-dev", FOREVER)
                .hook("prestart", "echo prestart >> " + order, 5)
                .hook("poststart", "echo poststart >> " + order + "; exit 1", 5)
                .hook("poststop", "echo poststop >> " + order, 5);
        helper.create("hooked", bundle);
        assertFalse(Files.exists(order), "prestart hooks run in start");
        helper.ok("start", "hooked");
        awaitNewest("hooked", "running");
        assertEquals(List.of("prestart", "poststart"), Files.readAllLines(order), "a poststart hook may fail");
        helper.ok("delete", "hooked");
        assertEquals(List.of("prestart", "poststart", "poststop"), Files.readAllLines(order));

        helper.ok("run", "--detach", "ran", draft("0.6.0-dev", FOREVER).text());
        awaitNewest("ran", "running");
        assertNotEquals(
                0, helper.slipway("run", "--detach", "ran", bundle.text()).status(), "an id that is taken");
        helper.ok("delete", "ran");
        assertFalse(known("ran"));
    }

    @Test
    @Requirement({"DRAFT-1.X-02", "DRAFT-RC-05"})
    void aFailingPoststartHookIsAWarningBefore13() {
        var bundle = bundle(FOREVER).hook("poststart", "exit 1", 5).edit(config -> config.put("ociVersion", "1.2.1"));
        helper.create("lenient", bundle);
        helper.ok("start", "lenient");
        helper.awaitStatus("lenient", "running");
        bundle.edit(config -> config.put("ociVersion", "1.3.0"));
        helper.create("strict", bundle.defaultCgroup());
        assertNotEquals(0, helper.slipway("start", "strict").status());

        var candidate = draft("1.0.0-rc5", "true").edit(config -> {
            config.withObject("/process").putObject("capabilities");
        });
        helper.create("waiting", candidate);
        assertNotEquals(0, helper.slipway("kill", "waiting", "KILL").status(), "it does not run");
        helper.ok("delete", "waiting");
    }

    @Test
    @Requirement({"DRAFT-0.4-12", "DRAFT-0.4-14", "DRAFT-0.3-12", "DRAFT-0.3-11"})
    void aHookThatFailsEndsTheContainerAndThenPoststopHooksRun() throws Exception {
        for (var version : List.of("0.3.0", "0.4.0")) {
            for (var kind : List.of("prestart", "poststart")) {
                var order = work.resolve("order-" + version + kind);
                var bundle = draft(version, FOREVER)
                        .hook(kind, "echo " + kind + " >> " + order + "; exit 1", 5)
                        .hook("poststop", "echo first >> " + order + "; exit 1", 5);
                bundle.hookPath("poststop", "/bin/sh", 5).edit(config -> {
                    var second = (ObjectNode)
                            config.withObject("/hooks").withArray("/poststop").get(1);
                    second.set("args", JSON.valueToTree(List.of("sh", "-c", "echo second >> " + order)));
                });
                assertNotEquals(
                        0, helper.slipway("start", "failing", bundle.text()).status());
                assertFalse(known("failing"), "it is destroyed");
                assertEquals(List.of(kind, "first", "second"), Files.readAllLines(order), version);
            }
        }
        var lenient = draft("0.3.0", FOREVER).hook("poststart", "exit 1", 5);
        helper.ok("start", "--profile", "0.3-config.md", "lenient", lenient.text());
        awaitNewest("lenient", "running");
        helper.ok("stop", "lenient");
    }

    @Test
    @Requirement({"DRAFT-0.3-25", "DRAFT-0.4-03"})
    void whatChangesInTheBundleWhileItRunsDoesNotMatter() throws Exception {
        var order = work.resolve("kept");
        var bundle = draft("0.3.0", FOREVER).hook("poststop", "echo as made >> " + order, 5);
        helper.ok("start", "kept", bundle.text());
        bundle.edit(config -> config.remove("hooks")).args("/bin/false");
        helper.ok("stop", "kept");
        assertEquals(List.of("as made"), Files.readAllLines(order));

        helper.ok("start", "four", draft("0.4.0", FOREVER).text());
        var state = helper.state("four");
        assertEquals(
                "0.4.0 0.4.0",
                state.path("ociVersion").asString() + " "
                        + state.path("version").asString());
        assertFalse(Files.exists(STATES), "it is had by the operation alone");
        assertEquals(2, helper.slipway("state").status());
        helper.ok("stop", "four");
    }

    @Test
    @Requirement({"DRAFT-0430AAF-02", "DRAFT-0430AAF-03", "DRAFT-0430AAF-07", "DRAFT-0430AAF-16"})
    void createOfTheSplitDraftMakesTheNamespacesAndNoProgramRuns() throws Exception {
        var bundle = draft("0.6.0-dev", "readlink /proc/self/ns/pid 2> /dev/null; echo $$; " + FOREVER);
        assertNotEquals(
                0,
                helper.slipway("create", "--bundle", bundle.text(), "not/valid").status());
        assertNotEquals(0, helper.slipway("create").status());
        helper.create("apart", bundle);
        assertNotEquals(
                0, helper.slipway("create", "--bundle", bundle.text(), "apart").status(), "it is taken");
        var pid = newest("apart").path("pid").asString();
        var own = Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
        var made = Files.readSymbolicLink(Path.of("/proc", pid, "ns/pid"));
        assertNotEquals(own, made);
        assertEquals(List.of(), helper.outputOf("apart"), "nothing of the program ran");
        helper.ok("start", "apart");
        Shell.await(
                "it says its pid",
                Duration.ofSeconds(20),
                () -> helper.outputOf("apart").contains("1"));
        assertEquals(pid, newest("apart").path("pid").asString());
        assertEquals(made, Files.readSymbolicLink(Path.of("/proc", pid, "ns/pid")));
        helper.ok("delete", "apart");
        assertTrue(helper.slipway("delete", "apart").err().contains("does not exist"));
        assertEquals(2, helper.slipway("delete").status());
    }

    @Test
    @Requirement({"DRAFT-0430AAF-12", "DRAFT-0430AAF-13", "DRAFT-0430AAF-19"})
    void stopEndsEveryProcessAndKeepsTheRestAndJoinedNamespacesStay() throws Exception {
        var bundle = draft("0.6.0-dev", "sleep 1000 & " + FOREVER).edit(config -> {
            for (var entry : config.withArray("/linux/namespaces")) {
                if (entry.path("type").asString().equals("network")) {
                    ((ObjectNode) entry).put("path", "/proc/self/ns/net".replace("self", "" + helper.pid()));
                }
            }
        });
        var network = Files.readSymbolicLink(Path.of("/proc", "" + helper.pid(), "ns/net"));
        helper.create("joined", bundle);
        helper.ok("start", "joined");
        var pid = newest("joined").path("pid").asString();
        assertEquals(network, Files.readSymbolicLink(Path.of("/proc", pid, "ns/net")));
        assertEquals(2, helper.slipway("stop").status());
        helper.ok("stop", "joined");
        assertFalse(Files.exists(Path.of("/proc", pid)));
        assertTrue(Files.exists(helper.record("joined").resolve("state.json")), "the state stays until delete");
        helper.ok("delete", "joined");
        assertEquals(network, Files.readSymbolicLink(Path.of("/proc", "" + helper.pid(), "ns/net")));
        helper.create("joined", bundle);
        helper.ok("delete", "joined");
    }
}

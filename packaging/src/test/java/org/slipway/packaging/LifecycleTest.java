package org.slipway.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.slipway.model.test.Requirement;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** A container's whole life by hand, as the specification orders it, with its state after each operation. */
final class LifecycleTest extends KernelTest {
    private static final String FOREVER = "while true; do sleep 1; done";

    @Test
    @Requirement({"STATE-01", "STATE-05", "STATE-10", "OPS-CREATE-05"})
    void createMakesAContainerInStateCreated() {
        var bundle = created("born", FOREVER);
        var state = helper.state("born");
        assertSchema(state);
        assertEquals("born", state.path("id").asString());
        assertEquals("created", state.path("status").asString());
        assertEquals(bundle.text(), state.path("bundle").asString());
        assertTrue(Files.exists(Path.of("/proc", state.path("pid").asString())), "the pid is a live process");
        gone("born");
    }

    @Test
    @Requirement({"OPS-CREATE-07", "LIFE-04", "LIFE-06"})
    void programRunsAtStartAndNotBefore() {
        created("late", "echo spoken; " + FOREVER);
        assertEquals(List.of(), helper.outputOf("late"));
        helper.ok("start", "late");
        Shell.await(
                "it speaks",
                Duration.ofSeconds(10),
                () -> helper.outputOf("late").equals(List.of("spoken")));
        gone("late");
    }

    @Test
    @Requirement({"STATE-06", "STATE-07", "OPS-KILL-03", "LIFE-07"})
    void killEndsItAndDeleteForgetsIt() {
        created("whole", FOREVER);
        helper.ok("start", "whole");
        var running = helper.state("whole");
        assertSchema(running);
        assertEquals("running", running.path("status").asString());
        helper.ok("kill", "whole", "KILL");
        helper.awaitStatus("whole", "stopped");
        var stopped = helper.state("whole");
        assertSchema(stopped);
        assertEquals(0, stopped.path("pid").asInt(0), "no pid after the end");
        helper.ok("delete", "whole");
        assertNotEquals(0, helper.slipway("state", "whole").status());
    }

    @Test
    @Requirement("CG-04")
    void withoutAPathTheCgroupIsNamedForOwnerAndId() throws Exception {
        var id = "slipway-test-" + ProcessHandle.current().pid();
        helper.create(id, bundle(FOREVER).defaultCgroup());
        var cgroups =
                Files.readString(Path.of("/proc", helper.state(id).path("pid").asString(), "cgroup"));
        assertTrue(cgroups.lines().anyMatch(line -> line.endsWith("/slipway/0/" + id)), cgroups);
        gone(id);
    }

    @Test
    @Requirement("CLI-KILL-02")
    void killAndDeleteTakeEveryIdThatMatches() {
        for (var id : List.of("web-1", "web-2", "db-1")) {
            created(id, "exec sleep 1000");
            helper.ok("start", id);
        }
        helper.ok("kill", "-r", "^web-", "KILL");
        helper.awaitStatus("web-1", "stopped");
        helper.awaitStatus("web-2", "stopped");
        assertEquals("running", helper.status("db-1"));
        helper.ok("delete", "--regex", "^web-[12]$");
        assertEquals("db-1\n", helper.ok("list", "-q"));
        helper.ok("delete", "-r", "^nobody$");
        assertEquals(1, helper.slipway("delete", "-r", "[").status());
        helper.ok("delete", "-f", "-r", "db");
        assertEquals("", helper.ok("list", "-q"));
    }

    @Test
    @Requirement("CLI-CREATE-04")
    void createSendsAPidfdToASocket() throws Exception {
        var socket = work.resolve("pidfd.sock");
        var receiver = new ProcessBuilder(
                        "python3",
                        "-c",
                        "import socket,sys; s=socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(); print('ready', flush=True);"
                                + " c,_=s.accept(); m,f,_,_=socket.recv_fds(c,64,4);"
                                + " print(m.decode(), *[l for l in open('/proc/self/fdinfo/%d' % f[0]) if l.startswith('Pid')], flush=True)",
                        socket.toString())
                .start();
        assertEquals("ready", receiver.inputReader().readLine());
        helper.ok(
                "create",
                "--pidfd-socket",
                socket.toString(),
                "--bundle",
                bundle(FOREVER).text(),
                "handed");
        assertEquals(
                "pidfd Pid:\t" + helper.state("handed").path("pid").asInt(),
                receiver.inputReader().readLine());
        assertEquals(0, receiver.waitFor());
        gone("handed");
        var missing = helper.slipway(
                "create",
                "--pidfd-socket",
                "/nonexistent/socket",
                "--bundle",
                bundle(FOREVER).text(),
                "handed");
        assertEquals(1, missing.status(), missing::toString);
        assertTrue(missing.err().contains("/nonexistent/socket"), missing::err);
        assertEquals("", helper.ok("list", "-q"));
    }

    @Test
    @Requirement({"OPS-CREATE-04", "STATE-03"})
    void anIdMayBeLongerThanAFilesName() throws Exception {
        var id = "l".repeat(1024);
        helper.create(id.substring(0, 1000) + "x".repeat(24), bundle(FOREVER).defaultCgroup());
        helper.create(id, bundle(FOREVER).defaultCgroup());
        assertEquals(id, helper.state(id).path("id").asString());
        assertEquals(2, helper.ok("list", "-q").lines().count());
        helper.ok("start", id);
        assertEquals("running", helper.status(id));
        gone(id);
        gone(id.substring(0, 1000) + "x".repeat(24));
    }

    @Test
    @Requirement({"OPS-DELETE-05", "OPS-DELETE-03"})
    void theIdIsFreeAfterDelete() {
        var bundle = created("again", FOREVER);
        gone("again");
        helper.create("again", bundle);
        gone("again");
    }

    @Test
    @Requirement({"OPS-START-02", "OPS-KILL-02", "OPS-DELETE-02", "OPS-CREATE-02"})
    void whatIsNotAllowedNowIsRefusedAndChangesNothing() {
        var bundle = created("strict", FOREVER);
        assertRefused("strict", "delete", "strict");
        assertRefused("strict", "create", "--bundle", bundle.text(), "strict");
        helper.ok("start", "strict");
        assertRefused("strict", "start", "strict");
        assertRefused("strict", "delete", "strict");
        helper.ok("kill", "strict", "SIGKILL");
        helper.awaitStatus("strict", "stopped");
        assertRefused("strict", "kill", "strict", "TERM");
        assertRefused("strict", "start", "strict");
        helper.ok("delete", "strict");
    }

    @Test
    @Requirement({"STATE-12", "OPS-KILL-03"})
    void exitStatusIsKnownAfterTheEnd() {
        created("seven", "exit 7");
        helper.ok("start", "seven");
        helper.awaitStatus("seven", "stopped");
        helper.awaitExitStatus("seven", 7);
        var state = helper.state("seven");
        assertFalse(OffsetDateTime.parse(state.path("exitedAt").asString())
                .isAfter(OffsetDateTime.now(ZoneOffset.UTC).plusSeconds(1)));
        gone("seven");
    }

    @Test
    @Requirement({"EXT-RUN-01", "CLI-G-09"})
    void runRelaysOutputAndExitStatusAndLeavesNothing() {
        var bundle = bundle("echo out; echo err >&2; exit 3");
        var result = helper.slipway("run", "--bundle", bundle.text(), "fore");
        assertEquals(new Shell.Result(3, "out\n", "err\n"), result);
        assertNotEquals(0, helper.slipway("state", "fore").status());
    }

    @Test
    @Requirement({"CLI-LIST-01"})
    void listShowsItAsTableAndAsJson() {
        created("seen", FOREVER);
        assertEquals(List.of("seen"), helper.ok("list", "-q").lines().toList());
        assertTrue(helper.ok("list").lines().anyMatch(line -> line.contains("seen") && line.contains("created")));
        var list = new ObjectMapper().readTree(helper.ok("list", "-f", "json"));
        assertEquals("seen", list.path(0).path("id").asString());
        assertEquals("created", list.path(0).path("status").asString());
        gone("seen");
    }

    @Test
    @Requirement({"CLI-CREATE-02", "CLI-CREATE-01"})
    void createTakesTheWorkingDirectoryAndWritesThePidFile() throws Exception {
        var bundle = bundle(FOREVER);
        var file = work.resolve("pid");
        var result = helper.slipwayIn(bundle.path(), "create", "--pid-file", file.toString(), "here");
        assertEquals(new Shell.Result(0, "", ""), result);
        assertEquals(helper.state("here").path("pid").asString(), Files.readString(file));
        gone("here");
    }

    @Test
    @Requirement({"LIFE-05"})
    void editsAfterCreateDoNotReachTheContainer() {
        var bundle = created("frozen", "echo old; " + FOREVER);
        bundle.args("/bin/echo", "new");
        helper.ok("start", "frozen");
        Shell.await(
                "it speaks",
                Duration.ofSeconds(10),
                () -> helper.outputOf("frozen").equals(List.of("old")));
        gone("frozen");
    }

    @Test
    @Requirement({"LIFE-02", "HOOK-01", "HOOK-09", "HOOK-17"})
    void hooksOfAllKindsRunInOrderAndAreToldTheState() throws Exception {
        var bundle = bundle(FOREVER);
        var notes = work.resolve("order");
        for (var kind : List.of("prestart", "createRuntime", "createContainer", "poststart", "poststop")) {
            bundle.hook(
                    kind,
                    "echo " + kind + " $(grep -o '\"status\" *: *\"[a-z]*\"' | cut -d '\"' -f 4) >> " + notes,
                    10);
        }
        bundle.hook("startContainer", "cat", 10);
        helper.create("hooked", bundle);
        assertEquals(List.of("prestart", "createRuntime", "createContainer"), kinds(notes));
        helper.ok("start", "hooked");
        assertEquals(List.of("prestart", "createRuntime", "createContainer", "poststart"), kinds(notes));
        var output = Files.readString(helper.record("hooked").resolve("hooks"), StandardCharsets.ISO_8859_1);
        assertTrue(Pattern.compile("\"status\" *: *\"created\"").matcher(output).find(), output);
        helper.ok("kill", "hooked", "KILL");
        helper.awaitStatus("hooked", "stopped");
        helper.ok("delete", "hooked");
        assertEquals(List.of("prestart", "createRuntime", "createContainer", "poststart", "poststop"), kinds(notes));
        assertEquals(
                List.of("creating", "creating", "creating", "running", "stopped"),
                Files.readAllLines(notes).stream()
                        .map(line -> line.split(" ", -1)[1])
                        .toList());
    }

    @Test
    @Requirement({"CLI-SPEC-01"})
    void specRefusesToOverwrite() throws Exception {
        var bundle = bundle("true");
        var before = Files.readString(bundle.config());
        var result = helper.slipway("spec", "--bundle", bundle.text());
        assertNotEquals(0, result.status());
        assertEquals(1, result.complaints().size(), result::err);
        assertEquals(before, Files.readString(bundle.config()));
    }

    @Test
    @Requirement({"CLI-VALID-01"})
    void explainNeedsNoRights() {
        var bundle = bundle("true");
        // Where the distribution was built may be closed to others.
        var copy = work.resolve("distribution");
        Shell.output("mkdir", copy.toString());
        Shell.output("cp", "-R", Helper.DISTRIBUTION + "/bin", Helper.DISTRIBUTION + "/lib", copy.toString());
        Shell.output("chmod", "-R", "go+rX", work.toString());
        var result = Shell.run(
                List.of(
                        "setpriv",
                        "--reuid=65534",
                        "--regid=65534",
                        "--clear-groups",
                        copy.resolve("bin/slipway").toString(),
                        "explain",
                        "--bundle",
                        bundle.text()),
                Path.of("/"),
                Map.of("SLIPWAY_SOCKET", "/nonexistent/helper.sock", "HOME", "/nonexistent"));
        assertEquals(0, result.status(), result::err);
        assertTrue(result.out().contains("proc"), result::out);
        assertTrue(result.out().lines().anyMatch(line -> line.contains("pivot_root")), result::out);
    }

    @Test
    @Requirement({"CLI-G-07"})
    void versionNamesItselfItsCommitAndTheSpecification() throws Exception {
        var lines = helper.ok("--version").lines().toList();
        assertTrue(lines.getFirst().startsWith("slipway version "), lines::toString);
        assertEquals(
                "commit: "
                        + Files.readString(Helper.DISTRIBUTION.resolve("share/commit"))
                                .strip(),
                lines.get(1));
        assertTrue(lines.get(1).matches("commit: ([0-9a-f]{40}(-dirty)?|unknown)"), lines::toString);
        assertTrue(lines.get(2).startsWith("spec: 1."), lines::toString);
    }

    @Test
    @Requirement({"FEAT-02", "FEAT-07"})
    void featuresPrintsOneObject() {
        var features = new ObjectMapper().readTree(helper.ok("features"));
        assertTrue(features.path("ociVersionMin")
                        .asString()
                        .compareTo(features.path("ociVersionMax").asString())
                <= 0);
        var types = StreamSupport.stream(
                        features.path("linux").path("namespaces").spliterator(), false)
                .map(JsonNode::asString)
                .sorted()
                .toList();
        assertEquals(List.of("cgroup", "ipc", "mount", "network", "pid", "time", "user", "uts"), types);
    }

    private static List<String> kinds(Path notes) throws Exception {
        return Files.readAllLines(notes).stream()
                .map(line -> line.split(" ", -1)[0])
                .toList();
    }

    /** The rules of the published schema for the state: members, their types and values. */
    private static void assertSchema(JsonNode state) {
        assertTrue(
                state.path("ociVersion").asString().matches("\\d+\\.\\d+\\.\\d+(-[0-9A-Za-z.-]+)?"), state::toString);
        assertTrue(state.path("id").isString(), state::toString);
        var status = state.path("status").asString();
        assertTrue(List.of("creating", "created", "running", "stopped").contains(status), state::toString);
        assertTrue(state.path("bundle").asString().startsWith("/"), state::toString);
        if (List.of("created", "running").contains(status)) {
            assertTrue(state.path("pid").isInt() && state.path("pid").asInt() > 0, state::toString);
        }
        for (var annotation : state.path("annotations").properties()) {
            assertTrue(annotation.getValue().isString(), state::toString);
        }
    }

    /** One sentence, status 1, and the container is as before. */
    private void assertRefused(String id, String... arguments) {
        var before = helper.state(id);
        var result = helper.slipway(arguments);
        assertEquals(1, result.status(), result::toString);
        assertEquals("", result.out());
        assertEquals(1, result.complaints().size(), result::err);
        assertEquals(before, helper.state(id));
    }
}

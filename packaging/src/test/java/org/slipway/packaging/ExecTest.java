package org.slipway.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.slipway.model.test.Requirement;
import org.slipway.packaging.Shell.Result;
import tools.jackson.databind.ObjectMapper;

/** {@code slipway exec} and {@code slipway ps}, as people type them. */
final class ExecTest extends KernelTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration SOON = Duration.ofSeconds(20);

    private Bundle running(String id) {
        return running(id, "while :; do sleep 1; done");
    }

    private Bundle running(String id, String script) {
        var bundle = created(id, script);
        helper.ok("start", id);
        return bundle;
    }

    private List<String> records(String id) {
        String[] names = helper.record(id).resolve("exec").toFile().list();
        return names == null ? List.of() : List.of(names);
    }

    private Process begin(String... arguments) throws IOException {
        var builder = new ProcessBuilder(helper.command(arguments));
        builder.environment().putAll(helper.environment());
        builder.redirectOutput(work.resolve("begun.out").toFile()).redirectErrorStream(true);
        return builder.start();
    }

    private List<Integer> pids(String id) {
        List<Integer> pids = new ArrayList<>();
        JSON.readTree(helper.ok("ps", "-f", "json", id)).forEach(pid -> pids.add(pid.asInt()));
        return pids;
    }

    @Test
    @Requirement({"CLI-EXEC-01", "CLI-G-09", "EXT-EXEC-02"})
    void aProgramsOutputAndStatusAreTheCommands() throws IOException {
        var bundle = created("a", "while :; do sleep 1; done");
        assertEquals("early\n", helper.ok("exec", "a", "echo", "early"));
        helper.ok("start", "a");
        var result = helper.slipway("exec", "a", "sh", "-c", "echo out; echo err >&2; exit 42");
        assertEquals(new Result(42, "out\n", "err\n"), result);
        assertEquals(137, helper.slipway("exec", "a", "sh", "-c", "kill -9 $$").status());
        assertEquals("-l -- x\n", helper.ok("exec", "a", "echo", "-l", "--", "x"));
        var file = Files.writeString(
                bundle.path().resolve("process.json"),
                "{\"args\":[\"sh\",\"-c\",\"pwd; echo $A\"],\"cwd\":\"/tmp\",\"env\":[\"PATH=/bin\",\"A=b\"]}");
        assertEquals("/tmp\nb\n", helper.ok("exec", "--process", file.toString(), "a"));
        assertEquals(List.of(), records("a"));
        gone("a");
    }

    @Test
    @Requirement({"CLI-EXEC-03", "EXT-EXEC-01"})
    void optionsChangeTheProcess() {
        running("a");
        assertEquals(
                "uid=5 gid=6 groups=7,8\n/bin\nv\n",
                helper.ok(
                        "exec",
                        "--user",
                        "5:6",
                        "-g",
                        "7,8",
                        "--cwd",
                        "/bin",
                        "-e",
                        "V=v",
                        "a",
                        "sh",
                        "-c",
                        "id; pwd; echo $V"));
        String status = "grep -E '^(CapEff|NoNewPrivs)' /proc/self/status";
        var plain = helper.ok("exec", "a", "busybox", "sh", "-c", "busybox " + status);
        var more = helper.ok(
                "exec",
                "--cap",
                "CAP_SYS_CHROOT",
                "--no-new-privs=false",
                "a",
                "busybox",
                "sh",
                "-c",
                "busybox " + status);
        assertNotEquals(plain.lines().findFirst(), more.lines().findFirst());
        long added = mask(more) ^ mask(plain);
        assertEquals(1L << 18, added, "CAP_SYS_CHROOT alone is added");
        assertTrue(plain.contains("NoNewPrivs:\t1") && more.contains("NoNewPrivs:\t0"), plain + more);
        gone("a");
    }

    private static long mask(String status) {
        return Long.parseUnsignedLong(
                status.lines()
                        .filter(line -> line.startsWith("CapEff"))
                        .findFirst()
                        .orElseThrow()
                        .substring(8),
                16);
    }

    @Test
    @Requirement({"CLI-EXEC-05", "EXT-EXEC-02"})
    void whatCannotBeDoneIsOneSentenceAndStatus255AndLeavesNothing() throws IOException {
        running("a");
        Files.writeString(work.resolve("bad.json"), "[1]");
        int alive = pids("a").size();
        var refusals = new String[][] {
            {"executable file not found in $PATH", "a", "nosuch"},
            {"does not exist", "nobody", "true"},
            {"is not beneath", "--cgroup", "../b", "a", "true"},
            {"cannot be read: 'x'", "--user", "1:x", "a", "true"},
            {"cannot be read: 'A'", "--env", "A", "a", "true"},
            {"'args' is required", "a"},
            {
                "cannot read the process object",
                "--process",
                work.resolve("bad.json").toString(),
                "a"
            },
            {"no such file", "--process", "/nonexistent", "a"},
            {"pid file", "-d", "--pid-file", "/nonexistent/pid", "a", "sleep", "99"},
            {"--console-socket", "-d", "-t", "a", "sh"},
            {"socket", "-t", "--console-socket", "/nonexistent.sock", "a", "sh"},
            {"enter the working directory", "--cwd", "/bin/busybox", "a", "true"},
        };
        for (String[] refusal : refusals) {
            List<String> words = new ArrayList<>(List.of("exec"));
            words.addAll(List.of(refusal).subList(1, refusal.length));
            var result = helper.slipway(words.toArray(String[]::new));
            assertEquals(255, result.status(), words + " " + result);
            assertEquals(1, result.complaints().size(), result.toString());
            assertTrue(result.err().contains(refusal[0]), words + " " + result);
            assertEquals("", result.out());
        }
        var closed = helper.slipway("exec", "--preserve-fds", "7", "a", "true");
        assertNotEquals(0, closed.status());
        assertTrue(closed.err().contains("is to be preserved and is not open"), closed::toString);
        var doubtful = helper.slipway("exec", "--cap", "NONSENSE", "a", "true");
        assertEquals(0, doubtful.status());
        assertTrue(doubtful.err().contains("warning") && doubtful.err().contains("CAP_NONSENSE"), doubtful.err());
        assertEquals(List.of(), records("a"));
        assertEquals(alive, pids("a").size());
        assertEquals("running", helper.status("a"));
        helper.ok("kill", "a", "KILL");
        helper.awaitStatus("a", "stopped");
        var late = helper.slipway("exec", "a", "true");
        assertEquals(255, late.status());
        assertTrue(late.err().contains("container not running"), late.err());
        gone("a");
    }

    @Test
    @Requirement({"CLI-EXEC-02", "CLI-PS-01", "EXT-PS-01", "TASK-31"})
    void aDetachedOneIsListedAndTakesItselfAway() throws IOException {
        running("a");
        var file = work.resolve("pid");
        assertEquals("", helper.ok("exec", "-d", "--pid-file", file.toString(), "a", "sleep", "997"));
        int pid = Integer.parseInt(Files.readString(file));
        assertTrue(pids("a").contains(pid));
        var table = helper.ok("ps", "a");
        assertTrue(table.lines().findFirst().orElse("").contains("PID"), table);
        assertTrue(table.contains("sleep 997"), table);
        assertFalse(table.contains("slipwayd"), table);
        assertEquals(
                new TreeSet<>(pids("a")),
                helper.ok("ps", "a", "-e", "-o", "pid")
                        .lines()
                        .skip(1)
                        .map(line -> Integer.valueOf(line.strip()))
                        .collect(Collectors.toCollection(TreeSet::new)));
        var wrong = helper.slipway("ps", "a", "-e", "-o", "comm");
        assertEquals(1, wrong.status());
        assertTrue(wrong.err().contains("no column PID"), wrong.err());
        assertEquals(1, records("a").size());
        Shell.output("kill", Integer.toString(pid));
        Shell.await("the record goes", SOON, () -> records("a").isEmpty());
        gone("a");
    }

    @Test
    @Requirement({"EXT-CON-02", "CLI-EXEC-03"})
    void aTerminalIsOnesOwnAndComesBackAsItWas() {
        running("a");
        var slipway = String.join(" ", helper.command());
        var typed = Shell.output(
                "env",
                "SLIPWAY_SOCKET=" + helper.environment().get("SLIPWAY_SOCKET"),
                "script",
                "-qec",
                "stty rows 33 cols 101; b=$(stty -g); " + slipway
                        + " exec -t a sh -c 'test -t 0 && echo yes; while s=$(busybox stty size 2>/dev/null); [ -z \"$s\" ]; do :; done; echo $s; exit 9'; echo status $?;"
                        + " [ \"$b\" = \"$(stty -g)\" ] && echo restored; " + slipway + " exec -t a nosuch;"
                        + " [ \"$b\" = \"$(stty -g)\" ] && echo restored again",
                "/dev/null");
        // script types the end of its own empty input, at some time
        var said = typed.replace("^@", "");
        assertTrue(said.contains("yes\r\n33 101\r\n"), said);
        assertTrue(said.contains("status 9") && said.contains("restored\r\n"), said);
        assertTrue(said.contains("restored again"), said);
        gone("a");
    }

    @Test
    @Requirement({"CLI-G-09"})
    void signalsReachTheProgram() throws Exception {
        running("a");
        Process exec = begin(
                "exec", "a", "sh", "-c", "trap 'echo got; exit 6' TERM; echo ready; while :; do sleep 0.05; done");
        Shell.await("it is ready", SOON, () -> read("begun.out").contains("ready"));
        exec.destroy();
        assertEquals(6, exec.waitFor());
        assertTrue(read("begun.out").contains("got"));
        assertEquals("running", helper.status("a"));
        gone("a");
    }

    private String read(String name) {
        try {
            return Files.readString(work.resolve(name));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    @Requirement({"EXT-EXEC-02", "CLI-EXEC-04"})
    void aPausedContainerIsLeftAloneUnlessAskedOtherwise() throws Exception {
        running("a");
        helper.ok("pause", "a");
        var refused = helper.slipway("exec", "a", "true");
        assertEquals(255, refused.status());
        assertTrue(refused.err().contains("paused"), refused.err());
        Process exec = begin("exec", "--ignore-paused", "a", "echo", "thawed");
        Thread.sleep(300);
        assertTrue(exec.isAlive());
        helper.ok("resume", "a");
        assertEquals(0, exec.waitFor());
        assertEquals("thawed\n", read("begun.out"));
        // one that gave up while it waited leaves nothing
        helper.ok("pause", "a");
        Process other = begin("exec", "--ignore-paused", "a", "echo", "never");
        Thread.sleep(300);
        other.destroyForcibly();
        other.waitFor();
        helper.ok("resume", "a");
        Shell.await(
                "nothing is left",
                SOON,
                () -> records("a").isEmpty() && pids("a").size() <= 2);
        gone("a");
    }

    @Test
    @Requirement({"EXT-EXEC-02"})
    void aContainerThatEndsTakesItAlong() throws Exception {
        running("a");
        Process exec = begin("exec", "a", "sleep", "996");
        Shell.await("it runs", SOON, () -> records("a").size() == 1 && pids("a").size() >= 2);
        var refused = helper.slipway("delete", "a");
        assertNotEquals(0, refused.status());
        assertTrue(exec.isAlive());
        gone("a");
        assertEquals(137, exec.waitFor());
        assertFalse(Files.exists(helper.record("a")));
    }

    @Test
    @Requirement({"EXT-EXEC-01"})
    void aHelperThatIsKilledLeavesItRunningAndTheNextOneKnowsIt() throws Exception {
        running("a");
        var file = work.resolve("pid");
        helper.ok(
                "exec",
                "-d",
                "--pid-file",
                file.toString(),
                "a",
                "sh",
                "-c",
                "trap 'exit 4' TERM; while :; do sleep 0.05; done");
        Process waiting = begin("exec", "a", "sleep", "995");
        Shell.await(
                "both run", SOON, () -> records("a").size() == 2 && pids("a").size() >= 3);
        helper.crash();
        assertNotEquals(0, waiting.waitFor());
        int pid = Integer.parseInt(Files.readString(file));
        assertTrue(Files.exists(Path.of("/proc/" + pid)));
        helper.restart();
        assertTrue(pids("a").contains(pid));
        assertEquals("after\n", helper.ok("exec", "a", "echo", "after"));
        Shell.output("kill", Integer.toString(pid));
        Shell.await("one record is left", SOON, () -> records("a").size() == 1);
        gone("a");
    }

    /** CVE-2024-21626: descriptors and a working directory of the host. */
    @Test
    @Requirement({"EXT-EXEC-01"})
    void nothingOfTheHostsGoesIn() {
        running("a");
        assertEquals("0\n1\n2\n3\n", helper.ok("exec", "a", "ls", "/proc/self/fd"));
        for (int i = 3; i < 20; i++) {
            var result =
                    helper.slipway("exec", "--cwd", "/proc/self/fd/" + i, "a", "sh", "-c", "pwd -P; cat /etc/shadow");
            assertEquals(255, result.status(), result.toString());
        }
        assertEquals("/tmp\n", helper.ok("exec", "--cwd", "/../../tmp/../tmp", "a", "sh", "-c", "pwd -P"));
        gone("a");
    }

    /** Init ends only once whoever has the executed process for a child has asked how it ended, which may be late. */
    @Test
    @Requirement("OPS-DELETE-03")
    void whatIsTheCallersChildIsDeletedByForce() {
        String[] files = {
            work.resolve("init.pid").toString(), work.resolve("exec.pid").toString()
        };
        helper.ok(
                "create",
                "--pid-file",
                files[0],
                "--bundle",
                bundle("exec sleep 1000").text(),
                "both");
        helper.ok("start", "both");
        helper.ok("exec", "--detach", "--pid-file", files[1], "both", "sleep", "1000");
        helper.ok("kill", "--all", "both", "KILL");
        Shell.await("it is deleted", Duration.ofSeconds(40), () -> {
            var result = helper.slipway("delete", "--force", "both");
            assertFalse(result.err().contains("fault"), result::err);
            return result.status() == 0;
        });
    }
}

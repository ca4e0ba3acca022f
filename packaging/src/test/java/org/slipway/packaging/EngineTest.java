package org.slipway.packaging;

import static java.nio.file.attribute.PosixFilePermissions.fromString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slipway.model.test.Requirement;
import org.slipway.packaging.Shell.Result;

/** Slipway as the runtime of programs that wait for the container themselves: one written here, and podman. */
final class EngineTest extends KernelTest {

    /** What conmon and containerd's shim do: become a subreaper, create, start, and wait for the pid in the pid file. */
    private static final String SUBREAPER = """
            import ctypes, os, subprocess, sys
            assert ctypes.CDLL(None).prctl(36, 1, 0, 0, 0) == 0 # PR_SET_CHILD_SUBREAPER
            slipway, bundle, id, pidfile, between = sys.argv[1:6]
            if subprocess.run([slipway, "create", "--bundle", bundle, "--pid-file", pidfile, id], stdin=subprocess.DEVNULL).returncode:
                try:
                    os.waitpid(-1, os.WNOHANG)
                    print("a child is left")
                except ChildProcessError:
                    print("no child is left")
                sys.exit(1)
            pid = int(open(pidfile).read())
            parent = int(open("/proc/%d/stat" % pid).read().rsplit(")")[1].split()[1])
            print("child" if parent == os.getpid() else "parent %d" % parent)
            sys.stdout.flush()
            if between and subprocess.run(["sh", "-c", between]).returncode:
                sys.exit(3)
            if subprocess.run([slipway, "start", id]).returncode:
                sys.exit(2)
            status = os.waitpid(pid, 0)[1]
            print("exit %d signal %d" % (os.WEXITSTATUS(status), os.WTERMSIG(status)))
            """;

    private Result engine(String id, Bundle bundle, String between) throws IOException {
        var script = Files.writeString(work.resolve("subreaper.py"), SUBREAPER);
        return Shell.run(
                List.of(
                        "python3",
                        script.toString(),
                        Helper.program("slipway"),
                        bundle.text(),
                        id,
                        work.resolve(id + ".pid").toString(),
                        between),
                Path.of("/"),
                helper.environment());
    }

    /** The end is the engine's to see; the helper knows it where the kernel tells it, and never says a wrong one. */
    private void endedOrUnknown(String id, int status) {
        Shell.await(
                "'" + id + "' is stopped",
                Duration.ofSeconds(20),
                () -> helper.status(id).equals("stopped"));
        assertEquals(status, helper.state(id).path("exitStatus").asInt(status));
    }

    @Test
    @Requirement({"CLI-G-12", "CLI-CREATE-02"})
    void initIsTheChildOfWhoeverCalledAndIsWaitedForByThem() throws Exception {
        var result = engine("waited", bundle("echo hello; exit 7"), "");
        assertEquals("child\nhello\nexit 7 signal 0\n", result.out(), result::toString);
        endedOrUnknown("waited", 7);
        assertFalse(Files.exists(helper.record("waited").resolve("keeper.sock")), "there is no keeper");
        gone("waited");
    }

    @Test
    @Requirement("CLI-G-12")
    void aSignalThatEndsItIsSeenByTheEngine() throws Exception {
        // in the host's pid namespace, since the first process of another cannot kill itself
        var bundle = bundle("kill -KILL $$").edit(config -> {
            var namespaces = config.withObject("/linux").withArray("/namespaces");
            for (int i = namespaces.size() - 1; i >= 0; i--) {
                if (namespaces.get(i).path("type").asString().equals("pid")) {
                    namespaces.remove(i);
                }
            }
        });
        var result = engine("killed", bundle, "");
        assertEquals("child\nexit 0 signal 9\n", result.out(), result::toString);
        endedOrUnknown("killed", 137);
        gone("killed");
    }

    @Test
    @Requirement({"CLI-G-12", "EXT-DAEMON-02"})
    void aHelperThatIsKilledInBetweenIsFollowedByOneThatStartsIt() throws Exception {
        var marker = work.resolve("created");
        var bundle = bundle("exit 5");
        var waiting = "touch " + marker + "; while [ -e " + marker + " ]; do sleep 0.1; done";
        var script = Files.writeString(work.resolve("subreaper.py"), SUBREAPER);
        var out = work.resolve("restart.out");
        var builder = new ProcessBuilder(
                "python3",
                script.toString(),
                Helper.program("slipway"),
                bundle.text(),
                "adopted",
                work.resolve("adopted.pid").toString(),
                waiting);
        builder.environment().putAll(helper.environment());
        var engine =
                builder.redirectErrorStream(true).redirectOutput(out.toFile()).start();
        Shell.await("it is created", Duration.ofSeconds(20), () -> Files.exists(marker));
        helper.crash();
        helper.restart();
        assertEquals("created", helper.status("adopted"));
        Files.delete(marker);
        assertEquals(0, engine.waitFor(), () -> helper.said());
        assertEquals("child\nexit 5 signal 0\n", Files.readString(out));
        endedOrUnknown("adopted", 5);
        gone("adopted");
    }

    @Test
    @Requirement({"CLI-G-12", "CLI-G-08"})
    void aCreateThatFailsLeavesTheEngineWithoutChild() throws Exception {
        var bundle = bundle("true").args("/bin/nowhere");
        var result = engine("failed", bundle, "");
        assertEquals("no child is left\n", result.out(), result::toString);
        assertTrue(result.err().contains("executable file not found in $PATH"), result::err);
        assertFalse(Files.exists(helper.record("failed")));
    }

    @Test
    @Requirement("CLI-G-12")
    void aCommandThatIsKilledHalfWayLeavesNothing() throws Exception {
        var begun = work.resolve("half-begun");
        var bundle = bundle("true").hook("createRuntime", "echo > " + begun + "; sleep 60", 90);
        var builder =
                new ProcessBuilder(helper.command("create", "--spawn", "caller", "--bundle", bundle.text(), "half"));
        builder.environment().putAll(helper.environment());
        var create = builder.redirectErrorStream(true)
                .redirectOutput(work.resolve("half-said").toFile())
                .start();
        Shell.await("the hook runs", Duration.ofSeconds(20), () -> Files.exists(begun));
        create.destroyForcibly().waitFor();
        Shell.await("the create is undone", Duration.ofSeconds(20), () -> !Files.exists(helper.record("half")));
        assertEquals(1, helper.slipway("state", "half").status());
    }

    // ---- podman ----

    private static boolean installed(String program) {
        return Shell.run("sh", "-c", "command -v " + program).status() == 0;
    }

    /** The engine with storage of its own; its conmon clears the environment, so the runtime is a script that names the helper. */
    private final class Podman {
        private final Path home = work.resolve("podman");

        Podman() throws IOException {
            assumeTrue(installed("podman") && installed("conmon"), "podman and conmon are not installed");
            if (Files.exists(home)) {
                return;
            }
            Files.createDirectories(home);
            var runtime = Files.writeString(
                    home.resolve("slipway"),
                    "#!/bin/sh\nSLIPWAY_SOCKET=" + helper.environment().get("SLIPWAY_SOCKET") + " exec "
                            + Helper.program("slipway") + " \"$@\"\n");
            Files.setPosixFilePermissions(runtime, fromString("rwxr-xr-x"));
            var root = bundle("true").rootfs();
            Shell.output(
                    "tar",
                    "-C",
                    root.toString(),
                    "-cf",
                    home.resolve("image.tar").toString(),
                    ".");
            ok("import", home.resolve("image.tar").toString(), "slipway-test");
        }

        Result run(String... arguments) {
            var command = new java.util.ArrayList<>(List.of(
                    "podman",
                    "--root=" + home.resolve("root"),
                    "--runroot=" + home.resolve("run"),
                    "--tmpdir=" + home.resolve("tmp"),
                    "--storage-driver=vfs",
                    "--cgroup-manager=cgroupfs",
                    "--events-backend=file",
                    "--runtime=" + home.resolve("slipway")));
            command.addAll(List.of(arguments));
            return Shell.run(command, Path.of("/"), Map.of());
        }

        String ok(String... arguments) {
            var result = run(arguments);
            assertEquals(
                    0,
                    result.status(),
                    () -> "podman " + List.of(arguments) + " ended with " + result + "\nthe helper said:\n"
                            + helper.said());
            return result.out();
        }

        /** create or run, with limits that need no right to raise them. */
        String[] with(String verb, String... rest) {
            var words = new java.util.ArrayList<>(
                    List.of(verb, "--network=none", "--ulimit=nofile=1024:1024", "--ulimit=nproc=1024:1024"));
            words.addAll(List.of(rest));
            return words.toArray(String[]::new);
        }

        String status(String name) {
            return ok("inspect", "--format={{.State.Status}} {{.State.ExitCode}}", name)
                    .strip();
        }
    }

    @Test
    @Requirement({"CLI-G-12", "CLI-CREATE-01", "CLI-CREATE-02"})
    void podmanRunsAProgramAndGivesItsStatus() throws Exception {
        var podman = new Podman();
        var result =
                podman.run(podman.with("run", "--rm", "slipway-test", "sh", "-c", "echo out; echo err >&2; exit 7"));
        assertEquals(new Result(7, "out\n", "err\n"), result);
        assertEquals("", podman.ok("ps", "-aq"));
        var missing = podman.run(podman.with("run", "--rm", "slipway-test", "/nowhere"));
        assertEquals(127, missing.status(), missing::toString); // by the phrase in the message
        assertEquals("", helper.ok("list", "-q"));
    }

    @Test
    @Requirement({"CLI-G-12", "CLI-KILL-01", "CLI-DELETE-01"})
    void podmanStartsStopsRestartsKillsAndRemoves() throws Exception {
        var podman = new Podman();
        podman.ok(podman.with(
                "create",
                "--name=box",
                "slipway-test",
                "sh",
                "-c",
                "trap 'exit 3' TERM; echo up; while :; do sleep 0.1; done"));
        podman.ok("start", "box");
        Shell.await(
                "it has said so",
                Duration.ofSeconds(20),
                () -> podman.ok("logs", "box").equals("up\n"));
        podman.ok("stop", "--time=20", "box");
        assertEquals("exited 3", podman.status("box"));
        podman.ok("start", "box");
        podman.ok("restart", "--time=0", "box");
        assertEquals("running 0", podman.status("box"));
        podman.ok("kill", "--signal=KILL", "box");
        Shell.await(
                "it is dead", Duration.ofSeconds(20), () -> podman.status("box").equals("exited 137"));
        podman.ok("start", "box");
        podman.ok("rm", "--force", "--time=0", "box");
        assertEquals("", helper.ok("list", "-q"));
    }
}

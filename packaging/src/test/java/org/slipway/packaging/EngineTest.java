package org.slipway.packaging;

import static java.nio.file.attribute.PosixFilePermissions.fromString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
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

    /** What conmon does with a console socket: one connection, one message. */
    private static final String CONSOLE = """
            import os, socket, sys
            s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(); print("ready", flush=True)
            c, _ = s.accept()
            name, fds, _, _ = socket.recv_fds(c, 4096, 4)
            print(name.decode(), len(fds), c.recv(1) == b"", os.isatty(fds[0]), flush=True)
            text = b""
            while True:
                try:
                    got = os.read(fds[0], 4096)
                except OSError:
                    break
                if not got:
                    break
                text += got
            print(text.decode().strip(), flush=True)
            """;

    @ParameterizedTest
    @ValueSource(strings = {"caller", "keeper"})
    @Requirement({"EXT-CON-01", "CLI-CREATE-03", "CLI-G-12"})
    void theTerminalsMasterIsSentInOneMessageThatNamesIt(String spawn) throws Exception {
        var socket = work.resolve("console-" + spawn);
        var receiver = new ProcessBuilder("python3", "-c", CONSOLE, socket.toString()).start();
        var said = receiver.inputReader();
        assertEquals("ready", said.readLine());
        var bundle = bundle("test -t 0 && test -t 2 && echo on a terminal")
                .edit(config -> config.withObject("/process").put("terminal", true));
        helper.ok("create", "--spawn", spawn, "--console-socket", socket.toString(), "--bundle", bundle.text(), "con");
        assertEquals("/dev/ptmx 1 True True", said.readLine());
        helper.ok("start", "con");
        assertEquals("on a terminal", said.readLine());
        assertEquals(0, receiver.waitFor());
        gone("con");
    }

    @ParameterizedTest
    @ValueSource(strings = {"caller", "keeper"})
    @Requirement({"EXT-FD-01", "CLI-CREATE-06"})
    void preservedDescriptorsAreTheProgramsAndNoOthers(String spawn) throws Exception {
        var file = Files.writeString(work.resolve("preserved-" + spawn), "kept");
        var bundle = bundle("cat <&4; ls /proc/self/fd | wc -w");
        // 3 and 4 are preserved, 5 is not
        var out = Shell.run(
                List.of(
                        "sh",
                        "-c",
                        "exec 3</dev/null 4<" + file + " 5</dev/null; " + Helper.program("slipway") + " create --spawn "
                                + spawn
                                + " --preserve-fds 2 --bundle " + bundle.text() + " kept && "
                                + Helper.program("slipway") + " start kept"),
                Path.of("/"),
                helper.environment(),
                work.resolve("preserved-out-" + spawn));
        assertEquals(0, out.status(), out::toString);
        // 0 to 4, and the one that ls reads the directory by
        Shell.await(
                "it has said so",
                Duration.ofSeconds(20),
                () -> text(work.resolve("preserved-out-" + spawn)).equals("kept6\n"));
        gone("kept");
    }

    @ParameterizedTest
    @ValueSource(strings = {"caller", "keeper"})
    @Requirement({"EXT-FD-02", "PROC-05"})
    void activatedSocketsGoToTheProgramWhichIsTheirOwner(String spawn) throws Exception {
        var bundle = bundle("echo $LISTEN_FDS $LISTEN_FDNAMES $LISTEN_PID $$; cat <&3");
        bundle.edit(config -> config.withObject("/process").withArray("/env").add("LISTEN_FDS=9"));
        var file = Files.writeString(work.resolve("activated-" + spawn), "handed over");
        var out = work.resolve("activated-out-" + spawn);
        var result = Shell.run(
                List.of(
                        "sh",
                        "-c",
                        "exec 3<" + file + "; LISTEN_FDS=1 LISTEN_FDNAMES=web LISTEN_PID=$$ exec "
                                + Helper.program("slipway") + " create --spawn " + spawn + " --bundle " + bundle.text()
                                + " active"),
                Path.of("/"),
                helper.environment(),
                out);
        assertEquals(0, result.status(), result::toString);
        helper.ok("start", "active");
        Shell.await("it has said so", Duration.ofSeconds(20), () -> text(out).equals("1 web 1 1\nhanded over"));
        gone("active");
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @Requirement({"CLI-G-02", "CLI-LIST-01"})
    void anotherRootIsASetOfContainersThatSeesItsOwnAlone() {
        var bundle = bundle("true");
        helper.ok("--root", "/run/engine/a", "create", "--bundle", bundle.text(), "of-a");
        assertEquals("of-a\n", helper.ok("--root", "/run/engine/a", "list", "-q"));
        assertEquals("", helper.ok("--root", "/run/engine/b", "list", "-q"));
        assertEquals(
                1, helper.slipway("--root", "/run/engine/b", "kill", "of-a").status());
        helper.ok("--root", "/run/engine/b", "delete", "--force", "of-a");
        helper.crash();
        helper.restart();
        assertEquals("", helper.ok("--root", "/run/engine/b", "list", "-q"));
        assertEquals("created", helper.status("of-a"), "whoever names no root sees all");
        helper.ok("--root", "/run/engine/a", "delete", "--force", "of-a");
        assertEquals("", helper.ok("list", "-q"));
    }

    /** Engines clear the environment of what they call, so the runtime is a script that names the helper. */
    private Path runtime() {
        try {
            var script = work.resolve("slipway");
            if (!Files.exists(script)) {
                Files.writeString(
                        script,
                        "#!/bin/sh\nSLIPWAY_SOCKET=" + helper.environment().get("SLIPWAY_SOCKET") + " exec "
                                + Helper.program("slipway") + " \"$@\"\n");
                Files.setPosixFilePermissions(script, fromString("rwxr-xr-x"));
            }
            return script;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- containerd ----

    private static final String IMAGE = "localhost/slipway-test:latest";

    /** An image of one layer in an archive, as the image layout says (image-spec, image-layout.md). */
    private Path image(Path directory) throws IOException {
        var layout = Files.createDirectories(directory.resolve("layout/blobs/sha256"));
        var layer = layout.resolve("layer");
        Shell.output("tar", "-C", bundle("true").rootfs().toString(), "-cf", layer.toString(), ".");
        var machine = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        var config = Files.writeString(layout.resolve("config"), """
                {"architecture":"%s","os":"linux","config":{"Env":["PATH=/bin"]},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}""".formatted(machine, digest(layer)));
        var manifest = Files.writeString(layout.resolve("manifest"), """
                {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":%s,"layers":[%s]}""".formatted(
                        descriptor("application/vnd.oci.image.config.v1+json", config, ""),
                        descriptor("application/vnd.oci.image.layer.v1.tar", layer, "")));
        var top = directory.resolve("layout");
        Files.writeString(top.resolve("index.json"), """
                {"schemaVersion":2,"manifests":[%s]}""".formatted(descriptor(
                "application/vnd.oci.image.manifest.v1+json",
                manifest,
                ",\"annotations\":{\"io.containerd.image.name\":\"" + IMAGE + "\"}")));
        Files.writeString(top.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
        for (var blob : List.of(layer, config, manifest)) {
            Files.move(blob, layout.resolve(digest(blob)));
        }
        var archive = directory.resolve("image.tar");
        Shell.output("tar", "-C", top.toString(), "-cf", archive.toString(), ".");
        return archive;
    }

    private static String digest(Path file) {
        return Shell.output("sha256sum", file.toString()).split(" ", 2)[0];
    }

    private static String descriptor(String type, Path file, String more) throws IOException {
        return "{\"mediaType\":\"%s\",\"digest\":\"sha256:%s\",\"size\":%d%s}"
                .formatted(type, digest(file), Files.size(file), more);
    }

    private static final String RUNC_SHIM = "io.containerd.runc.v2";

    /** A containerd with directories of its own, whose shim calls Slipway in place of runc. */
    private final class Containerd implements AutoCloseable {
        private final Path home = work.resolve("containerd");
        private final Path socket = home.resolve("containerd.sock");
        private final Process daemon;

        Containerd() throws IOException {
            assumeTrue(installed("containerd") && installed("ctr"), "containerd is not installed");
            Files.createDirectories(home);
            var config = Files.writeString(home.resolve("config.toml"), """
                    version = 2
                    root = "%1$s/root"
                    state = "%1$s/state"
                    disabled_plugins = ["io.containerd.grpc.v1.cri"]
                    [grpc]
                    address = "%1$s/containerd.sock"
                    [ttrpc]
                    address = "%1$s/ttrpc.sock"
                    """.formatted(home));
            daemon = new ProcessBuilder("containerd", "--config", config.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(home.resolve("log").toFile())
                    .start();
            Shell.await(
                    "containerd answers",
                    Duration.ofSeconds(30),
                    () -> run("version").status() == 0);
            ok("image", "import", "--snapshotter=native", image(home).toString());
        }

        Result run(String... arguments) {
            var command = new ArrayList<>(List.of("ctr", "--address=" + socket));
            command.addAll(List.of(arguments));
            return Shell.run(command, Path.of("/"), Map.of());
        }

        /** The verb run with our runtime. */
        Result runs(String... rest) {
            var words = new ArrayList<>(
                    List.of("run", "--snapshotter=native", "--runtime=" + RUNC_SHIM, "--runc-binary=" + runtime()));
            words.addAll(List.of(rest));
            return run(words.toArray(String[]::new));
        }

        String ok(String... arguments) {
            var result = run(arguments);
            assertEquals(
                    0,
                    result.status(),
                    () -> "ctr " + List.of(arguments) + " ended with " + result + "\nthe helper said:\n"
                            + helper.said());
            return result.out();
        }

        String status(String id) {
            return ok("task", "ls")
                    .lines()
                    .filter(line -> line.startsWith(id + " "))
                    .map(line -> line.split(" +", -1)[2])
                    .findFirst()
                    .orElse("none");
        }

        @Override
        public void close() {
            for (var id : run("container", "ls", "-q").out().lines().toList()) {
                run("task", "rm", "--force", id);
                run("container", "rm", id);
            }
            daemon.destroy();
            daemon.onExit().join();
            Shell.run("sh", "-c", "rm -rf --one-file-system " + home);
        }
    }

    @Test
    @Requirement({"CLI-G-12", "CLI-G-02", "CLI-G-03", "CLI-CREATE-01"})
    void containerdRunsAProgramAndGivesItsStatus() throws Exception {
        try (var containerd = new Containerd()) {
            assertEquals(
                    new Result(7, "out\n", "err\n"),
                    containerd.runs("--rm", IMAGE, "one", "sh", "-c", "echo out; echo err >&2; exit 7"));
            assertEquals("none", containerd.status("one"));
            // by the last line of the log in JSON
            var missing = containerd.runs("--rm", IMAGE, "two", "/nowhere");
            assertTrue(
                    missing.err().contains("OCI runtime create failed: executable file not found in $PATH"),
                    missing::toString);
            assertEquals("", helper.ok("list", "-q"));
        }
    }

    @Test
    @Requirement({"CLI-G-12", "CLI-PAUSE-01", "CLI-KILL-01", "CLI-DELETE-01"})
    void containerdPausesResumesKillsAndDeletes() throws Exception {
        try (var containerd = new Containerd()) {
            assertEquals(
                    0,
                    containerd.runs("--detach", IMAGE, "box", "sleep", "1000").status());
            assertEquals("RUNNING", containerd.status("box"));
            assertEquals("box\n", helper.ok("--root", "/run/containerd/runc/default", "list", "-q"));
            assertEquals(
                    new Result(3, "in\n", ""),
                    containerd.run("task", "exec", "--exec-id=e", "box", "sh", "-c", "echo in; exit 3"));
            var missing = containerd.run("task", "exec", "--exec-id=f", "box", "/nowhere");
            assertTrue(missing.err().contains("executable file not found in $PATH"), missing::toString);
            containerd.ok("task", "pause", "box");
            assertEquals("PAUSED", containerd.status("box"));
            containerd.ok("task", "resume", "box");
            assertEquals("RUNNING", containerd.status("box"));
            containerd.ok("task", "kill", "--signal=KILL", "box");
            Shell.await(
                    "it is dead",
                    Duration.ofSeconds(20),
                    () -> containerd.status("box").equals("STOPPED"));
            var removed = containerd.run("task", "rm", "box");
            assertTrue(removed.err().contains("exit with non-zero exit code 137"), removed::toString);
            containerd.ok("container", "rm", "box");
            assertEquals("", helper.ok("list", "-q"));
        }
    }

    @Test
    @Requirement({"CLI-G-12", "CLI-EXEC-01"})
    void containerdTellsOfWhatIsExecutedAndHowItEnded() throws Exception {
        try (var containerd = new Containerd()) {
            var told = work.resolve("events");
            var watching = new ProcessBuilder("ctr", "--address=" + containerd.socket, "events")
                    .redirectErrorStream(true)
                    .redirectOutput(told.toFile())
                    .start();
            try {
                Shell.await("it watches", Duration.ofSeconds(20), () -> {
                    containerd.ok("namespaces", "label", "default", "watched=" + System.nanoTime());
                    return tells(told, "/namespaces/update ");
                });
                containerd.runs("--detach", IMAGE, "box", "sleep", "1000");
                containerd.run("task", "exec", "--exec-id=e", "box", "sh", "-c", "exit 3");
                Shell.await(
                        "it told of all",
                        Duration.ofSeconds(20),
                        () -> tells(told, "/tasks/start .*\"container_id\":\"box\"")
                                && tells(told, "/tasks/exec-started .*\"exec_id\":\"e\"")
                                && tells(told, "/tasks/exit .*\"id\":\"e\".*\"exit_status\":3"));
            } finally {
                watching.destroy();
                watching.waitFor();
            }
        }
    }

    private static boolean tells(Path file, String expression) {
        return Shell.run("grep", "-qE", expression, file.toString()).status() == 0;
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
            return Shell.run(command(arguments), Path.of("/"), Map.of());
        }

        List<String> command(String... arguments) {
            var command = new ArrayList<>(List.of(
                    "podman",
                    "--root=" + home.resolve("root"),
                    "--runroot=" + home.resolve("run"),
                    "--tmpdir=" + home.resolve("tmp"),
                    "--storage-driver=vfs",
                    "--cgroup-manager=cgroupfs",
                    "--events-backend=file",
                    "--runtime=" + runtime()));
            command.addAll(List.of(arguments));
            return command;
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
            var words = new ArrayList<>(
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
    @Requirement({"CLI-G-12", "CLI-EXEC-01", "CLI-EXEC-02"})
    void podmanExecutesInAContainerAndGivesTheStatus() throws Exception {
        var podman = new Podman();
        podman.ok(podman.with(
                "run",
                "--detach",
                "--name=box",
                "--health-cmd=test -e /healthy",
                "--health-interval=disable",
                "slipway-test",
                "sleep",
                "1000"));
        assertEquals(
                new Result(7, "out\n", "err\n"),
                podman.run("exec", "box", "sh", "-c", "echo out; echo err >&2; exit 7"));
        assertEquals(
                "yes",
                podman.ok("exec", "--tty", "box", "sh", "-c", "test -t 1 && echo yes")
                        .strip());
        assertEquals(1, podman.run("healthcheck", "run", "box").status());
        podman.ok("exec", "box", "sh", "-c", "echo > /healthy");
        podman.ok("healthcheck", "run", "box");
        podman.ok("exec", "--detach", "box", "sh", "-c", "sleep 1000");
        assertEquals(127, podman.run("exec", "box", "/nowhere").status());
        podman.ok("rm", "--force", "--time=0", "box");
        assertEquals("", helper.ok("list", "-q"));
    }

    /** A person at a terminal: what is typed arrives, and the status comes back. */
    private void typed(Podman podman, String... arguments) throws Exception {
        var command = new ArrayList<String>();
        for (var word : podman.command(arguments)) {
            command.add("'" + word.replace("'", "'\\''") + "'");
        }
        var out = Files.createTempFile(work, "typed", "");
        var person = new ProcessBuilder("script", "-qefc", String.join(" ", command), "/dev/null")
                .directory(Path.of("/").toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        try (var keyboard = person.outputWriter()) {
            Shell.await("it asks", Duration.ofSeconds(20), () -> tells(out, "ready"));
            keyboard.write("hello\n");
            keyboard.flush();
            assertEquals(4, person.waitFor(), () -> helper.said());
        }
        assertTrue(Files.readString(out).contains("got hello"), () -> Shell.output("cat", out.toString()));
    }

    private static final String ASKS = "test -t 0 && test -t 1 && echo ready; read -r line; echo got $line; exit 4";

    @Test
    @Requirement({"CLI-G-12", "EXT-CON-01", "CLI-EXEC-02"})
    void podmanIsTalkedToOnATerminal() throws Exception {
        var podman = new Podman();
        typed(podman, podman.with("run", "--rm", "-it", "slipway-test", "sh", "-c", ASKS));
        podman.ok(podman.with("run", "--detach", "--name=box", "slipway-test", "sleep", "1000"));
        typed(podman, "exec", "-it", "box", "sh", "-c", ASKS);
        podman.ok("rm", "--force", "--time=0", "box");
        assertEquals("", helper.ok("list", "-q"));
    }

    @Test
    @Requirement({"CLI-G-12", "CLI-UPDATE-01", "CLI-UPDATE-02"})
    void podmanTellsWhatAContainerUsesAndChangesItsLimits() throws Exception {
        var podman = new Podman();
        podman.ok(podman.with("run", "--detach", "--name=box", "slipway-test", "sleep", "1000"));
        var used = podman.ok("stats", "--no-stream", "--format={{.Name}} {{.PIDs}}", "box");
        assertEquals("box 1", used.strip());
        podman.ok("update", "--memory=64m", "--cpu-shares=512", "box");
        var id = podman.ok("inspect", "--format={{.Id}}", "box").strip();
        var changed = helper.ok("events", "--stats", id);
        assertTrue(changed.contains("\"limit\":" + (64 << 20) + ","), changed);
        podman.ok("rm", "--force", "--time=0", "box");
    }

    @Test
    @Requirement({"CLI-G-12", "EXT-CON-01"})
    void podmanGivesATerminal() throws Exception {
        var podman = new Podman();
        podman.ok(podman.with(
                "run",
                "--detach",
                "--tty",
                "--name=tty",
                "slipway-test",
                "sh",
                "-c",
                "test -t 1 && echo on a terminal; sleep 1000"));
        Shell.await(
                "it has said so",
                Duration.ofSeconds(20),
                () -> podman.ok("logs", "tty").strip().equals("on a terminal"));
        podman.ok("pause", "tty");
        assertEquals("paused 0", podman.status("tty"));
        podman.ok("unpause", "tty");
        podman.ok("rm", "--force", "--time=0", "tty");
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

package org.slipway.packaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slipway.packaging.Shell.Result;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** A helper of the distribution with a runtime directory of its own, and the command line that talks to it. */
final class Helper implements AutoCloseable {
    static final Path DISTRIBUTION = Path.of(System.getProperty("slipway.distribution", "target/slipway"))
            .toAbsolutePath();
    private static final Duration READY = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path root;
    private final Path log;
    private Process process;

    /** Starts a helper in the runtime directory {@code root}, which is made if it is not there. */
    Helper(Path root) {
        this.root = root;
        this.log = root.resolveSibling(root.getFileName() + ".helper.log");
        this.process = spawn();
        ready();
    }

    static String program(String name) {
        return DISTRIBUTION.resolve("bin").resolve(name).toString();
    }

    /** Runs {@code slipway} with these arguments against this helper. */
    Result slipway(String... arguments) {
        return slipwayIn(Path.of("/"), arguments);
    }

    Result slipwayIn(Path directory, String... arguments) {
        return Shell.run(command(arguments), directory, environment());
    }

    /** Runs {@code slipway}, which has to succeed, and gives its standard output. */
    String ok(String... arguments) {
        var result = slipway(arguments);
        if (result.status() != 0) {
            throw new AssertionError("slipway " + String.join(" ", arguments) + " ended with " + result
                    + "\nthe helper said:\n" + said());
        }
        return result.out();
    }

    JsonNode state(String id) {
        return JSON.readTree(ok("state", id));
    }

    String status(String id) {
        return state(id).path("status").asString();
    }

    /** Waits for a status, and with {@code stopped} for the exit status too: the keeper records it a moment after the end. */
    void awaitStatus(String id, String status) {
        Shell.await("'" + id + "' is " + status, Duration.ofSeconds(20), () -> {
            var state = state(id);
            return state.path("status").asString().equals(status)
                    && (!status.equals("stopped") || state.has("exitStatus"));
        });
    }

    /** Waits until the helper tells the exit status, which it knows a moment after the end. */
    void awaitExitStatus(String id, int status) {
        Shell.await(
                "'" + id + "' ended with " + status + ": " + state(id),
                Duration.ofSeconds(20),
                () -> state(id).path("exitStatus").asInt(-1) == status);
    }

    /** Where the helper keeps what it knows of a container of root. */
    Path record(String id) {
        return root.resolve("0").resolve(id);
    }

    /** Creates a container, which has to succeed. Its program's output goes where create's own goes: to a file. */
    void create(String id, Bundle bundle) {
        var command = command("create", "--bundle", bundle.text(), id);
        var result = Shell.run(command, Path.of("/"), environment(), output(id));
        if (result.status() != 0) {
            throw new AssertionError("create '" + id + "' ended with " + result + "\nthe helper said:\n" + said());
        }
    }

    /** The lines that the program of the container printed so far. */
    List<String> outputOf(String id) {
        try {
            return Files.readAllLines(output(id));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path output(String id) {
        return root.resolveSibling(
                root.getFileName() + ".output." + (id.length() > 200 ? "long-" + id.hashCode() : id));
    }

    List<String> command(String... arguments) {
        var command = new ArrayList<>(List.of(program("slipway")));
        command.addAll(Arrays.asList(arguments));
        return command;
    }

    Map<String, String> environment() {
        return Map.of("SLIPWAY_SOCKET", root.resolve("admin.sock").toString());
    }

    long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.isAlive();
    }

    Path root() {
        return root;
    }

    /** Ends the helper as {@code kill -9} does. */
    void crash() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** A new helper for the same runtime directory, after the last one ended. */
    void restart() {
        if (process.isAlive()) {
            throw new IllegalStateException("the last helper has not ended");
        }
        process = spawn();
        ready();
    }

    /** What the helper said on standard error since the first start. */
    String said() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        for (String id : slipway("list", "-q").out().lines().toList()) {
            slipway("delete", "--force", id);
        }
        process.destroy();
        awaitEnd();
        Shell.run("sh", "-c", "rm -rf --one-file-system " + root + " " + log + " " + output("*"));
    }

    private Process spawn() {
        try {
            var builder = new ProcessBuilder(program("slipwayd"), "--root", root.toString());
            builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void ready() {
        Shell.await("the helper answers; it said: " + said(), READY, () -> {
            if (!process.isAlive()) {
                throw new AssertionError("the helper ended with " + process.exitValue() + ":\n" + said());
            }
            return slipway("list", "-q").status() == 0;
        });
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(Shell.patient(Duration.ofSeconds(20)).toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("the helper does not end; it said:\n" + said());
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

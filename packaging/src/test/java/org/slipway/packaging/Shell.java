package org.slipway.packaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slipway.model.test.Patience;

/** Runs programs and waits for facts. */
final class Shell {
    /** What a program left: its exit status, standard output and standard error. */
    record Result(int status, String out, String err) {
        /** The lines of standard error that say something. */
        List<String> complaints() {
            return err.lines().filter(line -> !line.isBlank()).toList();
        }
    }

    private static final Duration PATIENCE = patient(Duration.ofSeconds(60));

    private Shell() {}

    /**
     * Runs a program to its end. Its output goes to files and not to pipes, since a container that it leaves behind keeps them
     * open; what the container writes there later is found in {@code out}.
     */
    static Result run(List<String> command, Path directory, Map<String, String> environment, Path out) {
        Path err = null;
        try {
            err = Files.createTempFile("slipway-test-", ".err");
            var builder = new ProcessBuilder(command).directory(directory.toFile());
            builder.environment().putAll(environment);
            builder.redirectInput(Path.of("/dev/null").toFile());
            builder.redirectOutput(out.toFile()).redirectError(err.toFile());
            var process = builder.start();
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("still running after " + PATIENCE + ": " + command);
            }
            return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            delete(err);
        }
    }

    static Result run(List<String> command, Path directory, Map<String, String> environment) {
        Path out = null;
        try {
            out = Files.createTempFile("slipway-test-", ".out");
            return run(command, directory, environment, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            delete(out);
        }
    }

    static Result run(String... command) {
        return run(List.of(command), Path.of("/"), Map.of());
    }

    /** Runs a program that has to succeed, and gives its standard output. */
    static String output(String... command) {
        var result = run(command);
        if (result.status() != 0) {
            throw new AssertionError(List.of(command) + " ended with " + result);
        }
        return result.out();
    }

    /** Waits until the fact holds; fails after {@code limit}. */
    static void await(String fact, Duration limit, BooleanSupplier holds) {
        long end = System.nanoTime() + patient(limit).toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + limit + ": " + fact);
            }
            pause();
        }
    }

    /** How long to wait on this machine for what takes that long on an ordinary one. */
    static Duration patient(Duration limit) {
        return Duration.ofMillis((long) (limit.toMillis() * Patience.SCALE));
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void delete(@Nullable Path file) {
        if (file != null) {
            file.toFile().delete();
        }
    }
}

package org.slipway.workbench.trial;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.commons.exec.CommandLine;
import org.apache.commons.exec.DefaultExecutor;
import org.apache.commons.exec.ExecuteStreamHandler;
import org.jspecify.annotations.Nullable;

/**
 * Runs one hook as the person at the window and waits for it. A hook that is broken off is killed with all that it started, since
 * what it was doing is of no use to anybody.
 */
final class HookRunner {

    /** More than that of each stream is read and thrown away. */
    static final int MOST = 1 << 20;

    private static final Duration LAST_WORDS = Duration.ofMillis(300);

    private final HookTest test;
    private final Object lock = new Object();
    private @Nullable Process started;
    private final AtomicReference<HookResult.@Nullable End> broken = new AtomicReference<>();

    HookRunner(HookTest test) {
        this.test = test;
    }

    /** Why it can't be run at all, as a stable code; empty if there is nothing against it. */
    static Optional<String> whyNot(String path) {
        try {
            Path program = Path.of(path);
            if (!program.isAbsolute()) {
                return Optional.of("relative");
            }
            if (!Files.exists(program)) {
                return Optional.of("missing");
            }
            if (!Files.isRegularFile(program)) {
                return Optional.of("no-file");
            }
            if (!Files.isExecutable(program)) {
                return Optional.of("not-executable");
            }
            return isProgram(program) ? Optional.empty() : Optional.of("no-program");
        } catch (InvalidPathException e) {
            return Optional.of("missing");
        }
    }

    /** Java hands what the kernel refuses with ENOEXEC to a shell; a runtime does not, so the test must not either. */
    private static boolean isProgram(Path program) {
        try (InputStream in = Files.newInputStream(program)) {
            String begin = new String(in.readNBytes(4), StandardCharsets.ISO_8859_1);
            return begin.startsWith("#!") || begin.equals("\u007fELF");
        } catch (IOException e) {
            return true; // executable but not readable: the kernel may know
        }
    }

    /**
     * Runs it to its end.
     *
     * @throws IOException when the system refuses to execute it
     */
    HookResult run() throws IOException {
        Streams streams = new Streams(test.state().getBytes(StandardCharsets.UTF_8));
        Started executor = new Started();
        executor.setStreamHandler(streams);
        executor.setExitValues(null);
        Thread clock = test.timeoutSeconds()
                .filter(seconds -> seconds > 0)
                .map(this::clock)
                .orElse(null);
        long begin = System.nanoTime();
        try {
            int status = executor.execute(command(), environment(test.env()));
            long nanos = System.nanoTime() - begin;
            HookResult.@Nullable End how = broken.get();
            return new HookResult(
                    how == null ? HookResult.End.EXITED : how, status, nanos, streams.output(), streams.errors());
        } finally {
            if (clock != null) {
                clock.interrupt();
            }
        }
    }

    /** Ends it now, from another thread; before it began, it is ended as soon as it does. */
    void cancel() {
        breakOff(HookResult.End.CANCELLED);
    }

    private Thread clock(long seconds) {
        return Thread.ofVirtual().name("hook timeout").start(() -> {
            try {
                Thread.sleep(Duration.ofSeconds(seconds));
                breakOff(HookResult.End.TIMED_OUT);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void breakOff(HookResult.End how) {
        broken.compareAndSet(null, how);
        synchronized (lock) {
            kill(started);
        }
    }

    private static void kill(@Nullable Process process) {
        if (process != null && process.isAlive()) {
            List<ProcessHandle> all = process.descendants().toList();
            process.destroyForcibly();
            all.forEach(ProcessHandle::destroyForcibly);
        }
    }

    /** No shell reads the words; Java gives the path as the first, whatever args[0] says. */
    private CommandLine command() {
        CommandLine command = new CommandLine(new File(test.path()));
        test.args().stream().skip(1).forEach(word -> command.addArgument(word, false));
        return command;
    }

    private static Map<String, String> environment(List<String> env) {
        Map<String, String> map = new LinkedHashMap<>();
        for (String entry : env) {
            int equals = entry.indexOf('=', 1);
            if (equals > 0) {
                map.put(entry.substring(0, equals), entry.substring(equals + 1));
            }
        }
        return map;
    }

    /** Knows the process, so that it can be killed with its children. */
    private final class Started extends DefaultExecutor {

        // what the builder makes can't be a class of one's own
        @SuppressWarnings("deprecation")
        Started() {}

        @Override
        protected Process launch(CommandLine command, Map<String, String> env, @Nullable Path folder)
                throws IOException {
            Process process = super.launch(command, env, test.folder());
            synchronized (lock) {
                started = process;
                if (broken.get() != null) {
                    kill(process);
                }
            }
            return process;
        }
    }

    /** Feeds the state and takes the output; ends with the hook, not with children of it that keep the pipe open. */
    private static final class Streams implements ExecuteStreamHandler {

        private final byte[] state;
        private final ByteArrayOutputStream output = new ByteArrayOutputStream();
        private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
        private final List<Thread> readers = new ArrayList<>();
        private OutputStream in = OutputStream.nullOutputStream();
        private InputStream out = InputStream.nullInputStream();
        private InputStream err = InputStream.nullInputStream();

        Streams(byte[] state) {
            this.state = state;
        }

        @Override
        public void setProcessInputStream(OutputStream stream) {
            in = stream;
        }

        @Override
        public void setProcessOutputStream(InputStream stream) {
            out = stream;
        }

        @Override
        public void setProcessErrorStream(InputStream stream) {
            err = stream;
        }

        @Override
        public void start() {
            thread(this::feed);
            readers.add(thread(() -> pump(out, output)));
            readers.add(thread(() -> pump(err, errors)));
        }

        private static Thread thread(Runnable work) {
            return Thread.ofPlatform().daemon().name("hook streams").start(work);
        }

        private void feed() {
            try (OutputStream stream = in) {
                stream.write(state);
            } catch (IOException e) {
                // a hook that never reads is no error
            }
        }

        private static void pump(InputStream from, ByteArrayOutputStream to) {
            byte[] buffer = new byte[8192];
            try {
                for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
                    to.write(buffer, 0, Math.clamp(MOST - to.size(), 0, count));
                }
            } catch (IOException e) {
                // closed when the hook had ended and only its children held the pipe
            }
        }

        @Override
        public void stop() {
            try {
                for (Thread reader : readers) {
                    reader.join(LAST_WORDS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        String output() {
            return output.toString(StandardCharsets.UTF_8);
        }

        String errors() {
            return errors.toString(StandardCharsets.UTF_8);
        }
    }
}

package org.slipway.helper.hook;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.exec.CommandLine;
import org.apache.commons.exec.DefaultExecutor;
import org.apache.commons.exec.ExecuteStreamHandler;
import org.apache.commons.exec.ExecuteWatchdog;
import org.apache.commons.exec.Executor;
import org.slipway.helper.cgroup.Cgroups;
import org.slipway.helper.libc.ErrnoException;
import org.slipway.model.plan.HookOp.RunHook;

/**
 * Runs hooks of the runtime namespace. The process that is started is {@code slipway-launch hook}: it makes the session, enters the
 * hook's own cgroup and kills the whole of it at the timeout; the watchdog here is the second line, two seconds later.
 */
public final class RuntimeHooks {

    private static final Pattern HOOK = Pattern.compile("hook-(\\d{1,9})-\\d+");

    /** The status of a hook that was killed at its timeout. */
    public static final int TIMED_OUT = 124;

    private static final Duration SECOND_LINE = Duration.ofSeconds(2);

    private final String launcher;
    private final Optional<String> cgroups;
    private final AtomicInteger count = new AtomicInteger();

    /**
     * Sets up.
     *
     * @param launcher a path under which the launcher can be executed
     * @param cgroups a directory below which every hook gets a cgroup of its own; without one its session is killed instead
     */
    public RuntimeHooks(String launcher, Optional<String> cgroups) {
        this.launcher = launcher;
        this.cgroups = cgroups;
    }

    /** Hears output as it comes, on two threads. */
    public interface Output {
        void output(HookFile.Part part, byte[] bytes, int length);
    }

    /**
     * Runs one hook to its end.
     *
     * @param state the state JSON for its standard input
     * @return its exit status, 128 + signal, {@link #TIMED_OUT}, 126 or 127 when it could not be executed
     */
    public int run(RunHook hook, String state, Output output) throws IOException, InterruptedException {
        return run(hook, List.of(), state, output);
    }

    /**
     * The same as somebody else.
     *
     * @param identity of {@link HookIdentity}; empty: as the helper
     */
    public int run(RunHook hook, List<String> identity, String state, Output output)
            throws IOException, InterruptedException {
        Optional<String> cgroup =
                cgroups.map(base -> base + "/hook-" + ProcessHandle.current().pid() + "-" + count.incrementAndGet());
        if (cgroup.isPresent()) {
            Cgroups.make(cgroup.get());
        }
        try {
            int status = execute(
                    command(hook, cgroup, identity), environment(hook.env()), hook.timeoutMillis(), state, output);
            boolean brokenOff =
                    status == Executor.INVALID_EXITVALUE; // how Commons Exec says that its thread was interrupted
            if (cgroup.isPresent() && (brokenOff || status == TIMED_OUT)) {
                // the launcher has killed them at the timeout, but they may still be ending
                Cgroups.kill(cgroup.get());
            }
            if (brokenOff) {
                throw new InterruptedException("the hook was broken off");
            }
            return status;
        } finally {
            if (cgroup.isPresent()) {
                leave(cgroup.get());
            }
        }
    }

    private CommandLine command(RunHook hook, Optional<String> cgroup, List<String> identity) {
        CommandLine command = new CommandLine(launcher);
        command.addArgument("hook", false);
        cgroup.ifPresent(path -> command.addArgument("--cgroup", false).addArgument(path + "/cgroup.procs", false));
        identity.forEach(word -> command.addArgument(word, false));
        command.addArgument("--timeout", false).addArgument(Long.toString(hook.timeoutMillis()), false);
        command.addArgument("--", false).addArgument(hook.path(), false);
        hook.args().forEach(arg -> command.addArgument(arg, false));
        return command;
    }

    private static int execute(
            CommandLine command, Map<String, String> environment, long timeoutMillis, String state, Output output)
            throws IOException {
        Pumps pumps = new Pumps(state.getBytes(StandardCharsets.UTF_8), output);
        DefaultExecutor executor =
                DefaultExecutor.builder().setExecuteStreamHandler(pumps).get();
        executor.setExitValues(null);
        if (timeoutMillis > 0) {
            executor.setWatchdog(ExecuteWatchdog.builder()
                    .setTimeout(Duration.ofMillis(timeoutMillis).plus(SECOND_LINE))
                    .get());
        }
        return executor.execute(command, environment);
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

    /** A hook that left others behind when it ended well keeps them: its cgroup goes when they do, or when the helper starts anew. */
    private static void leave(String cgroup) throws IOException {
        if (Cgroups.everyone(cgroup).isEmpty()) {
            try {
                Cgroups.remove(cgroup);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Removes cgroups of hooks that an earlier helper left, if nobody is in them. */
    public void sweep() {
        cgroups.ifPresent(base -> {
            String[] names = new java.io.File(base).list((_, name) -> isLeft(name));
            for (String name : names == null ? new String[0] : names) {
                try {
                    Cgroups.removeIfEmpty(base + "/" + name);
                } catch (ErrnoException e) {
                    // somebody else's, or busy: it does no harm
                }
            }
        });
    }

    /** Whether a cgroup is that of a hook whose helper is gone: {@code hook-PID-N}. Another live helper's may be empty yet. */
    static boolean isLeft(String name) {
        Matcher hook = HOOK.matcher(name);
        return hook.matches()
                && (Long.parseLong(hook.group(1)) == ProcessHandle.current().pid()
                        || ProcessHandle.of(Long.parseLong(hook.group(1))).isEmpty());
    }

    /** Feeds the state and takes the output, each on a thread of its own; ends with the hook, not with its children. */
    private static final class Pumps implements ExecuteStreamHandler {

        private static final int MOST = 1 << 20;
        private static final Duration LAST_WORDS = Duration.ofMillis(300);

        private final byte[] state;
        private final Output output;
        private final List<Thread> readers = new ArrayList<>();
        private OutputStream input = OutputStream.nullOutputStream();
        private InputStream out = InputStream.nullInputStream();
        private InputStream err = InputStream.nullInputStream();

        Pumps(byte[] state, Output output) {
            this.state = state;
            this.output = output;
        }

        @Override
        public void setProcessInputStream(OutputStream stream) {
            input = stream;
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
            thread("hook stdin", this::feed);
            readers.add(thread("hook stdout", () -> pump(out, HookFile.Part.OUTPUT)));
            readers.add(thread("hook stderr", () -> pump(err, HookFile.Part.ERRORS)));
        }

        private static Thread thread(String name, Runnable work) {
            return Thread.ofPlatform().daemon().name(name).start(work);
        }

        private void feed() {
            try (OutputStream stream = input) {
                stream.write(state);
            } catch (IOException e) {
                // a hook that never reads is no error
            }
        }

        private void pump(InputStream stream, HookFile.Part part) {
            byte[] buffer = new byte[8192];
            int kept = 0;
            try {
                for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
                    int take = Math.min(count, MOST - kept);
                    if (take > 0) {
                        output.output(part, buffer, take);
                        kept += take;
                    }
                }
            } catch (IOException e) {
                // closed when the hook had ended and only its children held the pipe
            }
        }

        @Override
        public void stop() throws IOException {
            try {
                for (Thread reader : readers) {
                    reader.join(LAST_WORDS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

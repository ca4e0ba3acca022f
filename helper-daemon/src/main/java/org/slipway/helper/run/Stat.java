package org.slipway.helper.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code /proc/PID/stat} says of a process, proc_pid_stat(5).
 *
 * @param state a letter; {@code Z} and {@code X} are dead
 * @param startTime in clock ticks since boot: with the pid it names one process for ever
 * @param status its wait status while it waits to be reaped; the kernel shows 0 to whoever may not trace it
 * @param executed whether it has executed a program since it was forked (PF_FORKNOEXEC is cleared)
 */
public record Stat(int pid, char state, int parent, long startTime, int status, boolean executed) {

    private static final long PF_FORKNOEXEC = 0x40;
    private static final int CAP_SYS_PTRACE = 19;

    /** Empty when there is no such process. */
    public static Optional<Stat> of(int pid) {
        try {
            return Optional.of(
                    parse(pid, Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static Stat parse(int pid, String text) {
        // the name stands in parentheses and may itself contain some
        String[] fields = text.substring(text.lastIndexOf(')') + 2).strip().split(" ", -1);
        return new Stat(
                pid,
                fields[0].charAt(0),
                Integer.parseInt(fields[1]),
                Long.parseLong(fields[19]),
                Integer.parseInt(fields[49]),
                (Long.parseLong(fields[6]) & PF_FORKNOEXEC) == 0);
    }

    /** Whether this process may see everything of others: CAP_SYS_PTRACE is effective. */
    static boolean mayTrace() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("CapEff:"))
                    .anyMatch(line ->
                            (Long.parseUnsignedLong(line.substring(7).strip(), 16) >> CAP_SYS_PTRACE & 1) != 0);
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether it has not ended. */
    public boolean alive() {
        return state != 'Z' && state != 'X';
    }
}

package org.slipway.helper.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.slipway.helper.libc.Errno;
import org.slipway.helper.libc.ErrnoException;
import org.slipway.helper.libc.Fd;
import org.slipway.helper.libc.Processes;
import org.slipway.helper.reactor.Reactor;
import org.slipway.helper.store.Identity;

/**
 * One process, held by its pidfd so that it cannot be mistaken for another.
 *
 * @param identity what is written to disk about it
 */
public record Proc(Identity identity, Fd pidfd) {

    /** Else the wait status of a zombie reads 0, whatever it is. */
    private static final boolean MAY_TRACE = Stat.mayTrace();

    private static final List<String> NAMESPACES = List.of("cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts");

    /** Takes a pidfd that is known to name that pid; a process that is gone already has the start time 0. */
    static Proc of(int pid, Fd pidfd) {
        return new Proc(new Identity(pid, Stat.of(pid).map(Stat::startTime).orElse(0L)), pidfd);
    }

    /** The process that was recorded, or empty when it is gone or its pid is another's now. */
    public static Optional<Proc> find(Identity identity) throws ErrnoException {
        Fd pidfd;
        try {
            pidfd = Processes.pidfd(identity.pid());
        } catch (ErrnoException e) {
            if (e.is(Errno.ESRCH) || e.is(Errno.EINVAL)) {
                return Optional.empty();
            }
            throw e;
        }
        // looked at after the pidfd was opened: if it matches now, the pidfd is that process's
        if (Stat.of(identity.pid())
                .filter(stat -> stat.startTime() == identity.startTime())
                .isEmpty()) {
            pidfd.close();
            return Optional.empty();
        }
        return Optional.of(new Proc(identity, pidfd));
    }

    public int pid() {
        return identity.pid();
    }

    /** Whether it has ended; one whose pidfd was let go counts as ended. */
    public boolean ended() {
        synchronized (pidfd) {
            try {
                return !pidfd.isOpen() || Processes.ended(pidfd);
            } catch (ErrnoException e) {
                return true;
            }
        }
    }

    /**
     * The inodes of the namespaces it lives in, by the names that namespaces(7) gives them below {@code /proc/PID/ns}; empty
     * once it has ended. Asked before and after: the links are this process's only if its pidfd says that it lives on.
     */
    public Map<String, Long> namespaces() {
        Map<String, Long> inodes = namespaces(String.valueOf(pid()));
        return ended() ? Map.of() : inodes;
    }

    /** Those that this program itself lives in. */
    public static Map<String, Long> ownNamespaces() {
        return namespaces("self");
    }

    private static Map<String, Long> namespaces(String process) {
        Map<String, Long> inodes = new TreeMap<>();
        for (String type : NAMESPACES) {
            try {
                String link = Files.readSymbolicLink(Path.of("/proc", process, "ns", type))
                        .toString();
                inodes.put(type, Long.valueOf(link.substring(link.indexOf('[') + 1, link.length() - 1)));
            } catch (IOException _) {
                // a kernel without this kind, or the process is gone
            }
        }
        return inodes;
    }

    /** Sends a signal; one who is gone needs none. */
    public void signal(int number) throws ErrnoException {
        synchronized (pidfd) {
            try {
                if (pidfd.isOpen()) {
                    Processes.signal(pidfd, number);
                }
            } catch (ErrnoException e) {
                if (!e.is(Errno.ESRCH)) {
                    throw e;
                }
            }
        }
    }

    /**
     * How it ended.
     *
     * @param status its wait status, if the kernel still knows it and tells us
     * @param executed whether it had executed a program; empty once it is reaped
     */
    record Ending(OptionalInt status, Optional<Boolean> executed) {}

    /** Asked after it ended: of the zombie, or, when its parent was faster, of the pidfd. */
    Ending ending() {
        synchronized (pidfd) {
            Optional<Stat> zombie =
                    Stat.of(pid()).filter(stat -> !stat.alive() && stat.startTime() == identity.startTime());
            OptionalInt status = pidfd.isOpen() ? Processes.status(pidfd) : OptionalInt.empty();
            if (status.isEmpty() && zombie.isPresent() && (zombie.get().status() != 0 || MAY_TRACE)) {
                status = OptionalInt.of(zombie.get().status());
            }
            return new Ending(status, zombie.map(Stat::executed));
        }
    }

    /** Closes the pidfd between two uses, never during one: its number could name another process by then. */
    void release(Reactor reactor) {
        synchronized (pidfd) {
            reactor.close(pidfd);
        }
    }
}

package org.slipway.helper.run;

import java.util.Optional;
import org.slipway.helper.libc.Errno;
import org.slipway.helper.libc.ErrnoException;
import org.slipway.helper.libc.Fd;
import org.slipway.helper.libc.Processes;
import org.slipway.helper.store.Identity;

/**
 * One process, held by its pidfd so that it cannot be mistaken for another.
 *
 * @param identity what is written to disk about it
 */
public record Proc(Identity identity, Fd pidfd) {

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

    /** Whether it has ended. */
    public boolean ended() {
        try {
            return Processes.ended(pidfd);
        } catch (ErrnoException e) {
            return true;
        }
    }

    /** Sends a signal; one who is gone needs none. */
    public void signal(int number) throws ErrnoException {
        try {
            Processes.signal(pidfd, number);
        } catch (ErrnoException e) {
            if (!e.is(Errno.ESRCH)) {
                throw e;
            }
        }
    }
}

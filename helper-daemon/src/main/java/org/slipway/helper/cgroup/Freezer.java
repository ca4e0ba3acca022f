package org.slipway.helper.cgroup;

import java.time.Duration;
import org.slipway.helper.libc.Errno;
import org.slipway.helper.libc.ErrnoException;

/** Stops all processes of a cgroup and lets them go on; see the kernel's documentation of cgroup v1 freezer and of cgroup v2. */
public final class Freezer {

    private static final String V1 = "/freezer.state";
    private static final String V2 = "/cgroup.freeze";

    private Freezer() {}

    /** Returns when all are frozen; after that time they are thawed, and it is EBUSY. */
    public static void freeze(String path, Duration patience) throws ErrnoException, InterruptedException {
        boolean frozen = false;
        try {
            frozen = become(path, true, patience);
        } finally {
            if (!frozen) {
                tell(path, false);
            }
        }
        if (!frozen) {
            throw new ErrnoException("freeze \"" + path + "\"", Errno.EBUSY);
        }
    }

    /** Returns when none is frozen; EBUSY if that is not so after that time. */
    public static void thaw(String path, Duration patience) throws ErrnoException, InterruptedException {
        if (!become(path, false, patience)) {
            throw new ErrnoException("thaw \"" + path + "\"", Errno.EBUSY);
        }
    }

    private static boolean become(String path, boolean frozen, Duration patience)
            throws ErrnoException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        tell(path, frozen);
        for (long pause = 1; is(path) != frozen; pause = Math.min(pause * 2, 20)) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.sleep(pause);
            if (frozen && ControlFiles.exists(path + V1)) {
                tell(path, true); // v1 looks again only when it is told again: a process may have come in meanwhile
            }
        }
        return true;
    }

    private static void tell(String path, boolean freeze) throws ErrnoException {
        if (ControlFiles.exists(path + V1)) {
            ControlFiles.write(path + V1, freeze ? "FROZEN" : "THAWED");
        } else {
            ControlFiles.write(path + V2, freeze ? "1" : "0");
        }
    }

    /** Whether everything in it is frozen, by itself or from above. */
    static boolean is(String path) throws ErrnoException {
        String file = path + V1;
        return ControlFiles.exists(file)
                ? ControlFiles.read(file).strip().equals("FROZEN")
                : ControlFiles.read(path + "/cgroup.events").lines().anyMatch("frozen 1"::equals);
    }
}

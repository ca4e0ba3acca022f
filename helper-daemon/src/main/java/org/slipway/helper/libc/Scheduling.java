package org.slipway.helper.libc;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;

/** Limits and priorities of other processes: prlimit(2), sched_setattr(2), ioprio_set(2). */
public final class Scheduling {

    private static final int PROCESS = 1; // IOPRIO_WHO_PROCESS, which is a thread
    private static final int CLASS_SHIFT = 13;
    private static final int ATTRIBUTES = 48; // the first version of struct sched_attr, which every kernel takes

    private Scheduling() {}

    /** A resource limit; unsigned, −1 is unlimited. */
    public record Limit(long soft, long hard) {}

    /** Sets a resource limit and tells what it was. */
    public static Limit limit(int pid, int resource, Limit next) throws ErrnoException {
        try (Memory wanted = new Memory(16);
                Memory former = new Memory(16)) {
            wanted.setLong(0, next.soft());
            wanted.setLong(8, next.hard());
            C.check(C.prlimit(pid, resource, wanted, former), "prlimit(" + pid + ", " + resource + ")");
            return new Limit(former.getLong(0), former.getLong(8));
        }
    }

    /** How a thread is scheduled, as the members of struct sched_attr. */
    public record Attributes(
            int policy, long flags, int nice, int priority, long runtime, long deadline, long period) {}

    /** How a thread is scheduled. */
    public static Attributes attributes(int thread) throws ErrnoException {
        try (Memory memory = new Memory(ATTRIBUTES)) {
            memory.clear();
            C.check(
                    C.syscall(
                            Machine.own().schedSetattr() + 1, thread, Pointer.nativeValue(memory), ATTRIBUTES, 0, 0, 0),
                    "sched_getattr(" + thread + ")");
            return new Attributes(
                    memory.getInt(4),
                    memory.getLong(8),
                    memory.getInt(16),
                    memory.getInt(20),
                    memory.getLong(24),
                    memory.getLong(32),
                    memory.getLong(40));
        }
    }

    /** Schedules a thread otherwise. */
    public static void schedule(int thread, Attributes wanted) throws ErrnoException {
        try (Memory memory = new Memory(ATTRIBUTES)) {
            memory.setInt(0, ATTRIBUTES);
            memory.setInt(4, wanted.policy());
            memory.setLong(8, wanted.flags());
            memory.setInt(16, wanted.nice());
            memory.setInt(20, wanted.priority());
            memory.setLong(24, wanted.runtime());
            memory.setLong(32, wanted.deadline());
            memory.setLong(40, wanted.period());
            C.check(
                    C.syscall(Machine.own().schedSetattr(), thread, Pointer.nativeValue(memory), 0, 0, 0, 0),
                    "sched_setattr(" + thread + ")");
        }
    }

    /** A thread's I/O priority, class and level in one number. */
    public static int ioPriority(int thread) throws ErrnoException {
        return (int) C.check(
                C.syscall(Machine.own().ioprioSet() + 1, PROCESS, thread, 0, 0, 0, 0), "ioprio_get(" + thread + ")");
    }

    /** The number of a class and a level. */
    public static int ioPriority(int category, int level) {
        return category << CLASS_SHIFT | level;
    }

    /** Gives a thread another I/O priority. */
    public static void prioritize(int thread, int priority) throws ErrnoException {
        C.check(C.syscall(Machine.own().ioprioSet(), PROCESS, thread, priority, 0, 0, 0), "ioprio_set(" + thread + ")");
    }
}

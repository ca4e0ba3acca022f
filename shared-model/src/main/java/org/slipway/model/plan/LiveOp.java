package org.slipway.model.plan;

import java.util.List;

/** What is done to a container that lives, by the helper. */
public sealed interface LiveOp extends Op {

    /**
     * Freezes all processes of a cgroup and those below it, and returns when the kernel says that they are: {@code freezer.state} on v1,
     * {@code cgroup.freeze} and {@code cgroup.events} on v2. When they are not within the time they are thawed again, and it is EBUSY.
     *
     * @param path the cgroup
     */
    record FreezeCgroup(String path, int timeoutMillis) implements LiveOp {
        @Override
        public int number() {
            return 170;
        }

        @Override
        public String call() {
            return "freeze " + Calls.quoted(path) + ", " + timeoutMillis + " ms";
        }
    }

    /** Thaws a cgroup, and returns when the kernel says that it is; EBUSY if something above it stays frozen. */
    record ThawCgroup(String path, int timeoutMillis) implements LiveOp {
        @Override
        public int number() {
            return 171;
        }

        @Override
        public String call() {
            return "thaw " + Calls.quoted(path) + ", " + timeoutMillis + " ms";
        }
    }

    /**
     * Sets a resource limit of every process of a cgroup, until no new one appears, by prlimit(2); one that refuses gets the others their own
     * back.
     *
     * @param cgroup it, and those below it
     * @param resource RLIMIT_… number, see getrlimit(2)
     * @param soft unsigned; −1 is unlimited
     */
    record ChangeRlimit(String cgroup, int resource, long soft, long hard) implements LiveOp {
        @Override
        public int number() {
            return 172;
        }

        @Override
        public String call() {
            return "prlimit(each of " + Calls.quoted(cgroup) + ", " + resource + ", " + Long.toUnsignedString(soft)
                    + ", " + Long.toUnsignedString(hard) + ")";
        }
    }

    /** Writes to {@code oom_score_adj} of every process of a cgroup, likewise. */
    record ChangeOomScoreAdj(String cgroup, int value) implements LiveOp {
        @Override
        public int number() {
            return 173;
        }

        @Override
        public String call() {
            return "write(/proc/each of " + Calls.quoted(cgroup) + "/oom_score_adj, " + value + ")";
        }
    }

    /** Sets the scheduling of every thread of a cgroup by sched_setattr(2), likewise; members as in {@link ProcessOp.SetScheduler}. */
    record ChangeScheduler(
            String cgroup, int policy, int nice, int priority, long flags, long runtime, long deadline, long period)
            implements LiveOp {
        @Override
        public int number() {
            return 174;
        }

        @Override
        public String call() {
            return "sched_setattr(each of " + Calls.quoted(cgroup) + ", {policy " + policy + ", nice " + nice
                    + ", priority " + priority + ", flags " + flags + ", runtime " + Long.toUnsignedString(runtime)
                    + ", deadline " + Long.toUnsignedString(deadline) + ", period " + Long.toUnsignedString(period)
                    + "})";
        }
    }

    /** Sets the I/O priority of every thread of a cgroup by ioprio_set(2), likewise. */
    record ChangeIoPriority(String cgroup, int category, int level) implements LiveOp {
        @Override
        public int number() {
            return 175;
        }

        @Override
        public String call() {
            return "ioprio_set(each of " + Calls.quoted(cgroup) + ", " + category + ", " + level + ")";
        }
    }

    /**
     * Gives every process back what it had before a step of the same update.
     *
     * @param what that step changed
     */
    record RestoreProcesses(String cgroup, String what) implements LiveOp {
        @Override
        public int number() {
            return 176;
        }

        @Override
        public String call() {
            return "give each of " + Calls.quoted(cgroup) + " its " + what + " back";
        }
    }

    /** Writes every process of a cgroup to the {@code tasks} file of a resource control group, until no new one appears. */
    record MoveProcesses(String cgroup, String file) implements LiveOp {
        @Override
        public int number() {
            return 177;
        }

        @Override
        public String call() {
            return "write(" + Calls.quoted(file) + ", each of " + Calls.quoted(cgroup) + ")";
        }
    }

    /**
     * Tells systemd the limits of a scope, which it would else take back at its next reload.
     *
     * @param properties as in {@link CgroupOp.StartScope}
     */
    record SetScopeProperties(String unit, List<String> properties) implements LiveOp {
        @Override
        public int number() {
            return 178;
        }

        @Override
        public String call() {
            return "SetUnitProperties(" + Calls.quoted(unit) + ", true, " + String.join(", ", properties) + ")";
        }
    }

    /** Puts another eBPF program of type cgroup-device in the place of the one that is attached, with no moment without either. */
    record ReplaceDeviceFilter(String cgroup, Blob program) implements LiveOp {
        @Override
        public int number() {
            return 179;
        }

        @Override
        public String call() {
            return "bpf(BPF_PROG_ATTACH, " + Calls.quoted(cgroup) + ", BPF_CGROUP_DEVICE, BPF_F_REPLACE, "
                    + program.size() / 8 + " instructions)";
        }
    }

    /** Writes what the configuration has become beside the one that the container was made from: to a temporary file, then renamed. */
    record RecordConfiguration() implements LiveOp {
        @Override
        public int number() {
            return 180;
        }

        @Override
        public String call() {
            return "rename(\"effective.json.new\", \"effective.json\")";
        }
    }

    /** Waits until the container's first process has ended, at most so long; it is no error if it has not. */
    record AwaitEnd(int timeoutMillis) implements LiveOp {
        @Override
        public int number() {
            return 181;
        }

        @Override
        public String call() {
            return "poll(pidfd of init, " + timeoutMillis + " ms)";
        }
    }

    /** What of a process a step changes, in one word. */
    static String what(LiveOp op) {
        return switch (op) {
            case ChangeRlimit change -> "rlimit-" + change.resource();
            case ChangeOomScoreAdj _ -> "oom_score_adj";
            case ChangeScheduler _ -> "scheduler";
            case ChangeIoPriority _ -> "ioprio";
            default -> throw new IllegalArgumentException(op.toString());
        };
    }
}

package org.slipway.model.plan;

import java.util.List;

/**
 * The process that becomes the container's program: limits, identity, and the program itself.
 */
public sealed interface ProcessOp extends Op {

    /**
     * Sets one resource limit.
     *
     * @param resource RLIMIT_… number, see getrlimit(2)
     * @param soft as an unsigned number; all bits set means unlimited
     */
    record SetRlimit(int resource, long soft, long hard) implements ProcessOp {
        @Override
        public int number() {
            return 100;
        }

        @Override
        public String call() {
            return "setrlimit(" + resource + ", {" + Long.toUnsignedString(soft) + ", " + Long.toUnsignedString(hard)
                    + "})";
        }
    }

    /** See the call. */
    record SetOomScoreAdj(int score) implements ProcessOp {
        @Override
        public int number() {
            return 101;
        }

        @Override
        public String call() {
            return "write(\"/proc/self/oom_score_adj\", " + score + ")";
        }
    }

    /** Starts with a session keyring of its own. */
    record JoinSessionKeyring(String name) implements ProcessOp {
        @Override
        public int number() {
            return 102;
        }

        @Override
        public String call() {
            return "keyctl(KEYCTL_JOIN_SESSION_KEYRING, " + Calls.quoted(name) + ")";
        }
    }

    /** Becomes session leader. */
    record NewSession() implements ProcessOp {
        @Override
        public int number() {
            return 103;
        }

        @Override
        public String call() {
            return "setsid()";
        }
    }

    /** Puts the streams, or the pseudoterminal as controlling terminal, at descriptors 0 to 2. */
    record AttachStreams(boolean terminal) implements ProcessOp {
        @Override
        public int number() {
            return 104;
        }

        @Override
        public String call() {
            return terminal ? "dup2(pty, 0..2), ioctl(TIOCSCTTY)" : "dup2(streams, 0..2)";
        }
    }

    /** See the call. */
    record SetUmask(int mask) implements ProcessOp {
        @Override
        public int number() {
            return 105;
        }

        @Override
        public String call() {
            return "umask(0" + Integer.toOctalString(mask) + ")";
        }
    }

    /** Exactly these supplementary groups. */
    record SetGroups(List<Integer> groups) implements ProcessOp {
        public SetGroups {
            groups = List.copyOf(groups);
        }

        @Override
        public int number() {
            return 106;
        }

        @Override
        public String call() {
            return "setgroups(" + groups.size() + ", " + groups + ")";
        }
    }

    /** Drops every capability that is not in the mask from the bounding set. */
    record DropBounding(long keep) implements ProcessOp {
        @Override
        public int number() {
            return 107;
        }

        @Override
        public String call() {
            return "prctl(PR_CAPBSET_DROP, all but " + Capability.names(keep) + ")";
        }
    }

    /** Takes real, effective, saved and filesystem ids; permitted capabilities are kept until {@link SetCapabilities}. */
    record SetIds(int uid, int gid) implements ProcessOp {
        @Override
        public int number() {
            return 108;
        }

        @Override
        public String call() {
            return "setresgid(" + Integer.toUnsignedString(gid) + "), setresuid(" + Integer.toUnsignedString(uid) + ")";
        }
    }

    /**
     * Sets three capability sets.
     *
     * @param forFilter keep CAP_SYS_ADMIN until the filter is loaded; the exec takes it away
     */
    record SetCapabilities(long effective, long permitted, long inheritable, boolean forFilter) implements ProcessOp {
        @Override
        public int number() {
            return 109;
        }

        @Override
        public String call() {
            return "capset(effective " + Capability.names(effective) + ", permitted " + Capability.names(permitted)
                    + ", inheritable " + Capability.names(inheritable) + ")";
        }
    }

    /** See the call. */
    record SetAmbient(long ambient) implements ProcessOp {
        @Override
        public int number() {
            return 110;
        }

        @Override
        public String call() {
            return "prctl(PR_CAP_AMBIENT, " + Capability.names(ambient) + ")";
        }
    }

    /** See the call. */
    record SetNoNewPrivileges() implements ProcessOp {
        @Override
        public int number() {
            return 111;
        }

        @Override
        public String call() {
            return "prctl(PR_SET_NO_NEW_PRIVS, 1)";
        }
    }

    /** As the user: enters the working directory, made if missing, and checks that it lies inside the root. */
    record ChangeDirectory(String path) implements ProcessOp {
        @Override
        public int number() {
            return 112;
        }

        @Override
        public String call() {
            return "chdir(" + Calls.quoted(path) + ")";
        }
    }

    /** At create: looks the program up as the exec will, so that a missing one is found early. */
    record ProbeProgram(String program, List<String> env, String cwd) implements ProcessOp {
        public ProbeProgram {
            env = List.copyOf(env);
        }

        @Override
        public int number() {
            return 113;
        }

        @Override
        public String call() {
            return "access(" + Calls.quoted(program) + ", X_OK)";
        }
    }

    /**
     * Puts its own pid, as it is inside, into the environment of the program: without it no descriptor counts as handed over
     * (sd_listen_fds(3)). No compiler knows that number.
     */
    record SetListenPid() implements ProcessOp {
        /** What stands in the plan's environment for it. */
        static final String VARIABLE = "LISTEN_PID=";

        @Override
        public int number() {
            return 193;
        }

        @Override
        public String call() {
            return "getpid()";
        }
    }

    /** Closes everything above the standard streams and the preserved ones. */
    record CloseDescriptors(int first) implements ProcessOp {
        @Override
        public int number() {
            return 114;
        }

        @Override
        public String call() {
            return "close_range(" + first + ", ~0U, CLOSE_RANGE_CLOEXEC)";
        }
    }

    /**
     * Loads the filter and executes the program, indivisibly: no other call is made between the two.
     *
     * @param env the environment; init adds HOME if it is missing, from the root's own list of users
     * @param filter struct sock_filter[], or empty for none
     * @param filterFlags SECCOMP_FILTER_FLAG_… bits
     * @param listener whether the filter has a listener
     */
    record LoadSeccompAndExec(List<String> args, List<String> env, Blob filter, int filterFlags, boolean listener)
            implements ProcessOp {
        public LoadSeccompAndExec {
            args = List.copyOf(args);
            env = List.copyOf(env);
        }

        @Override
        public int number() {
            return 115;
        }

        @Override
        public String call() {
            return (filter.size() > 0
                            ? "seccomp(SECCOMP_SET_MODE_FILTER, " + filter.size() / 8 + " instructions), "
                            : "")
                    + "execve(" + Calls.quoted(args.getFirst()) + ", " + Calls.argv(args) + ")";
        }
    }

    /**
     * Sets the scheduling policy of the process and of what it executes, see sched_setattr(2).
     *
     * @param policy SCHED_… number
     * @param nice from -20 to 19, for SCHED_OTHER and SCHED_BATCH
     * @param priority from 1 to 99, for SCHED_FIFO and SCHED_RR
     * @param flags SCHED_FLAG_… bits
     * @param runtime nanoseconds in each period, for SCHED_DEADLINE, as are the other two
     */
    record SetScheduler(int policy, int nice, int priority, long flags, long runtime, long deadline, long period)
            implements ProcessOp {
        @Override
        public int number() {
            return 116;
        }

        @Override
        public String call() {
            return "sched_setattr(0, {policy " + policy + ", flags 0x" + Long.toHexString(flags) + ", nice " + nice
                    + ", priority " + priority + ", runtime " + Long.toUnsignedString(runtime) + ", deadline "
                    + Long.toUnsignedString(deadline) + ", period " + Long.toUnsignedString(period) + "}, 0)";
        }
    }

    /**
     * Sets the I/O priority of the whole process group, see ioprio_set(2).
     *
     * @param category IOPRIO_CLASS_… number
     * @param level from 0, first, to 7, last
     */
    record SetIoPriority(int category, int level) implements ProcessOp {
        @Override
        public int number() {
            return 117;
        }

        @Override
        public String call() {
            return "ioprio_set(IOPRIO_WHO_PGRP, 0, " + category + " << 13 | " + level + ")";
        }
    }

    /**
     * Sets the execution domain, see personality(2).
     *
     * @param domain PER_… number
     */
    record SetPersonality(int domain) implements ProcessOp {
        @Override
        public int number() {
            return 118;
        }

        @Override
        public String call() {
            return "personality(0x" + Integer.toHexString(domain) + ")";
        }
    }

    /**
     * Sets on which memory nodes memory is taken, see set_mempolicy(2).
     *
     * @param mode MPOL_… number
     * @param flags MPOL_F_… bits
     */
    record SetMemoryPolicy(int mode, int flags, List<Integer> nodes) implements ProcessOp {
        public SetMemoryPolicy {
            nodes = List.copyOf(nodes);
        }

        @Override
        public int number() {
            return 119;
        }

        @Override
        public String call() {
            return "set_mempolicy(0x" + Integer.toHexString(mode | flags) + ", " + nodes + ")";
        }
    }

    /** Asks for an AppArmor profile at the exec, see aa_change_onexec(2). */
    record SetApparmorProfile(String profile) implements ProcessOp {
        @Override
        public int number() {
            return 120;
        }

        @Override
        public String call() {
            return "write(\"/proc/self/attr/apparmor/exec\", " + Calls.quoted("exec " + profile) + ")";
        }
    }

    /** Asks for an SELinux label at the exec, see setexeccon(3). */
    record SetSelinuxLabel(String label) implements ProcessOp {
        @Override
        public int number() {
            return 121;
        }

        @Override
        public String call() {
            return "write(\"/proc/self/attr/exec\", " + Calls.quoted(label) + ")";
        }
    }
}

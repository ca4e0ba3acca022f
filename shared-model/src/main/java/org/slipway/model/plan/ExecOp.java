package org.slipway.model.plan;

import java.util.List;

/** A further process in a container that is there already ({@code docs/adr/0008-exec.md}). */
public sealed interface ExecOp extends Op {

    /**
     * The launcher takes hold of the container: by a pidfd of its first process, which is that process if it still has its start time. It
     * lets go of the state directory, so that nothing of the host's goes in.
     *
     * @param pid of the container's first process, on the host
     * @param startTime its start time in clock ticks since boot, see proc_pid_stat(5)
     * @param keepProcfs whether the host's procfs is kept up to the program, because none can be made inside
     */
    record OpenContainer(int pid, long startTime, boolean keepProcfs) implements ExecOp {
        @Override
        public int number() {
            return 160;
        }

        @Override
        public String call() {
            return "pidfd_open(" + pid + ", 0)" + (keepProcfs ? ", open(\"/proc\", O_PATH)" : "");
        }
    }

    /**
     * Enters namespaces of the container together.
     *
     * @param namespaces CLONE_NEW… bits
     */
    record EnterContainer(long namespaces) implements ExecOp {
        @Override
        public int number() {
            return 161;
        }

        @Override
        public String call() {
            return "setns(container, " + NamespaceOp.flags(namespaces) + ")";
        }
    }

    /** Runs on these processors alone, see sched_setaffinity(2). */
    record SetCpuAffinity(List<Integer> processors) implements ExecOp {
        public SetCpuAffinity {
            processors = List.copyOf(processors);
        }

        @Override
        public int number() {
            return 162;
        }

        @Override
        public String call() {
            return "sched_setaffinity(0, " + processors + ")";
        }
    }

    /** Makes a pseudoterminal in the container's devpts and sends the master to its holder; {@code /dev/console} is left alone. */
    record OpenTerminal(int width, int height) implements ExecOp {
        @Override
        public int number() {
            return 163;
        }

        @Override
        public String call() {
            return "openat(root, \"dev/pts/ptmx\"), ioctl(TIOCGPTPEER)";
        }
    }

    /** Takes the root of the mount namespace that was entered for the container's root: paths are looked up beneath it from here on. */
    record TakeRoot() implements ExecOp {
        @Override
        public int number() {
            return 164;
        }

        @Override
        public String call() {
            return "open(\"/\", O_PATH|O_DIRECTORY)";
        }
    }

    /** Kills what was executed in the container beside its first process, and waits until all keepers are gone. */
    record EndProcesses(int timeoutMillis) implements ExecOp {
        @Override
        public int number() {
            return 165;
        }

        @Override
        public String call() {
            return "pidfd_send_signal(each, SIGKILL), poll(keepers, " + timeoutMillis + " ms)";
        }
    }
}

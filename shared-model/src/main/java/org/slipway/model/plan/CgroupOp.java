package org.slipway.model.plan;

/**
 * Control groups.
 */
public sealed interface CgroupOp extends Op {

    /**
     * Makes a cgroup directory. One that is there already is an error unless it is empty and unfrozen. A parent that vanished since its own
     * step, because another container was deleted just then, is made again.
     */
    record MakeCgroup(String path) implements CgroupOp {
        @Override
        public int number() {
            return 20;
        }

        @Override
        public String call() {
            return "mkdir(" + Calls.quoted(path) + ", 0755)";
        }
    }

    /** Removes a cgroup directory that create made, with retries while the kernel says EBUSY. */
    record RemoveCgroup(String path) implements CgroupOp {
        @Override
        public int number() {
            return 21;
        }

        @Override
        public String call() {
            return "rmdir(" + Calls.quoted(path) + ")";
        }
    }

    /** Writes a limit. */
    record WriteCgroupFile(String file, String value) implements CgroupOp {
        @Override
        public int number() {
            return 22;
        }

        @Override
        public String call() {
            return "write(" + Calls.quoted(file) + ", " + Calls.quoted(value) + ")";
        }
    }

    /** Attaches an eBPF program of type cgroup-device (cgroup v2). */
    record AttachDeviceFilter(String cgroup, Blob program) implements CgroupOp {
        @Override
        public int number() {
            return 23;
        }

        @Override
        public String call() {
            return "bpf(BPF_PROG_ATTACH, " + Calls.quoted(cgroup) + ", BPF_CGROUP_DEVICE, " + program.size() / 8
                    + " instructions)";
        }
    }

    /**
     * Opens a cgroup for init: on v1 the file {@code tasks} for writing, on v2 the directory.
     *
     * @param slot the descriptor's number in this plan
     * @param path ends in {@code /tasks} for the file; else it is the directory
     */
    record OpenCgroup(int slot, String path) implements CgroupOp {
        @Override
        public int number() {
            return 24;
        }

        @Override
        public String call() {
            return "open(" + Calls.quoted(path) + ") = cgroup " + slot;
        }
    }

    /** Init moves itself (v1): writes 0 to the {@code tasks} file in that slot, then closes it. */
    record EnterCgroup(int slot) implements CgroupOp {
        @Override
        public int number() {
            return 25;
        }

        @Override
        public String call() {
            return "write(cgroup " + slot + ", \"0\")";
        }
    }

    /** After the last cgroup write, so that {@code /proc/self/cgroup} shows {@code /}. */
    record NewCgroupNamespace() implements CgroupOp {
        @Override
        public int number() {
            return 26;
        }

        @Override
        public String call() {
            return "unshare(CLONE_NEWCGROUP)";
        }
    }

    /** Kills every process of a cgroup and those below it: {@code cgroup.kill}, or signals until it is empty (v1). */
    record KillCgroup(String path) implements CgroupOp {
        @Override
        public int number() {
            return 27;
        }

        @Override
        public String call() {
            return "kill all of " + Calls.quoted(path);
        }
    }

    /** Fills empty {@code cpuset.cpus} and {@code cpuset.mems} (v1) from the parent, from the root down. */
    record InheritCpuset(String path) implements CgroupOp {
        @Override
        public int number() {
            return 28;
        }

        @Override
        public String call() {
            return "inherit cpuset.cpus, cpuset.mems of " + Calls.quoted(path);
        }
    }

    /** The helper writes a pid into {@code cgroup.procs}: only for a cgroup that no descriptor could be opened for. */
    record MoveToCgroup(String path) implements CgroupOp {
        @Override
        public int number() {
            return 29;
        }

        @Override
        public String call() {
            return "write(" + Calls.quoted(path + "/cgroup.procs") + ", init)";
        }
    }

    /** Makes a cgroup that the container's own lies below; skipped, and then never undone, if it is there already. */
    record MakeCgroupParent(String path) implements CgroupOp {
        @Override
        public int number() {
            return 30;
        }

        @Override
        public String call() {
            return "mkdir(" + Calls.quoted(path) + ", 0755) if missing";
        }
    }

    /** Removes a parent that create made, unless something else is in it by now: one try, EBUSY and ENOTEMPTY are success. */
    record RemoveCgroupParent(String path) implements CgroupOp {
        @Override
        public int number() {
            return 31;
        }

        @Override
        public String call() {
            return "rmdir(" + Calls.quoted(path) + ") if empty";
        }
    }
}

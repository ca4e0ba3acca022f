package org.slipway.model.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

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

    /**
     * The helper writes init's pid to a file, before init does anything else: {@code tasks} of a resctrl group, or {@code cgroup.procs} of
     * a cgroup that no descriptor could be opened for.
     */
    record MoveInit(String file) implements CgroupOp {
        @Override
        public int number() {
            return 29;
        }

        @Override
        public String call() {
            return "write(" + Calls.quoted(file) + ", init)";
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

    /**
     * Enables controllers for the children of a cgroup (v2). One that the cgroup has not is ENOENT, one that its processes stand in the way of
     * EBUSY; the error names the controller.
     */
    record EnableControllers(String directory, List<String> controllers) implements CgroupOp {
        @Override
        public int number() {
            return 32;
        }

        @Override
        public String call() {
            return "write(" + Calls.quoted(directory + "/cgroup.subtree_control") + ", "
                    + Calls.quoted("+" + String.join(" +", controllers)) + ")";
        }
    }

    /** Sends a signal to every process of a cgroup and those below it, to each once; init is one of them. */
    record SignalCgroup(String path, int signal) implements CgroupOp {
        @Override
        public int number() {
            return 33;
        }

        @Override
        public String call() {
            return "pidfd_send_signal(each of " + Calls.quoted(path) + ", " + signal + ")";
        }
    }

    /**
     * Hands a cgroup to a user: the directory and those of its files that the kernel lists for that purpose (v2, see {@code
     * /sys/kernel/cgroup/delegate}). The limits stay the host's.
     */
    record HandOverCgroup(String path, int uid) implements CgroupOp {
        @Override
        public int number() {
            return 35;
        }

        @Override
        public String call() {
            return "chown(" + Calls.quoted(path) + " and what may be delegated of it, " + Integer.toUnsignedString(uid)
                    + ")";
        }
    }

    /**
     * Has systemd make a transient scope around init, and waits for the job.
     *
     * @param unit its name, such as {@code slipway-web.scope}
     * @param slice the unit that it goes below
     * @param cgroup the directory that it then has
     * @param properties what systemd itself shall know of the limits, each {@code Name=number} or, for a set of numbers, {@code Name=0-3,7}
     */
    record StartScope(String unit, String slice, String cgroup, List<String> properties) implements CgroupOp {
        @Override
        public int number() {
            return 36;
        }

        @Override
        public String call() {
            return "StartTransientUnit(" + Calls.quoted(unit) + ", \"fail\", PIDs=init, Delegate=true, Slice=" + slice
                    + properties.stream().map(property -> ", " + property).collect(Collectors.joining()) + ")";
        }
    }

    /**
     * Has systemd stop and forget a scope; one that is gone is fine, and one that was there before create is left alone.
     *
     * @param cgroup the directory that the scope has
     */
    record StopScope(String unit, String cgroup) implements CgroupOp {
        @Override
        public int number() {
            return 37;
        }

        @Override
        public String call() {
            return "StopUnit(" + Calls.quoted(unit) + ", \"replace\"), ResetFailedUnit(" + Calls.quoted(unit) + ")";
        }
    }

    /**
     * Writes a limit to the first of several files that is there: kernels and schedulers name the same thing differently.
     *
     * @param values what goes to each of them
     * @param required whether it is ENOENT when none is there; else the step is skipped
     */
    record WriteFirstCgroupFile(List<String> files, List<String> values, boolean required) implements CgroupOp {
        @Override
        public int number() {
            return 39;
        }

        @Override
        public String call() {
            List<String> calls = new ArrayList<>();
            for (int i = 0; i < files.size() && i < values.size(); i++) {
                calls.add("write(" + Calls.quoted(files.get(i)) + ", " + Calls.quoted(values.get(i)) + ")");
            }
            return String.join(", else ", calls) + (required ? "" : ", if it is there");
        }
    }

    /** Refuses with EBUSY if a cgroup uses more than this already (v2, where the kernel would take the limit and kill). */
    record CheckUsage(String file, long bytes) implements CgroupOp {
        @Override
        public int number() {
            return 150;
        }

        @Override
        public String call() {
            return "read(" + Calls.quoted(file) + ") <= " + bytes;
        }
    }

    /** Gives a parent that has no time for real-time processes as much as its child is to have (v1). */
    record RaiseRealtime(String directory, long period, long runtime) implements CgroupOp {
        @Override
        public int number() {
            return 151;
        }

        @Override
        public String call() {
            return "write(" + Calls.quoted(directory + "/cpu.rt_runtime_us") + ", \"" + runtime + "\") if it is 0";
        }
    }
}

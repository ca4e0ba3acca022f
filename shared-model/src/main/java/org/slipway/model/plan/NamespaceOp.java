package org.slipway.model.plan;

import java.util.Map;
import java.util.TreeMap;

/**
 * Namespaces, and what belongs to them alone.
 */
public sealed interface NamespaceOp extends Op {

    int NEWTIME = 0x80;
    int NEWNS = 0x20000;
    int NEWCGROUP = 0x2000000;
    int NEWUTS = 0x4000000;
    int NEWIPC = 0x8000000;
    int NEWUSER = 0x10000000;
    int NEWPID = 0x20000000;
    int NEWNET = 0x40000000;

    /** The names of CLONE_NEW… flags, joined by {@code |}. */
    static String flags(long flags) {
        Map<Integer, String> names = new TreeMap<>(Map.of(
                NEWTIME, "CLONE_NEWTIME",
                NEWNS, "CLONE_NEWNS",
                NEWCGROUP, "CLONE_NEWCGROUP",
                NEWUTS, "CLONE_NEWUTS",
                NEWIPC, "CLONE_NEWIPC",
                NEWUSER, "CLONE_NEWUSER",
                NEWPID, "CLONE_NEWPID",
                NEWNET, "CLONE_NEWNET"));
        names.keySet().removeIf(flag -> (flags & flag) == 0);
        return names.isEmpty() ? "0" : String.join("|", names.values());
    }

    /**
     * Opens a namespace that is to be joined, while paths mean what they mean on the host.
     *
     * @param slot its number among the namespaces of this plan
     * @param type its CLONE_NEW… flag; a namespace of another type, or another file, is EINVAL
     */
    record OpenNamespace(int slot, int type, String path) implements NamespaceOp {
        @Override
        public int number() {
            return 79;
        }

        @Override
        public String call() {
            return "open(" + Calls.quoted(path) + "), ioctl(NS_GET_NSTYPE) = " + NamespaceOp.flags(type);
        }
    }

    /**
     * Compares the mappings of a user namespace that is to be joined with those of the configuration; others are EINVAL.
     *
     * @param slot of its {@link OpenNamespace}
     * @param users the lines that its {@code uid_map} has to have, in any order
     * @param groups likewise of {@code gid_map}
     */
    record CheckIdMap(int slot, String users, String groups) implements NamespaceOp {
        @Override
        public int number() {
            return 80;
        }

        @Override
        public String call() {
            return "read(uid_map, gid_map of namespace " + slot + ")";
        }
    }

    /**
     * Joins an existing namespace; one that the launcher is in already is skipped.
     *
     * @param type its CLONE_NEW… flag
     * @param path as the configuration names it
     * @param slot of its {@link OpenNamespace}
     */
    record JoinNamespace(int type, String path, int slot) implements NamespaceOp {
        @Override
        public int number() {
            return 40;
        }

        @Override
        public String call() {
            return "setns(namespace " + slot + ", " + NamespaceOp.flags(type) + ")";
        }
    }

    /**
     * Makes init, in new namespaces, as a child of the keeper, and sends its pidfd to the helper.
     *
     * @param namespaces the CLONE_NEW… flags
     * @param cgroupSlot the slot of a v2 cgroup directory plus one (CLONE_INTO_CGROUP), or 0
     */
    record CloneInit(long namespaces, int cgroupSlot) implements NamespaceOp {
        @Override
        public int number() {
            return 41;
        }

        @Override
        public String call() {
            return "clone3(" + NamespaceOp.flags(namespaces) + "|CLONE_PARENT|CLONE_PIDFD"
                    + (cgroupSlot > 0 ? "|CLONE_INTO_CGROUP" : "") + ")";
        }
    }

    /** Writes {@code uid_map} or {@code gid_map} of init. */
    record WriteIdMap(boolean groups, String map) implements NamespaceOp {
        @Override
        public int number() {
            return 42;
        }

        @Override
        public String call() {
            return "write(\"/proc/INIT/" + (groups ? "gid_map" : "uid_map") + "\", " + Calls.quoted(map) + ")";
        }
    }

    /** Writes {@code deny} to {@code setgroups} of init. */
    record DenySetgroups() implements NamespaceOp {
        @Override
        public int number() {
            return 43;
        }

        @Override
        public String call() {
            return "write(\"/proc/INIT/setgroups\", \"deny\")";
        }
    }

    /** In a new user namespace: takes ids 0 of it. */
    record BecomeContainerRoot() implements NamespaceOp {
        @Override
        public int number() {
            return 44;
        }

        @Override
        public String call() {
            return "setresgid(0, 0, 0), setresuid(0, 0, 0)";
        }
    }

    /**
     * unshare(CLONE_NEWTIME), writes the offsets, and enters the new time namespace.
     *
     * @param offsets lines of {@code timens_offsets}, see time_namespaces(7)
     */
    record SetTimeOffsets(String offsets) implements NamespaceOp {
        @Override
        public int number() {
            return 45;
        }

        @Override
        public String call() {
            return "unshare(CLONE_NEWTIME), write(\"timens_offsets\", " + Calls.quoted(offsets) + ")";
        }
    }

    /** Sets IFF_UP on {@code lo}. */
    record BringUpLoopback() implements NamespaceOp {
        @Override
        public int number() {
            return 46;
        }

        @Override
        public String call() {
            return "ioctl(SIOCSIFFLAGS, \"lo\", IFF_UP)";
        }
    }

    /** See the call. */
    record SetHostname(String name) implements NamespaceOp {
        @Override
        public int number() {
            return 47;
        }

        @Override
        public String call() {
            return "sethostname(" + Calls.quoted(name) + ")";
        }
    }

    /** See the call. */
    record SetDomainname(String name) implements NamespaceOp {
        @Override
        public int number() {
            return 48;
        }

        @Override
        public String call() {
            return "setdomainname(" + Calls.quoted(name) + ")";
        }
    }

    /**
     * Writes a kernel parameter through a procfs of our own.
     *
     * @param path below {@code /proc/sys}, with slashes
     * @param namespace the CLONE_NEW… flag of the kind that holds it: EXDEV if the container has the host's
     */
    record WriteSysctl(String path, String value, int namespace) implements NamespaceOp {
        @Override
        public int number() {
            return 49;
        }

        @Override
        public String call() {
            return "write(\"/proc/sys/" + path + "\", " + Calls.quoted(value) + ")";
        }
    }
}

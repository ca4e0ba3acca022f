package org.slipway.model.plan;

import java.util.List;

/**
 * The confined tier: the plan becomes its caller before it looks at anything of theirs ({@code docs/adr/0004-confined-create.md}).
 */
public sealed interface CallerOp extends Op {

    /**
     * The launcher becomes the caller: groups, group and user id, no capabilities, a session keyring of its own. From here on only the
     * caller's rights are used, and it is never dumpable again.
     *
     * @param groups all groups of the caller, as the kernel told them
     * @param nice the caller's nice value; one that is worse already stays
     * @param oomScore the caller's {@code oom_score_adj}
     */
    record BecomeCaller(int uid, int gid, List<Integer> groups, int nice, int oomScore) implements CallerOp {
        public BecomeCaller {
            groups = List.copyOf(groups);
        }

        @Override
        public int number() {
            return 86;
        }

        @Override
        public String call() {
            String user = Integer.toUnsignedString(uid);
            String group = Integer.toUnsignedString(gid);
            return "setgroups(" + groups.stream().map(Integer::toUnsignedString).toList() + "), setresgid("
                    + String.join(", ", List.of(group, group, group)) + "), setresuid("
                    + String.join(", ", List.of(user, user, user)) + "), capset(0, 0, 0)";
        }
    }

    /** The launcher, being the caller, makes the container's user namespace, which the caller then owns. */
    record NewUserNamespace() implements CallerOp {
        @Override
        public int number() {
            return 87;
        }

        @Override
        public String call() {
            return "unshare(CLONE_NEWUSER)";
        }
    }

    /**
     * Writes the maps of that namespace.
     *
     * @param denySetgroups whether supplementary groups can never be changed in it
     * @param users lines of {@code uid_map}, see user_namespaces(7)
     * @param groups lines of {@code gid_map}
     */
    record MapCaller(boolean denySetgroups, String users, String groups) implements CallerOp {
        @Override
        public int number() {
            return 88;
        }

        @Override
        public String call() {
            return (denySetgroups ? "write(\"/proc/LAUNCHER/setgroups\", \"deny\"), " : "")
                    + "write(\"/proc/LAUNCHER/uid_map\", " + Calls.quoted(users)
                    + "), write(\"/proc/LAUNCHER/gid_map\", " + Calls.quoted(groups) + ")";
        }
    }

    /**
     * Loads the filter that every confined container has below its own: the kernel takes the strictest answer of both.
     *
     * @param filter struct sock_filter[]
     */
    record LoadFloor(Blob filter) implements CallerOp {
        @Override
        public int number() {
            return 130;
        }

        @Override
        public String call() {
            return "seccomp(SECCOMP_SET_MODE_FILTER, " + filter.size() / 8 + " instructions)";
        }
    }
}

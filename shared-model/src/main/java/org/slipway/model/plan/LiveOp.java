package org.slipway.model.plan;

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
}

package org.slipway.model.plan;

/**
 * Network interfaces of the host that are moved into the container's network namespace, see rtnetlink(7).
 */
public sealed interface NetworkOp extends Op {

    /** Whether the host has the interface, and it is one that can be moved. */
    record ProbeNetDevice(String name) implements NetworkOp {
        @Override
        public int number() {
            return 50;
        }

        @Override
        public String call() {
            return "RTM_GETLINK(" + Calls.quoted(name) + ")";
        }
    }

    /**
     * Keeps the container's network namespace while interfaces are moved, so that what stands in it is not lost when create fails. Fails
     * with EXDEV when it is that of the host.
     *
     * @param file where it is bound
     */
    record PinNetwork(String file) implements NetworkOp {
        @Override
        public int number() {
            return 51;
        }

        @Override
        public String call() {
            return "mount(\"/proc/INIT/ns/net\", " + Calls.quoted(file) + ", MS_BIND)";
        }
    }

    /** Lets go of the namespace: from here on the kernel alone decides when it ends. */
    record UnpinNetwork(String file) implements NetworkOp {
        @Override
        public int number() {
            return 52;
        }

        @Override
        public String call() {
            return "umount2(" + Calls.quoted(file) + ", MNT_DETACH)";
        }
    }

    /**
     * Writes down where the interface is and which addresses it has, then moves it.
     *
     * @param target its name there; one that ends in {@code %d} lets the kernel choose a number
     */
    record MoveNetDevice(String name, String target) implements NetworkOp {
        @Override
        public int number() {
            return 53;
        }

        @Override
        public String call() {
            return "RTM_NEWLINK(" + Calls.quoted(name) + ", IFLA_NET_NS_FD, IFLA_IFNAME " + Calls.quoted(target) + ")";
        }
    }

    /** Moves it back under its former name, with its addresses; nothing once the namespace is let go. */
    record ReturnNetDevice(String name) implements NetworkOp {
        @Override
        public int number() {
            return 54;
        }

        @Override
        public String call() {
            return "RTM_NEWLINK(IFLA_NET_NS_FD, IFLA_IFNAME " + Calls.quoted(name) + "), RTM_NEWADDR";
        }
    }

    /** Gives it the addresses that it had on the host: the permanent ones of global scope. */
    record AddAddresses(String name) implements NetworkOp {
        @Override
        public int number() {
            return 55;
        }

        @Override
        public String call() {
            return "RTM_NEWADDR(those of " + Calls.quoted(name) + ")";
        }
    }

    /** Sets IFF_UP. */
    record BringUpNetDevice(String name) implements NetworkOp {
        @Override
        public int number() {
            return 56;
        }

        @Override
        public String call() {
            return "RTM_NEWLINK(" + Calls.quoted(name) + ", IFF_UP)";
        }
    }
}

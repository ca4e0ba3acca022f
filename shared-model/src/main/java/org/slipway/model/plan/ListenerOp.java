package org.slipway.model.plan;

/**
 * The listener of a filter that notifies: a socket of somebody who answers the container's system calls.
 */
public sealed interface ListenerOp extends Op {

    /**
     * At create: whether somebody is at the socket. Asked with a socket of another type, which the kernel refuses after it has found the
     * one at the path (EPROTOTYPE), so that no connection is made and the one of {@link SendListener} is the only one.
     */
    record ProbeListener(String path) implements ListenerOp {
        @Override
        public int number() {
            return 140;
        }

        @Override
        public String call() {
            return "connect(" + Calls.quoted(path) + ") by SOCK_DGRAM = EPROTOTYPE";
        }
    }

    /**
     * Takes the filter's listener out of init, which waits for that before it executes the program, and sends it with the container
     * process state (config-linux.md, The Container Process State), which is {@code head pid middle pid tail}.
     */
    record SendListener(String path, String head, String middle, String tail) implements ListenerOp {
        @Override
        public int number() {
            return 122;
        }

        @Override
        public String call() {
            return "pidfd_getfd(init, listener), connect(" + Calls.quoted(path) + "), sendmsg(state, SCM_RIGHTS)";
        }

        /** The whole text. */
        public String with(int pid) {
            return head + pid + middle + pid + tail;
        }
    }
}

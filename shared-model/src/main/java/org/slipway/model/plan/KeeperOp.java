package org.slipway.model.plan;

/**
 * The keeper, and the two doors of a container that outlive the helper: the gate and the result page.
 */
public sealed interface KeeperOp extends Op {

    /** Where the standard streams of the container's program lead. */
    enum Streams implements PlanCodec.Numbered {
        /** All three are {@code /dev/null}. */
        NONE,
        /** Those that the caller handed over: descriptors 0 to 2 of the keeper. */
        INHERIT,
        /** Pipes of the keeper, which writes them to the container's log; input comes from {@code keeper.sock}. */
        LOG,
        /** A pseudoterminal whose master the keeper holds and writes to the log. */
        TERMINAL,
        /** A pseudoterminal whose master goes to the caller's console socket, descriptor 7 of the keeper. */
        CONSOLE_SOCKET;

        @Override
        public int number() {
            return ordinal();
        }
    }

    /** Starts the keeper from the sealed copy of the launcher. */
    record SpawnKeeper() implements KeeperOp {
        @Override
        public int number() {
            return 6;
        }

        @Override
        public String call() {
            return "posix_spawn(\"slipway-launch\", [\"keeper\"])";
        }
    }

    /**
     * Prepares what becomes descriptors 0 to 2 of the container's program.
     *
     * @param mode who holds the other end
     * @param preserve how many further descriptors, from 3, are handed to the program
     */
    record OpenStreams(Streams mode, int preserve) implements KeeperOp {
        @Override
        public int number() {
            return 7;
        }

        @Override
        public String call() {
            return "streams " + mode.name().toLowerCase(java.util.Locale.ROOT)
                    + (preserve > 0 ? ", preserve " + preserve : "");
        }
    }

    /** Makes the fifos {@code gate} and {@code started} and the socket {@code keeper.sock} in the state directory. */
    record MakeGate() implements KeeperOp {
        @Override
        public int number() {
            return 8;
        }

        @Override
        public String call() {
            return "mkfifo(\"gate\", 0600), mkfifo(\"started\", 0600), bind(\"keeper.sock\")";
        }
    }

    /** Forks the launcher, which makes init as the keeper's own child (CLONE_PARENT). */
    record SpawnLauncher() implements KeeperOp {
        @Override
        public int number() {
            return 9;
        }

        @Override
        public String call() {
            return "fork()";
        }
    }

    /**
     * Gives the command that asked for the container the plans, the state directory, a control socket and the sealed launcher, and
     * waits until it has started the launcher: there is no keeper then.
     */
    record HandOver() implements KeeperOp {
        @Override
        public int number() {
            return 190;
        }

        @Override
        public String call() {
            return "sendmsg(slipway, SCM_RIGHTS)";
        }
    }

    /** Starts the launcher as a child of the command, which makes init another one (CLONE_PARENT). */
    record SpawnByCaller() implements KeeperOp {
        @Override
        public int number() {
            return 191;
        }

        @Override
        public String call() {
            return "fork(), execveat(launcher, \"\", [\"launcher\"], AT_EMPTY_PATH)";
        }
    }

    /** Makes the fifos {@code gate} and {@code started} in the state directory; init alone holds them. */
    record MakeFifos() implements KeeperOp {
        @Override
        public int number() {
            return 192;
        }

        @Override
        public String call() {
            return "mkfifo(\"gate\", 0600), mkfifo(\"started\", 0600)";
        }
    }

    /** Kills the container's init by its pidfd. */
    record KillInit() implements KeeperOp {
        @Override
        public int number() {
            return 10;
        }

        @Override
        public String call() {
            return "pidfd_send_signal(init, SIGKILL)";
        }
    }

    /**
     * Hands the start plan to the waiting init, where it was not settled at create: what the program is was read again just now. The
     * memory file is sealed then; init takes no other.
     */
    record FillStartPlan() implements KeeperOp {
        @Override
        public int number() {
            return 200;
        }

        @Override
        public String call() {
            return "write(start plan), fcntl(start plan, F_ADD_SEALS, …)";
        }
    }

    /** Lets the waiting init go on with the start plan: one byte into the gate. */
    record OpenGate() implements KeeperOp {
        @Override
        public int number() {
            return 11;
        }

        @Override
        public String call() {
            return "write(gate, 1)";
        }
    }

    /** Waits until the program runs: the result page says so, the close-on-exec pipe ended, and init is alive. */
    record AwaitExec() implements KeeperOp {
        @Override
        public int number() {
            return 12;
        }

        @Override
        public String call() {
            return "poll(started)";
        }
    }

    /** Sends a signal to the container's init by its pidfd. */
    record SendSignal(int signal) implements KeeperOp {
        @Override
        public int number() {
            return 13;
        }

        @Override
        public String call() {
            return "pidfd_send_signal(init, " + signal + ")";
        }
    }

    /** Waits until the keeper has recorded the exit, and is gone. */
    record AwaitExit(int timeoutMillis) implements KeeperOp {
        @Override
        public int number() {
            return 14;
        }

        @Override
        public String call() {
            return "poll(keeper, " + timeoutMillis + " ms)";
        }
    }

    /** Waits in {@code created}: reads one byte from the gate, then checks the seals of the start plan and goes on with it. */
    record WaitGate() implements KeeperOp {
        @Override
        public int number() {
            return 15;
        }

        @Override
        public String call() {
            return "read(gate, 1)";
        }
    }
}

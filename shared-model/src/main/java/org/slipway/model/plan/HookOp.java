package org.slipway.model.plan;

import java.util.List;

/**
 * Hooks.
 */
public sealed interface HookOp extends Op {

    /** The six kinds of hooks, in the order of the lifecycle. */
    enum Kind implements PlanCodec.Numbered {
        PRESTART("prestart"),
        CREATE_RUNTIME("createRuntime"),
        CREATE_CONTAINER("createContainer"),
        START_CONTAINER("startContainer"),
        POSTSTART("poststart"),
        POSTSTOP("poststop");

        private final String member;

        Kind(String member) {
            this.member = member;
        }

        /** Its name as a member of {@code hooks}. */
        public String member() {
            return member;
        }

        @Override
        public int number() {
            return ordinal();
        }
    }

    /**
     * Runs one hook, with the container's state on its standard input, and waits for it. The actor is the helper for hooks of the
     * runtime namespace and init for those of the container's.
     *
     * @param kind which array it stands in
     * @param position its place there, from 0
     * @param args the whole argv, never empty
     * @param env the whole environment
     * @param timeoutMillis after which it and its children are killed and it has failed; 0: none
     * @param stateHead the state JSON up to the pid's digits, which the actor fills in
     * @param stateTail the state JSON after them
     */
    record RunHook(
            Kind kind,
            int position,
            String path,
            List<String> args,
            List<String> env,
            long timeoutMillis,
            String stateHead,
            String stateTail)
            implements HookOp {
        public RunHook {
            args = List.copyOf(args);
            env = List.copyOf(env);
        }

        @Override
        public int number() {
            return 90;
        }

        @Override
        public String call() {
            return "execve(" + Calls.quoted(path) + ", " + Calls.argv(args) + ", " + Calls.argv(env) + ")"
                    + (timeoutMillis > 0 ? " within " + timeoutMillis + " ms" : "");
        }
    }
}

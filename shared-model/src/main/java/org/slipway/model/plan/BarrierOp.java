package org.slipway.model.plan;

/**
 * Where the actor changes. The compiler puts a {@link Signal} of one actor and an {@link Await} of the other, with the
 * same barrier number, wherever two successive steps have different actors; nothing else synchronises.
 */
public sealed interface BarrierOp extends Op {

    /** Tells {@code to} that everything before this step is done. */
    record Signal(Party to, int barrier) implements BarrierOp {
        @Override
        public int number() {
            return 1;
        }

        @Override
        public String call() {
            return "signal(" + to.name().toLowerCase(java.util.Locale.ROOT) + ", " + barrier + ")";
        }
    }

    /** Waits until {@code from} has signalled; the end of its stream means that the plan is aborted. */
    record Await(Party from, int barrier) implements BarrierOp {
        @Override
        public int number() {
            return 2;
        }

        @Override
        public String call() {
            return "await(" + from.name().toLowerCase(java.util.Locale.ROOT) + ", " + barrier + ")";
        }
    }

    /** The other side of a barrier; numbered as {@link Actor}. */
    enum Party implements PlanCodec.Numbered {
        HELPER,
        KEEPER,
        LAUNCHER,
        INIT;

        @Override
        public int number() {
            return ordinal();
        }
    }
}

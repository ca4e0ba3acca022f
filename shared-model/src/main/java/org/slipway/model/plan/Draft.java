package org.slipway.model.plan;

import java.util.Optional;

/** A step before it has its place in the plan. */
record Draft(Actor actor, Phase phase, Origin origin, Op op, Optional<Op> undo) {

    static Draft of(Actor actor, Phase phase, Origin origin, Op op) {
        return new Draft(actor, phase, origin, op, Optional.empty());
    }

    static Draft helper(Phase phase, Origin origin, Op op) {
        return of(Actor.HELPER, phase, origin, op);
    }

    static Draft launcher(Phase phase, Origin origin, Op op) {
        return of(Actor.LAUNCHER, phase, origin, op);
    }

    static Draft init(Phase phase, Origin origin, Op op) {
        return of(Actor.INIT, phase, origin, op);
    }

    Draft undoneBy(Op op) {
        return new Draft(actor, phase, origin, this.op, Optional.of(op));
    }

    static Origin field(String pointer) {
        return new Origin.Field(pointer);
    }

    static Origin rule(String code) {
        return new Origin.Default(code);
    }
}

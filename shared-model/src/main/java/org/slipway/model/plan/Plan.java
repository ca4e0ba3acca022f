package org.slipway.model.plan;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.slipway.model.plan.CallerOp.BecomeCaller;

/**
 * A totally ordered list of steps.
 *
 * @param profile the specification profile it was compiled under, such as {@code 1.3}
 */
public record Plan(PlanKind kind, String profile, List<Step> steps) {

    public Plan {
        steps = List.copyOf(steps);
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).index() != i) {
                throw new IllegalArgumentException("step " + steps.get(i).index() + " stands at place " + i);
            }
        }
    }

    /** The steps of one actor, in order. */
    public Stream<Step> of(Actor actor) {
        return steps.stream().filter(step -> step.actor() == actor);
    }

    /** Whom a create plan becomes; empty: it is an administrator's. */
    public Optional<BecomeCaller> caller() {
        return steps.stream()
                .map(Step::op)
                .filter(BecomeCaller.class::isInstance)
                .map(BecomeCaller.class::cast)
                .findFirst();
    }

    /** The same steps, asked for by something else each. */
    public Plan asked(UnaryOperator<Origin> origin) {
        return new Plan(
                kind,
                profile,
                steps.stream()
                        .map(step -> new Step(
                                step.index(),
                                step.actor(),
                                step.phase(),
                                origin.apply(step.origin()),
                                step.op(),
                                step.undo()))
                        .toList());
    }

    /** What takes back every step made so far, last first: the whole undo list. */
    public List<Op> undo() {
        return steps.reversed().stream().flatMap(step -> step.undo().stream()).toList();
    }
}

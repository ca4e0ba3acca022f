package org.slipway.model.plan;

import java.util.Optional;

/**
 * One thing done to the kernel, or one barrier between two actors.
 *
 * @param index its place in the plan, from 0
 * @param undo what takes it back, for steps that make something outside the container's namespaces
 */
public record Step(int index, Actor actor, Phase phase, Origin origin, Op op, Optional<Op> undo) {}

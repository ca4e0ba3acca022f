package org.slipway.model.wire;

import java.util.List;
import java.util.Optional;
import org.slipway.model.state.Owned;
import tools.jackson.databind.node.ObjectNode;

/**
 * One thing that happened to a container.
 *
 * @param sequence counts up for each connection of Watch, from 0
 * @param kind {@code container} (added or changed), {@code removed}, {@code plan}, {@code trace}, {@code hook},
 *     {@code log}, {@code oom}, {@code problem} or {@code exec} (something was executed in the container, or that has ended)
 * @param at RFC 3339
 */
public record Event(
        long sequence,
        String kind,
        long owner,
        String id,
        String at,
        Optional<Container> container,
        Optional<ObjectNode> plan,
        Optional<List<ObjectNode>> records,
        Optional<ObjectNode> hook,
        Optional<Log> log,
        Optional<Problem> problem,
        Optional<Executed> exec) {

    /** An event that says nothing but its kind, not numbered yet. */
    public static Event of(String kind, Owned name, String at) {
        long owner = Integer.toUnsignedLong(name.uid());
        String id = name.id().value();
        Optional<List<ObjectNode>> records = Optional.empty();
        return new Event(
                0,
                kind,
                owner,
                id,
                at,
                Optional.empty(),
                Optional.empty(),
                records,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** The same event with a container. */
    public Event withContainer(Container value) {
        return new Event(sequence, kind, owner, id, at, Optional.of(value), plan, records, hook, log, problem, exec);
    }

    /** The same event with a plan. */
    public Event withPlan(ObjectNode value) {
        return new Event(
                sequence, kind, owner, id, at, container, Optional.of(value), records, hook, log, problem, exec);
    }

    /** The same event with records of steps. */
    public Event withRecords(List<ObjectNode> value) {
        return new Event(sequence, kind, owner, id, at, container, plan, Optional.of(value), hook, log, problem, exec);
    }

    /** The same event with a run of a hook. */
    public Event withHook(ObjectNode value) {
        return new Event(
                sequence, kind, owner, id, at, container, plan, records, Optional.of(value), log, problem, exec);
    }

    /** The same event with a line of output. */
    public Event withLog(Log value) {
        return new Event(
                sequence, kind, owner, id, at, container, plan, records, hook, Optional.of(value), problem, exec);
    }

    /** The same event with a problem. */
    public Event withProblem(Problem value) {
        return new Event(sequence, kind, owner, id, at, container, plan, records, hook, log, Optional.of(value), exec);
    }

    /** The same event with an executed process. */
    public Event withExec(Executed value) {
        return new Event(
                sequence, kind, owner, id, at, container, plan, records, hook, log, problem, Optional.of(value));
    }

    /** The same event as another connection counts it. */
    public Event numbered(long number) {
        return new Event(number, kind, owner, id, at, container, plan, records, hook, log, problem, exec);
    }
}

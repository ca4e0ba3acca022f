package org.slipway.model.wire;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * One thing that happened to a container.
 *
 * @param sequence counts up for each connection of Watch, from 0
 * @param kind {@code container} (added or changed), {@code removed}, {@code plan}, {@code trace}, {@code hook},
 *     {@code log} or {@code problem}
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
        Optional<Problem> problem) {

    /** The same event as another connection counts it. */
    public Event numbered(long number) {
        return new Event(number, kind, owner, id, at, container, plan, records, hook, log, problem);
    }
}

package org.slipway.model.conformance;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who does which case. A case that a lost worker had is given to another, and the first result of a case is its only one. Immutable:
 * each deed gives a new ledger.
 *
 * @param waiting cases that nobody has, in the order in which they are handed out
 * @param taken the worker of each case that somebody has
 * @param done cases that have their result
 */
public record Ledger(List<String> waiting, Map<String, String> taken, Set<String> done) {

    public Ledger {
        waiting = List.copyOf(waiting);
        taken = Collections.unmodifiableMap(new LinkedHashMap<>(taken));
        done = Collections.unmodifiableSet(new LinkedHashSet<>(done));
    }

    /** All cases wait; a case that is named twice is one. */
    public static Ledger of(List<String> cases) {
        return new Ledger(List.copyOf(new LinkedHashSet<>(cases)), Map.of(), Set.of());
    }

    /**
     * What came of asking.
     *
     * @param handed the case, if one was handed out or a result counted
     */
    public record Answer(Ledger ledger, Optional<String> handed) {}

    /** A worker is free. It gets the first case that waits; one that has a case already has lost it, and gets that one again. */
    public Answer take(String worker) {
        Optional<String> mine = taken.entrySet().stream()
                .filter(entry -> entry.getValue().equals(worker))
                .map(Map.Entry::getKey)
                .findFirst();
        if (mine.isPresent() || waiting.isEmpty()) {
            return new Answer(this, mine);
        }
        String first = waiting.getFirst();
        Map<String, String> now = new LinkedHashMap<>(taken);
        now.put(first, worker);
        return new Answer(new Ledger(waiting.subList(1, waiting.size()), now, done), Optional.of(first));
    }

    /** A worker has a result. It counts if the case is that worker's; of a worker that was given up it does not. */
    public Answer finish(String worker, String id) {
        if (!worker.equals(taken.get(id))) {
            return new Answer(this, Optional.empty());
        }
        Map<String, String> now = new LinkedHashMap<>(taken);
        now.remove(id);
        Set<String> ended = new LinkedHashSet<>(done);
        ended.add(id);
        return new Answer(new Ledger(waiting, now, ended), Optional.of(id));
    }

    /** A worker is lost. What it had goes before all that waits. */
    public Ledger lose(String worker) {
        List<String> again = new ArrayList<>();
        Map<String, String> now = new LinkedHashMap<>();
        taken.forEach((id, owner) -> {
            if (owner.equals(worker)) {
                again.add(id);
            } else {
                now.put(id, owner);
            }
        });
        again.addAll(waiting);
        return new Ledger(again, now, done);
    }

    /** Whether every case has its result. */
    public boolean complete() {
        return waiting.isEmpty() && taken.isEmpty();
    }
}

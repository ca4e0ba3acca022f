package org.slipway.helper.command;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import picocli.CommandLine;

/**
 * Parsers made before they are needed: to read the annotations of one sub-command takes longer than to validate and compile a
 * configuration. Each is used once, so nothing of one command line reaches another.
 */
final class Parsers {

    /** At most one for each set of sub-commands. */
    private final Map<Set<String>, CommandLine> ready = new ConcurrentHashMap<>();

    private final Queue<Set<String>> wanted = new ConcurrentLinkedQueue<>();

    /** The parser for these words. */
    CommandLine take(List<String> words) {
        Set<String> named = new HashSet<>(words);
        named.retainAll(Root.names());
        CommandLine made = ready.remove(named);
        if (named.size() == 1) {
            wanted.add(named);
        }
        return made != null ? made : new Root().parser(named);
    }

    /** Makes anew what was taken, when nobody waits any more. */
    void refill() {
        for (Set<String> named = wanted.poll(); named != null; named = wanted.poll()) {
            ready.computeIfAbsent(named, new Root()::parser);
        }
    }
}

package org.slipway.model.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** All rules, in the order of the lists they come from. */
public record Catalogue(List<Rule> rules) {

    private static final int COLUMNS = 6;

    public Catalogue {
        rules = List.copyOf(rules);
    }

    /** The rules that this program carries. */
    public static Catalogue own() {
        try (InputStream in = Catalogue.class.getResourceAsStream("rules.table")) {
            if (in == null) {
                throw new IllegalStateException("rules.table is missing");
            }
            return read(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a table: a rule a line, {@code id | profile | level | status | source | text}; lines that begin with {@code #} are remarks.
     *
     * @throws IllegalArgumentException with the line's number, for a line that is no rule and for an id that was there before
     */
    static Catalogue read(String table) {
        List<Rule> rules = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        int number = 0;
        for (String line : table.lines().toList()) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            try {
                Rule rule = rule(line);
                if (!ids.add(rule.id())) {
                    throw new IllegalArgumentException("'" + rule.id() + "' was there before");
                }
                rules.add(rule);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("line " + number + ": " + e.getMessage(), e);
            }
        }
        return new Catalogue(rules);
    }

    private static Rule rule(String line) {
        List<String> words =
                List.of(line.split("\\|", -1)).stream().map(String::strip).toList();
        if (words.size() != COLUMNS || words.stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException("a rule has " + COLUMNS + " columns");
        }
        return new Rule(
                words.get(0),
                words.get(1),
                words.get(4),
                words.get(5),
                Rule.Level.valueOf(words.get(2)),
                Rule.Status.of(words.get(3)));
    }
}

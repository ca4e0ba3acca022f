package org.slipway.model.finding;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slipway.model.json.Document;
import org.slipway.model.json.Edit;
import org.slipway.model.json.Place;
import org.slipway.model.json.Pointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Where rules put what they find. */
public final class Report {

    /** Most findings that are told: nobody reads more, and they have to travel. */
    static final int MOST = 1000;

    private final Document document;
    private final List<Finding> findings = new ArrayList<>();
    private boolean refused;
    private int untold;

    public Report(Document document) {
        this.document = document;
    }

    public void error(String code, String pointer, String rule, Map<String, String> arguments) {
        add(code, Severity.ERROR, pointer, rule, arguments, Optional.empty());
    }

    public void error(String code, String pointer, String rule, Map<String, String> arguments, Edit fix) {
        add(code, Severity.ERROR, pointer, rule, arguments, Optional.of(fix));
    }

    public void warning(String code, String pointer, String rule, Map<String, String> arguments) {
        add(code, Severity.WARNING, pointer, rule, arguments, Optional.empty());
    }

    public void warning(String code, String pointer, String rule, Map<String, String> arguments, Edit fix) {
        add(code, Severity.WARNING, pointer, rule, arguments, Optional.of(fix));
    }

    public void note(String code, String pointer, String rule, Map<String, String> arguments) {
        add(code, Severity.NOTE, pointer, rule, arguments, Optional.empty());
    }

    /** What somebody else judged. */
    void told(String code, Severity severity, String pointer, String rule, Map<String, String> arguments) {
        add(code, severity, pointer, rule, arguments, Optional.empty());
    }

    private void add(
            String code,
            Severity severity,
            String pointer,
            String rule,
            Map<String, String> arguments,
            Optional<Edit> fix) {
        boolean first = severity == Severity.ERROR && !refused;
        refused |= first;
        if (findings.size() >= MOST && !first) {
            untold++;
            return;
        }
        Place place = place(pointer);
        findings.add(new Finding(code, severity, pointer, place.line(), place.column(), arguments, rule, fix));
    }

    /** The place of a value, or of the nearest object or list that would hold it. */
    private Place place(String pointer) {
        String at = pointer;
        while (true) {
            Optional<Place> place = document.place(at);
            if (place.isPresent()) {
                return place.get();
            }
            at = Pointer.parent(at);
        }
    }

    /**
     * All findings, in the order of the text. Of more than {@link #MOST} the rest is counted in one note; the first error is
     * among those told in any case.
     */
    public List<Finding> findings() {
        if (untold > 0) {
            Map<String, String> arguments = Map.of("count", String.valueOf(untold));
            findings.add(new Finding(
                    "findings-too-many", Severity.NOTE, "", 1, 1, arguments, "config.md", Optional.empty()));
            untold = 0;
        }
        Set<String> wrong = findings.stream()
                .filter(finding -> finding.code().equals("type-wrong"))
                .map(Finding::pointer)
                .collect(Collectors.toSet());
        return findings.stream()
                .filter(finding -> !isBelow(finding.pointer(), wrong))
                .sorted(Comparator.comparingInt(Finding::line)
                        .thenComparingInt(Finding::column)
                        .thenComparing(Finding::severity)
                        .thenComparing(Finding::code)
                        .thenComparing(Finding::pointer))
                .toList();
    }

    /** What lies below a value of the wrong type is not there, and that is no second finding. */
    private static boolean isBelow(String pointer, Set<String> wrong) {
        for (String at = pointer; !wrong.isEmpty() && !at.isEmpty(); ) {
            at = Pointer.parent(at);
            if (wrong.contains(at)) {
                return true;
            }
        }
        return false;
    }

    static JsonNode json(String text) {
        return JsonNodeFactory.instance.stringNode(text);
    }

    static JsonNode json(long number) {
        return JsonNodeFactory.instance.numberNode(number);
    }

    static JsonNode json(List<String> texts) {
        var array = JsonNodeFactory.instance.arrayNode();
        texts.forEach(array::add);
        return array;
    }
}

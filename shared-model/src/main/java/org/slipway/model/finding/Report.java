package org.slipway.model.finding;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slipway.model.json.Document;
import org.slipway.model.json.Edit;
import org.slipway.model.json.Place;
import org.slipway.model.json.Pointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Where rules put what they find. */
final class Report {

    private final Document document;
    private final List<Finding> findings = new ArrayList<>();

    Report(Document document) {
        this.document = document;
    }

    void error(String code, String pointer, String rule, Map<String, String> arguments) {
        add(code, Severity.ERROR, pointer, rule, arguments, Optional.empty());
    }

    void error(String code, String pointer, String rule, Map<String, String> arguments, Edit fix) {
        add(code, Severity.ERROR, pointer, rule, arguments, Optional.of(fix));
    }

    void warning(String code, String pointer, String rule, Map<String, String> arguments) {
        add(code, Severity.WARNING, pointer, rule, arguments, Optional.empty());
    }

    void warning(String code, String pointer, String rule, Map<String, String> arguments, Edit fix) {
        add(code, Severity.WARNING, pointer, rule, arguments, Optional.of(fix));
    }

    void note(String code, String pointer, String rule, Map<String, String> arguments) {
        add(code, Severity.NOTE, pointer, rule, arguments, Optional.empty());
    }

    private void add(
            String code,
            Severity severity,
            String pointer,
            String rule,
            Map<String, String> arguments,
            Optional<Edit> fix) {
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

    /** All findings, in the order of the text. */
    List<Finding> findings() {
        return findings.stream()
                .sorted(Comparator.comparingInt(Finding::line)
                        .thenComparingInt(Finding::column)
                        .thenComparing(Finding::severity)
                        .thenComparing(Finding::code)
                        .thenComparing(Finding::pointer))
                .toList();
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

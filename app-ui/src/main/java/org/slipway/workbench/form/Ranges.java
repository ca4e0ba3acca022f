package org.slipway.workbench.form;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Id mappings (config-linux.md §User namespace mappings) on one line: {@code container:host:size, …}. */
final class Ranges {

    private static final List<String> MEMBERS = List.of("containerID", "hostID", "size");
    private static final Pattern RANGE = Pattern.compile("(\\d{1,10}):(\\d{1,10}):(\\d{1,10})");

    private Ranges() {}

    /** The line, or empty for anything that would lose something on it. */
    static Optional<String> show(JsonNode node) {
        List<String> ranges = new ArrayList<>();
        for (JsonNode range : node) {
            boolean plain = range.isObject()
                    && Set.copyOf(range.propertyNames()).equals(Set.copyOf(MEMBERS))
                    && MEMBERS.stream().allMatch(member -> range.get(member).isIntegralNumber());
            if (!plain) {
                return Optional.empty();
            }
            ranges.add(String.join(
                    ":",
                    MEMBERS.stream()
                            .map(member -> range.get(member).bigIntegerValue().toString())
                            .toList()));
        }
        return node.isArray() ? Optional.of(String.join(", ", ranges)) : Optional.empty();
    }

    /** The list meant by a line. */
    static Optional<JsonNode> read(String text) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (String word : text.split(",", -1)) {
            if (word.isBlank()) {
                continue;
            }
            Matcher matcher = RANGE.matcher(word.strip());
            if (!matcher.matches()) {
                return Optional.empty();
            }
            var range = list.addObject();
            for (int i = 0; i < MEMBERS.size(); i++) {
                range.put(MEMBERS.get(i), Long.parseLong(matcher.group(i + 1)));
            }
        }
        return Optional.of(list);
    }
}

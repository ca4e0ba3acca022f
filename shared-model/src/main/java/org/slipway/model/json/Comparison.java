package org.slipway.model.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What tells two configurations apart, in the order of the first. Elements of a list are matched by what names them, such as a
 * mount by its destination, so that one more element does not make all later ones different.
 */
public final class Comparison {

    /** What names an element of a list, the first that all elements have and no two share. */
    private static final List<String> NAMES =
            List.of("destination", "type", "path", "containerID", "device", "pageSize", "name");

    private final List<Difference> found = new ArrayList<>();

    private Comparison() {}

    /**
     * One difference.
     *
     * @param pointer where it is, or would be, in the first
     * @param mine what the first says, if it says anything
     * @param theirs what the other says, if it says anything
     * @param take makes the first say what the other says
     */
    public record Difference(String pointer, Optional<JsonNode> mine, Optional<JsonNode> theirs, Edit take) {}

    /** The differences between two values of the same place. */
    public static List<Difference> of(JsonNode mine, JsonNode theirs) {
        Comparison comparison = new Comparison();
        comparison.values("", mine, theirs);
        return List.copyOf(comparison.found);
    }

    private void values(String pointer, JsonNode mine, JsonNode theirs) {
        if (mine.isObject() && theirs.isObject()) {
            objects(pointer, mine, theirs);
        } else if (mine.isArray() && theirs.isArray()) {
            lists(pointer, mine, theirs);
        } else if (!mine.equals(theirs)) {
            changed(pointer, mine, theirs);
        }
    }

    private void changed(String pointer, JsonNode mine, JsonNode theirs) {
        found.add(new Difference(pointer, Optional.of(mine), Optional.of(theirs), new Edit.Set(pointer, theirs)));
    }

    private void gone(String pointer, JsonNode mine) {
        found.add(new Difference(pointer, Optional.of(mine), Optional.empty(), new Edit.Remove(pointer)));
    }

    private void objects(String pointer, JsonNode mine, JsonNode theirs) {
        mine.properties().forEach(entry -> {
            String member = Pointer.child(pointer, entry.getKey());
            JsonNode other = theirs.get(entry.getKey());
            if (other == null) {
                gone(member, entry.getValue());
            } else {
                values(member, entry.getValue(), other);
            }
        });
        theirs.properties().forEach(entry -> {
            if (!mine.has(entry.getKey())) {
                String member = Pointer.child(pointer, entry.getKey());
                found.add(new Difference(
                        member,
                        Optional.empty(),
                        Optional.of(entry.getValue()),
                        new Edit.Set(member, entry.getValue())));
            }
        });
    }

    private void lists(String pointer, JsonNode mine, JsonNode theirs) {
        Optional<String> name = NAMES.stream()
                .filter(each ->
                        named(mine, each).isPresent() && named(theirs, each).isPresent())
                .findFirst();
        if (name.isPresent()) {
            byName(pointer, mine, theirs, name.get());
        } else if (allObjects(mine) && allObjects(theirs)) {
            byPlace(pointer, mine, theirs);
        } else if (!mine.equals(theirs)) {
            // words, such as arguments or options, are read together
            changed(pointer, mine, theirs);
        }
    }

    private static boolean allObjects(JsonNode list) {
        return list.valueStream().allMatch(JsonNode::isObject);
    }

    /** Each element by its name, if each has one of its own. */
    private static Optional<Map<String, Integer>> named(JsonNode list, String member) {
        Map<String, Integer> places = new LinkedHashMap<>();
        for (int i = 0; i < list.size(); i++) {
            JsonNode name = list.get(i).path(member);
            if (!name.isValueNode() || name.isMissingNode() || places.put(name.asString(""), i) != null) {
                return Optional.empty();
            }
        }
        return Optional.of(places);
    }

    private void byName(String pointer, JsonNode mine, JsonNode theirs, String member) {
        Map<String, Integer> here = named(mine, member).orElseThrow();
        Map<String, Integer> there = named(theirs, member).orElseThrow();
        here.forEach((name, at) -> {
            Integer other = there.get(name);
            if (other == null) {
                gone(Pointer.child(pointer, at), mine.get(at));
            } else {
                values(Pointer.child(pointer, at), mine.get(at), theirs.get(other));
            }
        });
        there.forEach((name, at) -> {
            if (!here.containsKey(name)) {
                more(pointer, Math.min(at, mine.size()), theirs.get(at));
            }
        });
    }

    private void byPlace(String pointer, JsonNode mine, JsonNode theirs) {
        for (int i = 0; i < Math.max(mine.size(), theirs.size()); i++) {
            if (i >= theirs.size()) {
                gone(Pointer.child(pointer, i), mine.get(i));
            } else if (i >= mine.size()) {
                more(pointer, mine.size(), theirs.get(i));
            } else {
                values(Pointer.child(pointer, i), mine.get(i), theirs.get(i));
            }
        }
    }

    private void more(String list, int at, JsonNode theirs) {
        found.add(new Difference(
                Pointer.child(list, at), Optional.empty(), Optional.of(theirs), new Edit.Insert(list, at, theirs)));
    }
}

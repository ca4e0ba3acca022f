package org.slipway.model.json;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.StringNode;

/** Random values, and random ways to write them: every one a valid document. */
final class RandomJson {

    private static final List<String> NAMES = List.of("a", "b", "c~", "d/e", "", "0", "-", "ä\uD83D\uDE00", "q\"\\");
    private static final List<String> SPACES = List.of("", "", " ", "\n", "\r\n", "\t", "\n  ", " \n\t\t");

    private final Random random;

    RandomJson(long seed) {
        this.random = new Random(seed);
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    JsonNode value(int depth) {
        return switch (random.nextInt(depth > 0 ? 9 : 6)) {
            case 0 -> JsonNodeFactory.instance.numberNode(random.nextInt());
            case 1 -> JsonNodeFactory.instance.numberNode(random.nextLong());
            case 2 -> JsonNodeFactory.instance.booleanNode(random.nextBoolean());
            case 3 -> JsonNodeFactory.instance.nullNode();
            case 4, 5 -> StringNode.valueOf(NAMES.get(random.nextInt(NAMES.size())) + "\n}],\"");
            case 6 -> {
                var array = JsonNodeFactory.instance.arrayNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    array.add(value(depth - 1));
                }
                yield array;
            }
            default -> object(depth);
        };
    }

    JsonNode object(int depth) {
        var object = JsonNodeFactory.instance.objectNode();
        for (int i = random.nextInt(5); i > 0; i--) {
            object.set(NAMES.get(random.nextInt(NAMES.size())), value(depth - 1));
        }
        return object;
    }

    /** Writes a value with white space wherever JSON allows it. */
    String text(JsonNode value) {
        String inner;
        if (value.isObject()) {
            List<String> members = new ArrayList<>();
            value.properties()
                    .forEach(member -> members.add(
                            space() + StringNode.valueOf(member.getKey()) + space() + ":" + text(member.getValue())));
            inner = "{" + (members.isEmpty() ? space() : String.join(",", members)) + "}";
        } else if (value.isArray()) {
            List<String> elements = new ArrayList<>();
            value.forEach(element -> elements.add(text(element)));
            inner = "[" + (elements.isEmpty() ? space() : String.join(",", elements)) + "]";
        } else {
            inner = value.toString();
        }
        return space() + inner + space();
    }

    private String space() {
        return SPACES.get(random.nextInt(SPACES.size()));
    }

    /** The pointers of a value and of all below it, parents first. */
    static List<String> pointers(JsonNode value, String pointer) {
        List<String> found = new ArrayList<>(List.of(pointer));
        if (value.isObject()) {
            value.properties()
                    .forEach(member ->
                            found.addAll(pointers(member.getValue(), Pointer.child(pointer, member.getKey()))));
        } else {
            for (int i = 0; i < value.size(); i++) {
                found.addAll(pointers(value.get(i), Pointer.child(pointer, i)));
            }
        }
        return found;
    }

    <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}

package org.slipway.model.json;

import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/**
 * How a document is written, read off the document itself.
 *
 * @param unit what one level of indentation is; empty if the document stands on one line
 * @param newline the line end
 * @param colon what stands between a name and its value
 * @param flatLists whether arrays of scalars stand on one line
 */
record Layout(String unit, String newline, String colon, boolean flatLists) {

    static Layout of(Document document) {
        String text = document.text();
        Node root = document.root();
        String inside = text.substring(root.start(), root.end());
        String newline = text.contains("\r\n") ? "\r\n" : "\n";
        if (root.children().isEmpty()) {
            return new Layout("\t", newline, ": ", true);
        }
        Node first = root.children().getFirst();
        boolean lines = inside.contains("\n");
        String outer = document.indentAt(root.start());
        String inner = document.indentAt(first.keyStart());
        String unit = !lines
                ? ""
                : inner.length() > outer.length() && inner.startsWith(outer) ? inner.substring(outer.length()) : "\t";
        Node list = firstList(root);
        boolean flat = !lines
                || list == null
                || !text.substring(list.start(), list.end()).contains("\n");
        return new Layout(unit, newline, colon(text, first), flat);
    }

    boolean oneLine() {
        return unit.isEmpty();
    }

    /** What stands between the name and the value of a member, without line breaks. */
    static String colon(String text, Node member) {
        int at = member.keyStart() + 1;
        while (text.charAt(at) != '"') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        String between = text.substring(at + 1, member.start());
        return between.contains("\n") || between.contains("\r") ? ": " : between;
    }

    private static @Nullable Node firstList(Node node) {
        if (node.value().isArray() && !node.children().isEmpty() && scalars(node.value())) {
            return node;
        }
        for (Node child : node.children()) {
            Node found = firstList(child);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    static boolean scalars(JsonNode container) {
        return container.valueStream().noneMatch(JsonNode::isContainer);
    }

    /** A name in quotation marks. */
    static String quoted(String name) {
        return StringNode.valueOf(name).toString();
    }

    private String name(String name) {
        return quoted(name) + colon;
    }

    /** A value on one line. */
    String flat(JsonNode value) {
        String gap = oneLine() && !colon.endsWith(" ") ? "," : ", ";
        if (value.isObject()) {
            return value.propertyStream()
                    .map(member -> name(member.getKey()) + flat(member.getValue()))
                    .collect(Collectors.joining(gap, "{", "}"));
        }
        if (value.isArray()) {
            return value.valueStream().map(this::flat).collect(Collectors.joining(gap, "[", "]"));
        }
        return value.toString();
    }

    /**
     * A value over as many lines as it needs.
     *
     * @param indent of the line in which it begins
     */
    String print(JsonNode value, String indent) {
        if (oneLine() || !value.isContainer() || value.isEmpty() || (flatLists && value.isArray() && scalars(value))) {
            return flat(value);
        }
        String inner = indent + unit;
        if (value.isObject()) {
            return value.propertyStream()
                    .map((Map.Entry<String, JsonNode> member) ->
                            inner + name(member.getKey()) + print(member.getValue(), inner))
                    .collect(Collectors.joining("," + newline, "{" + newline, newline + indent + "}"));
        }
        return value.valueStream()
                .map(element -> inner + print(element, inner))
                .collect(Collectors.joining("," + newline, "[" + newline, newline + indent + "]"));
    }

    /** The same layout with arrays of scalars on one line or over several. */
    Layout withFlatLists(boolean flat) {
        return new Layout(unit, newline, colon, flat);
    }
}

package org.slipway.model.json;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A value with its span.
 *
 * @param children members or elements in the order of the text; empty for scalars
 * @param names for an object, which member has which name
 */
record Node(int start, int end, int keyStart, JsonNode value, List<Node> children, Map<String, Integer> names) {

    boolean isObject() {
        return value.isObject();
    }

    boolean isContainer() {
        return value.isContainer();
    }

    /** The child of that name or index, or null. */
    @Nullable Node child(String name) {
        if (isObject()) {
            Integer at = names.get(name);
            return at == null ? null : children.get(at);
        }
        int index = index(name);
        return index >= 0 && index < children.size() ? children.get(index) : null;
    }

    /** The value at the end of that way, or null. */
    @Nullable Node find(List<String> way) {
        Node node = this;
        for (String name : way) {
            Node next = node.child(name);
            if (next == null) {
                return null;
            }
            node = next;
        }
        return node;
    }

    /** An array index as RFC 6901 writes it, or -1. */
    static int index(String name) {
        boolean digits = !name.isEmpty() && name.length() < 10 && name.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits && (name.length() == 1 || name.charAt(0) != '0') ? Integer.parseInt(name) : -1;
    }
}

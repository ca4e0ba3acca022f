package org.slipway.model.json;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A document made to say something else in one pass: what it said already keeps its bytes. */
final class Rewrite {

    private final Document document;
    private final String text;
    private final Layout layout;

    Rewrite(Document document) {
        this.document = document;
        this.text = document.text();
        this.layout = Layout.of(document);
    }

    String to(JsonNode wanted) {
        Node root = document.root();
        return text.substring(0, root.start()) + value(root, wanted) + text.substring(root.end());
    }

    private String value(Node old, JsonNode wanted) {
        if (old.value().equals(wanted)) {
            return text.substring(old.start(), old.end());
        }
        boolean alike = (old.isObject() && wanted.isObject()) || (old.value().isArray() && wanted.isArray());
        if (!alike || old.children().isEmpty() || wanted.isEmpty()) {
            return layout.print(wanted, document.indentAt(old.start()));
        }
        return old.isObject() ? object(old, wanted) : array(old, wanted);
    }

    private String object(Node old, JsonNode wanted) {
        List<String> parts = new ArrayList<>();
        for (Map.Entry<String, JsonNode> member : wanted.properties()) {
            Node same = old.child(member.getKey());
            parts.add(
                    same == null
                            ? fresh(
                                    old,
                                    Layout.quoted(member.getKey())
                                            + Layout.colon(text, old.children().getFirst()),
                                    member.getValue())
                            : before(old, same)
                                    + text.substring(same.keyStart(), same.start())
                                    + value(same, member.getValue()));
        }
        return "{" + String.join(",", parts) + end(old);
    }

    private String array(Node old, JsonNode wanted) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            @Nullable Node same = i < old.children().size() ? old.children().get(i) : null;
            parts.add(same == null ? fresh(old, "", wanted.get(i)) : before(old, same) + value(same, wanted.get(i)));
        }
        return "[" + String.join(",", parts) + end(old);
    }

    /** White space between the comma or the bracket before a child and the child. */
    private String before(Node parent, Node child) {
        int at = child.keyStart();
        while (at > parent.start() + 1 && Character.isWhitespace(text.charAt(at - 1))) {
            at--;
        }
        return text.substring(at, child.keyStart());
    }

    private String fresh(Node parent, String name, JsonNode value) {
        List<Node> children = parent.children();
        String gap = before(parent, children.get(Math.min(1, children.size() - 1)));
        boolean broken = gap.contains("\n");
        if (!broken && gap.isEmpty() && layout.colon().endsWith(" ")) {
            gap = " ";
        }
        String printed = broken ? layout.print(value, gap.substring(gap.lastIndexOf('\n') + 1)) : layout.flat(value);
        return gap + name + printed;
    }

    /** White space before the closing bracket, and the bracket. */
    private String end(Node old) {
        return text.substring(old.children().getLast().end(), old.end());
    }
}

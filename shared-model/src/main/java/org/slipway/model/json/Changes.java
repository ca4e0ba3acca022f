package org.slipway.model.json;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What each edit does to the text: one replacement, in the manner of what stands around it. */
final class Changes {

    private final Document document;
    private final String text;
    private final Layout layout;

    Changes(Document document) {
        this.document = document;
        this.text = document.text();
        this.layout = Layout.of(document);
    }

    TextChange set(String pointer, JsonNode value) {
        List<String> way = Pointer.names(pointer);
        Node parent = document.root();
        if (way.isEmpty()) {
            return replace(document.root(), value, false);
        }
        for (int i = 0; i < way.size(); i++) {
            String name = way.get(i);
            List<String> rest = way.subList(i + 1, way.size());
            Node child = parent.child(name);
            if (child == null) {
                return add(parent, name, wrapped(rest, value), pointer);
            }
            boolean last = rest.isEmpty();
            if (last || child.value().isNull()) {
                return replace(child, wrapped(rest, value), isFlat(parent));
            }
            if (!child.isContainer()) {
                throw new NoSuchPlaceException(pointer, "a scalar stands on the way");
            }
            parent = child;
        }
        throw new AssertionError("the last name returns");
    }

    /** The value inside the objects and arrays that are still missing around it. */
    private static JsonNode wrapped(List<String> names, JsonNode value) {
        JsonNode result = value;
        for (String name : names.reversed()) {
            if (name.equals("0") || name.equals("-")) {
                ArrayNode array = JsonNodeFactory.instance.arrayNode();
                result = array.add(result);
            } else {
                ObjectNode object = JsonNodeFactory.instance.objectNode();
                object.set(name, result);
                result = object;
            }
        }
        return result;
    }

    private TextChange replace(Node old, JsonNode value, boolean parentIsFlat) {
        boolean wasFlat = old.isContainer() && !old.children().isEmpty() && isFlat(old);
        boolean wasLong = old.isContainer() && !old.children().isEmpty() && !isFlat(old);
        String printed;
        if (parentIsFlat || (wasFlat && Layout.scalars(value))) {
            printed = layout.flat(value);
        } else {
            printed = layout.withFlatLists(layout.flatLists() && !wasLong).print(value, document.indentAt(old.start()));
        }
        return new TextChange(old.start(), old.end(), printed);
    }

    private TextChange add(Node parent, String name, JsonNode value, String pointer) {
        if (!parent.isObject()) {
            int index = name.equals("-") ? parent.children().size() : Node.index(name);
            if (index != parent.children().size()) {
                throw new NoSuchPlaceException(
                        pointer, "the array has " + parent.children().size() + " elements");
            }
            return insert(parent, index, "", value);
        }
        int size = parent.children().size();
        String colon = size == 0
                ? layout.colon()
                : Layout.colon(text, parent.children().getLast());
        return insert(parent, size, Layout.quoted(name) + colon, value);
    }

    TextChange insert(String array, int index, JsonNode value) {
        Node node = array(array);
        if (index < 0 || index > node.children().size()) {
            throw new NoSuchPlaceException(
                    Pointer.child(array, index),
                    "the array has " + node.children().size() + " elements");
        }
        return insert(node, index, "", value);
    }

    private TextChange insert(Node parent, int index, String name, JsonNode value) {
        List<Node> children = parent.children();
        if (children.isEmpty()) {
            return fill(parent, name, value);
        }
        String gap = gap(parent, index);
        boolean broken = gap.contains("\n");
        String indent = broken ? gap.substring(gap.lastIndexOf('\n') + 1) : "";
        String printed = name + (broken ? layout.print(value, indent) : layout.flat(value));
        if (index == 0) {
            int at = children.getFirst().keyStart();
            return new TextChange(at, at, printed + "," + gap);
        }
        int at = children.get(index - 1).end();
        return new TextChange(at, at, "," + gap + printed);
    }

    /** The first child of an empty object or array. */
    private TextChange fill(Node parent, String name, JsonNode value) {
        int from = parent.start() + 1;
        int to = parent.end() - 1;
        boolean flat = (layout.oneLine() && !text.substring(from, to).contains("\n"))
                || (!parent.isObject() && layout.flatLists() && !value.isContainer());
        if (flat) {
            return new TextChange(from, to, name + layout.flat(value));
        }
        String indent = document.indentAt(parent.start());
        String inner = indent + layout.unit();
        String line = layout.newline();
        return new TextChange(from, to, line + inner + name + layout.print(value, inner) + line + indent);
    }

    /** White space to put between a comma and a new child, as its neighbours have it. */
    private String gap(Node parent, int index) {
        List<Node> children = parent.children();
        int like = index == 0 ? Math.min(1, children.size() - 1) : index - 1;
        int from = like == 0 ? parent.start() + 1 : children.get(like - 1).end();
        String before = text.substring(from, children.get(like).keyStart());
        String gap = like == 0 ? before : before.substring(before.indexOf(',') + 1);
        return gap.isEmpty() && layout.colon().endsWith(" ") ? " " : gap;
    }

    TextChange remove(String pointer) {
        if (pointer.isEmpty()) {
            throw new NoSuchPlaceException(pointer, "the document itself can't be removed");
        }
        Node parent = document.find(Pointer.parent(pointer));
        Node child = document.find(pointer);
        if (parent == null || child == null) {
            throw new NoSuchPlaceException(pointer, "there is nothing");
        }
        List<Node> children = parent.children();
        int index = children.indexOf(child);
        if (children.size() == 1) {
            return new TextChange(parent.start() + 1, parent.end() - 1, "");
        }
        if (index + 1 < children.size()) {
            return new TextChange(child.keyStart(), children.get(index + 1).keyStart(), "");
        }
        return new TextChange(children.get(index - 1).end(), child.end(), "");
    }

    TextChange rename(String pointer, String name) {
        Node parent = pointer.isEmpty() ? null : document.find(Pointer.parent(pointer));
        Node child = document.find(pointer);
        if (parent == null || child == null || !parent.isObject()) {
            throw new NoSuchPlaceException(pointer, "there is no member");
        }
        if (parent.names().containsKey(name)) {
            throw new NoSuchPlaceException(pointer, "the name is taken");
        }
        int end = child.keyStart() + 1;
        while (text.charAt(end) != '"') {
            end += text.charAt(end) == '\\' ? 2 : 1;
        }
        return new TextChange(child.keyStart(), end + 1, Layout.quoted(name));
    }

    TextChange move(String array, int from, int to) {
        List<Node> elements = array(array).children();
        for (int index : new int[] {from, to}) {
            if (index < 0 || index >= elements.size()) {
                throw new NoSuchPlaceException(
                        Pointer.child(array, index), "the array has " + elements.size() + " elements");
            }
        }
        int first = Math.min(from, to);
        int last = Math.max(from, to);
        List<String> texts = new ArrayList<>(elements.subList(first, last + 1).stream()
                .map(element -> text.substring(element.start(), element.end()))
                .toList());
        Collections.rotate(texts, from < to ? -1 : from > to ? 1 : 0);
        StringBuilder moved = new StringBuilder();
        for (int i = first; i <= last; i++) {
            moved.append(texts.get(i - first));
            if (i < last) {
                moved.append(text, elements.get(i).end(), elements.get(i + 1).start());
            }
        }
        return new TextChange(elements.get(first).start(), elements.get(last).end(), moved.toString());
    }

    private Node array(String pointer) {
        Node node = document.find(pointer);
        if (node == null || !node.value().isArray()) {
            throw new NoSuchPlaceException(pointer, "there is no array");
        }
        return node;
    }

    private boolean isFlat(Node node) {
        return !text.substring(node.start(), node.end()).contains("\n");
    }
}

package org.slipway.model.finding;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slipway.model.json.Document;
import org.slipway.model.json.Pointer;
import org.slipway.model.spec.SpecVersion;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A configuration as the rules read it: what has the wrong type counts as absent, because {@link StructureRules} has
 * complained of it already.
 */
final class Config {

    private final ObjectNode tree;
    private final Map<String, Item> namespaces = new HashMap<>();
    private final String version;

    Config(Document document) {
        tree = document.tree();
        version = at("/ociVersion").text().orElse("");
        for (Item entry : at("/linux/namespaces").elements()) {
            entry.text("type").ifPresent(type -> namespaces.putIfAbsent(type, entry));
        }
    }

    /** A value with its JSON pointer. */
    record Item(String pointer, JsonNode value) {

        Item child(String name) {
            return new Item(Pointer.child(pointer, name), value.path(name));
        }

        Item child(int index) {
            return new Item(Pointer.child(pointer, index), value.path(index));
        }

        boolean present() {
            return !value.isMissingNode() && !value.isNull();
        }

        Optional<String> text() {
            return value.isString() ? Optional.of(value.stringValue()) : Optional.empty();
        }

        Optional<String> text(String name) {
            return child(name).text();
        }

        /** A whole number that fits 64 bits with sign. */
        Optional<Long> number() {
            return value.isIntegralNumber() && value.canConvertToLong()
                    ? Optional.of(value.longValue())
                    : Optional.empty();
        }

        Optional<Long> number(String name) {
            return child(name).number();
        }

        boolean isTrue() {
            return value.isBoolean() && value.booleanValue();
        }

        /** Elements of a list. */
        List<Item> elements() {
            List<Item> items = new ArrayList<>();
            if (value.isArray()) {
                for (int i = 0; i < value.size(); i++) {
                    items.add(child(i));
                }
            }
            return items;
        }

        List<Item> elements(String name) {
            return child(name).elements();
        }

        /** Members of an object. */
        List<Item> members() {
            return value.isObject()
                    ? value.propertyStream()
                            .map(member -> new Item(Pointer.child(pointer, member.getKey()), member.getValue()))
                            .toList()
                    : List.of();
        }

        /** Its own name in the object that holds it. */
        String name() {
            return Pointer.name(pointer);
        }
    }

    /** Whether it is to be read by the rules of release 1.x or a later one. */
    boolean atLeast(int minor) {
        return SpecVersion.atLeast(version, minor);
    }

    Item root() {
        return new Item("", tree);
    }

    Item at(String pointer) {
        Item item = root();
        for (String name : Pointer.names(pointer)) {
            item = item.child(name);
        }
        return item;
    }

    /** The entry for a type of namespace, if the container has one of its own or joins one. */
    Optional<Item> namespace(String type) {
        return Optional.ofNullable(namespaces.get(type));
    }

    /** Whether a namespace of that type is to be made, not joined. */
    boolean newNamespace(String type) {
        return namespace(type).filter(entry -> !entry.child("path").present()).isPresent();
    }
}

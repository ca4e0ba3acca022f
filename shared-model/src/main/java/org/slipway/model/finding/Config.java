package org.slipway.model.finding;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slipway.model.json.Document;
import org.slipway.model.json.Pointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A configuration as the rules read it: what has the wrong type counts as absent, because {@link StructureRules} has
 * complained of it already.
 */
public final class Config {

    private final ObjectNode tree;
    private final Map<String, Item> namespaces = new HashMap<>();
    private final Strictness strictness;

    /** A configuration of release 1.3. */
    public Config(Document document) {
        this(document, Strictness.NONE);
    }

    Config(Document document, Strictness strictness) {
        tree = document.tree();
        this.strictness = strictness;
        for (Item entry : at("/linux/namespaces").elements()) {
            entry.text("type").ifPresent(type -> namespaces.putIfAbsent(type, entry));
        }
    }

    /** A value with its JSON pointer, which is put together when somebody asks for it: of most items nobody does. */
    public static final class Item {

        private final @Nullable Item parent;
        private final String name;
        private final JsonNode value;
        private @Nullable String pointer;

        private Item(@Nullable Item parent, String name, JsonNode value) {
            this.parent = parent;
            this.name = name;
            this.value = value;
        }

        public String pointer() {
            String known = pointer;
            if (known == null) {
                known = parent == null ? "" : Pointer.child(parent.pointer(), name);
                pointer = known;
            }
            return known;
        }

        public JsonNode value() {
            return value;
        }

        public Item child(String name) {
            return new Item(this, name, value.path(name));
        }

        public Item child(int index) {
            return new Item(this, Integer.toString(index), value.path(index));
        }

        public boolean present() {
            return !value.isMissingNode() && !value.isNull();
        }

        public Optional<String> text() {
            return value.isString() ? Optional.of(value.stringValue()) : Optional.empty();
        }

        public Optional<String> text(String name) {
            return child(name).text();
        }

        /** A whole number that fits 64 bits with sign. */
        public Optional<Long> number() {
            return value.isIntegralNumber() && value.canConvertToLong()
                    ? Optional.of(value.longValue())
                    : Optional.empty();
        }

        public Optional<Long> number(String name) {
            return child(name).number();
        }

        public boolean isTrue() {
            return value.isBoolean() && value.booleanValue();
        }

        /** Elements of a list. */
        public List<Item> elements() {
            List<Item> items = new ArrayList<>();
            if (value.isArray()) {
                for (int i = 0; i < value.size(); i++) {
                    items.add(child(i));
                }
            }
            return items;
        }

        public List<Item> elements(String name) {
            return child(name).elements();
        }

        /** Members of an object. */
        public List<Item> members() {
            return value.isObject()
                    ? value.propertyStream()
                            .map(member -> new Item(this, member.getKey(), member.getValue()))
                            .toList()
                    : List.of();
        }

        /** Its own name in the object that holds it. */
        public String name() {
            return name;
        }
    }

    /** Where its version of the specification is stricter than 1.3. */
    Strictness strictness() {
        return strictness;
    }

    public Item root() {
        return new Item(null, "", tree);
    }

    public Item at(String pointer) {
        Item item = root();
        for (String name : Pointer.names(pointer)) {
            item = item.child(name);
        }
        return item;
    }

    /** The entry for a type of namespace, if the container has one of its own or joins one. */
    public Optional<Item> namespace(String type) {
        return Optional.ofNullable(namespaces.get(type));
    }

    /** Whether a namespace of that type is to be made, not joined. */
    public boolean newNamespace(String type) {
        return namespace(type).filter(entry -> !entry.child("path").present()).isPresent();
    }
}

package org.slipway.model.profile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slipway.model.json.Pointer;
import org.slipway.model.profile.Converted.Kind;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A configuration on its way through the profiles: the tree as it is now, and for each value where it came from. What a change
 * finds in another form than it expects, it leaves: the rules complain of it where it stands.
 */
final class Rewriting {

    private final ObjectNode tree;
    private final boolean draft;
    private final List<Converted> converted = new ArrayList<>();
    private final List<Map<String, Source>> stages = new ArrayList<>();
    private String profile = "";

    Rewriting(ObjectNode tree, boolean draft) {
        this.tree = tree;
        this.draft = draft;
    }

    /** Whether the configuration is one from before 1.0: members that came later say nothing in it. */
    boolean draft() {
        return draft;
    }

    /** Where a value stood before a stage; {@code whole} if all that is below it now was that one value. */
    private record Source(String pointer, boolean whole) {}

    /** Does one change; within it no value is moved twice. */
    void apply(String into, Change change) {
        profile = into;
        stages.add(new HashMap<>());
        change.apply(this);
        if (stages.getLast().isEmpty()) {
            stages.removeLast();
        }
    }

    ObjectNode tree() {
        return tree;
    }

    List<Converted> converted() {
        return List.copyOf(converted);
    }

    /** Where the value at a pointer of the present tree stands in the configuration as it was read. */
    String origin(String pointer) {
        return origin(pointer, stages.size());
    }

    private String origin(String pointer, int before) {
        String at = pointer;
        for (Map<String, Source> stage : stages.subList(0, before).reversed()) {
            at = source(stage, at);
        }
        return at;
    }

    private static String source(Map<String, Source> stage, String pointer) {
        for (String at = pointer; !at.isEmpty(); at = Pointer.parent(at)) {
            Source source = stage.get(at);
            if (source != null) {
                return source.whole() ? source.pointer() : source.pointer() + pointer.substring(at.length());
            }
        }
        return pointer;
    }

    JsonNode at(String pointer) {
        JsonNode node = tree;
        for (String name : Pointer.names(pointer)) {
            node = node.isArray() && name.matches("\\d{1,9}") ? node.path(Integer.parseInt(name)) : node.path(name);
        }
        return node;
    }

    /** The places that a pattern names, {@code *} standing for each element of a list or value of a map. */
    List<String> places(String pattern) {
        List<String> places = List.of("");
        for (String name : Pointer.names(pattern)) {
            List<String> next = new ArrayList<>();
            for (String place : places) {
                JsonNode node = at(place);
                if (!name.equals("*")) {
                    if (node.has(name)) {
                        next.add(Pointer.child(place, name));
                    }
                } else if (node.isArray()) {
                    for (int i = 0; i < node.size(); i++) {
                        next.add(Pointer.child(place, i));
                    }
                } else if (node.isObject()) {
                    node.propertyNames().forEach(key -> next.add(Pointer.child(place, key)));
                }
            }
            places = next;
        }
        return places;
    }

    /** Puts a member elsewhere; one that stands there already is kept, and the moved one is lost. */
    void move(String from, String to, String code) {
        JsonNode value = at(from);
        if (value.isMissingNode() || !(holder(to) instanceof ObjectNode target)) {
            return;
        }
        if (target.has(Pointer.name(to))) {
            drop(from, "member-taken", true, Map.of("member", Pointer.name(to)));
            return;
        }
        remove(from);
        target.set(Pointer.name(to), value);
        note(Kind.MOVED, code, from, to, false, Map.of());
    }

    /** Gives a member another name, in its place. */
    void rename(String pointer, String name, String code) {
        if (renamed(pointer, name, at(pointer))) {
            note(Kind.RENAMED, code, pointer, Pointer.child(Pointer.parent(pointer), name), false, Map.of());
        }
    }

    /** Gives a member another name, and its value another form. */
    void renamed(String pointer, String name, JsonNode value, String code) {
        if (renamed(pointer, name, value)) {
            String to = Pointer.child(Pointer.parent(pointer), name);
            note(Kind.RENAMED, code, pointer, to, false, Map.of());
            stages.getLast().put(to, new Source(pointer, true));
        }
    }

    private boolean renamed(String pointer, String name, JsonNode value) {
        if (!(at(Pointer.parent(pointer)) instanceof ObjectNode object) || !object.has(Pointer.name(pointer))) {
            return false;
        }
        if (object.has(name)) {
            drop(pointer, "member-taken", true, Map.of("member", name));
            return false;
        }
        Map<String, JsonNode> members = new LinkedHashMap<>();
        object.properties().forEach(member -> {
            boolean it = member.getKey().equals(Pointer.name(pointer));
            members.put(it ? name : member.getKey(), it ? value : member.getValue());
        });
        object.removeAll();
        members.forEach(object::set);
        return true;
    }

    /** Takes a member away. */
    void drop(String pointer, String code, boolean loss, Map<String, String> arguments) {
        JsonNode value = at(pointer);
        if (value.isMissingNode()) {
            return;
        }
        remove(pointer);
        dropped(origin(pointer, stages.size() - 1), value, code, loss, arguments);
    }

    /** Tells of a value that found no place where two files were joined. */
    void lost(String origin, JsonNode value, String code, Map<String, String> arguments) {
        dropped(origin, value, code, true, arguments);
    }

    private void dropped(String origin, JsonNode value, String code, boolean loss, Map<String, String> arguments) {
        Map<String, String> all = new HashMap<>(arguments);
        all.putIfAbsent("member", Pointer.name(origin));
        all.put("from", origin);
        all.put("value", shown(value));
        all.put("profile", profile);
        converted.add(new Converted(Kind.DROPPED, code, profile, Optional.of(origin), Optional.empty(), loss, all));
    }

    /** Tells of a value that was taken over from a second file. */
    void joined(String from, String to) {
        note(Kind.MOVED, "files-joined", from, to, false, Map.of());
    }

    /** Adds an element to a list, for something that went without saying. */
    void append(String array, JsonNode value, String code, Map<String, String> arguments) {
        if (at(array) instanceof ArrayNode list) {
            list.add(value);
            converted.add(new Converted(
                    Kind.ADDED,
                    code,
                    profile,
                    Optional.empty(),
                    Optional.of(Pointer.child(array, list.size() - 1)),
                    false,
                    arguments));
        }
    }

    /** Says the same in another way: what is below the pointer afterwards all came from the value that is there now. */
    void replace(Kind kind, String pointer, JsonNode value, String code, boolean loss) {
        Map<String, String> arguments = Map.of("before", shown(at(pointer)), "after", shown(value));
        put(pointer, value);
        note(kind, code, pointer, pointer, loss, arguments);
    }

    /** Says the list at a pointer under several names of an object that takes its place. */
    void split(String pointer, List<String> names, String code) {
        if (!(at(pointer) instanceof ArrayNode list)) {
            return;
        }
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        names.forEach(name -> object.set(name, list.deepCopy()));
        put(pointer, object);
        for (String name : names) {
            note(Kind.SPLIT, code, pointer, Pointer.child(pointer, name), false, Map.of("set", name));
        }
    }

    /** Tells that a value which stays as it is means something else. */
    void meansOtherwise(String pointer, String code, boolean loss) {
        String at = origin(pointer);
        converted.add(new Converted(
                Kind.REINTERPRETED,
                code,
                profile,
                Optional.of(at),
                Optional.of(pointer),
                loss,
                Map.of("from", at, "to", pointer)));
    }

    private void note(Kind kind, String code, String from, String to, boolean loss, Map<String, String> arguments) {
        String origin = origin(from, stages.size() - 1);
        Map<String, String> all = new HashMap<>(arguments);
        all.put("from", origin);
        all.put("to", to);
        converted.add(new Converted(kind, code, profile, Optional.of(origin), Optional.of(to), loss, all));
        boolean whole = kind == Kind.REINTERPRETED;
        stages.getLast().put(to, new Source(from, whole));
    }

    /** Tells where a value that was built from another one came from. */
    void cameFrom(String to, String from) {
        stages.getLast().put(to, new Source(from, false));
    }

    private void put(String pointer, JsonNode value) {
        JsonNode parent = at(Pointer.parent(pointer));
        if (parent instanceof ObjectNode object) {
            object.set(Pointer.name(pointer), value);
        } else if (parent instanceof ArrayNode array) {
            array.set(Integer.parseInt(Pointer.name(pointer)), value);
        }
    }

    private void remove(String pointer) {
        if (at(Pointer.parent(pointer)) instanceof ObjectNode object) {
            object.remove(Pointer.name(pointer));
        }
    }

    /** What holds a member that is to be; objects on the way are made, null counts as none. */
    private JsonNode holder(String pointer) {
        JsonNode node = tree;
        for (String name : Pointer.names(Pointer.parent(pointer))) {
            if (!(node instanceof ObjectNode object)) {
                return node;
            }
            JsonNode next = object.path(name);
            node = next.isMissingNode() || next.isNull() ? object.putObject(name) : next;
        }
        return node;
    }

    /** A value as a report shows it: a long one is cut. */
    private static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }
}

package org.slipway.workbench.seccomp;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slipway.model.json.Document;
import org.slipway.model.json.Edit;
import org.slipway.model.json.Pointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What the filter of a configuration does at each call (config-linux.md §Seccomp), and the edits that change it.
 *
 * @param standard what happens at a call that no entry names; without a filter every call is allowed
 * @param calls the calls that entries name
 */
record Filter(Optional<String> standard, Map<String, Call> calls) {

    static final String POINTER = "/linux/seccomp";
    static final String ALLOW = "SCMP_ACT_ALLOW";
    private static final String DEFAULT = POINTER + "/defaultAction";
    private static final String DEFAULT_ERRNO = POINTER + "/defaultErrnoRet";
    private static final String ENTRIES = POINTER + "/syscalls";

    /**
     * A call that an entry names.
     *
     * @param action of the first entry without conditions, or else what holds where no condition does
     * @param conditional whether entries name it with conditions on its arguments
     * @param entry the index of the first entry that names it
     */
    record Call(String action, boolean conditional, int entry) {
        private Call and(Call later) {
            return new Call(action.isEmpty() ? later.action : action, conditional || later.conditional, entry);
        }
    }

    static Filter of(Document document) {
        return document.at(POINTER).map(Filter::of).orElse(new Filter(Optional.empty(), Map.of()));
    }

    static Filter of(JsonNode seccomp) {
        Optional<String> standard =
                Optional.of(seccomp.path("defaultAction").asString("")).filter(word -> !word.isEmpty());
        Map<String, Call> calls = new TreeMap<>();
        int index = 0;
        for (JsonNode entry : seccomp.path("syscalls")) {
            boolean conditional = hasConditions(entry);
            for (JsonNode name : entry.path("names")) {
                String word = conditional ? "" : entry.path("action").asString("");
                calls.merge(name.asString(""), new Call(word, conditional, index), Call::and);
            }
            index++;
        }
        calls.replaceAll((_, call) ->
                call.action.isEmpty() ? new Call(standard.orElse(ALLOW), call.conditional, call.entry) : call);
        return new Filter(standard, calls);
    }

    /** What happens at a call where no condition says otherwise. */
    String action(String name) {
        Call call = calls.get(name);
        return call == null ? standard.orElse(ALLOW) : call.action;
    }

    /** Whether a call gets the same here and there. */
    boolean same(Filter other, String name) {
        return action(name).equals(other.action(name)) && conditional(name) == other.conditional(name);
    }

    boolean conditional(String name) {
        Call call = calls.get(name);
        return call != null && call.conditional;
    }

    /** The edits after which these calls get that action; entries with conditions stay as they are. */
    static List<Edit> assign(Document document, List<String> names, String action) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        List<Edit> edits = new ArrayList<>();
        Filter filter = of(document);
        if (filter.standard.isEmpty()) {
            edits.add(new Edit.Set(DEFAULT, nodes.stringNode(ALLOW)));
        }
        List<JsonNode> entries = new ArrayList<>();
        document.at(ENTRIES).filter(JsonNode::isArray).ifPresent(all -> all.forEach(entries::add));
        int plain = -1;
        for (int i = entries.size() - 1; i >= 0; i--) {
            JsonNode entry = entries.get(i);
            if (hasConditions(entry)) {
                continue;
            }
            List<Edit> removals = removals(entry, Pointer.child(ENTRIES, i), names, action);
            boolean gone =
                    removals.size() == 1 && removals.getFirst().equals(new Edit.Remove(Pointer.child(ENTRIES, i)));
            if (gone) {
                plain = plain > i ? plain - 1 : plain;
            } else if (isPlain(entry, action)) {
                plain = i;
            }
            edits.addAll(removals);
        }
        if (action.equals(filter.standard.orElse(ALLOW))) {
            return edits;
        }
        List<String> missing = names.stream()
                .filter(name -> entries.stream().noneMatch(entry -> keeps(entry, name, action)))
                .distinct()
                .toList();
        if (missing.isEmpty()) {
            return edits;
        }
        if (plain >= 0) {
            String list = Pointer.child(Pointer.child(Pointer.child(ENTRIES, plain), "names"), "-");
            missing.forEach(name -> edits.add(new Edit.Set(list, nodes.stringNode(name))));
            return edits;
        }
        var entry = nodes.objectNode();
        missing.forEach(entry.putArray("names")::add);
        entry.put("action", action);
        edits.add(new Edit.Set(Pointer.child(ENTRIES, "-"), entry));
        return edits;
    }

    /** Takes names out of an entry that has another action; from the end, so that the indices hold. */
    private static List<Edit> removals(JsonNode entry, String pointer, List<String> names, String action) {
        if (entry.path("action").asString("").equals(action)) {
            return List.of();
        }
        List<Edit> edits = new ArrayList<>();
        JsonNode there = entry.path("names");
        for (int i = there.size() - 1; i >= 0; i--) {
            if (names.contains(there.path(i).asString(""))) {
                edits.add(new Edit.Remove(Pointer.child(Pointer.child(pointer, "names"), i)));
            }
        }
        return !edits.isEmpty() && edits.size() == there.size() ? List.of(new Edit.Remove(pointer)) : edits;
    }

    private static boolean keeps(JsonNode entry, String name, String action) {
        return !hasConditions(entry)
                && entry.path("action").asString("").equals(action)
                && entry.path("names")
                        .valueStream()
                        .anyMatch(there -> there.asString("").equals(name));
    }

    /** An entry that says nothing but the action of its names. */
    private static boolean isPlain(JsonNode entry, String action) {
        return entry.path("action").asString("").equals(action)
                && !hasConditions(entry)
                && entry.propertyNames().stream().allMatch(List.of("names", "action", "args")::contains);
    }

    private static boolean hasConditions(JsonNode entry) {
        return !entry.path("args").isEmpty();
    }

    /** The edits after which the filter is the one of a preset; architectures, flags and the listener stay. */
    static List<Edit> become(Document document, JsonNode preset) {
        if (preset.isEmpty()) {
            return document.at(POINTER).isPresent() ? List.of(new Edit.Remove(POINTER)) : List.of();
        }
        List<Edit> edits = new ArrayList<>();
        edits.add(new Edit.Set(DEFAULT, preset.path("defaultAction")));
        if (preset.has("defaultErrnoRet")) {
            edits.add(new Edit.Set(DEFAULT_ERRNO, preset.path("defaultErrnoRet")));
        } else if (document.at(DEFAULT_ERRNO).isPresent()) {
            edits.add(new Edit.Remove(DEFAULT_ERRNO));
        }
        if (preset.has("syscalls")) {
            edits.add(new Edit.Set(ENTRIES, preset.path("syscalls")));
        } else if (document.at(ENTRIES).isPresent()) {
            edits.add(new Edit.Remove(ENTRIES));
        }
        return edits;
    }
}

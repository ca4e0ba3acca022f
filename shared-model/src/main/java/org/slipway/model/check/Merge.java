package org.slipway.model.check;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slipway.model.json.Pointer;
import org.slipway.model.plan.Paths;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Puts a part of a configuration into a whole one. */
final class Merge {

    private static final String BLOCK = "/linux/resources/blockIO/";

    /** Lists that hold one entry for each thing: by which members an entry is known. Other lists are replaced. */
    private static final Map<String, List<String>> KEYS = Map.ofEntries(
            Map.entry(BLOCK + "weightDevice", List.of("major", "minor")),
            Map.entry(BLOCK + "throttleReadBpsDevice", List.of("major", "minor")),
            Map.entry(BLOCK + "throttleWriteBpsDevice", List.of("major", "minor")),
            Map.entry(BLOCK + "throttleReadIOPSDevice", List.of("major", "minor")),
            Map.entry(BLOCK + "throttleWriteIOPSDevice", List.of("major", "minor")),
            Map.entry("/linux/resources/hugepageLimits", List.of("pageSize")),
            Map.entry("/linux/resources/network/priorities", List.of("name")),
            Map.entry("/process/rlimits", List.of("type")),
            Map.entry("/mounts", List.of("destination")),
            Map.entry("/linux/devices", List.of("path")),
            Map.entry("/linux/maskedPaths", List.of()),
            Map.entry("/linux/readonlyPaths", List.of()));

    /** Of these the order counts: an entry that is there already keeps its place. */
    private static final Set<String> ORDERED =
            Set.of("/mounts", "/linux/devices", "/linux/maskedPaths", "/linux/readonlyPaths");

    private Merge() {}

    /** The same without members that are null: they mean absence. */
    static ObjectNode tidied(ObjectNode change) {
        ObjectNode tidy = change.deepCopy();
        tidy(tidy);
        return tidy;
    }

    private static void tidy(JsonNode node) {
        if (node instanceof ObjectNode object) {
            List.copyOf(object.properties()).stream()
                    .filter(member -> member.getValue().isNull())
                    .forEach(member -> object.remove(member.getKey()));
        }
        node.forEach(Merge::tidy);
    }

    /** The whole with the part in it. */
    static ObjectNode of(ObjectNode whole, ObjectNode part) {
        ObjectNode merged = whole.deepCopy();
        merge("", merged, part);
        return merged;
    }

    private static void merge(String pointer, ObjectNode into, ObjectNode part) {
        for (Map.Entry<String, JsonNode> member : part.properties()) {
            String at = Pointer.child(pointer, member.getKey());
            JsonNode now = into.get(member.getKey());
            if (now instanceof ObjectNode object && member.getValue() instanceof ObjectNode deeper) {
                merge(at, object, deeper);
            } else if (KEYS.containsKey(at) && member.getValue() instanceof ArrayNode entries) {
                into.set(member.getKey(), list(now instanceof ArrayNode had ? had : entries.arrayNode(), entries, at));
            } else {
                into.set(member.getKey(), member.getValue().deepCopy());
            }
        }
    }

    private static ArrayNode list(ArrayNode had, ArrayNode entries, String pointer) {
        ArrayNode list = had.deepCopy();
        List<String> keys = KEYS.getOrDefault(pointer, List.of());
        for (JsonNode entry : entries) {
            if (ORDERED.contains(pointer)) {
                place(list, entry, keys);
                continue;
            }
            for (int i = list.size() - 1; i >= 0; i--) {
                JsonNode old = list.get(i);
                if (keys.stream().allMatch(key -> old.path(key).equals(entry.path(key)))) {
                    list.remove(i);
                }
            }
            if (!takenBack(entry, pointer)) {
                list.add(entry.deepCopy());
            }
        }
        return list;
    }

    private static void place(ArrayNode list, JsonNode entry, List<String> keys) {
        for (int i = 0; i < list.size(); i++) {
            JsonNode old = list.get(i);
            if (keys.isEmpty()
                    ? old.equals(entry)
                    : keys.stream().allMatch(key -> old.path(key).equals(entry.path(key)))) {
                list.set(i, entry.deepCopy());
                return;
            }
        }
        list.add(entry.deepCopy());
    }

    /** Takes mounts away by their targets. */
    static void unmount(ObjectNode whole, List<String> targets) {
        if (whole.get("mounts") instanceof ArrayNode mounts) {
            for (int i = mounts.size() - 1; i >= 0; i--) {
                String destination =
                        Paths.clean(mounts.get(i).path("destination").asString(""));
                if (targets.stream().map(Paths::clean).anyMatch(destination::equals)) {
                    mounts.remove(i);
                }
            }
        }
    }

    /** A rate of 0, or a device without a weight, is none at all. */
    private static boolean takenBack(JsonNode entry, String pointer) {
        if (!pointer.startsWith(BLOCK)) {
            return false;
        } else if (pointer.contains("throttle")) {
            return entry.path("rate").isIntegralNumber() && entry.path("rate").asLong() == 0;
        }
        return entry.path("weight").asLong(0) == 0 && entry.path("leafWeight").asLong(0) == 0;
    }

    /**
     * The whole with nothing in {@code linux.resources} and {@code linux.intelRdt} but the part, and those neighbours that the kernel takes
     * only together.
     */
    static ObjectNode asked(ObjectNode merged, ObjectNode change) {
        ObjectNode asked = merged.deepCopy();
        JsonNode wanted = change.at("/linux/resources");
        if (asked.get("linux") instanceof ObjectNode linux) {
            linux.remove("resources");
            linux.remove("intelRdt");
            if (wanted instanceof ObjectNode resources) {
                ObjectNode only = resources.deepCopy();
                only.remove("devices"); // have a step of their own
                linux.set("resources", only);
                together(only, merged, "memory", List.of("limit", "swap"), "checkBeforeUpdate");
                together(only, merged, "cpu", List.of("quota", "period"), "");
                together(only, merged, "cpu", List.of("realtimeRuntime", "realtimePeriod"), "");
            }
            if (change.at("/linux/intelRdt") instanceof ObjectNode rdt) {
                linux.set("intelRdt", rdt.deepCopy());
            }
        }
        if (asked.get("process") instanceof ObjectNode process) {
            JsonNode limits = change.at("/process/rlimits");
            if (limits.isArray()) {
                process.set("rlimits", limits.deepCopy());
            }
        }
        return asked;
    }

    private static void together(ObjectNode only, ObjectNode merged, String object, List<String> pair, String rule) {
        if (!(only.get(object) instanceof ObjectNode part) || pair.stream().noneMatch(part::has)) {
            return;
        }
        JsonNode all = merged.at("/linux/resources/" + object);
        pair.stream().filter(all::has).forEach(name -> part.set(name, all.get(name)));
        if (all.has(rule)) {
            part.set(rule, all.get(rule));
        }
    }

    /** Takes a member out of a part, with objects that are empty then. */
    static void remove(ObjectNode part, String pointer) {
        if (part.at(Pointer.parent(pointer)) instanceof ObjectNode parent) {
            parent.remove(Pointer.name(pointer));
        }
    }
}

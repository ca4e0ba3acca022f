package org.slipway.model.plan;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Plans and host facts as JSON: how they lie on disk, travel to the window, and are printed by {@code slipway explain --json}.
 *
 * <p>A step is {@code {"index":…,"actor":…,"phase":…,"origin":{"pointer":…} or {"rule":…},"op":{"op":"SetHostname",…},"undo":…}}.
 */
public final class PlanJson {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .build();

    private PlanJson() {}

    public static JsonNode tree(Plan plan) {
        return MAPPER.valueToTree(plan);
    }

    public static String write(Plan plan) {
        return MAPPER.writeValueAsString(plan);
    }

    /** Reads a plan; a text that is none is a {@link tools.jackson.core.JacksonException}. */
    public static Plan read(String text) {
        return MAPPER.readValue(text, Plan.class);
    }

    /** Reads a plan as it came in a message. */
    public static Plan read(JsonNode tree) {
        return MAPPER.treeToValue(tree, Plan.class);
    }

    /** Both plans of a container, as its record holds them. */
    public static byte[] bytes(Compiled.Ready plans) {
        return PlanWriter.bytes(plans);
    }

    public static JsonNode tree(HostFacts facts) {
        return MAPPER.valueToTree(facts);
    }

    /** Reads facts as they came in a message. */
    public static HostFacts facts(JsonNode tree) {
        return MAPPER.treeToValue(tree, HostFacts.class);
    }
}

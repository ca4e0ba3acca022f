package org.slipway.workbench.memory;

import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How the window looked last: its size, where its panes were divided, its theme and the size of its type.
 *
 * @param width in pixels, 0 if nothing is known
 * @param dividers of each split pane, by name, from 0 to 1
 * @param theme the name of a theme, or empty
 * @param percent the size of type, 100 is usual
 */
public record Look(
        double width, double height, boolean maximized, Map<String, Double> dividers, String theme, int percent) {

    /** The smallest and largest type. */
    public static final int SMALLEST = 70;

    public static final int LARGEST = 250;

    private static final String FILE = "window.json";

    /** Nothing is known: the window is as it comes. */
    public static final Look UNKNOWN = new Look(0, 0, false, Map.of(), "", 100);

    public Look {
        dividers = Map.copyOf(dividers);
    }

    /** The last look; what is no sensible value counts for nothing. */
    public static Look read(StateFolder state) {
        return state.read(FILE).map(Look::of).orElse(UNKNOWN);
    }

    private static Look of(ObjectNode node) {
        Map<String, Double> dividers = new TreeMap<>();
        node.path("dividers").properties().forEach(entry -> {
            double at = entry.getValue().asDouble(-1);
            if (at > 0.02 && at < 0.98) {
                dividers.put(entry.getKey(), at);
            }
        });
        JsonNode maximized = node.path("maximized");
        return new Look(
                pixels(node.path("width")),
                pixels(node.path("height")),
                maximized.isBoolean() && maximized.booleanValue(),
                dividers,
                node.path("theme").asString(""),
                Math.clamp(node.path("percent").asInt(100), SMALLEST, LARGEST));
    }

    private static double pixels(JsonNode node) {
        double value = node.asDouble(0);
        return value >= 300 && value <= 20_000 ? value : 0;
    }

    /** Keeps it for the next start. */
    public void write(StateFolder state) {
        ObjectNode node = StateFolder.object();
        node.put("width", width);
        node.put("height", height);
        node.put("maximized", maximized);
        ObjectNode places = node.putObject("dividers");
        dividers.forEach(places::put);
        node.put("theme", theme);
        node.put("percent", percent);
        state.write(FILE, node);
    }
}

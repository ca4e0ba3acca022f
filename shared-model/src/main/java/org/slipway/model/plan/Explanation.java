package org.slipway.model.plan;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Plans as {@code slipway explain} prints them. */
public final class Explanation {

    private static final JsonMapper JSON = new JsonMapper();

    private Explanation() {}

    /** A line for each plan and each phase, and one for each step: its number, who does it, the call, and in brackets what asked for it. */
    public static List<String> lines(List<Plan> plans) {
        return plans.stream().flatMap(plan -> lines(plan).stream()).toList();
    }

    /** The plans as one object: {@code {"plans":[…]}}, each as {@link PlanJson} writes it, with a {@code call} in every step. */
    public static ObjectNode json(List<Plan> plans) {
        ObjectNode all = JSON.createObjectNode();
        ArrayNode array = all.putArray("plans");
        for (Plan plan : plans) {
            ObjectNode tree = (ObjectNode) PlanJson.tree(plan);
            for (Step step : plan.steps()) {
                ((ObjectNode) tree.get("steps").get(step.index()))
                        .put("call", step.op().call());
            }
            array.add(tree);
        }
        return all;
    }

    private static List<String> lines(Plan plan) {
        List<String> lines = new java.util.ArrayList<>();
        lines.add(word(plan.kind()) + ", by the rules of " + plan.profile());
        Optional<Phase> phase = Optional.empty();
        for (Step step : plan.steps()) {
            if (!phase.equals(Optional.of(step.phase()))) {
                phase = Optional.of(step.phase());
                lines.add("  " + word(step.phase()));
            }
            lines.add("    %3d %-8s %s [%s]"
                    .formatted(step.index(), word(step.actor()), step.op().call(), origin(step.origin())));
        }
        return lines;
    }

    private static String origin(Origin origin) {
        return switch (origin) {
            case Origin.Field(String pointer) -> pointer;
            case Origin.Default(String rule) -> rule;
        };
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}

package org.slipway.model.profile;

import java.util.List;
import java.util.Map;
import org.slipway.model.plan.PlanProblem;
import tools.jackson.databind.JsonNode;

/** The machine that a draft's configuration is for (DRAFT-0.3-02). */
public final class Platform {

    /** Go's names for what uname(2) calls otherwise. */
    private static final Map<String, String> GO = Map.of(
            "x86_64",
            "amd64",
            "aarch64",
            "arm64",
            "i686",
            "386",
            "i386",
            "386",
            "armv7l",
            "arm",
            "loongarch64",
            "loong64");

    private Platform() {}

    /**
     * What stands against a configuration on a machine of another kind.
     *
     * @param machine as {@code uname -m} says it
     */
    public static List<PlanProblem> problems(Reading reading, String machine) {
        if (!Profiles.before(reading.profile(), "1.0.0-rc6")) {
            return List.of();
        }
        String here = GO.getOrDefault(machine, machine);
        String pointer =
                TwoFiles.are(reading.original()) ? Chain.inFile(TwoFiles.CONFIG, "/platform/arch") : "/platform/arch";
        return reading
                .original()
                .at(pointer)
                .filter(JsonNode::isString)
                .map(JsonNode::stringValue)
                .filter(arch -> !arch.equals(here))
                .map(arch ->
                        new PlanProblem("platform-arch-other", "/platform/arch", Map.of("arch", arch, "here", here)))
                .stream()
                .toList();
    }
}

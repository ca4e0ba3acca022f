package org.slipway.model.finding;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slipway.model.finding.Config.Item;
import org.slipway.model.json.Edit;

/** Masked and read-only paths, personality, resctrl and memory policy (PATH, RDT-05, RDT-13, MPOL-02). */
final class PathRules {

    private static final String RDT = "config-linux.md §IntelRdt";
    private static final String POLICY = "config-linux.md §Memory policy";
    private static final Set<String> WITHOUT_NODES = Set.of("MPOL_DEFAULT", "MPOL_LOCAL");
    private static final Set<String> WITH_NODES =
            Set.of("MPOL_BIND", "MPOL_INTERLEAVE", "MPOL_WEIGHTED_INTERLEAVE", "MPOL_PREFERRED_MANY");

    private static final Set<String> BALANCED = Set.of("MPOL_BIND", "MPOL_PREFERRED_MANY");

    private PathRules() {}

    static void check(Config config, Report report) {
        pathsAreDistinct(config.at("/linux/maskedPaths"), "config-linux.md §Masked Paths", report);
        pathsAreDistinct(config.at("/linux/readonlyPaths"), "config-linux.md §Readonly Paths", report);
        noPersonalityFlags(config.at("/linux/personality"), report);
        schemataAreSingleLines(config.at("/linux/intelRdt"), report);
        classIsADirectory(config.at("/linux/intelRdt").child("closID"), report);
        monitoringMembersAreOld(config.at("/linux/intelRdt"), report);
        policyNodes(config.at("/linux/memoryPolicy"), report);
    }

    private static void pathsAreDistinct(Item list, String section, Report report) {
        Set<String> seen = new HashSet<>();
        for (Item item : list.elements()) {
            item.text()
                    .filter(path -> !seen.add(path))
                    .ifPresent(path -> report.warning(
                            "path-repeated",
                            item.pointer(),
                            section,
                            Map.of("path", path),
                            new Edit.Remove(item.pointer())));
        }
    }

    /** None is defined (PATH-08). */
    private static void noPersonalityFlags(Item personality, Report report) {
        Item flags = personality.child("flags");
        if (!flags.elements().isEmpty()) {
            report.error(
                    "personality-flags",
                    flags.pointer(),
                    "config-linux.md §Personality",
                    Map.of(),
                    new Edit.Remove(flags.pointer()));
        }
    }

    /** What the resource control filesystem has in each group, and what is no name. */
    private static final Set<String> NO_CLASSES = Set.of(".", "..", "info", "mon_groups", "mon_data");

    private static void schemataAreSingleLines(Item rdt, Report report) {
        schema(rdt.child("l3CacheSchema"), "", report);
        schema(rdt.child("memBwSchema"), "MB:", report);
        rdt.elements("schemata").forEach(line -> schema(line, "", report));
        Item cache = rdt.child("l3CacheSchema");
        cache.text()
                .filter(text -> !text.startsWith("L3:"))
                .ifPresent(text -> report.warning("rdt-schema-not-l3", cache.pointer(), RDT, Map.of("value", text)));
    }

    /** A single directory of the filesystem, none of those that it has itself; {@code /} is the default class. */
    private static void classIsADirectory(Item id, Report report) {
        String text = id.text().orElse("/");
        if (!text.equals("/") && (text.isEmpty() || text.contains("/") || NO_CLASSES.contains(text))) {
            report.error("rdt-class-invalid", id.pointer(), RDT, Map.of("value", text));
        }
    }

    private static void schema(Item schema, String prefix, Report report) {
        String text = schema.text().orElse(prefix);
        if (text.contains("\n") || !text.startsWith(prefix)) {
            report.error("rdt-schema-malformed", schema.pointer(), RDT, Map.of("value", text));
        }
    }

    private static void monitoringMembersAreOld(Item rdt, Report report) {
        for (String member : List.of("enableCMT", "enableMBM")) {
            if (rdt.child(member).present()) {
                report.warning(
                        "rdt-monitoring-old",
                        rdt.child(member).pointer(),
                        RDT,
                        Map.of("member", member),
                        new Edit.Remove(rdt.child(member).pointer()));
            }
        }
    }

    private static void policyNodes(Item policy, Report report) {
        String mode = policy.text("mode").orElse("");
        boolean nodes = policy.text("nodes").filter(text -> !text.isBlank()).isPresent();
        if (WITH_NODES.contains(mode) && !nodes) {
            report.error("memory-policy-needs-nodes", policy.pointer(), POLICY, Map.of("mode", mode));
        } else if (WITHOUT_NODES.contains(mode) && nodes) {
            report.error("memory-policy-takes-no-nodes", policy.child("nodes").pointer(), POLICY, Map.of("mode", mode));
        }
        policyFlags(policy, mode, nodes, report);
    }

    /** What the kernel answers with EINVAL; see set_mempolicy(2). */
    private static void policyFlags(Item policy, String mode, boolean nodes, Report report) {
        Item flags = policy.child("flags");
        Set<String> words = new HashSet<>();
        flags.elements().forEach(flag -> flag.text().ifPresent(words::add));
        boolean fixed = words.contains("MPOL_F_STATIC_NODES");
        boolean relative = words.contains("MPOL_F_RELATIVE_NODES");
        if (fixed && relative) {
            report.error("memory-policy-flags-contradict", flags.pointer(), POLICY, Map.of());
        } else if ((fixed || relative) && !nodes && !mode.equals("MPOL_DEFAULT")) {
            report.error("memory-policy-flags-need-nodes", flags.pointer(), POLICY, Map.of());
        }
        if (words.contains("MPOL_F_NUMA_BALANCING") && !BALANCED.contains(mode)) {
            report.error("memory-policy-balancing", flags.pointer(), POLICY, Map.of("mode", mode));
        }
    }
}

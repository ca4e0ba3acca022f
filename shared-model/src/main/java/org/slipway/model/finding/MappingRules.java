package org.slipway.model.finding;

import java.util.List;
import java.util.Map;
import org.slipway.model.finding.Config.Item;

/** Ids of a user namespace, and who has none in it (IDM, USER-05); the kernel's limits are in user_namespaces(7). */
final class MappingRules {

    private static final String SECTION = "config-linux.md §User namespace mappings";
    private static final int MOST = 340;
    private static final long IDS = 1L << 32;

    private MappingRules() {}

    static void check(Config config, Report report) {
        for (String member : List.of("uidMappings", "gidMappings")) {
            Item list = config.at("/linux/" + member);
            mappingsAndNamespaceGoTogether(config, list, report);
            ranges(list, report);
            for (Item mount : config.at("/mounts").elements()) {
                ranges(mount.child(member), report);
            }
        }
        Item user = config.at("/process/user");
        idIsMapped(config, user.child("uid"), "uidMappings", report);
        idIsMapped(config, user.child("gid"), "gidMappings", report);
        user.elements("additionalGids").forEach(gid -> idIsMapped(config, gid, "gidMappings", report));
    }

    private static void mappingsAndNamespaceGoTogether(Config config, Item list, Report report) {
        boolean mapped = !list.elements().isEmpty();
        if (mapped && config.namespace("user").isEmpty()) {
            report.error(
                    "mappings-need-user-namespace",
                    list.pointer(),
                    SECTION,
                    Map.of("member", list.name()),
                    RootRules.addNamespace(config, "user"));
        }
        if (!mapped && config.newNamespace("user")) {
            report.error("user-namespace-needs-mappings", list.pointer(), SECTION, Map.of("member", list.name()));
        }
    }

    private static void ranges(Item list, Report report) {
        List<Item> ranges = list.elements();
        if (ranges.size() > MOST) {
            report.error(
                    "mappings-too-many",
                    list.pointer(),
                    SECTION,
                    Map.of("count", String.valueOf(ranges.size()), "most", String.valueOf(MOST)));
            return;
        }
        for (int i = 0; i < ranges.size(); i++) {
            Item range = ranges.get(i);
            long size = range.number("size").orElse(1L);
            if (size == 0) {
                report.error("mapping-empty", range.child("size").pointer(), SECTION, Map.of());
            }
            for (String side : List.of("containerID", "hostID")) {
                if (start(range, side) + size > IDS) {
                    report.error("mapping-too-long", range.child("size").pointer(), SECTION, Map.of("side", side));
                }
                for (Item earlier : ranges.subList(0, i)) {
                    if (overlap(earlier, range, side)) {
                        report.error(
                                "mapping-overlaps",
                                range.child(side).pointer(),
                                SECTION,
                                Map.of("side", side, "id", String.valueOf(start(range, side))));
                    }
                }
            }
        }
    }

    private static boolean overlap(Item a, Item b, String side) {
        long firstOfA = start(a, side);
        long firstOfB = start(b, side);
        return firstOfA >= 0
                && firstOfB >= 0
                && firstOfA < firstOfB + b.number("size").orElse(0L)
                && firstOfB < firstOfA + a.number("size").orElse(0L);
    }

    private static long start(Item range, String side) {
        return range.number(side).orElse(-1L);
    }

    /** Only for mappings that are given: those of a joined namespace are not in the text. */
    private static void idIsMapped(Config config, Item id, String member, Report report) {
        List<Item> ranges = config.at("/linux/" + member).elements();
        if (ranges.isEmpty()
                || ranges.size() > MOST
                || id.number().isEmpty()
                || config.namespace("user").isEmpty()) {
            return;
        }
        long wanted = id.number().get();
        boolean mapped = ranges.stream().anyMatch(range -> {
            long first = start(range, "containerID");
            return first >= 0
                    && wanted >= first
                    && wanted < first + range.number("size").orElse(0L);
        });
        if (!mapped) {
            report.error(
                    "id-not-mapped", id.pointer(), SECTION, Map.of("id", String.valueOf(wanted), "member", member));
        }
    }
}

package org.slipway.model.finding;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slipway.model.finding.Config.Item;
import org.slipway.model.json.Edit;
import tools.jackson.databind.node.ArrayNode;

/** Where each mount goes, from what, and in which order (MNT). Their options: {@link MountOptionRules}. */
final class MountRules {

    private static final String SECTION = "config.md §Mounts";
    private static final String POSIX = "config.md §POSIX-platform Mounts";

    /** Single files below /proc over which engines mount their own, and which give nothing away (MNT-54). */
    private static final Set<String> HARMLESS = Set.of(
            "/proc/cpuinfo",
            "/proc/diskstats",
            "/proc/loadavg",
            "/proc/meminfo",
            "/proc/net/dev",
            "/proc/slabinfo",
            "/proc/stat",
            "/proc/swaps",
            "/proc/sys/crypto/fips_enabled",
            "/proc/sys/kernel/ns_last_pid",
            "/proc/uptime");

    private MountRules() {}

    static void check(Config config, Report report) {
        List<Item> mounts = config.at("/mounts").elements();
        for (Item mount : mounts) {
            destinationIsAbsolute(config, mount, report);
            destinationIsNotBelowProc(mount, report);
            sourceOrTypeIsThere(mount, report);
            bindTypeIsADummy(mount, report);
            mappingsComeTogether(mount, report);
            idMappingHasIds(config, mount, report);
        }
        nothingIsHidden(mounts, report);
    }

    static boolean isBind(Item mount) {
        return has(mount, "bind") || has(mount, "rbind");
    }

    static boolean has(Item mount, String option) {
        return mount.elements("options").stream()
                .anyMatch(item -> item.text().orElse("").equals(option));
    }

    /** A destination with {@code .} and {@code ..} taken out; links are the kernel's affair. */
    static String destination(Item mount) {
        Deque<String> parts = new ArrayDeque<>();
        for (String part : mount.text("destination").orElse("").split("/", -1)) {
            if (part.equals("..")) {
                parts.pollLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        return "/" + String.join("/", parts);
    }

    /** Relative ones are read from the root since 1.2; before, they were an error (DRAFT-1.X-04). */
    private static void destinationIsAbsolute(Config config, Item mount, Report report) {
        Item destination = mount.child("destination");
        String text = destination.text().orElse("/");
        if (!text.isEmpty() && !text.startsWith("/") && config.strictness().absoluteTargets()) {
            report.error(
                    "path-not-absolute",
                    destination.pointer(),
                    SECTION,
                    Map.of("path", text),
                    new Edit.Set(destination.pointer(), Report.json("/" + text)));
        } else if (!text.isEmpty() && !text.startsWith("/")) {
            report.warning(
                    "mount-destination-relative",
                    destination.pointer(),
                    SECTION,
                    Map.of("path", text),
                    new Edit.Set(destination.pointer(), Report.json("/" + text)));
        }
        if (destination(mount).equals("/") && destination.present() && !text.isEmpty() && !has(mount, "remount")) {
            report.warning("mount-over-root", destination.pointer(), SECTION, Map.of());
        }
    }

    private static void destinationIsNotBelowProc(Item mount, Report report) {
        String path = destination(mount);
        boolean procItself = path.equals("/proc")
                && (isBind(mount)
                        ? mount.text("source").orElse("").equals("/proc")
                        : mount.text("type").orElse("").equals("proc") || has(mount, "remount"));
        boolean below = path.equals("/proc") || path.startsWith("/proc/");
        if (below && !procItself && !HARMLESS.contains(path)) {
            report.error("mount-below-proc", mount.child("destination").pointer(), SECTION, Map.of("path", path));
        }
    }

    private static void sourceOrTypeIsThere(Item mount, Report report) {
        String type = mount.text("type").orElse("");
        if (isBind(mount)) {
            if (mount.text("source").orElse("").isEmpty() && !has(mount, "remount")) {
                report.error(
                        "mount-source-missing",
                        mount.child("source").pointer(),
                        SECTION,
                        Map.of("path", destination(mount)));
            }
        } else if (type.equals("bind") || (type.equals("none") && !has(mount, "remount"))) {
            report.error(
                    "mount-not-a-bind",
                    mount.child("type").pointer(),
                    SECTION,
                    Map.of("type", type),
                    addOption(mount, "rbind"));
        } else if (type.isEmpty()
                && !has(mount, "remount")
                && !mount.child("type").value().isNumber()) {
            report.error(
                    "mount-type-missing", mount.child("type").pointer(), POSIX, Map.of("path", destination(mount)));
        }
    }

    private static Edit addOption(Item mount, String option) {
        Item options = mount.child("options");
        return options.value() instanceof ArrayNode array
                ? new Edit.Insert(options.pointer(), array.size(), Report.json(option))
                : new Edit.Set(options.pointer(), Report.json(List.of(option)));
    }

    private static void bindTypeIsADummy(Item mount, Report report) {
        String type = mount.text("type").orElse("");
        if (isBind(mount) && !Set.of("", "none", "bind").contains(type)) {
            report.warning("mount-bind-type-unused", mount.child("type").pointer(), SECTION, Map.of("type", type));
        }
    }

    private static void mappingsComeTogether(Item mount, Report report) {
        boolean users = mount.child("uidMappings").present();
        boolean groups = mount.child("gidMappings").present();
        if (users != groups) {
            report.error(
                    "mount-mappings-incomplete",
                    mount.child(users ? "uidMappings" : "gidMappings").pointer(),
                    POSIX,
                    Map.of("missing", users ? "gidMappings" : "uidMappings"));
        }
    }

    /** Without own mappings the container's are meant, so it needs a user namespace (MNT-46). */
    private static void idMappingHasIds(Config config, Item mount, Report report) {
        boolean asked = has(mount, "idmap") || has(mount, "ridmap");
        boolean own = mount.child("uidMappings").present()
                || mount.child("gidMappings").present();
        if (asked && !own && config.namespace("user").isEmpty()) {
            report.error(
                    "mount-idmap-needs-user-namespace",
                    mount.child("options").pointer(),
                    "config.md §Linux mount options",
                    Map.of("path", destination(mount)));
        }
    }

    /** A later mount at or above an earlier one covers it (MNT-01). Read last to first, so that each is looked at once. */
    private static void nothingIsHidden(List<Item> mounts, Report report) {
        Set<String> later = new HashSet<>();
        for (Item mount : mounts.reversed()) {
            if (!mount.child("destination").present() || has(mount, "remount")) {
                continue;
            }
            String path = destination(mount);
            for (String above = path; above.length() > 1; above = above.substring(0, above.lastIndexOf('/'))) {
                if (later.contains(above)) {
                    report.warning(
                            "mount-hidden",
                            mount.child("destination").pointer(),
                            SECTION,
                            Map.of("path", path, "by", above));
                    break;
                }
            }
            later.add(path);
        }
    }
}

package org.slipway.model.finding;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.slipway.model.finding.Config.Item;
import org.slipway.model.json.Edit;

/** The words in a mount's {@code options} (MNT-09 to MNT-50). Unknown ones belong to the filesystem. */
final class MountOptionRules {

    private static final String SECTION = "config.md §Linux mount options";

    private static final Set<String> WITHOUT_EFFECT =
            Set.of("iversion", "noiversion", "silent", "loud", "mand", "nomand");

    private MountOptionRules() {}

    static void check(Config config, Report report) {
        for (Item mount : config.at("/mounts").elements()) {
            List<Item> options = mount.elements("options");
            noneIsEmpty(options, report);
            noneIsAList(options, report);
            noneIsRepeated(options, report);
            noneContradicts(options, report);
            copyUpIsOnTmpfs(mount, options, report);
            eachHasAnEffect(options, report);
        }
    }

    private static void noneIsEmpty(List<Item> options, Report report) {
        for (Item option : options) {
            if (option.text().filter(String::isBlank).isPresent()) {
                report.warning(
                        "mount-option-empty", option.pointer(), SECTION, Map.of(), new Edit.Remove(option.pointer()));
            }
        }
    }

    /** {@code "ro,nosuid"} is one option, which goes to the filesystem as it is. */
    private static void noneIsAList(List<Item> options, Report report) {
        for (Item option : options) {
            String text = option.text().orElse("");
            boolean list = text.contains(",") && Stream.of(text.split(",", -1)).anyMatch(MountOptions::isKnown);
            if (list) {
                report.warning("mount-option-not-split", option.pointer(), SECTION, Map.of("option", text));
            }
        }
    }

    private static void noneIsRepeated(List<Item> options, Report report) {
        Map<String, Item> seen = new HashMap<>();
        for (Item option : options) {
            String text = option.text().orElse("");
            if (!text.isBlank() && seen.put(text, option) != null) {
                report.warning(
                        "mount-option-repeated",
                        option.pointer(),
                        SECTION,
                        Map.of("option", text),
                        new Edit.Remove(option.pointer()));
            }
        }
    }

    /** The later one wins (MNT-50), which is seldom meant. */
    private static void noneContradicts(List<Item> options, Report report) {
        Map<String, Item> seen = new HashMap<>();
        for (Item option : options) {
            String text = option.text().orElse("");
            MountOptions.excluded(text)
                    .flatMap(other -> Stream.ofNullable(seen.remove(other)))
                    .forEach(other -> report.warning(
                            "mount-options-contradict",
                            other.pointer(),
                            SECTION,
                            Map.of("option", other.text().orElse(""), "later", text),
                            new Edit.Remove(other.pointer())));
            seen.put(text, option);
        }
    }

    /** No filesystem of today's kernels looks at these (MNT-23, MNT-24, MNT-32). */
    private static void eachHasAnEffect(List<Item> options, Report report) {
        for (Item option : options) {
            if (option.text().filter(WITHOUT_EFFECT::contains).isPresent()) {
                report.warning(
                        "mount-option-without-effect",
                        option.pointer(),
                        SECTION,
                        Map.of("option", option.text().get()),
                        new Edit.Remove(option.pointer()));
            }
        }
    }

    private static void copyUpIsOnTmpfs(Item mount, List<Item> options, Report report) {
        if (!MountRules.isBind(mount) && mount.text("type").orElse("").equals("tmpfs")) {
            return;
        }
        for (Item option : options) {
            if (option.text().orElse("").equals("tmpcopyup")) {
                report.error("mount-copy-up-needs-tmpfs", option.pointer(), SECTION, Map.of());
            }
        }
    }
}

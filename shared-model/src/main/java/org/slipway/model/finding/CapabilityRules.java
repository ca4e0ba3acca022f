package org.slipway.model.finding;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.slipway.model.finding.Config.Item;
import org.slipway.model.json.Edit;
import org.slipway.model.plan.Capability;

/** The five sets of capabilities (CAP); what combinations the kernel takes is in capabilities(7). */
final class CapabilityRules {

    private static final String SECTION = "config.md §Linux Process";
    private static final List<String> SETS = List.of("bounding", "effective", "permitted", "inheritable", "ambient");

    private CapabilityRules() {}

    static void check(Config config, Report report) {
        Item sets = config.at("/process/capabilities");
        for (String set : SETS) {
            sets.elements(set).forEach(name -> nameIsKnown(config, name, report));
        }
        effectiveIsPermitted(sets, report);
        inheritableIsBounding(sets, report);
        ambientIsUsable(sets, report);
    }

    /** Not an error since 1.1, because a newer kernel may know it (CAP-03, CAP-04, DRAFT-1.X-03). */
    private static void nameIsKnown(Config config, Item item, Report report) {
        String name = item.text().orElse("CAP_CHOWN");
        if (Capability.NAMES.contains(name)) {
            return;
        }
        String upper = name.toUpperCase(Locale.ROOT);
        String meant = upper.startsWith("CAP_") ? upper : "CAP_" + upper;
        Map<String, String> arguments = Map.of("capability", name);
        if (config.strictness().knownCapabilities()) {
            report.error("capability-unmappable", item.pointer(), SECTION, arguments);
        } else if (Capability.NAMES.contains(meant)) {
            report.warning(
                    "capability-unknown",
                    item.pointer(),
                    SECTION,
                    arguments,
                    new Edit.Set(item.pointer(), Report.json(meant)));
        } else {
            report.warning("capability-unknown", item.pointer(), SECTION, arguments);
        }
    }

    private static void effectiveIsPermitted(Item sets, Report report) {
        Set<String> permitted = names(sets, "permitted");
        for (Item item : sets.elements("effective")) {
            String name = item.text().orElse("");
            if (Capability.NAMES.contains(name) && !permitted.contains(name)) {
                report.error(
                        "capability-not-permitted",
                        item.pointer(),
                        SECTION,
                        Map.of("capability", name),
                        new Edit.Remove(item.pointer()));
            }
        }
    }

    /** capset(2) with EPERM: an inheritable set can't go beyond the bounding set. */
    private static void inheritableIsBounding(Item sets, Report report) {
        Set<String> bounding = names(sets, "bounding");
        for (Item item : sets.elements("inheritable")) {
            String name = item.text().orElse("");
            if (Capability.NAMES.contains(name) && !bounding.contains(name)) {
                report.warning("capability-outside-bounding", item.pointer(), SECTION, Map.of("capability", name));
            }
        }
    }

    private static void ambientIsUsable(Item sets, Report report) {
        Set<String> usable = names(sets, "permitted");
        usable.retainAll(names(sets, "inheritable"));
        usable.retainAll(names(sets, "bounding"));
        for (Item item : sets.elements("ambient")) {
            String name = item.text().orElse("");
            if (Capability.NAMES.contains(name) && !usable.contains(name)) {
                report.warning("capability-ambient-unusable", item.pointer(), SECTION, Map.of("capability", name));
            }
        }
    }

    private static Set<String> names(Item sets, String set) {
        Set<String> names = new HashSet<>();
        sets.elements(set).forEach(item -> item.text().ifPresent(names::add));
        return names;
    }
}

package org.slipway.model.finding;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slipway.model.finding.Config.Item;
import org.slipway.model.json.Edit;
import org.slipway.model.spec.NamespaceType;
import org.slipway.model.spec.Sysctl;

/** Kernel parameters: only those that a namespace of the container's own holds (SYSCTL). */
final class SysctlRules {

    private static final String SECTION = "config-linux.md §Sysctl";

    private SysctlRules() {}

    static void check(Config config, Report report) {
        Set<String> seen = new HashSet<>();
        for (Item entry : config.at("/linux/sysctl").members()) {
            isNamespaced(config, entry, report);
            if (!seen.add(dotted(entry.name()))) {
                report.error(
                        "sysctl-repeated",
                        entry.pointer(),
                        SECTION,
                        Map.of("name", dotted(entry.name())),
                        new Edit.Remove(entry.pointer()));
            }
        }
        agrees(config, "hostname", report);
        agrees(config, "domainname", report);
    }

    /**
     * The name with dots between its parts. Whichever of {@code .} and {@code /} comes first separates; the other then
     * stands for itself, as in sysctl(8).
     */
    static String dotted(String name) {
        int dot = name.indexOf('.');
        int slash = name.indexOf('/');
        if (slash < 0 || (dot >= 0 && dot < slash)) {
            return name;
        }
        StringBuilder swapped = new StringBuilder();
        name.chars().forEach(c -> swapped.append(c == '/' ? '.' : c == '.' ? '/' : (char) c));
        return swapped.toString();
    }

    private static void isNamespaced(Config config, Item entry, Report report) {
        String name = dotted(entry.name());
        // what stands for itself between the dots is a slash where a file's name has a dot
        boolean odd = Stream.of(name.split("\\.", -1))
                .anyMatch(part -> part.isEmpty() || part.equals("/") || part.equals("//"));
        if (odd) {
            report.error("sysctl-malformed", entry.pointer(), SECTION, Map.of("name", entry.name()));
            return;
        }
        Optional<String> namespace = Sysctl.owner(Sysctl.path(entry.name())).map(NamespaceType::word);
        if (namespace.isEmpty()) {
            report.error("sysctl-not-namespaced", entry.pointer(), SECTION, Map.of("name", name));
        } else if (config.namespace(namespace.get()).isEmpty()) {
            report.error(
                    "sysctl-needs-namespace",
                    entry.pointer(),
                    SECTION,
                    Map.of("name", name, "type", namespace.get()),
                    RootRules.addNamespace(config, namespace.get()));
        }
    }

    private static void agrees(Config config, String member, Report report) {
        Optional<String> wanted = config.root().text(member).filter(text -> !text.isEmpty());
        for (Item entry : config.at("/linux/sysctl").members()) {
            if (wanted.isPresent()
                    && dotted(entry.name()).equals("kernel." + member)
                    && !entry.text().equals(wanted)) {
                report.error(
                        "sysctl-contradicts-name",
                        entry.pointer(),
                        SECTION,
                        Map.of("member", member, "value", entry.text().orElse(""), "other", wanted.get()));
            }
        }
    }
}

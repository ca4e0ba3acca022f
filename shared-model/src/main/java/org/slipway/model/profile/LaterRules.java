package org.slipway.model.profile;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.slipway.model.finding.Config;
import org.slipway.model.finding.Config.Item;
import org.slipway.model.finding.Finding;
import org.slipway.model.finding.Report;
import org.slipway.model.json.Document;

/** Where a draft is stricter than releases are, judged on the configuration in the shape of 1.3. */
final class LaterRules {

    private static final String NAMESPACES = "config-linux.md §Namespaces";
    private static final Pattern ENTRY = Pattern.compile("[A-Za-z0-9_]+=[\\s\\S]*");
    private static final Set<String> FIRST_NAMESPACES = Set.of("pid", "network", "mount", "ipc", "uts", "user");
    private static final int MOST_MAPPINGS = 5;

    private final Profile profile;
    private final Config config;
    private final Report report;

    private LaterRules(Profile profile, Document document) {
        this.profile = profile;
        this.config = new Config(document);
        this.report = new Report(document);
    }

    static List<Finding> check(Profile profile, Document document) {
        if (!profile.draft()) {
            return List.of();
        }
        LaterRules rules = new LaterRules(profile, document);
        if (Profiles.before(profile, "0.4")) {
            rules.environmentNames();
            rules.hostnameNeedsNewNamespace();
        }
        if (Profiles.before(profile, "1.0.0-rc1")) {
            rules.mappings();
        }
        if (Profiles.before(profile, "1.0.0-rc4")) {
            rules.preparedNamespaces();
        }
        rules.namespaceTypes();
        return rules.report.findings();
    }

    private void environmentNames() {
        for (Item entry : config.at("/process/env").elements()) {
            entry.text()
                    .filter(text -> text.contains("=") && !ENTRY.matcher(text).matches())
                    .ifPresent(text -> report.error(
                            "env-name-letters",
                            entry.pointer(),
                            "config.md §Process configuration",
                            Map.of("name", text.substring(0, text.indexOf('=')))));
        }
    }

    private void hostnameNeedsNewNamespace() {
        Item hostname = config.at("/hostname");
        if (hostname.text().filter(text -> !text.isEmpty()).isPresent() && !config.newNamespace("uts")) {
            report.error("hostname-needs-new-uts", "/hostname", "config.md §Hostname", Map.of());
        }
    }

    private void mappings() {
        for (String name : List.of("uidMappings", "gidMappings")) {
            Item list = config.at("/linux/" + name);
            if (list.elements().size() > MOST_MAPPINGS) {
                report.error(
                        "mappings-above-five",
                        list.pointer(),
                        "config-linux.md §User namespace mappings",
                        Map.of("count", "" + list.elements().size(), "most", "" + MOST_MAPPINGS));
            }
        }
    }

    /** A namespace with a path is taken as prepared: what else the configuration says of it is an error (DRAFT-RC-02). */
    private void preparedNamespaces() {
        prepared("uts", "/hostname");
        prepared("user", "/linux/uidMappings");
        prepared("user", "/linux/gidMappings");
        for (Item setting : config.at("/linux/sysctl").members()) {
            prepared(namespace(setting.name()), setting.pointer());
        }
    }

    private static String namespace(String sysctl) {
        if (sysctl.startsWith("net.") || sysctl.startsWith("net/")) {
            return "network";
        } else if (sysctl.equals("kernel.hostname") || sysctl.equals("kernel.domainname")) {
            return "uts";
        }
        return "ipc";
    }

    private void prepared(String type, String pointer) {
        Item setting = config.at(pointer);
        boolean said = setting.present()
                && !(setting.value().isContainer() && setting.value().isEmpty())
                && !setting.text().filter(String::isEmpty).isPresent();
        if (said && config.namespace(type).isPresent() && !config.newNamespace(type)) {
            report.error(
                    "namespace-prepared", pointer, NAMESPACES, Map.of("member", setting.name(), "namespace", type));
        }
    }

    private void namespaceTypes() {
        boolean early = Profiles.before(profile, "1.0.0-rc1");
        for (Item entry : config.at("/linux/namespaces").elements()) {
            String type = entry.text("type").orElse("pid");
            if ((early && type.equals("cgroup")) || type.equals("time")) {
                report.error(
                        "value-unknown",
                        entry.child("type").pointer(),
                        NAMESPACES,
                        Map.of(
                                "value",
                                type,
                                "allowed",
                                String.join(
                                                ", ",
                                                FIRST_NAMESPACES.stream()
                                                        .sorted()
                                                        .toList())
                                        + (early ? "" : ", cgroup")));
            }
        }
    }
}

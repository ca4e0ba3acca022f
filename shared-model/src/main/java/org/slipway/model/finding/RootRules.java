package org.slipway.model.finding;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.slipway.model.finding.Config.Item;
import org.slipway.model.json.Edit;
import org.slipway.model.json.Pointer;
import tools.jackson.databind.node.JsonNodeFactory;

/** The root filesystem and the host's names (ROOT, HOST). */
final class RootRules {

    /** Longest name that the kernel takes: __NEW_UTS_LEN, see sethostname(2). */
    private static final int LONGEST_NAME = 64;

    private RootRules() {}

    static void check(Config config, Report report) {
        if (listIsReadable(config)) {
            rootNeedsMountNamespace(config, report);
            nameNeedsUts(config, "hostname", "config.md §Hostname", report);
            nameNeedsUts(config, "domainname", "config.md §Domainname", report);
        }
        nameFits(config.at("/hostname"), "config.md §Hostname", report);
        nameFits(config.at("/domainname"), "config.md §Domainname", report);
    }

    /** Which namespaces there are is not known from a list that is none. */
    private static boolean listIsReadable(Config config) {
        Item linux = config.at("/linux");
        Item list = linux.child("namespaces");
        return (!linux.present() || linux.value().isObject())
                && (!list.present() || list.value().isArray());
    }

    /** Own decision: root, mounts, masked and read-only paths all need one (ROOT-06). */
    private static void rootNeedsMountNamespace(Config config, Report report) {
        if (config.at("/root").present() && config.namespace("mount").isEmpty()) {
            report.error(
                    "root-needs-mount-namespace",
                    "/linux/namespaces",
                    "config-linux.md §Namespaces",
                    Map.of(),
                    addNamespace(config, "mount"));
        }
    }

    private static void nameNeedsUts(Config config, String member, String section, Report report) {
        Item name = config.at(Pointer.child("", member));
        if (name.text().filter(text -> !text.isEmpty()).isPresent()
                && config.namespace("uts").isEmpty()) {
            report.error(member + "-needs-uts", name.pointer(), section, Map.of(), addNamespace(config, "uts"));
        }
    }

    private static void nameFits(Item name, String section, Report report) {
        int length = name.text().orElse("").getBytes(StandardCharsets.UTF_8).length;
        if (length > LONGEST_NAME) {
            report.error(
                    "name-too-long",
                    name.pointer(),
                    section,
                    Map.of(
                            "member",
                            name.name(),
                            "length",
                            String.valueOf(length),
                            "longest",
                            String.valueOf(LONGEST_NAME)));
        }
    }

    /** The edit that gives the container a new namespace of a type. */
    static Edit addNamespace(Config config, String type) {
        var entry = JsonNodeFactory.instance.objectNode().put("type", type);
        Item list = config.at("/linux/namespaces");
        return list.value().isArray()
                ? new Edit.Insert(list.pointer(), list.value().size(), entry)
                : new Edit.Set(
                        list.pointer(), JsonNodeFactory.instance.arrayNode().add(entry));
    }
}

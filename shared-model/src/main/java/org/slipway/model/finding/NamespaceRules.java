package org.slipway.model.finding;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slipway.model.finding.Config.Item;
import org.slipway.model.json.Edit;

/** Namespaces and what needs one (NS, TIME, NETDEV-03). */
final class NamespaceRules {

    private static final String SECTION = "config-linux.md §Namespaces";
    private static final String TIME = "config-linux.md §Offset for Time Namespace";
    private static final String NETWORK = "config-linux.md §Network Devices";

    /** IFNAMSIZ less the NUL at its end, see netdevice(7). */
    private static final int LONGEST_INTERFACE = 15;

    private NamespaceRules() {}

    static void check(Config config, Report report) {
        typesAreDistinct(config, report);
        offsetsNeedANewTimeNamespace(config, report);
        clocksAreKnown(config, report);
        devicesNeedANetworkNamespace(config, report);
        interfaceNamesFit(config, report);
    }

    private static void typesAreDistinct(Config config, Report report) {
        Set<String> seen = new HashSet<>();
        for (Item entry : config.at("/linux/namespaces").elements()) {
            entry.text("type")
                    .filter(type -> !seen.add(type))
                    .ifPresent(type -> report.error(
                            "namespace-repeated",
                            entry.pointer(),
                            SECTION,
                            Map.of("type", type),
                            new Edit.Remove(entry.pointer())));
        }
    }

    private static void offsetsNeedANewTimeNamespace(Config config, Report report) {
        Item offsets = config.at("/linux/timeOffsets");
        if (offsets.members().isEmpty() || config.newNamespace("time")) {
            return;
        }
        if (config.namespace("time").isPresent()) {
            report.error("time-offsets-in-joined-namespace", offsets.pointer(), TIME, Map.of());
        } else {
            report.error(
                    "time-offsets-need-namespace",
                    offsets.pointer(),
                    TIME,
                    Map.of(),
                    RootRules.addNamespace(config, "time"));
        }
    }

    private static void clocksAreKnown(Config config, Report report) {
        for (Item clock : config.at("/linux/timeOffsets").members()) {
            if (!Set.of("boottime", "monotonic").contains(clock.name())) {
                report.error("time-clock-unknown", clock.pointer(), TIME, Map.of("clock", clock.name()));
            }
        }
    }

    private static void devicesNeedANetworkNamespace(Config config, Report report) {
        Item devices = config.at("/linux/netDevices");
        if (!devices.members().isEmpty() && config.namespace("network").isEmpty()) {
            report.error(
                    "net-devices-need-namespace",
                    devices.pointer(),
                    NETWORK,
                    Map.of(),
                    RootRules.addNamespace(config, "network"));
        }
    }

    private static void interfaceNamesFit(Config config, Report report) {
        Set<String> taken = new HashSet<>();
        for (Item device : config.at("/linux/netDevices").members()) {
            interfaceName(device.pointer(), device.name(), false, report);
            Item renamed = device.child("name");
            String name = renamed.text().filter(text -> !text.isEmpty()).orElse("");
            if (!name.isEmpty()) {
                interfaceName(renamed.pointer(), name, name.endsWith("%d"), report);
            }
            String there = name.isEmpty() ? device.name() : name;
            if (!there.contains("%") && !taken.add(there)) {
                report.error("interface-name-repeated", renamed.pointer(), NETWORK, Map.of("name", there));
            }
        }
    }

    /** In a template the kernel puts a number in the place of {@code %d}; no other use of a percent sign is taken. */
    private static void interfaceName(String pointer, String text, boolean template, Report report) {
        String name = template ? text.substring(0, text.length() - 2) + "0" : text;
        boolean legal = !name.isEmpty()
                && !name.contains("%")
                && name.length() <= LONGEST_INTERFACE
                && !name.equals(".")
                && !name.equals("..")
                && name.chars().noneMatch(c -> c == '/' || c == ':' || Character.isWhitespace(c));
        if (!legal) {
            report.error("interface-name-invalid", pointer, NETWORK, Map.of("name", text));
        }
    }
}

package org.slipway.model.finding;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.slipway.model.finding.Config.Item;

/** Device nodes and the rules on which may be used (DEV, CGD). */
final class DeviceRules {

    private static final String SECTION = "config-linux.md §Devices";
    private static final String ALLOWED = "config-linux.md §Allowed Device list";

    /** 666 is decimal in JSON; these are the modes people write. */
    private static final Set<Long> OCTAL_MODES =
            Set.of(400L, 444L, 600L, 620L, 640L, 644L, 660L, 664L, 666L, 755L, 777L);

    /** The devices that every container has, with their numbers (config-linux.md, Default Devices). */
    private static final Map<String, String> DEFAULTS = Map.of(
            "/dev/null", "1:3",
            "/dev/zero", "1:5",
            "/dev/full", "1:7",
            "/dev/random", "1:8",
            "/dev/urandom", "1:9",
            "/dev/tty", "5:0");

    /** File type and mode bits, see inode(7). */
    private static final long MODE = 0177777;

    private DeviceRules() {}

    static void check(Config config, Report report) {
        Map<String, Item> numbers = new HashMap<>();
        Map<String, Item> paths = new HashMap<>();
        for (Item device : config.at("/linux/devices").elements()) {
            numbersAreThere(device, report);
            modeIsAMode(device.child("fileMode"), report);
            defaultsStay(device, report);
            modeIsDecimal(device.child("fileMode"), report);
            deviceIsNew(device, numbers, report);
            pathIsNew(device, paths, report);
        }
        for (Item rule : config.at("/linux/resources/devices").elements()) {
            accessIsKnown(rule.child("access"), report);
        }
    }

    private static void numbersAreThere(Item device, Report report) {
        String type = device.text("type").orElse("p");
        for (String number : new String[] {"major", "minor"}) {
            Item item = device.child(number);
            if (!type.equals("p") && !item.present()) {
                report.error("member-missing", item.pointer(), SECTION, Map.of("member", number));
            }
        }
    }

    private static void modeIsAMode(Item mode, Report report) {
        mode.number()
                .filter(value -> value > MODE)
                .ifPresent(value -> report.error(
                        "file-mode-too-large", mode.pointer(), SECTION, Map.of("value", String.valueOf(value))));
    }

    /** What every container has at these places can be given another mode and owner, and is no other device (DEV-08). */
    private static void defaultsStay(Item device, Report report) {
        Item path = device.child("path");
        String standard = DEFAULTS.get(path.text().orElse(""));
        String numbers =
                device.child("major").value() + ":" + device.child("minor").value();
        boolean same = Set.of("c", "u").contains(device.text("type").orElse("")) && numbers.equals(standard);
        if (standard != null && !same) {
            report.error(
                    "device-is-default",
                    path.pointer(),
                    "config-linux.md §Default Devices",
                    Map.of("path", path.text().orElse(""), "numbers", standard));
        }
    }

    private static void modeIsDecimal(Item mode, Report report) {
        mode.number()
                .filter(OCTAL_MODES::contains)
                .ifPresent(value -> ProcessRules.octal(mode, value, SECTION, report));
    }

    private static void deviceIsNew(Item device, Map<String, Item> seen, Report report) {
        String type = device.text("type").orElse("");
        if (type.isEmpty() || type.equals("p")) {
            return;
        }
        String numbers =
                device.child("major").value() + ":" + device.child("minor").value();
        String key = (type.equals("u") ? "c" : type) + " " + numbers;
        if (seen.put(key, device) != null) {
            report.warning("device-repeated", device.pointer(), SECTION, Map.of("type", type, "numbers", numbers));
        }
    }

    private static void pathIsNew(Item device, Map<String, Item> seen, Report report) {
        device.text("path").ifPresent(path -> {
            if (seen.put(path, device) != null) {
                report.error("device-path-repeated", device.child("path").pointer(), SECTION, Map.of("path", path));
            }
        });
    }

    private static void accessIsKnown(Item access, Report report) {
        String letters = access.text().orElse("r");
        if (!letters.matches("[rwm]{0,3}")) {
            report.error("device-access-unknown", access.pointer(), ALLOWED, Map.of("access", letters));
        }
    }
}

package org.slipway.model.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slipway.model.spec.Device;
import org.slipway.model.spec.Resources;

/**
 * Which devices a container may use, as an ordered list in which later rules win. What no rule names is denied.
 *
 * <p>The list is the configuration's, between two of ours: first everything is denied and listed nodes are allowed; last the default
 * devices and terminals are allowed, whatever stands before (CGD-04), and making nodes, which gives no access to them.
 */
final class DeviceRules {

    static final int MKNOD = 1;
    static final int READ = 2;
    static final int WRITE = 4;
    static final int ALL = MKNOD | READ | WRITE;

    private DeviceRules() {}

    /**
     * One rule.
     *
     * @param type {@code b} or {@code c}, or {@code a} for both
     * @param access bits as the kernel numbers them
     */
    record Rule(boolean allow, char type, Optional<Long> major, Optional<Long> minor, int access, Origin origin) {

        boolean isEverything() {
            return type == 'a' && major.isEmpty() && minor.isEmpty() && access == ALL;
        }

        /** Its form in {@code devices.allow} and {@code devices.deny}. */
        String line() {
            return type + " " + number(major) + ":" + number(minor) + " " + letters(access);
        }

        private static String number(Optional<Long> number) {
            return number.map(Object::toString).orElse("*");
        }
    }

    static List<Rule> of(Compilation c) {
        List<Rule> rules = new ArrayList<>();
        Origin required = Draft.rule("default-devices");
        rules.add(new Rule(false, 'a', Optional.empty(), Optional.empty(), ALL, required));
        for (int i = 0; i < c.linux.devices().size(); i++) {
            Device device = c.linux.devices().get(i);
            if (!device.type().equals("p")) {
                char type = device.type().equals("b") ? 'b' : 'c';
                rules.add(
                        new Rule(true, type, device.major(), device.minor(), ALL, Draft.field("/linux/devices/" + i)));
            }
        }
        List<Resources.DeviceRule> stated =
                c.linux.resources().map(Resources::devices).orElse(List.of());
        for (int i = 0; i < stated.size(); i++) {
            Resources.DeviceRule rule = stated.get(i);
            rules.add(new Rule(
                    rule.allow(),
                    rule.type().charAt(0),
                    rule.major(),
                    rule.minor(),
                    access(rule.access().orElse("rwm")),
                    Draft.field("/linux/resources/devices/" + i)));
        }
        rules.add(new Rule(true, 'c', Optional.empty(), Optional.empty(), MKNOD, required));
        rules.add(new Rule(true, 'b', Optional.empty(), Optional.empty(), MKNOD, required));
        DevicePass.DEFAULTS.forEach(device -> rules.add(allow(device.major(), Optional.of(device.minor()), required)));
        rules.add(allow(5, Optional.of(1L), required)); // /dev/console
        rules.add(allow(5, Optional.of(2L), required)); // /dev/pts/ptmx
        rules.add(allow(136, Optional.empty(), required)); // /dev/pts/0 and on
        return rules;
    }

    private static Rule allow(long major, Optional<Long> minor, Origin origin) {
        return new Rule(true, 'c', Optional.of(major), minor, ALL, origin);
    }

    static int access(String letters) {
        return (letters.contains("m") ? MKNOD : 0)
                | (letters.contains("r") ? READ : 0)
                | (letters.contains("w") ? WRITE : 0);
    }

    static String letters(int access) {
        return ((access & READ) != 0 ? "r" : "")
                + ((access & WRITE) != 0 ? "w" : "")
                + ((access & MKNOD) != 0 ? "m" : "");
    }
}

package org.slipway.helper.systemd;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.freedesktop.dbus.types.UInt32;
import org.freedesktop.dbus.types.UInt64;
import org.freedesktop.dbus.types.Variant;
import org.slipway.helper.systemd.Manager.Property;

/** A scope's properties as systemd takes them (systemd.resource-control(5)). */
final class Properties {

    private Properties() {}

    /** What every scope of ours has, and what the plan says of limits. */
    static List<Property> of(String unit, String slice, int pid, List<String> limits) {
        List<Property> properties = new ArrayList<>();
        properties.add(new Property("Description", new Variant<>("container " + unit)));
        properties.add(new Property("Slice", new Variant<>(slice)));
        properties.add(new Property("PIDs", new Variant<>(new UInt32[] {new UInt32(pid)}, "au")));
        properties.add(new Property("Delegate", new Variant<>(true)));
        // its processes are ours to end, and the order of things at shutdown is not ours to know
        properties.add(new Property("DefaultDependencies", new Variant<>(false)));
        limits.forEach(limit -> properties.add(limit(limit)));
        return properties;
    }

    /** What the plan says of limits. */
    static List<Property> limits(List<String> limits) {
        return limits.stream().map(Properties::limit).toList();
    }

    /** {@code Name=number}, or a set of numbers as the bits of bytes. */
    private static Property limit(String limit) {
        String[] halves = limit.split("=", 2);
        String name = halves[0];
        String value = halves[1];
        return switch (name) {
            case "AllowedCPUs", "AllowedMemoryNodes" -> new Property(name, new Variant<>(bits(value), "ay"));
            default -> new Property(name, new Variant<>(new UInt64(new BigInteger(value).toString())));
        };
    }

    /** The numbers of a list such as {@code 0-3,7}, see cpuset(7), as bits: number 0 is the lowest of the first byte. */
    static byte[] bits(String list) {
        BitSet bits = new BitSet();
        if (list.isBlank()) {
            return new byte[0];
        }
        for (String range : list.strip().split(",", -1)) {
            String[] ends = range.strip().split("-", 2);
            int first = Integer.parseInt(ends[0]);
            int last = ends.length > 1 ? Integer.parseInt(ends[1]) : first;
            bits.set(first, last + 1);
        }
        return bits.toByteArray();
    }
}

package org.slipway.model.plan;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slipway.model.spec.Resources;

/**
 * A container's place under systemd: a transient scope in a slice, written {@code slice:prefix:name}.
 *
 * @param unit the scope's name, such as {@code slipway-web.scope}
 * @param slice the slice's name, such as {@code system.slice}
 * @param path its cgroup below the mount point, as systemd lays out slices (systemd.slice(5))
 */
record Scope(String unit, String slice, String path) {

    private static final String SLICE = ".slice";
    private static final Pattern TRIPLE = Pattern.compile("([^/:]*):([^/:]*):([^/:]+)");
    private static final Pattern SLICE_NAME = Pattern.compile("(-|[^-]+(-[^-]+)*)\\.slice");

    private static final String INFINITY = "18446744073709551615";

    private static final Map<String, String> UNIFIED = Map.of(
            "memory.min", "MemoryMin",
            "memory.low", "MemoryLow",
            "memory.high", "MemoryHigh",
            "memory.max", "MemoryMax",
            "memory.swap.max", "MemorySwapMax",
            "cpu.weight", "CPUWeight",
            "pids.max", "TasksMax");

    /** Whether a {@code cgroupsPath} is of this form. */
    static boolean isTriple(String path) {
        return TRIPLE.matcher(path).matches();
    }

    /** The scope that the configuration names, or the container's own in {@code system.slice}; a path of another form is a problem. */
    static Optional<Scope> of(Compilation c) {
        if (c.linux.cgroupsPath().isEmpty()) {
            String owner = Integer.toUnsignedString(c.request.name().uid());
            return Optional.of(
                    in("system.slice", "slipway-" + owner, c.request.name().id().value()));
        }
        Matcher triple = TRIPLE.matcher(c.linux.cgroupsPath().get());
        String slice = triple.matches() ? triple.group(1) : "";
        if (!triple.matches() || !(slice.isEmpty() || SLICE_NAME.matcher(slice).matches())) {
            c.problem("cgroup-path-not-systemd", "/linux/cgroupsPath");
            return Optional.empty();
        }
        return Optional.of(in(slice.isEmpty() ? "system.slice" : slice, triple.group(2), triple.group(3)));
    }

    private static Scope in(String slice, String prefix, String name) {
        String unit = escaped(prefix.isEmpty() ? name : prefix + "-" + name) + ".scope";
        return new Scope(unit, slice, expanded(slice) + "/" + unit);
    }

    /** {@code a-b.slice} lies in {@code a.slice}. */
    private static String expanded(String slice) {
        String name = slice.substring(0, slice.length() - SLICE.length());
        StringBuilder path = new StringBuilder();
        if (!name.equals("-")) {
            for (int dash = name.indexOf('-'); dash >= 0; dash = name.indexOf('-', dash + 1)) {
                path.append('/').append(name, 0, dash).append(SLICE);
            }
            path.append('/').append(slice);
        }
        return path.toString();
    }

    /** With what a unit's name may not hold as {@code \xNN} (systemd.unit(5)). */
    private static String escaped(String name) {
        StringBuilder text = new StringBuilder();
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            char letter = (char) (b & 0xff);
            boolean plain = letter < 128 && (Character.isLetterOrDigit(letter) || ":-_.\\".indexOf(letter) >= 0);
            text.append(plain ? String.valueOf(letter) : "\\x%02x".formatted((int) letter));
        }
        return text.toString();
    }

    /**
     * The limits as systemd names them, as far as it has names: what it does not know it would take back at its next reload. All are written
     * to the files as well.
     */
    static List<String> properties(Compilation c) {
        List<String> properties = new ArrayList<>();
        Optional<Resources> resources = c.linux.resources();
        resources.flatMap(Resources::memory).ifPresent(memory -> {
            bytes(properties, "MemoryMax", LimitsV1.set(memory.limit()));
            bytes(properties, "MemoryLow", LimitsV1.set(memory.reservation()));
            memory.limit()
                    .filter(limit -> limit > 0)
                    .ifPresent(limit -> bytes(
                            properties,
                            "MemorySwapMax",
                            LimitsV1.set(memory.swap()).map(swap -> swap < 0 ? swap : swap - limit)));
        });
        resources.flatMap(Resources::cpu).ifPresent(cpu -> {
            LimitsV1.set(cpu.shares()).ifPresent(shares -> properties.add("CPUWeight=" + LimitsV2.weight(shares)));
            long period = LimitsV1.set(cpu.period()).orElse(100_000L);
            LimitsV1.set(cpu.period()).ifPresent(micros -> properties.add("CPUQuotaPeriodUSec=" + micros));
            cpu.quota()
                    .filter(quota -> quota > 0)
                    .ifPresent(quota -> properties.add("CPUQuotaPerSecUSec=" + roundedUp(quota, period)));
            cpu.cpus().ifPresent(cpus -> properties.add("AllowedCPUs=" + cpus));
            cpu.mems().ifPresent(mems -> properties.add("AllowedMemoryNodes=" + mems));
        });
        resources
                .flatMap(Resources::pidsLimit)
                .filter(limit -> limit != 0)
                .ifPresent(limit -> bytes(properties, "TasksMax", Optional.of(limit)));
        resources.map(Resources::unified).orElse(Map.of()).forEach((file, value) -> unified(properties, file, value));
        return properties;
    }

    /** Of the files of {@code unified} those that systemd has a property for, after the classic members, over which they win. */
    private static void unified(List<String> properties, String file, String value) {
        String name = UNIFIED.get(file);
        if (name != null && value.strip().matches("[0-9]{1,18}|max")) {
            properties.add(name + "=" + (value.strip().equals("max") ? INFINITY : value.strip()));
        }
    }

    /** Microseconds in each second, in whole hundredths of a percent: finer ones systemd would round down. */
    private static long roundedUp(long quota, long period) {
        long perSecond = Math.ceilDiv(quota * 1_000_000, period);
        return Math.ceilDiv(perSecond, 10_000) * 10_000;
    }

    private static void bytes(List<String> properties, String name, Optional<Long> value) {
        value.ifPresent(bytes -> properties.add(name + "=" + (bytes < 0 ? INFINITY : bytes)));
    }
}

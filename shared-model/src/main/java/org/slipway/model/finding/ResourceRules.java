package org.slipway.model.finding;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.slipway.model.finding.Config.Item;
import org.slipway.model.json.Edit;

/** Control groups: where, and limits that contradict each other (CG, CG1, CG2). */
final class ResourceRules {

    private static final String PLACE = "config-linux.md §Cgroups Path";
    private static final String MEMORY = "config-linux.md §Memory";
    private static final String CPU = "config-linux.md §CPU";
    private static final String UNIFIED = "config-linux.md §Unified";

    /** What the kernel takes for a period, and the least for a quota, in microseconds (sched-bwc documentation). */
    private static final long SHORTEST_PERIOD = 1_000;

    private static final long LONGEST_PERIOD = 1_000_000;

    /** Less than any program can live in: the number was likely meant as kilobytes or megabytes. */
    private static final long TINY_MEMORY = 512 * 1024;

    private static final Pattern PAGE_SIZE = Pattern.compile("[1-9][0-9]*[KMG]B");

    /** Files of cgroup v2 that a member outside {@code unified} sets as well. */
    private static final Map<String, List<String>> CLASSIC = Map.of(
            "memory.max", List.of("/memory/limit"),
            "memory.low", List.of("/memory/reservation"),
            "memory.swap.max", List.of("/memory/swap"),
            "cpu.weight", List.of("/cpu/shares"),
            "cpu.max", List.of("/cpu/quota", "/cpu/period"),
            "cpu.idle", List.of("/cpu/idle"),
            "cpuset.cpus", List.of("/cpu/cpus"),
            "cpuset.mems", List.of("/cpu/mems"),
            "io.weight", List.of("/blockIO/weight"),
            "pids.max", List.of("/pids/limit"));

    private ResourceRules() {}

    static void check(Config config, Report report) {
        Item resources = config.at("/linux/resources");
        placeIsBelowTheMount(config.at("/linux/cgroupsPath"), report);
        swapIsNotBelowMemory(resources.child("memory"), report);
        memoryIsNotTiny(resources.child("memory").child("limit"), report);
        kernelMemoryIsDiscouraged(resources.child("memory"), report);
        periodsAreTakenByTheKernel(resources.child("cpu"), report);
        burstIsBelowQuota(resources.child("cpu"), report);
        realtimeFitsItsPeriod(resources.child("cpu"), report);
        pidsHaveALimit(config, resources.child("pids"), report);
        weightsAreThere(resources, report);
        pageSizesAreSizes(resources.child("hugepageLimits"), report);
        rdmaLimitsSomething(resources.child("rdma"), report);
        unifiedKeysAreFiles(resources, report);
    }

    private static void placeIsBelowTheMount(Item place, Report report) {
        String path = place.text().orElse("x");
        boolean root = path.matches("/*(\\./*)*") && !path.isEmpty();
        if (root || List.of(path.split("/", -1)).contains("..")) {
            report.error("cgroups-path-invalid", place.pointer(), PLACE, Map.of("path", path));
        }
    }

    /** {@code swap} is memory and swap together; -1 is no limit, 0 counts as absent. */
    private static void swapIsNotBelowMemory(Item memory, Report report) {
        long swap = memory.number("swap").orElse(0L);
        if (swap <= 0) {
            return;
        }
        Item item = memory.child("swap");
        Optional<Long> limit = memory.number("limit").filter(bytes -> bytes != 0);
        if (limit.isEmpty()) {
            report.error("memory-swap-without-limit", item.pointer(), MEMORY, Map.of());
        } else if (limit.get() < 0) {
            report.error(
                    "memory-swap-without-limit",
                    item.pointer(),
                    MEMORY,
                    Map.of(),
                    new Edit.Set(item.pointer(), Report.json(-1)));
        } else if (swap < limit.get()) {
            report.error(
                    "memory-swap-below-limit",
                    item.pointer(),
                    MEMORY,
                    Map.of("swap", String.valueOf(swap), "limit", String.valueOf(limit.get())),
                    new Edit.Set(item.pointer(), Report.json(limit.get())));
        }
    }

    private static void memoryIsNotTiny(Item limit, Report report) {
        long bytes = limit.number().orElse(0L);
        if (bytes > 0 && bytes < TINY_MEMORY) {
            report.warning("memory-limit-tiny", limit.pointer(), MEMORY, Map.of("bytes", String.valueOf(bytes)));
        }
    }

    private static void kernelMemoryIsDiscouraged(Item memory, Report report) {
        for (String member : List.of("kernel", "kernelTCP")) {
            if (memory.number(member).orElse(0L) != 0) {
                report.warning(
                        "memory-kernel-discouraged", memory.child(member).pointer(), MEMORY, Map.of("member", member));
            }
        }
    }

    private static void periodsAreTakenByTheKernel(Item cpu, Report report) {
        long period = cpu.number("period").orElse(0L);
        if (period != 0 && (period < SHORTEST_PERIOD || period > LONGEST_PERIOD)) {
            report.error(
                    "cpu-period-out-of-range",
                    cpu.child("period").pointer(),
                    CPU,
                    Map.of(
                            "value",
                            String.valueOf(period),
                            "min",
                            String.valueOf(SHORTEST_PERIOD),
                            "max",
                            String.valueOf(LONGEST_PERIOD)));
        }
        long quota = cpu.number("quota").orElse(0L);
        if (quota > 0 && quota < SHORTEST_PERIOD) {
            report.error(
                    "cpu-quota-too-small",
                    cpu.child("quota").pointer(),
                    CPU,
                    Map.of("value", String.valueOf(quota), "min", String.valueOf(SHORTEST_PERIOD)));
        }
    }

    private static void burstIsBelowQuota(Item cpu, Report report) {
        long quota = cpu.number("quota").orElse(-1L);
        long burst = cpu.number("burst").orElse(0L);
        if (quota > 0 && burst > quota) {
            report.error(
                    "cpu-burst-above-quota",
                    cpu.child("burst").pointer(),
                    CPU,
                    Map.of("burst", String.valueOf(burst), "quota", String.valueOf(quota)));
        }
    }

    private static void realtimeFitsItsPeriod(Item cpu, Report report) {
        long period = cpu.number("realtimePeriod").orElse(0L);
        long runtime = cpu.number("realtimeRuntime").orElse(0L);
        if (period > 0 && runtime > period) {
            report.error(
                    "cpu-realtime-above-period",
                    cpu.child("realtimeRuntime").pointer(),
                    CPU,
                    Map.of("runtime", String.valueOf(runtime), "period", String.valueOf(period)));
        }
    }

    /** Optional since 1.3 (DRAFT-1.X-05). */
    private static void pidsHaveALimit(Config config, Item pids, Report report) {
        Item limit = pids.child("limit");
        if (pids.value().isObject() && !limit.present() && config.strictness().pidsLimit()) {
            report.error("member-missing", limit.pointer(), "config-linux.md §PIDs", Map.of("member", "limit"));
        }
    }

    private static void weightsAreThere(Item resources, Report report) {
        for (Item device : resources.child("blockIO").elements("weightDevice")) {
            if (!device.child("weight").present() && !device.child("leafWeight").present()) {
                report.error("weight-device-empty", device.pointer(), "config-linux.md §Block IO", Map.of());
            }
        }
    }

    private static void pageSizesAreSizes(Item limits, Report report) {
        Set<String> seen = new HashSet<>();
        for (Item limit : limits.elements()) {
            Item size = limit.child("pageSize");
            String text = size.text().orElse("2MB");
            if (!PAGE_SIZE.matcher(text).matches()) {
                report.error(
                        "page-size-malformed",
                        size.pointer(),
                        "config-linux.md §Huge page limits",
                        Map.of("value", text));
            }
            if (size.present() && !seen.add(text)) {
                report.warning(
                        "page-size-repeated",
                        size.pointer(),
                        "config-linux.md §Huge page limits",
                        Map.of("value", text));
            }
        }
    }

    private static void rdmaLimitsSomething(Item rdma, Report report) {
        for (Item device : rdma.members()) {
            if (!device.child("hcaHandles").present()
                    && !device.child("hcaObjects").present()) {
                report.error("rdma-empty", device.pointer(), "config-linux.md §RDMA", Map.of("device", device.name()));
            }
        }
    }

    private static void unifiedKeysAreFiles(Item resources, Report report) {
        for (Item entry : resources.child("unified").members()) {
            String key = entry.name();
            if (key.isEmpty() || key.contains("/") || key.equals("..") || key.equals(".")) {
                report.error("unified-key-invalid", entry.pointer(), UNIFIED, Map.of("key", key));
            }
            for (String member : CLASSIC.getOrDefault(key, List.of())) {
                String[] names = member.substring(1).split("/", -1);
                if (resources.child(names[0]).child(names[1]).present()) {
                    report.warning(
                            "unified-overrides",
                            entry.pointer(),
                            UNIFIED,
                            Map.of("key", key, "member", member.substring(1).replace('/', '.')));
                }
            }
        }
    }
}

package org.slipway.helper.cgroup;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slipway.model.plan.Readings.Present;
import org.slipway.model.spec.NumberList;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a container uses, in the member names of runc-events(8), whatever the version of control groups. What the machine does not tell is
 * left out, never guessed.
 */
public final class Statistics {

    private static final BigInteger LARGEST = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    /** Nanoseconds of a tick of {@code cpuacct.stat}: USER_HZ is 100 on every machine that Linux still runs on. */
    private static final long TICK = 10_000_000;

    private static final List<String> COUNTERS = List.of(
            "RxBytes",
            "RxPackets",
            "RxErrors",
            "RxDropped",
            "",
            "",
            "",
            "",
            "TxBytes",
            "TxPackets",
            "TxErrors",
            "TxDropped");

    private final List<Place> places;
    private final Present present;
    private final ObjectNode data = JsonNodeFactory.instance.objectNode();

    /**
     * One of a container's cgroups.
     *
     * @param controllers those of its hierarchy
     * @param unified whether it is of version 2
     */
    public record Place(String directory, List<String> controllers, boolean unified) {}

    /**
     * A container's group of resource control.
     *
     * @param mountpoint of the filesystem
     * @param group its directory
     * @param counters directories that count for it, one a cache
     */
    public record Rdt(String mountpoint, String group, List<String> counters) {}

    private Statistics(List<Place> places, Present present) {
        this.places = places;
        this.present = present;
    }

    /**
     * Reads them.
     *
     * @param pageSizes of huge pages, such as {@code 2MB}
     * @param networkDevices the text of {@code /proc/PID/net/dev} of a process of the container
     * @param rdt its group of resource control
     */
    public static ObjectNode of(
            List<Place> places,
            Present present,
            List<String> pageSizes,
            Optional<String> networkDevices,
            Optional<Rdt> rdt) {
        Statistics statistics = new Statistics(places, present);
        statistics.cpu();
        statistics.cpuset();
        statistics.memory();
        statistics.pids();
        statistics.blkio();
        statistics.hugetlb(pageSizes);
        statistics.rdma();
        networkDevices.ifPresent(statistics::network);
        rdt.ifPresent(statistics::intelRdt);
        return statistics.data;
    }

    private Optional<Place> at(String controller) {
        return places.stream()
                .filter(place -> place.controllers().contains(controller))
                .findFirst();
    }

    private Optional<String> text(Place place, String file) {
        return present.text(place.directory() + "/" + file);
    }

    private static Optional<BigInteger> number(Optional<String> text) {
        return text.map(String::strip)
                .map(word -> word.equals("max") ? "" + LARGEST : word)
                .filter(word -> word.matches("[0-9]{1,20}"))
                .map(BigInteger::new);
    }

    /** Lines of a word and a number. */
    private static Map<String, BigInteger> pairs(String text) {
        Map<String, BigInteger> pairs = new LinkedHashMap<>();
        for (String line : text.lines().toList()) {
            String[] words = line.strip().split(" +", -1);
            if (words.length == 2 && words[1].matches("[0-9]{1,20}")) {
                pairs.put(words[0], new BigInteger(words[1]));
            }
        }
        return pairs;
    }

    private static void put(ObjectNode node, String name, Optional<BigInteger> value) {
        value.ifPresent(number -> node.put(name, number));
    }

    private static Optional<BigInteger> times(Map<String, BigInteger> pairs, String name, long factor) {
        return Optional.ofNullable(pairs.get(name)).map(value -> value.multiply(BigInteger.valueOf(factor)));
    }

    private void cpu() {
        ObjectNode cpu = JsonNodeFactory.instance.objectNode();
        ObjectNode usage = cpu.putObject("usage");
        ObjectNode throttling = cpu.putObject("throttling");
        Optional<Place> unified = places.stream().filter(Place::unified).findFirst();
        Optional<Place> accounts = at("cpuacct");
        accounts.ifPresent(place -> accounts(place, usage));
        at("cpu")
                .or(() -> unified)
                .flatMap(place -> text(place, "cpu.stat").map(text -> Map.entry(place, pairs(text))))
                .ifPresent(found -> {
                    Map<String, BigInteger> stat = found.getValue();
                    if (accounts.isEmpty()) {
                        put(usage, "total", times(stat, "usage_usec", 1000));
                        put(usage, "kernel", times(stat, "system_usec", 1000));
                        put(usage, "user", times(stat, "user_usec", 1000));
                    }
                    put(throttling, "periods", times(stat, "nr_periods", 1));
                    put(throttling, "throttledPeriods", times(stat, "nr_throttled", 1));
                    put(
                            throttling,
                            "throttledTime",
                            times(stat, "throttled_time", 1).or(() -> times(stat, "throttled_usec", 1000)));
                });
        unified.ifPresent(place -> pressure(cpu, place, "cpu.pressure"));
        data.set("cpu", cpu);
    }

    private void accounts(Place place, ObjectNode usage) {
        put(usage, "total", number(text(place, "cpuacct.usage")));
        text(place, "cpuacct.usage_percpu").ifPresent(text -> {
            ArrayNode each = usage.putArray("percpu");
            for (String word : text.strip().split(" +", -1)) {
                number(Optional.of(word)).ifPresent(each::add);
            }
        });
        text(place, "cpuacct.usage_all").ifPresent(text -> {
            ArrayNode kernel = usage.putArray("percpu_kernel");
            ArrayNode user = usage.putArray("percpu_user");
            text.lines()
                    .skip(1)
                    .map(line -> line.split(" ", -1))
                    .filter(words -> words.length == 3)
                    .forEach(words -> {
                        user.add(new BigInteger(words[1]));
                        kernel.add(new BigInteger(words[2]));
                    });
        });
        text(place, "cpuacct.stat").map(Statistics::pairs).ifPresent(stat -> {
            put(usage, "kernel", times(stat, "system", TICK));
            put(usage, "user", times(stat, "user", TICK));
        });
    }

    private void cpuset() {
        at("cpuset").ifPresent(place -> {
            ObjectNode cpuset = data.putObject("cpuset");
            for (String name : List.of("cpus", "mems")) {
                text(place, place.unified() ? "cpuset." + name + ".effective" : "cpuset." + name)
                        .flatMap(text -> NumberList.parse(text.strip(), NumberList.PROCESSORS))
                        .ifPresent(list -> list.forEach(cpuset.withArray(name)::add));
            }
            for (String name : List.of(
                    "cpu_exclusive",
                    "mem_hardwall",
                    "mem_exclusive",
                    "memory_migrate",
                    "memory_spread_page",
                    "memory_spread_slab",
                    "memory_pressure",
                    "sched_load_balance")) {
                put(cpuset, name, number(text(place, "cpuset." + name)));
            }
            text(place, "cpuset.sched_relax_domain_level")
                    .map(String::strip)
                    .filter(word -> word.matches("-?[0-9]{1,9}"))
                    .ifPresent(word -> cpuset.put("sched_relax_domain_level", Integer.parseInt(word)));
        });
    }

    private void memory() {
        at("memory").ifPresent(place -> {
            ObjectNode memory = data.putObject("memory");
            Map<String, BigInteger> stat =
                    text(place, "memory.stat").map(Statistics::pairs).orElse(Map.of());
            put(memory, "cache", times(stat, place.unified() ? "file" : "cache", 1));
            if (place.unified()) {
                unifiedMemory(memory, place);
            } else {
                counter(memory, "usage", place, "memory.");
                counter(memory, "swap", place, "memory.memsw.");
                counter(memory, "kernel", place, "memory.kmem.");
                counter(memory, "kernelTCP", place, "memory.kmem.tcp.");
                text(place, "memory.oom_control")
                        .map(Statistics::pairs)
                        .ifPresent(control -> put(memory, "oom_kill", times(control, "oom_kill", 1)));
            }
            ObjectNode raw = memory.putObject("raw");
            stat.forEach(raw::put);
        });
    }

    private void counter(ObjectNode memory, String name, Place place, String prefix) {
        Optional<BigInteger> usage = number(text(place, prefix + "usage_in_bytes"));
        if (usage.isPresent()) {
            ObjectNode counter = memory.putObject(name);
            put(counter, "limit", number(text(place, prefix + "limit_in_bytes")));
            put(counter, "usage", usage);
            put(counter, "max", number(text(place, prefix + "max_usage_in_bytes")));
            put(counter, "failcnt", number(text(place, prefix + "failcnt")));
        }
    }

    /** Swap is counted together with memory, as version 1 does and as runc tells it. */
    private void unifiedMemory(ObjectNode memory, Place place) {
        Map<String, BigInteger> events =
                text(place, "memory.events").map(Statistics::pairs).orElse(Map.of());
        Optional<BigInteger> used = number(text(place, "memory.current"));
        Optional<BigInteger> limit = number(text(place, "memory.max"));
        ObjectNode usage = memory.putObject("usage");
        put(usage, "limit", limit);
        put(usage, "usage", used);
        put(usage, "max", number(text(place, "memory.peak")));
        put(usage, "failcnt", times(events, "max", 1));
        number(text(place, "memory.swap.current")).ifPresent(swapped -> {
            ObjectNode swap = memory.putObject("swap");
            put(swap, "limit", number(text(place, "memory.swap.max")).map(most -> sum(most, limit)));
            put(swap, "usage", Optional.of(sum(swapped, used)));
            put(swap, "max", number(text(place, "memory.swap.peak")));
        });
        text(place, "memory.stat")
                .map(Statistics::pairs)
                .flatMap(stat -> times(stat, "kernel", 1))
                .ifPresent(kernel -> memory.putObject("kernel").put("usage", kernel));
        put(memory, "oom_kill", times(events, "oom_kill", 1));
        pressure(memory, place, "memory.pressure");
    }

    private static BigInteger sum(BigInteger one, Optional<BigInteger> other) {
        return one.add(other.orElse(BigInteger.ZERO)).min(LARGEST);
    }

    private void pids() {
        at("pids").ifPresent(place -> {
            ObjectNode pids = data.putObject("pids");
            put(pids, "current", number(text(place, "pids.current")));
            // no limit is 0 there
            put(
                    pids,
                    "limit",
                    text(place, "pids.max")
                            .map(text -> text.strip().equals("max") ? "0" : text)
                            .flatMap(text -> number(Optional.of(text))));
        });
    }

    private void blkio() {
        at("blkio").ifPresent(place -> {
            ObjectNode blkio = data.putObject("blkio");
            entries(blkio, "ioServiceBytesRecursive", place, "io_service_bytes_recursive");
            entries(blkio, "ioServicedRecursive", place, "io_serviced_recursive");
            entries(blkio, "ioQueueRecursive", place, "io_queued_recursive");
            entries(blkio, "ioServiceTimeRecursive", place, "io_service_time_recursive");
            entries(blkio, "ioWaitTimeRecursive", place, "io_wait_time_recursive");
            entries(blkio, "ioMergedRecursive", place, "io_merged_recursive");
            entries(blkio, "ioTimeRecursive", place, "time_recursive");
            entries(blkio, "sectorsRecursive", place, "sectors_recursive");
        });
        at("io").ifPresent(place -> {
            ObjectNode blkio = data.putObject("blkio");
            ArrayNode bytes = blkio.putArray("ioServiceBytesRecursive");
            ArrayNode operations = blkio.putArray("ioServicedRecursive");
            for (String line : text(place, "io.stat").orElse("").lines().toList()) {
                String[] words = line.strip().split(" +", -1);
                for (String word : List.of(words).subList(1, words.length)) {
                    String[] pair = word.split("=", 2);
                    switch (pair[0]) {
                        case "rbytes" -> entry(bytes, words[0], "Read", pair[1]);
                        case "wbytes" -> entry(bytes, words[0], "Write", pair[1]);
                        case "dbytes" -> entry(bytes, words[0], "Discard", pair[1]);
                        case "rios" -> entry(operations, words[0], "Read", pair[1]);
                        case "wios" -> entry(operations, words[0], "Write", pair[1]);
                        case "dios" -> entry(operations, words[0], "Discard", pair[1]);
                        default -> {}
                    }
                }
            }
            pressure(blkio, place, "io.pressure");
        });
    }

    /** Of the I/O schedulers that may count, the first that does. */
    private void entries(ObjectNode blkio, String name, Place place, String file) {
        ArrayNode list = blkio.putArray(name);
        for (String prefix : List.of("blkio.bfq.", "blkio.", "blkio.throttle.")) {
            for (String line : text(place, prefix + file).orElse("").lines().toList()) {
                String[] words = line.strip().split(" +", -1);
                if (words.length == 3) {
                    entry(list, words[0], words[1], words[2]);
                } else if (words.length == 2 && words[0].contains(":")) {
                    entry(list, words[0], "", words[1]);
                }
            }
            if (!list.isEmpty()) {
                return;
            }
        }
    }

    private static void entry(ArrayNode list, String device, String operation, String value) {
        String[] numbers = device.split(":", 2);
        if (numbers.length == 2 && value.matches("[0-9]{1,20}") && device.matches("[0-9]{1,9}:[0-9]{1,9}")) {
            ObjectNode entry = list.addObject();
            entry.put("major", Long.parseLong(numbers[0]));
            entry.put("minor", Long.parseLong(numbers[1]));
            if (!operation.isEmpty()) {
                entry.put("op", operation);
            }
            entry.put("value", new BigInteger(value));
        }
    }

    private void hugetlb(List<String> pageSizes) {
        at("hugetlb").ifPresent(place -> {
            ObjectNode hugetlb = data.putObject("hugetlb");
            for (String size : pageSizes) {
                String file = "hugetlb." + size + ".";
                Optional<BigInteger> usage =
                        number(text(place, file + (place.unified() ? "current" : "usage_in_bytes")));
                if (usage.isPresent()) {
                    ObjectNode one = hugetlb.putObject(size);
                    put(one, "usage", usage);
                    put(one, "max", number(text(place, file + "max_usage_in_bytes")));
                    put(
                            one,
                            "failcnt",
                            place.unified()
                                    ? text(place, file + "events")
                                            .map(Statistics::pairs)
                                            .flatMap(all -> times(all, "max", 1))
                                    : number(text(place, file + "failcnt")));
                }
            }
        });
    }

    private void rdma() {
        at("rdma").ifPresent(place -> {
            ObjectNode rdma = data.putObject("rdma");
            devices(rdma.putArray("rdma_limit"), text(place, "rdma.max").orElse(""));
            devices(rdma.putArray("rdma_current"), text(place, "rdma.current").orElse(""));
        });
    }

    private static void devices(ArrayNode list, String text) {
        for (String line : text.lines().toList()) {
            String[] words = line.strip().split(" +", -1);
            ObjectNode entry = list.addObject().put("device", words[0]);
            for (String word : List.of(words).subList(1, words.length)) {
                String[] pair = word.split("=", 2);
                String name = pair[0].equals("hca_handle") ? "hca_handles" : "hca_objects";
                number(Optional.of(pair.length == 2 ? pair[1] : "")).ifPresent(value -> entry.put(name, value));
            }
        }
    }

    private void network(String text) {
        ArrayNode interfaces = data.putArray("network_interfaces");
        for (String line : text.lines().skip(2).toList()) {
            int colon = line.indexOf(':');
            if (colon < 0) {
                continue;
            }
            ObjectNode one =
                    interfaces.addObject().put("Name", line.substring(0, colon).strip());
            String[] words = line.substring(colon + 1).strip().split(" +", -1);
            for (int i = 0; i < COUNTERS.size() && i < words.length; i++) {
                if (!COUNTERS.get(i).isEmpty()) {
                    one.put(COUNTERS.get(i), new BigInteger(words[i]));
                }
            }
        }
    }

    private void intelRdt(Rdt rdt) {
        ObjectNode node = data.putObject("intel_rdt");
        ObjectNode info = node.putObject("l3_cache_info");
        for (String name : List.of("cbm_mask", "min_cbm_bits", "num_closids")) {
            present.text(rdt.mountpoint() + "/info/L3/" + name).ifPresent(text -> info.put(name, text.strip()));
        }
        schema(node, rdt.mountpoint(), "L3:", "l3_cache_schema_root");
        schema(node, rdt.group(), "L3:", "l3_cache_schema");
        schema(node, rdt.mountpoint(), "MB:", "mem_bw_schema_root");
        schema(node, rdt.group(), "MB:", "mem_bw_schema");
        for (String counter : rdt.counters()) {
            Optional<BigInteger> total = number(present.text(counter + "/mbm_total_bytes"));
            if (total.isPresent()) {
                ObjectNode one = node.withArray("mbm_stats").addObject();
                put(one, "mbm_total_bytes", total);
                put(one, "mbm_local_bytes", number(present.text(counter + "/mbm_local_bytes")));
            }
            number(present.text(counter + "/llc_occupancy"))
                    .ifPresent(used -> node.withArray("cmt_stats").addObject().put("llc_occupancy", used));
        }
    }

    private void schema(ObjectNode node, String group, String resource, String name) {
        present.text(group + "/schemata")
                .flatMap(text -> text.lines()
                        .map(String::strip)
                        .filter(line -> line.startsWith(resource))
                        .findFirst())
                .ifPresent(line -> node.put(name, line));
    }

    /** How long processes waited for what there is too little of, see the kernel's documentation of PSI. */
    private void pressure(ObjectNode into, Place place, String file) {
        text(place, file).ifPresent(text -> {
            ObjectNode psi = into.putObject("psi");
            for (String line : text.lines().toList()) {
                List<String> words = new ArrayList<>(List.of(line.strip().split(" +", -1)));
                ObjectNode one = psi.putObject(words.removeFirst());
                for (String word : words) {
                    String[] pair = word.split("=", 2);
                    if (pair[0].equals("total")) {
                        one.put("total", new BigInteger(pair[1]));
                    } else {
                        one.put(pair[0], Double.parseDouble(pair[1]));
                    }
                }
            }
        });
    }
}

package org.slipway.model.plan;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slipway.model.spec.Resources;
import org.slipway.model.spec.Resources.BlockIo;
import org.slipway.model.spec.Resources.Cpu;
import org.slipway.model.spec.Resources.Memory;
import org.slipway.model.spec.Resources.Throttle;

/**
 * The files of cgroup v2, with the conversions of requirements CG2.
 *
 * <p>One rule for what cannot be converted: it is a problem, unless its value is what v2 does anyway, or the specification discourages the
 * member; those ({@code kernel}, {@code kernelTCP}) are warned of on every host and left out.
 */
final class LimitsV2 {

    private LimitsV2() {}

    static void write(CgroupLimits out, Resources resources) {
        resources.memory().ifPresent(memory -> memory(out, memory));
        resources.cpu().ifPresent(cpu -> cpu(out, cpu));
        resources
                .pidsLimit()
                .ifPresent(limit -> out.put("pids", "/pids/limit", "pids.max", limit < 0 ? "max" : limit.toString()));
        resources.blockIo().ifPresent(io -> blockIo(out, io));
        LimitsV1.hugePages(out, resources);
        resources.network().ifPresent(network -> {
            network.classId().filter(id -> id != 0).ifPresent(_ -> out.impossible("/network/classID"));
            if (!network.priorities().isEmpty()) {
                out.impossible("/network/priorities");
            }
        });
        LimitsV1.Rdma.write(out, resources);
        resources.unified().forEach(out::putUnified);
    }

    private static void memory(CgroupLimits out, Memory memory) {
        if (memory.checkBeforeUpdate().orElse(false)) {
            memory.limit()
                    .filter(limit -> limit > 0)
                    .ifPresent(limit -> out.check("memory", "/memory/checkBeforeUpdate", "memory.current", limit));
        }
        out.put(
                "memory",
                "/memory/limit",
                "memory.max",
                LimitsV1.set(memory.limit()).map(LimitsV2::orMax));
        out.put(
                "memory",
                "/memory/reservation",
                "memory.low",
                memory.reservation().map(LimitsV2::orMax));
        LimitsV1.set(memory.swap()).ifPresent(swap -> swap(out, swap, LimitsV1.set(memory.limit())));
        // kernel and kernelTCP are discouraged: they are warned of, whatever the host, and left out
        if (memory.swappiness().isPresent()) {
            out.impossible("/memory/swappiness");
        }
        if (memory.disableOomKiller().orElse(false)) {
            out.impossible("/memory/disableOOMKiller");
        }
        if (!memory.useHierarchy().orElse(true)) {
            out.impossible("/memory/useHierarchy");
        }
    }

    /** The configuration counts memory and swap together, the kernel swap alone. */
    private static void swap(CgroupLimits out, long swap, Optional<Long> limit) {
        if (swap < 0) {
            out.put("memory", "/memory/swap", "memory.swap.max", "max");
        } else {
            out.put("memory", "/memory/swap", "memory.swap.max", Long.toString(swap - limit.orElseThrow()));
        }
    }

    private static void cpu(CgroupLimits out, Cpu cpu) {
        out.put("cpuset", "/cpu/cpus", "cpuset.cpus", cpu.cpus());
        out.put("cpuset", "/cpu/mems", "cpuset.mems", cpu.mems());
        LimitsV1.set(cpu.shares())
                .ifPresent(shares -> out.put("cpu", "/cpu/shares", "cpu.weight", Long.toString(weight(shares))));
        if (LimitsV1.set(cpu.quota()).isPresent() || LimitsV1.set(cpu.period()).isPresent()) {
            String period =
                    LimitsV1.set(cpu.period()).map(Long::toUnsignedString).orElse("100000");
            String quota =
                    cpu.quota().filter(value -> value > 0).map(Object::toString).orElse("max");
            out.put("cpu", cpu.quota().isPresent() ? "/cpu/quota" : "/cpu/period", "cpu.max", quota + " " + period);
        }
        out.put("cpu", "/cpu/burst", "cpu.max.burst", cpu.burst().map(Long::toUnsignedString));
        if (LimitsV1.set(cpu.realtimeRuntime()).isPresent()) {
            out.impossible("/cpu/realtimeRuntime");
        }
        if (LimitsV1.set(cpu.realtimePeriod()).isPresent()) {
            out.impossible("/cpu/realtimePeriod");
        }
        out.put("cpu", "/cpu/idle", "cpu.idle", cpu.idle());
    }

    /**
     * Shares of v1 (2 to 262144, usually 1024) as a weight of v2 (1 to 10000, usually 100): the quadratic curve in the logarithm through
     * (2, 1), (1024, 100) and (262144, 10000) on which the runtimes agreed.
     */
    static long weight(long shares) {
        if (Long.compareUnsigned(shares, 2) <= 0) {
            return 1;
        } else if (Long.compareUnsigned(shares, 262144) >= 0) {
            return 10000;
        }
        double log = Math.log((double) shares) / Math.log(2);
        double exponent = (log * log + 125 * log) / 612.0 - 7.0 / 34.0;
        return (long) Math.ceil(Math.pow(10, exponent));
    }

    private static void blockIo(CgroupLimits out, BlockIo io) {
        io.weight().ifPresent(weight -> weight(out, "/blockIO/weight", "", weight));
        if (io.leafWeight().isPresent()) {
            out.impossible("/blockIO/leafWeight");
        }
        for (int i = 0; i < io.weightDevice().size(); i++) {
            var device = io.weightDevice().get(i);
            String member = "/blockIO/weightDevice/" + i;
            if (device.leafWeight().isPresent()) {
                out.impossible(member + "/leafWeight");
            }
            String number = device.major() + ":" + device.minor() + " ";
            device.weight().ifPresent(weight -> weight(out, member, number, weight));
        }
        throttle(out, "throttleReadBpsDevice", "rbps", io.readBps());
        throttle(out, "throttleWriteBpsDevice", "wbps", io.writeBps());
        throttle(out, "throttleReadIOPSDevice", "riops", io.readIops());
        throttle(out, "throttleWriteIOPSDevice", "wiops", io.writeIops());
    }

    private static void throttle(CgroupLimits out, String member, String key, List<Throttle> devices) {
        for (int i = 0; i < devices.size(); i++) {
            Throttle device = devices.get(i);
            out.put(
                    "io",
                    "/blockIO/" + member + "/" + i,
                    "io.max",
                    device.major() + ":" + device.minor() + " " + key + "=" + rate(device.rate()));
        }
    }

    /** BFQ takes the weight as it is; elsewhere it is converted. */
    private static void weight(CgroupLimits out, String member, String device, long weight) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("io.bfq.weight", device + weight);
        values.put("io.weight", device + ioWeight(weight));
        out.putFirst("io", member, true, values);
    }

    /** What v1 means by 0, to take a limit back, is a word on v2. */
    private static String rate(long rate) {
        return rate == 0 ? "max" : Long.toUnsignedString(rate);
    }

    /** Weights of v1 (10 to 1000) as those of v2 (1 to 10000). */
    private static long ioWeight(long weight) {
        return 1 + (weight - 10) * 9999 / 990;
    }

    private static String orMax(long value) {
        return value < 0 ? "max" : Long.toString(value);
    }
}

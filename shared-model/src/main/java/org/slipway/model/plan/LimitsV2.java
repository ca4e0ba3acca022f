package org.slipway.model.plan;

import java.util.List;
import java.util.Optional;
import org.slipway.model.spec.Resources;
import org.slipway.model.spec.Resources.BlockIo;
import org.slipway.model.spec.Resources.Cpu;
import org.slipway.model.spec.Resources.Memory;
import org.slipway.model.spec.Resources.Throttle;

/** The files of cgroup v2, with the conversions of requirements CG2; what cannot be converted is a problem. */
final class LimitsV2 {

    private LimitsV2() {}

    static void write(CgroupLimits out, Resources resources) {
        resources.memory().ifPresent(memory -> memory(out, memory));
        resources.cpu().ifPresent(cpu -> cpu(out, cpu));
        resources
                .pidsLimit()
                .ifPresent(limit -> out.put("pids", "/pids/limit", "pids.max", limit < 0 ? "max" : limit.toString()));
        resources.blockIo().ifPresent(io -> blockIo(out, io));
        for (int i = 0; i < resources.hugepageLimits().size(); i++) {
            var limit = resources.hugepageLimits().get(i);
            String member = "/hugepageLimits/" + i;
            String value = Long.toUnsignedString(limit.limit());
            if (out.kernelAtLeast(5, 7)) {
                out.put("hugetlb", member, "hugetlb." + limit.pageSize() + ".rsvd.max", value);
            }
            out.put("hugetlb", member, "hugetlb." + limit.pageSize() + ".max", value);
        }
        if (resources.network().isPresent()) {
            out.impossible("/network");
        }
        LimitsV1.Rdma.write(out, resources);
        resources.unified().forEach(out::putUnified);
    }

    private static void memory(CgroupLimits out, Memory memory) {
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
        if (LimitsV1.set(memory.kernel()).isPresent()) {
            out.impossible("/memory/kernel");
        }
        if (LimitsV1.set(memory.kernelTcp()).isPresent()) {
            out.impossible("/memory/kernelTCP");
        }
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
        } else if (limit.isEmpty() || limit.get() < 0) {
            out.problem("swap-without-limit", "/memory/swap");
        } else if (swap < limit.get()) {
            out.problem("swap-below-limit", "/memory/swap");
        } else {
            out.put("memory", "/memory/swap", "memory.swap.max", Long.toString(swap - limit.get()));
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
        LimitsV1.checkBurst(out, cpu);
        out.put("cpu", "/cpu/burst", "cpu.max.burst", cpu.burst().map(Long::toUnsignedString));
        if (cpu.realtimeRuntime().isPresent()) {
            out.impossible("/cpu/realtimeRuntime");
        }
        if (cpu.realtimePeriod().isPresent()) {
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
        out.put("io", "/blockIO/weight", "io.weight", io.weight().map(LimitsV2::ioWeight));
        if (io.leafWeight().isPresent()) {
            out.impossible("/blockIO/leafWeight");
        }
        for (int i = 0; i < io.weightDevice().size(); i++) {
            var device = io.weightDevice().get(i);
            String member = "/blockIO/weightDevice/" + i;
            if (device.leafWeight().isPresent()) {
                out.impossible(member + "/leafWeight");
            }
            if (device.weight().isEmpty() && device.leafWeight().isEmpty()) {
                out.problem("weight-or-leaf-weight", member);
            }
            out.put(
                    "io",
                    member,
                    "io.weight",
                    device.weight().map(weight -> device.major() + ":" + device.minor() + " " + ioWeight(weight)));
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
                    device.major() + ":" + device.minor() + " " + key + "=" + Long.toUnsignedString(device.rate()));
        }
    }

    /** Weights of v1 (10 to 1000) as those of v2 (1 to 10000). */
    private static long ioWeight(long weight) {
        return 1 + (weight - 10) * 9999 / 990;
    }

    private static String orMax(long value) {
        return value < 0 ? "max" : Long.toString(value);
    }
}

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

/** The files of cgroup v1 (requirements CG1). A new cgroup has no limits yet, so lower bounds are written first. */
final class LimitsV1 {

    /** The kernel's period for real-time processes, in microseconds (sched-rt-group documentation). */
    private static final long DEFAULT_PERIOD = 1_000_000;

    private LimitsV1() {}

    static void write(CgroupLimits out, Resources resources) {
        resources.memory().ifPresent(memory -> memory(out, memory));
        resources.cpu().ifPresent(cpu -> cpu(out, cpu));
        resources
                .pidsLimit()
                .ifPresent(limit -> out.put("pids", "/pids/limit", "pids.max", limit < 0 ? "max" : limit.toString()));
        resources.blockIo().ifPresent(io -> blockIo(out, io));
        hugePages(out, resources);
        resources.network().ifPresent(network -> {
            out.put("net_cls", "/network/classID", "net_cls.classid", network.classId());
            for (int i = 0; i < network.priorities().size(); i++) {
                var priority = network.priorities().get(i);
                out.put(
                        "net_prio",
                        "/network/priorities/" + i,
                        "net_prio.ifpriomap",
                        priority.name() + " " + priority.priority());
            }
        });
        Rdma.write(out, resources);
        if (!resources.unified().isEmpty()) {
            out.problem("unified-needs-cgroup2", "/unified");
        }
    }

    /** Where the machine has both versions, this controller may be in the hierarchy of version 2. */
    static void hugePages(CgroupLimits out, Resources resources) {
        String end = out.unified("hugetlb") ? "max" : "limit_in_bytes";
        for (int i = 0; i < resources.hugepageLimits().size(); i++) {
            var limit = resources.hugepageLimits().get(i);
            String member = "/hugepageLimits/" + i;
            String value = Long.toUnsignedString(limit.limit());
            String size = "hugetlb." + limit.pageSize();
            out.putFirst("hugetlb", member, false, Map.of(size + ".rsvd." + end, value));
            out.put("hugetlb", member, size + "." + end, value);
        }
    }

    private static void memory(CgroupLimits out, Memory memory) {
        out.put("memory", "/memory/limit", "memory.limit_in_bytes", set(memory.limit()));
        // after the limit: memory and swap together must not be less than memory alone
        out.put("memory", "/memory/swap", "memory.memsw.limit_in_bytes", set(memory.swap()));
        out.put("memory", "/memory/reservation", "memory.soft_limit_in_bytes", set(memory.reservation()));
        // discouraged, and warned of: written where the kernel still has it. From 5.16 on it has the file and refuses
        // every value
        if (!out.kernelAtLeast(5, 16)) {
            optional(out, "/memory/kernel", "memory.kmem.limit_in_bytes", set(memory.kernel()));
        }
        optional(out, "/memory/kernelTCP", "memory.kmem.tcp.limit_in_bytes", set(memory.kernelTcp()));
        memory.swappiness().ifPresent(value -> {
            out.put("memory", "/memory/swappiness", "memory.swappiness", value.toString());
        });
        if (memory.disableOomKiller().orElse(false)) {
            out.put("memory", "/memory/disableOOMKiller", "memory.oom_control", "1");
        }
        if (memory.useHierarchy().orElse(false)) {
            out.put("memory", "/memory/useHierarchy", "memory.use_hierarchy", "1");
        }
    }

    private static void optional(CgroupLimits out, String member, String file, Optional<Long> value) {
        value.ifPresent(bytes -> out.putFirst("memory", member, false, Map.of(file, bytes.toString())));
    }

    private static void cpu(CgroupLimits out, Cpu cpu) {
        out.put("cpuset", "/cpu/cpus", "cpuset.cpus", cpu.cpus());
        out.put("cpuset", "/cpu/mems", "cpuset.mems", cpu.mems());
        out.put("cpu", "/cpu/shares", "cpu.shares", set(cpu.shares()).map(Long::toUnsignedString));
        out.put("cpu", "/cpu/period", "cpu.cfs_period_us", set(cpu.period()).map(Long::toUnsignedString));
        out.put("cpu", "/cpu/quota", "cpu.cfs_quota_us", set(cpu.quota()));
        out.put("cpu", "/cpu/burst", "cpu.cfs_burst_us", cpu.burst().map(Long::toUnsignedString));
        set(cpu.realtimeRuntime())
                .ifPresent(runtime -> out.raiseRealtime(
                        "/cpu/realtimeRuntime", set(cpu.realtimePeriod()).orElse(DEFAULT_PERIOD), runtime));
        out.put(
                "cpu",
                "/cpu/realtimePeriod",
                "cpu.rt_period_us",
                set(cpu.realtimePeriod()).map(Long::toUnsignedString));
        out.put("cpu", "/cpu/realtimeRuntime", "cpu.rt_runtime_us", set(cpu.realtimeRuntime()));
        out.put("cpu", "/cpu/idle", "cpu.idle", cpu.idle());
    }

    /** Zero stands for absence in what many programs write. */
    static Optional<Long> set(Optional<Long> value) {
        return value.filter(number -> number != 0);
    }

    /** The weights of CFQ went with it in Linux 5.0; those of BFQ remained, where it is loaded. */
    private static void blockIo(CgroupLimits out, BlockIo io) {
        weight(out, "/blockIO/weight", "weight", io.weight().map(Object::toString));
        out.put("blkio", "/blockIO/leafWeight", "blkio.leaf_weight", io.leafWeight());
        for (int i = 0; i < io.weightDevice().size(); i++) {
            var device = io.weightDevice().get(i);
            String member = "/blockIO/weightDevice/" + i;
            String number = device.major() + ":" + device.minor() + " ";
            weight(out, member, "weight_device", device.weight().map(weight -> number + weight));
            out.put(
                    "blkio",
                    member,
                    "blkio.leaf_weight_device",
                    device.leafWeight().map(weight -> number + weight));
        }
        throttle(out, "throttleReadBpsDevice", "blkio.throttle.read_bps_device", io.readBps());
        throttle(out, "throttleWriteBpsDevice", "blkio.throttle.write_bps_device", io.writeBps());
        throttle(out, "throttleReadIOPSDevice", "blkio.throttle.read_iops_device", io.readIops());
        throttle(out, "throttleWriteIOPSDevice", "blkio.throttle.write_iops_device", io.writeIops());
    }

    private static void weight(CgroupLimits out, String member, String file, Optional<String> value) {
        value.ifPresent(found -> {
            Map<String, String> values = new LinkedHashMap<>();
            values.put("blkio.bfq." + file, found);
            values.put("blkio." + file, found);
            out.putFirst("blkio", member, true, values);
        });
    }

    private static void throttle(CgroupLimits out, String member, String file, List<Throttle> devices) {
        for (int i = 0; i < devices.size(); i++) {
            Throttle device = devices.get(i);
            out.put(
                    "blkio",
                    "/blockIO/" + member + "/" + i,
                    file,
                    device.major() + ":" + device.minor() + " " + Long.toUnsignedString(device.rate()));
        }
    }

    /** The one setting that both versions write alike. */
    static final class Rdma {

        private Rdma() {}

        static void write(CgroupLimits out, Resources resources) {
            resources.rdma().forEach((device, limit) -> {
                String member = "/rdma/" + device.replace("~", "~0").replace("/", "~1");
                out.put(
                        "rdma",
                        member,
                        "rdma.max",
                        device
                                + limit.hcaHandles()
                                        .map(value -> " hca_handle=" + value)
                                        .orElse("")
                                + limit.hcaObjects()
                                        .map(value -> " hca_object=" + value)
                                        .orElse(""));
            });
        }
    }
}

package org.slipway.model.spec;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The limits of the container's control group; what is absent is not written. */
public record Resources(
        List<DeviceRule> devices,
        Optional<Memory> memory,
        Optional<Cpu> cpu,
        Optional<Long> pidsLimit,
        Optional<BlockIo> blockIo,
        List<HugepageLimit> hugepageLimits,
        Optional<Network> network,
        Map<String, Rdma> rdma,
        Map<String, String> unified) {

    static Resources read(Member resources) {
        return new Resources(
                resources.list("devices", DeviceRule::read),
                resources.get("memory").map(Memory::read),
                resources.get("cpu").map(Cpu::read),
                resources.get("pids").flatMap(pids -> pids.i64("limit")),
                resources.get("blockIO").map(BlockIo::read),
                resources.list("hugepageLimits", HugepageLimit::read),
                resources.get("network").map(Network::read),
                resources.map("rdma", Rdma::read),
                resources.map("unified", Member::text));
    }

    /**
     * Which devices may be used; rules apply in order.
     *
     * @param type {@code a}, {@code b} or {@code c}
     * @param major absent: any
     * @param access letters of {@code rwm}; absent: all
     */
    public record DeviceRule(
            boolean allow, String type, Optional<Long> major, Optional<Long> minor, Optional<String> access) {

        static DeviceRule read(Member rule) {
            return new DeviceRule(
                    rule.require("allow").flag(),
                    rule.text("type").filter(type -> !type.isEmpty()).orElse("a"),
                    rule.i64("major").filter(number -> number >= 0),
                    rule.i64("minor").filter(number -> number >= 0),
                    rule.text("access").filter(access -> !access.isEmpty()));
        }
    }

    /** Memory limits in bytes; -1 is unlimited. */
    public record Memory(
            Optional<Long> limit,
            Optional<Long> reservation,
            Optional<Long> swap,
            Optional<Long> kernel,
            Optional<Long> kernelTcp,
            Optional<Long> swappiness,
            Optional<Boolean> disableOomKiller,
            Optional<Boolean> useHierarchy,
            Optional<Boolean> checkBeforeUpdate) {

        static Memory read(Member memory) {
            return new Memory(
                    memory.i64("limit"),
                    memory.i64("reservation"),
                    memory.i64("swap"),
                    memory.i64("kernel"),
                    memory.i64("kernelTCP"),
                    memory.u64("swappiness"),
                    memory.flag("disableOOMKiller"),
                    memory.flag("useHierarchy"),
                    memory.flag("checkBeforeUpdate"));
        }
    }

    /** Shares, quotas and CPU lists; times are in microseconds. */
    public record Cpu(
            Optional<Long> shares,
            Optional<Long> quota,
            Optional<Long> burst,
            Optional<Long> period,
            Optional<Long> realtimeRuntime,
            Optional<Long> realtimePeriod,
            Optional<String> cpus,
            Optional<String> mems,
            Optional<Long> idle) {

        static Cpu read(Member cpu) {
            return new Cpu(
                    cpu.u64("shares"),
                    cpu.i64("quota"),
                    cpu.u64("burst"),
                    cpu.u64("period"),
                    cpu.i64("realtimeRuntime"),
                    cpu.u64("realtimePeriod"),
                    cpu.text("cpus").filter(list -> !list.isEmpty()),
                    cpu.text("mems").filter(list -> !list.isEmpty()),
                    cpu.i64("idle"));
        }
    }

    /** Block device weights and rates. */
    public record BlockIo(
            Optional<Long> weight,
            Optional<Long> leafWeight,
            List<WeightDevice> weightDevice,
            List<Throttle> readBps,
            List<Throttle> writeBps,
            List<Throttle> readIops,
            List<Throttle> writeIops) {

        static BlockIo read(Member io) {
            return new BlockIo(
                    io.u32("weight").filter(weight -> weight != 0),
                    io.u32("leafWeight").filter(weight -> weight != 0),
                    io.list("weightDevice", WeightDevice::read),
                    io.list("throttleReadBpsDevice", Throttle::read),
                    io.list("throttleWriteBpsDevice", Throttle::read),
                    io.list("throttleReadIOPSDevice", Throttle::read),
                    io.list("throttleWriteIOPSDevice", Throttle::read));
        }
    }

    /** The weight of one block device. */
    public record WeightDevice(long major, long minor, Optional<Long> weight, Optional<Long> leafWeight) {

        static WeightDevice read(Member device) {
            return new WeightDevice(
                    device.require("major").i64(),
                    device.require("minor").i64(),
                    device.u32("weight").filter(weight -> weight != 0),
                    device.u32("leafWeight").filter(weight -> weight != 0));
        }
    }

    /** A rate for one block device, in bytes or operations a second. */
    public record Throttle(long major, long minor, long rate) {

        static Throttle read(Member device) {
            return new Throttle(
                    device.require("major").i64(),
                    device.require("minor").i64(),
                    device.require("rate").u64());
        }
    }

    /**
     * A limit for huge pages of one size.
     *
     * @param pageSize such as {@code 2MB}
     */
    public record HugepageLimit(String pageSize, long limit) {

        static HugepageLimit read(Member hugepage) {
            return new HugepageLimit(
                    hugepage.require("pageSize").text(),
                    hugepage.require("limit").u64());
        }
    }

    /** Network class and priorities (cgroup v1 only). */
    public record Network(Optional<Long> classId, List<Priority> priorities) {

        static Network read(Member network) {
            return new Network(network.u32("classID"), network.list("priorities", Priority::read));
        }
    }

    /** The priority of traffic through one interface. */
    public record Priority(String name, long priority) {

        static Priority read(Member priority) {
            return new Priority(
                    priority.require("name").text(),
                    priority.require("priority").u32());
        }
    }

    /** Limits of one RDMA device. */
    public record Rdma(Optional<Long> hcaHandles, Optional<Long> hcaObjects) {

        static Rdma read(Member rdma) {
            return new Rdma(rdma.u32("hcaHandles"), rdma.u32("hcaObjects"));
        }
    }
}

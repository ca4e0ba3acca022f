package org.slipway.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slipway.model.test.Requirement;
import tools.jackson.databind.ObjectMapper;

/** Limits as the kernel has them, on whichever version of cgroups this machine has; and who owns which cgroup when. */
final class CgroupTest extends KernelTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long PID = ProcessHandle.current().pid();
    private static final String FOREVER = "while true; do sleep 1; done";

    private Bundle limited(String script, String resources) {
        return bundle(script)
                .edit(config ->
                        config.withObject("/linux").set("resources", JSON.readTree(resources.replace('\'', '"'))));
    }

    /** A created container with these limits. */
    private Cgroup created(String id, String script, String resources) {
        helper.create(id, limited(script, resources));
        return new Cgroup(pid(id));
    }

    private long pid(String id) {
        return helper.state(id).path("pid").asLong();
    }

    private Shell.Result refused(Bundle bundle) {
        var result = helper.slipway("create", "--bundle", bundle.text(), "refused");
        assertNotEquals(0, result.status(), "it was created");
        assertEquals(1, result.complaints().size(), result::err);
        return result;
    }

    @Test
    @Requirement({"CG1-MEM-01", "CG1-MEM-02", "CG2-MEM-01", "CG2-MEM-02"})
    void memory() {
        var cgroup = created("memory", "true", "{'memory':{'limit':67108864,'reservation':33554432,'swap':134217728}}");
        if (Cgroup.V2) {
            assertEquals("67108864", cgroup.tells("memory", "memory.max"));
            assertEquals("33554432", cgroup.tells("memory", "memory.low"));
            assertEquals("67108864", cgroup.tells("memory", "memory.swap.max"));
        } else {
            assertEquals("67108864", cgroup.tells("memory", "memory.limit_in_bytes"));
            assertEquals("33554432", cgroup.tells("memory", "memory.soft_limit_in_bytes"));
            assertEquals("134217728", cgroup.tells("memory", "memory.memsw.limit_in_bytes"));
        }
        gone("memory");
    }

    @Test
    @Requirement({"CG1-MEM-01", "CG2-MEM-01", "CG1-PIDS-01", "CG2-PIDS-01"})
    void unlimited() {
        var cgroup = created(
                "unlimited", "true", "{'memory':{'limit':-1,'swap':-1},'cpu':{'quota':-1},'pids':{'limit':-1}}");
        assertEquals("max", cgroup.tells("pids", "pids.max"));
        if (Cgroup.V2) {
            assertEquals("max", cgroup.tells("memory", "memory.max"));
            assertEquals("max", cgroup.tells("memory", "memory.swap.max"));
            assertEquals("max 100000", cgroup.tells("cpu", "cpu.max"));
        } else {
            assertTrue(Long.parseLong(cgroup.tells("memory", "memory.limit_in_bytes")) > 1L << 60);
            assertEquals("-1", cgroup.tells("cpu", "cpu.cfs_quota_us"));
        }
        gone("unlimited");
    }

    @Test
    @Requirement({"CG1-MEM-05", "CG1-MEM-06", "CG1-MEM-07", "CG1-MEM-08"})
    void memoryOnVersion1() {
        assumeTrue(!Cgroup.V2, "version 2 has no such limits");
        var cgroup = created(
                "memory1",
                "true",
                "{'memory':{'limit':67108864,'swappiness':10,'disableOOMKiller':true,'useHierarchy':true,'kernelTCP':1048576}}");
        assertEquals("10", cgroup.tells("memory", "memory.swappiness"));
        assertTrue(cgroup.tells("memory", "memory.oom_control").startsWith("oom_kill_disable 1"));
        assertEquals("1", cgroup.tells("memory", "memory.use_hierarchy"));
        assertEquals("1048576", cgroup.tells("memory", "memory.kmem.tcp.limit_in_bytes"));
        gone("memory1");
        var plain = created("memory2", "true", "{'memory':{'disableOOMKiller':false}}");
        assertTrue(plain.tells("memory", "memory.oom_control").startsWith("oom_kill_disable 0"));
        gone("memory2");
    }

    @Test
    @Requirement({"CG1-CPU-01", "CG1-CPU-02", "CG2-CPU-01", "CG2-CPU-02"})
    void processorTime() {
        var cgroup = created("cpu", "true", "{'cpu':{'shares':512,'quota':20000,'period':50000}}");
        if (Cgroup.V2) {
            assertEquals("59", cgroup.tells("cpu", "cpu.weight"));
            assertEquals("20000 50000", cgroup.tells("cpu", "cpu.max"));
        } else {
            assertEquals("512", cgroup.tells("cpu", "cpu.shares"));
            assertEquals("20000", cgroup.tells("cpu", "cpu.cfs_quota_us"));
            assertEquals("50000", cgroup.tells("cpu", "cpu.cfs_period_us"));
        }
        gone("cpu");
    }

    @Test
    @Requirement({"CG1-CPU-03", "CG1-CPU-06", "CG2-CPU-03", "CG2-CPU-04"})
    void burstAndIdle() {
        var burst = created("burst", "true", "{'cpu':{'quota':20000,'period':50000,'burst':10000}}");
        assertEquals("10000", burst.tells("cpu", Cgroup.V2 ? "cpu.max.burst" : "cpu.cfs_burst_us"));
        gone("burst");
        var idle = created("idle", "true", "{'cpu':{'idle':1}}");
        assertEquals("1", idle.tells("cpu", "cpu.idle"));
        gone("idle");
    }

    @Test
    @Requirement("CG1-CPU-04")
    void realtimeGoesThroughParentsThatHaveNone() {
        var runtime = Path.of("/sys/fs/cgroup/cpu/cpu.rt_runtime_us");
        assumeTrue(Files.exists(runtime), "this kernel has no real-time groups");
        var cgroup = created("realtime", "true", "{'cpu':{'realtimeRuntime':2000,'realtimePeriod':1000000}}");
        assertEquals("2000", cgroup.tells("cpu", "cpu.rt_runtime_us"));
        assertEquals("1000000", cgroup.tells("cpu", "cpu.rt_period_us"));
        assertEquals("2000", Cgroup.read(cgroup.directory("cpu").resolve("../cpu.rt_runtime_us")));
        gone("realtime");
    }

    @Test
    @Requirement({"CG1-CPU-05", "CG2-CPU-06"})
    void processorsAndMemoryNodes() {
        var cgroup = created("sets", "true", "{'cpu':{'cpus':'0','mems':'0'}}");
        assertEquals("0", cgroup.tells("cpuset", "cpuset.cpus"));
        assertEquals("0", cgroup.tells("cpuset", "cpuset.mems"));
        gone("sets");
    }

    @Test
    @Requirement({"CG1-PIDS-01", "CG2-PIDS-01", "CG-09"})
    void processesAreCountedBeforeTheProgramRuns() {
        helper.create(
                "pids", limited("(sleep 1; :) & (sleep 1; :) & (sleep 1; :) & echo done", "{'pids':{'limit':2}}"));
        assertEquals("2", new Cgroup(pid("pids")).tells("pids", "pids.max"));
        helper.ok("start", "pids");
        helper.awaitStatus("pids", "stopped");
        assertTrue(
                helper.outputOf("pids").stream().noneMatch(line -> line.contains("done"))
                        && helper.state("pids").path("exitStatus").asInt() != 0,
                () -> "a third process was refused: " + helper.outputOf("pids"));
        helper.ok("delete", "pids");
    }

    /** The number of some block device; version 2 in a virtual machine has none before the module is loaded. */
    private static String disk() {
        var _ = Shell.run("modprobe", "-a", "loop", "bfq");
        return Shell.output("sh", "-c", "cat /sys/block/*/dev | head -n 1").strip();
    }

    @Test
    @Requirement({"CG1-IO-04", "CG2-IO-04"})
    void disksAreThrottled() {
        var disk = disk();
        var number = "'major':" + disk.replace(":", ",'minor':");
        var cgroup = created(
                "throttle",
                "true",
                "{'blockIO':{'throttleReadBpsDevice':[{" + number + ",'rate':1048576}],'throttleWriteBpsDevice':[{"
                        + number
                        + ",'rate':2097152}],'throttleReadIOPSDevice':[{" + number
                        + ",'rate':100}],'throttleWriteIOPSDevice':[{" + number + ",'rate':200}]}}");
        if (Cgroup.V2) {
            assertEquals(disk + " rbps=1048576 wbps=2097152 riops=100 wiops=200", cgroup.tells("io", "io.max"));
        } else {
            assertEquals(disk + " 1048576", cgroup.tells("blkio", "blkio.throttle.read_bps_device"));
            assertEquals(disk + " 2097152", cgroup.tells("blkio", "blkio.throttle.write_bps_device"));
            assertEquals(disk + " 100", cgroup.tells("blkio", "blkio.throttle.read_iops_device"));
            assertEquals(disk + " 200", cgroup.tells("blkio", "blkio.throttle.write_iops_device"));
        }
        gone("throttle");
    }

    @Test
    @Requirement({"CG1-IO-01", "CG2-IO-01"})
    void disksAreWeighted() {
        var number = "'major':" + disk().replace(":", ",'minor':");
        // on version 2 the files are there once the controller is enabled, as for this limit
        var probe = created("probe", "true", "{'blockIO':{'throttleReadIOPSDevice':[{" + number + ",'rate':1000}]}}");
        var directory = probe.directory(Cgroup.V2 ? "io" : "blkio");
        var bfq = Cgroup.V2 ? "io.bfq.weight" : "blkio.bfq.weight";
        boolean bfqThere = Files.exists(directory.resolve(bfq));
        var other = Cgroup.V2 ? "io.weight" : "blkio.weight";
        boolean otherThere = Files.exists(directory.resolve(other));
        gone("probe");
        if (!bfqThere && !otherThere) {
            var result = refused(limited("true", "{'blockIO':{'weight':500}}"));
            assertTrue(result.err().contains(other), result::err);
            return;
        }
        var cgroup = created("weight", "true", "{'blockIO':{'weight':500}}");
        var told =
                cgroup.tells(Cgroup.V2 ? "io" : "blkio", bfqThere ? bfq : other).replace("default ", "");
        assertEquals(bfqThere || !Cgroup.V2 ? "500" : "4950", told);
        gone("weight");
    }

    /** This controller is in the hierarchy of version 2 also where others are not. */
    @Test
    @Requirement({"CG2-HTLB-01", "CG1-HTLB-01", "CG-10"})
    void hugePages() {
        var controllers = Path.of("/sys/fs/cgroup" + (Cgroup.V2 ? "" : "/unified") + "/cgroup.controllers");
        assumeTrue(Cgroup.read(controllers).contains("hugetlb"), "this kernel has no limits on huge pages");
        var directory = created("huge", "true", "{'hugepageLimits':[{'pageSize':'2MB','limit':4194304}]}")
                .unified();
        assertEquals("4194304", Cgroup.read(directory.resolve("hugetlb.2MB.max")));
        assertEquals("4194304", Cgroup.read(directory.resolve("hugetlb.2MB.rsvd.max")));
        gone("huge");
        var result = refused(limited("true", "{'hugepageLimits':[{'pageSize':'3MB','limit':4194304}]}"));
        assertTrue(result.err().contains("hugetlb.3MB.max"), result::err);
        assertTrue(result.err().contains("/linux/resources/hugepageLimits/0"), result::err);
    }

    @Test
    @Requirement({"CG1-ERR-01", "CG2-NET-01"})
    void aControllerThatIsNotHereIsNamed() {
        var result = refused(limited("true", "{'network':{'classID':1}}"));
        assertTrue(result.err().contains(Cgroup.V2 ? "nothing for this limit" : "'net_cls'"), result::err);
        assertTrue(result.err().contains("/linux/resources/network/classID"), result::err);
    }

    @Test
    @Requirement({"CG2-UNI-01", "CG2-UNI-02", "CG2-UNI-03", "CG2-UNI-06"})
    void unified() {
        assumeTrue(Cgroup.V2, "needs version 2");
        var cgroup = created(
                "unified",
                "true",
                "{'pids':{'limit':9},'unified':{'pids.max':'7','memory.high':'33554432','cgroup.max.depth':'3','cpu.weight':'42'}}");
        assertEquals("7", cgroup.tells("", "pids.max"));
        assertEquals("33554432", cgroup.tells("", "memory.high"));
        assertEquals("3", cgroup.tells("", "cgroup.max.depth"));
        assertEquals("42", cgroup.tells("", "cpu.weight"));
        gone("unified");
        var missing = refused(limited("true", "{'unified':{'memory.nonsense':'1'}}"));
        assertTrue(missing.err().contains("memory.nonsense"), missing::err);
        var controller = refused(limited("true", "{'unified':{'nonsense.max':'1'}}"));
        assertTrue(controller.err().contains("'nonsense'"), controller::err);
    }

    @Test
    @Requirement({"CG-08", "CG-10", "CG-01"})
    void initIsInEveryHierarchyAtItsPath() throws IOException {
        var bundle = created("everywhere", "true");
        var paths = Files.readAllLines(Path.of("/proc", Long.toString(pid("everywhere")), "cgroup")).stream()
                .map(line -> line.split(":", 3)[2])
                .distinct()
                .toList();
        assertEquals(List.of("/slipway-test-" + PID + "/" + bundle.path().getFileName()), paths);
        gone("everywhere");
    }

    /** A directory where the container's cgroup shall be, in the hierarchy in which it can be frozen. */
    private Path beforehand(Bundle bundle) throws IOException {
        var path = Path.of("/sys/fs/cgroup" + (Cgroup.V2 ? "" : "/freezer") + "/slipway-test-" + PID)
                .resolve(bundle.path().getFileName());
        return Files.createDirectories(path);
    }

    private static void clear(Path cgroup) throws IOException {
        Files.delete(cgroup);
        Files.delete(cgroup.resolveSibling(""));
    }

    @Test
    @Requirement({"CG-07", "CG-06"})
    void aCgroupThatSomebodyElseLivesInIsLeftAlone() throws Exception {
        var bundle = bundle("true");
        var cgroup = beforehand(bundle);
        var guest = new ProcessBuilder("sleep", "1000").start();
        try {
            Cgroup.write(cgroup.resolve("cgroup.procs"), Long.toString(guest.pid()));
            var result = refused(bundle);
            assertTrue(result.err().contains("holds processes"), result::err);
            assertTrue(result.err().contains("/linux/cgroupsPath"), result::err);
            assertTrue(guest.isAlive());
            assertEquals(Long.toString(guest.pid()), Cgroup.read(cgroup.resolve("cgroup.procs")));
        } finally {
            guest.destroyForcibly().waitFor();
            Shell.await(
                    "it is empty",
                    Duration.ofSeconds(10),
                    () -> Cgroup.read(cgroup.resolve("cgroup.procs")).isEmpty());
            clear(cgroup);
        }
    }

    @Test
    @Requirement({"CG-07", "CG-06"})
    void aFrozenCgroupIsAnErrorAndStays() throws Exception {
        var bundle = bundle("true");
        var cgroup = beforehand(bundle);
        try {
            freeze(cgroup, true);
            var result = refused(bundle);
            assertTrue(result.err().contains("is frozen"), result::err);
            assertTrue(Files.exists(cgroup));
            freeze(cgroup, false);
            helper.create("thawed", bundle);
            gone("thawed");
            assertTrue(Files.exists(cgroup), "it was there before, and stays");
        } finally {
            clear(cgroup);
        }
    }

    private static void freeze(Path cgroup, boolean frozen) {
        if (Cgroup.V2) {
            Cgroup.write(cgroup.resolve("cgroup.freeze"), frozen ? "1" : "0");
        } else {
            Cgroup.write(cgroup.resolve("freezer.state"), frozen ? "FROZEN" : "THAWED");
        }
    }

    @Test
    @Requirement("OPS-KILL-05")
    void aFrozenContainerCanBeKilled() {
        created("frozen", FOREVER);
        helper.ok("start", "frozen");
        freeze(new Cgroup(pid("frozen")).directory("freezer"), true);
        helper.ok("kill", "frozen", "KILL");
        helper.awaitStatus("frozen", "stopped");
        helper.ok("delete", "frozen");

        created("frozen", FOREVER);
        helper.ok("start", "frozen");
        freeze(new Cgroup(pid("frozen")).directory("freezer"), true);
        helper.ok("kill", "--all", "frozen", "KILL");
        helper.awaitStatus("frozen", "stopped");
        helper.ok("delete", "frozen");

        created("frozen", FOREVER);
        helper.ok("start", "frozen");
        freeze(new Cgroup(pid("frozen")).directory("freezer"), true);
        gone("frozen");
    }

    @Test
    @Requirement("OPS-KILL-03")
    void aSignalForAllReachesEachOnce() {
        created(
                "all",
                "trap 'echo main' USR1; trap 'echo end' USR2; " + "(trap 'echo child' USR1; trap : USR2; echo ready; "
                        + FOREVER + ") & " + FOREVER);
        helper.ok("start", "all");
        Shell.await(
                "both listen",
                Duration.ofSeconds(20),
                () -> helper.outputOf("all").equals(List.of("ready")));
        helper.ok("kill", "--all", "all", "USR1");
        Shell.await(
                "both heard",
                Duration.ofSeconds(20),
                () -> helper.outputOf("all").size() == 3);
        helper.ok("kill", "--all", "all", "USR2");
        Shell.await(
                "the end", Duration.ofSeconds(20), () -> helper.outputOf("all").contains("end"));
        assertEquals(
                List.of("child", "end", "main", "ready"),
                helper.outputOf("all").stream().sorted().toList());
        gone("all");
    }

    @Test
    @Requirement("CG-06")
    void theLastOfAParentTakesItAway() {
        var shared = Path.of("/sys/fs/cgroup" + (Cgroup.V2 ? "" : "/pids") + "/slipway-test-" + PID);
        created("first", FOREVER);
        created("second", FOREVER);
        gone("first");
        assertTrue(Files.exists(shared));
        helper.crash();
        helper.restart();
        gone("second");
        assertFalse(Files.exists(shared), "the helper that made it is gone, and its mark is not");
    }

    @Test
    @Requirement({"CG-11", "CG-12", "CG-15"})
    void theCgroupIsHandedToTheUserOnVersion2() throws IOException {
        var bundle = bundle("true");
        bundle.edit(config -> {
            config.withObject("/process").withObject("/user").put("uid", 1234);
            config.withObject("/linux").withArray("namespaces").addObject().put("type", "cgroup");
            var mounts = config.withArray("/mounts");
            for (var mount : mounts) {
                if (mount.path("destination").asString().equals("/sys/fs/cgroup")) {
                    ((tools.jackson.databind.node.ObjectNode) mount)
                            .set("options", JSON.valueToTree(List.of("nosuid", "noexec", "nodev", "rw")));
                }
            }
        });
        helper.create("owned", bundle);
        var directory = new Cgroup(pid("owned")).directory("pids");
        int expected = Cgroup.V2 ? 1234 : 0;
        assertEquals(expected, owner(directory));
        assertEquals(expected, owner(directory.resolve("cgroup.procs")));
        assertEquals(0, owner(directory.resolve("pids.max")));
        assertEquals(0, owner(directory.resolveSibling("")));
        gone("owned");
    }

    private static int owner(Path file) throws IOException {
        return (int) Files.getAttribute(file, "unix:uid");
    }

    @Test
    @Requirement("CG-06")
    void whatTheProgramMadeBelowGoesWithIt() {
        var cgroup = created("below", FOREVER, "{}");
        helper.ok("start", "below");
        var below = cgroup.directory("pids").resolve("inner");
        assertTrue(below.toFile().mkdir());
        gone("below");
        assertFalse(Files.exists(below));
    }
}

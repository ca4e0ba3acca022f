package org.slipway.model.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.model.plan.CgroupOp.CheckUsage;
import org.slipway.model.plan.CgroupOp.EnableControllers;
import org.slipway.model.plan.CgroupOp.HandOverCgroup;
import org.slipway.model.plan.CgroupOp.MakeCgroup;
import org.slipway.model.plan.CgroupOp.MakeCgroupParent;
import org.slipway.model.plan.CgroupOp.OpenCgroup;
import org.slipway.model.plan.CgroupOp.RaiseRealtime;
import org.slipway.model.plan.CgroupOp.WriteCgroupFile;
import org.slipway.model.plan.CgroupOp.WriteFirstCgroupFile;
import org.slipway.model.test.Requirement;

/** Where the container's cgroups lie, and what is written into them. */
class CgroupLimitsTest {

    private static List<String> written(String resources, HostFacts facts) {
        Plan create = Plans.ready(Specs.minimal("{'linux':{'resources':" + resources + "}}"), facts)
                .create();
        return Plans.all(create)
                .flatMap(op -> switch (op) {
                    case WriteCgroupFile write
                    when !write.file().contains("/devices.") -> Stream.of(name(write.file()) + " " + write.value());
                    case WriteFirstCgroupFile write -> Stream.of(first(write));
                    case CheckUsage check -> Stream.of(name(check.file()) + " <= " + check.bytes());
                    case RaiseRealtime raise ->
                        Stream.of(name(raise.directory()) + " gets " + raise.runtime() + "/" + raise.period());
                    default -> Stream.<String>empty();
                })
                .toList();
    }

    private static String first(WriteFirstCgroupFile write) {
        List<String> choices = new ArrayList<>();
        for (int i = 0; i < write.files().size(); i++) {
            choices.add(name(write.files().get(i)) + " " + write.values().get(i));
        }
        return String.join(" or ", choices) + (write.required() ? "" : "?");
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'memory':{'limit':64,'swap':128}} | memory.limit_in_bytes 64; memory.memsw.limit_in_bytes 128",
                "{'memory':{'limit':-1,'reservation':5}} | memory.limit_in_bytes -1; memory.soft_limit_in_bytes 5",
                "{'memory':{'kernel':1,'kernelTCP':2}} | memory.kmem.tcp.limit_in_bytes 2?",
                "{'memory':{'swappiness':0,'disableOOMKiller':true,'useHierarchy':true}}"
                        + " | memory.swappiness 0; memory.oom_control 1; memory.use_hierarchy 1",
                "{'memory':{'disableOOMKiller':false,'limit':0}} | ''",
                "{'cpu':{'shares':1024,'quota':50000,'period':100000}}"
                        + " | cpu.shares 1024; cpu.cfs_period_us 100000; cpu.cfs_quota_us 50000",
                "{'cpu':{'quota':-1,'burst':1}} | cpu.cfs_quota_us -1; cpu.cfs_burst_us 1",
                "{'cpu':{'realtimeRuntime':1,'realtimePeriod':2}}"
                        + " | slipway gets 1/2; 0 gets 1/2; cpu.rt_period_us 2; cpu.rt_runtime_us 1",
                "{'cpu':{'realtimeRuntime':7}} | slipway gets 7/1000000; 0 gets 7/1000000; cpu.rt_runtime_us 7",
                "{'cpu':{'cpus':'0-1','mems':'0','idle':1}} | cpuset.cpus 0-1; cpuset.mems 0; cpu.idle 1",
                "{'pids':{'limit':5}} | pids.max 5",
                "{'pids':{'limit':0}} | pids.max 0",
                "{'pids':{'limit':-1}} | pids.max max",
                "{'blockIO':{'weight':10,'throttleReadBpsDevice':[{'major':8,'minor':0,'rate':7}]}}"
                        + " | blkio.bfq.weight 10 or blkio.weight 10; blkio.throttle.read_bps_device 8:0 7",
                "{'blockIO':{'leafWeight':20}} | blkio.leaf_weight 20",
                "{'blockIO':{'weightDevice':[{'major':8,'minor':0,'weight':9}]}}"
                        + " | blkio.bfq.weight_device 8:0 9 or blkio.weight_device 8:0 9",
                "{'blockIO':{'throttleWriteBpsDevice':[{'major':8,'minor':0,'rate':7}],"
                        + "'throttleReadIOPSDevice':[{'major':8,'minor':1,'rate':8}],"
                        + "'throttleWriteIOPSDevice':[{'major':8,'minor':2,'rate':0}]}}"
                        + " | blkio.throttle.write_bps_device 8:0 7; blkio.throttle.read_iops_device 8:1 8;"
                        + " blkio.throttle.write_iops_device 8:2 0",
                "{'blockIO':{'weightDevice':[{'major':8,'minor':0,'leafWeight':9}]}}"
                        + " | blkio.leaf_weight_device 8:0 9",
                "{} | ''"
            })
    @Requirement({"CG1-MEM-03", "CG1-CPU-04", "CG1-IO-01", "CG1-IO-02"})
    void version1(String resources, String expected) {
        assertEquals(expected, String.join("; ", written(resources, HostFacts.hybrid())));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'memory':{'limit':64,'swap':128,'reservation':32}}"
                        + " | memory.max 64; memory.low 32; memory.swap.max 64",
                "{'memory':{'limit':64,'checkBeforeUpdate':true}} | memory.current <= 64; memory.max 64",
                "{'memory':{'kernel':5,'kernelTCP':6,'disableOOMKiller':false,'useHierarchy':true}} | ''",
                "{'cpu':{'cpus':'0-1','mems':'0'}} | cpuset.cpus 0-1; cpuset.mems 0",
                "{'cpu':{'realtimeRuntime':0,'realtimePeriod':0}} | ''",
                "{'memory':{'limit':64,'swap':64}} | memory.max 64; memory.swap.max 0",
                "{'memory':{'limit':-1,'swap':-1}} | memory.max max; memory.swap.max max",
                "{'cpu':{'shares':2}} | cpu.weight 1",
                "{'cpu':{'shares':1024}} | cpu.weight 100",
                "{'cpu':{'shares':262144}} | cpu.weight 10000",
                "{'cpu':{'shares':0}} | ''",
                "{'cpu':{'quota':50000,'period':100000}} | cpu.max 50000 100000",
                "{'cpu':{'quota':50000}} | cpu.max 50000 100000",
                "{'cpu':{'period':50000}} | cpu.max max 50000",
                "{'cpu':{'quota':-1,'period':50000,'burst':3,'idle':1}}"
                        + " | cpu.max max 50000; cpu.max.burst 3; cpu.idle 1",
                "{'pids':{'limit':0}} | pids.max 0",
                "{'pids':{'limit':-1}} | pids.max max",
                "{'blockIO':{'weight':10}} | io.bfq.weight 10 or io.weight 1",
                "{'blockIO':{'weightDevice':[{'major':8,'minor':0,'weight':500}]}}"
                        + " | io.bfq.weight 8:0 500 or io.weight 8:0 4950",
                "{'blockIO':{'throttleReadBpsDevice':[{'major':8,'minor':0,'rate':0}]}} | io.max 8:0 rbps=max",
                "{'blockIO':{'throttleWriteBpsDevice':[{'major':8,'minor':0,'rate':7}],"
                        + "'throttleReadIOPSDevice':[{'major':8,'minor':1,'rate':8}]}}"
                        + " | io.max 8:0 wbps=7; io.max 8:1 riops=8",
                "{'blockIO':{'weight':1000,'throttleWriteIOPSDevice':[{'major':8,'minor':0,'rate':7}]}}"
                        + " | io.bfq.weight 1000 or io.weight 10000; io.max 8:0 wiops=7",
                "{'hugepageLimits':[{'pageSize':'2MB','limit':4}]} | hugetlb.2MB.rsvd.max 4?; hugetlb.2MB.max 4",
                "{'rdma':{'mlx4_0':{'hcaHandles':3,'hcaObjects':4}}} | rdma.max mlx4_0 hca_handle=3 hca_object=4",
                "{'pids':{'limit':3},'unified':{'pids.max':'4'}} | pids.max 3; pids.max 4",
                "{'unified':{'io.max':'8:0 rbps=1\\n8:16 rbps=2','cgroup.max.depth':'3'}}"
                        + " | io.max 8:0 rbps=1; io.max 8:16 rbps=2; cgroup.max.depth 3"
            })
    @Requirement({"CG2-MEM-03", "CG2-MEM-04", "CG2-IO-01", "CG2-UNI-06"})
    void version2(String resources, String expected) {
        assertEquals(expected, String.join("; ", written(resources, HostFacts.v2())));
    }

    @Test
    @Requirement("CG2-CPU-01")
    void sharesBecomeWeightsMonotonically() {
        long before = 0;
        for (long shares = 1; shares < 300000; shares++) {
            long weight = LimitsV2.weight(shares);
            assertEquals(true, weight >= before && weight >= 1 && weight <= 10000, "shares " + shares);
            before = weight;
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'memory':{'swappiness':5}} | no-counterpart /memory/swappiness",
                "{'memory':{'disableOOMKiller':true}} | no-counterpart /memory/disableOOMKiller",
                "{'memory':{'useHierarchy':false}} | no-counterpart /memory/useHierarchy",
                "{'cpu':{'realtimePeriod':5}} | no-counterpart /cpu/realtimePeriod",
                "{'blockIO':{'leafWeight':5}} | no-counterpart /blockIO/leafWeight",
                "{'network':{'classID':5}} | no-counterpart /network/classID",
                "{'network':{'priorities':[{'name':'lo','priority':1}]}} | no-counterpart /network/priorities",
                "{'unified':{'misc.max':'1'}} | controller-missing /unified/misc.max"
            })
    @Requirement({"CG2-MEM-05", "CG2-CPU-05", "CG2-NET-01"})
    void whatVersion2HasNotIsRefused(String resources, String expected) {
        assertEquals(List.of(expected), refused(resources, HostFacts.v2()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'network':{'classID':5}} | controller-missing /network/classID",
                "{'hugepageLimits':[{'pageSize':'2MB','limit':4}]} | controller-missing /hugepageLimits/0",
                "{'unified':{'pids.max':'1'}} | unified-needs-cgroup2 /unified"
            })
    @Requirement({"CG1-ERR-01", "CG2-UNI-05"})
    void whatVersion1HasNotIsRefused(String resources, String expected) {
        assertEquals(expected, refused(resources, HostFacts.hybrid()).getFirst());
    }

    private static List<String> refused(String resources, HostFacts facts) {
        return Plans.problems(Specs.minimal("{'linux':{'resources':" + resources + "}}"), facts).stream()
                .map(problem -> problem.code() + " " + problem.pointer().replace("/linux/resources", ""))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "/a/b, /delegated, /sys/fs/cgroup/a | /sys/fs/cgroup/a/b",
        "/delegated/b, /delegated, /sys/fs/cgroup/delegated/b",
        "a/b, /delegated, /sys/fs/cgroup/delegated/a | /sys/fs/cgroup/delegated/a/b",
        "a, /, /sys/fs/cgroup/a",
        "'', /, /sys/fs/cgroup/slipway | /sys/fs/cgroup/slipway/0 | /sys/fs/cgroup/slipway/0/web"
    })
    @Requirement({"CG-01", "CG-02", "CG-04", "CG-06"})
    void pathsLieBelowTheMountPointOrTheBase(String path, String base, String expected) {
        HostFacts facts =
                new HostFacts(new HostFacts.V2("/sys/fs/cgroup", List.of(), base), "6.8", "x86_64", 40, false, true);
        Plan create = Plans.ready(Specs.minimal("{'linux':{'cgroupsPath':'" + path + "'}}"), facts)
                .create();
        assertEquals(
                expected,
                String.join(
                        " | ",
                        Plans.all(create)
                                .flatMap(op -> switch (op) {
                                    case MakeCgroupParent parent -> Stream.of(parent.path());
                                    case MakeCgroup own -> Stream.of(own.path());
                                    default -> Stream.empty();
                                })
                                .toList()));
    }

    @Test
    @Requirement({"CG-08", "CG-09"})
    void onVersion1InitEntersEveryHierarchyBeforeAnythingElse() {
        Plan create = Plans.ready(Specs.minimal("{}"), HostFacts.hybrid()).create();
        List<String> opened = Plans.ops(create, OpenCgroup.class).stream()
                .map(OpenCgroup::path)
                .toList();
        assertEquals(9, opened.size());
        assertEquals("/sys/fs/cgroup/systemd/slipway/0/web/tasks", opened.get(7));
        assertEquals("/sys/fs/cgroup/unified/slipway/0/web", opened.get(8));
        assertEquals(
                List.of(0, 1, 2, 3, 4, 5, 6, 7),
                create.of(Actor.INIT)
                        .limit(8)
                        .map(step -> ((CgroupOp.EnterCgroup) step.op()).slot())
                        .toList());
        assertEquals(
                9, Plans.ops(create, NamespaceOp.CloneInit.class).getFirst().cgroupSlot());
    }

    @Test
    @Requirement("CG2-UNI-02")
    void controllersAreEnabledDownThePath() {
        Plan create = Plans.create(Specs.minimal("{'linux':{'cgroupsPath':'/a/b','resources':{'cpu':{'idle':1}}}}"));
        List<String> wanted = List.of("cpu", "memory", "pids");
        assertEquals(
                List.of(
                        new EnableControllers("/sys/fs/cgroup", wanted),
                        new EnableControllers("/sys/fs/cgroup/a", wanted)),
                Plans.ops(create, EnableControllers.class));
        assertEquals(
                List.of(new WriteCgroupFile("/sys/fs/cgroup/a/b/cpu.idle", "1")),
                Plans.ops(create, WriteCgroupFile.class));
    }

    /** A machine with every controller that version 1 has. */
    private static HostFacts everyController() {
        List<HostFacts.Hierarchy> hierarchies = Stream.of("memory", "hugetlb", "net_cls", "net_prio", "rdma", "blkio")
                .map(name -> new HostFacts.Hierarchy(List.of(name), "/sys/fs/cgroup/" + name, "/"))
                .toList();
        return new HostFacts(new HostFacts.V1(hierarchies), "5.10", "x86_64", 40, false, true);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'network':{'classID':1048577}} | net_cls.classid 1048577",
                "{'network':{'priorities':[{'name':'lo','priority':3},{'name':'eth0','priority':4}]}}"
                        + " | net_prio.ifpriomap lo 3; net_prio.ifpriomap eth0 4",
                "{'rdma':{'mlx4_0':{'hcaObjects':4}}} | rdma.max mlx4_0 hca_object=4",
                "{'hugepageLimits':[{'pageSize':'2MB','limit':4}]}"
                        + " | hugetlb.2MB.rsvd.limit_in_bytes 4?; hugetlb.2MB.limit_in_bytes 4",
                "{'memory':{'kernel':1,'kernelTCP':2}}"
                        + " | memory.kmem.limit_in_bytes 1?; memory.kmem.tcp.limit_in_bytes 2?"
            })
    @Requirement({"CG1-NET-01", "CG1-NET-02", "CG1-RDMA-01", "CG1-MEM-04"})
    void rareControllersOfVersion1(String resources, String expected) {
        assertEquals(expected, String.join("; ", written(resources, everyController())));
    }

    @Test
    @Requirement({"CG1-IO-03", "CG2-IO-02", "CG2-IO-03"})
    void weightsOfSingleDisks() {
        String both = "{'blockIO':{'weightDevice':[{'major':8,'minor':0,'weight':10,'leafWeight':20}]}}";
        assertEquals(
                List.of(
                        "blkio.bfq.weight_device 8:0 10 or blkio.weight_device 8:0 10",
                        "blkio.leaf_weight_device 8:0 20"),
                written(both, HostFacts.hybrid()));
        assertEquals(List.of("no-counterpart /blockIO/weightDevice/0/leafWeight"), refused(both, HostFacts.v2()));
        assertEquals(
                List.of("no-counterpart /blockIO/leafWeight"),
                refused("{'blockIO':{'leafWeight':20}}", HostFacts.v2()));
        assertEquals(
                List.of("io.bfq.weight 8:0 10 or io.weight 8:0 1"),
                written(both.replace(",'leafWeight':20", ""), HostFacts.v2()));
    }

    @Test
    @Requirement("CG-16")
    void whatIsAbsentIsNotWritten() {
        for (HostFacts facts : List.of(HostFacts.v2(), HostFacts.hybrid())) {
            assertEquals(List.of(), written("{}", facts));
            assertEquals(
                    List.of(),
                    written("{'memory':{},'cpu':{},'pids':{},'blockIO':{},'network':{}}", facts).stream()
                            .filter(line -> !line.isEmpty())
                            .toList());
        }
    }

    @Test
    @Requirement("CG-03")
    void equalPathsAreEqualPlaces() {
        String config = Specs.minimal("{'linux':{'cgroupsPath':'/a//b/./c'}}");
        List<String> places = Plans.ready(config, HostFacts.hybrid()).cgroups();
        assertEquals(places, Plans.ready(config, HostFacts.hybrid()).cgroups());
        assertEquals(
                places,
                Plans.ready(Specs.minimal("{'linux':{'cgroupsPath':'/a/b/c'}}"), HostFacts.hybrid())
                        .cgroups());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'cgroup' | rw | 1000 | 1000",
                "'cgroup' | ro | 1000 | ''",
                "'cgroup' | rw | 0 | ''",
                "'other' | rw | 1000 | ''"
            })
    @Requirement({"CG-11", "CG-12"})
    void aCgroupIsHandedOverWhereItCanBeWritten(String source, String option, int uid, String expected) {
        String config = config(source.replace("'", ""), option, uid, "{'type':'cgroup'}");
        assertEquals(expected, handedTo(config, HostFacts.v2()));
    }

    @Test
    @Requirement({"CG-11", "CG-15"})
    void aCgroupIsNotHandedOverWithoutItsNamespaceOrOnVersion1() {
        String joined = config("cgroup", "rw", 1000, "{'type':'cgroup','path':'/proc/1/ns/cgroup'}");
        assertEquals("", handedTo(joined, HostFacts.v2()));
        assertEquals("", handedTo(config("cgroup", "rw", 1000, "{'type':'ipc'}"), HostFacts.v2()));
        assertEquals("", handedTo(config("cgroup", "rw", 1000, "{'type':'cgroup'}"), HostFacts.hybrid()));
    }

    @Test
    @Requirement("CG-11")
    void aCgroupIsHandedToTheHostsIdOfTheUser() {
        String config = config("cgroup", "rw", 5, "{'type':'cgroup'},{'type':'user'}")
                .replace(
                        "\"namespaces\"",
                        "\"uidMappings\":[{\"containerID\":0,\"hostID\":70000,\"size\":10}],"
                                + "\"gidMappings\":[{\"containerID\":0,\"hostID\":80000,\"size\":10}],\"namespaces\"");
        assertEquals("70005", handedTo(config, HostFacts.v2()));
    }

    private static String config(String source, String option, int uid, String namespace) {
        return Specs.minimal("{'process':{'user':{'uid':" + uid + ",'gid':0}},"
                + "'mounts':[{'destination':'/proc','type':'proc','source':'proc'},"
                + "{'destination':'/sys/fs/cgroup','type':'cgroup','source':'" + source + "','options':['" + option
                + "']}],'linux':{'namespaces':[{'type':'mount'},{'type':'pid'}," + namespace + "]}}");
    }

    private static String handedTo(String config, HostFacts facts) {
        return Plans.ops(Plans.ready(config, facts).create(), HandOverCgroup.class).stream()
                .map(hand -> Integer.toString(hand.uid()))
                .collect(Collectors.joining());
    }

    @Test
    @Requirement("CLI-G-05")
    void aDisabledManagerMakesNoCgroupAndRefusesLimits() {
        PlanRequest plain = PlanRequest.explain(Specs.parse(Specs.minimal("{}")), "/b", "web", HostFacts.hybrid())
                .managedBy(CgroupManager.DISABLED);
        Compiled.Ready ready = Plans.ready(plain);
        assertEquals(List.of(), ready.cgroups());
        assertEquals(
                0,
                Plans.all(ready.create())
                        .filter(op -> op instanceof CgroupOp && !(op instanceof CgroupOp.NewCgroupNamespace))
                        .count());
        PlanRequest limited = PlanRequest.explain(
                        Specs.parse(Specs.minimal("{'linux':{'resources':{'pids':{'limit':3}}}}")),
                        "/b",
                        "web",
                        HostFacts.v2())
                .managedBy(CgroupManager.DISABLED);
        assertEquals(
                new Compiled.Refused(List.of(new PlanProblem("limits-need-cgroup", "/linux/resources", Map.of()))),
                Planner.compile(limited));
    }

    @Test
    void rootlessOnVersion1HasNoCgroupAndRefusesLimits() {
        HostFacts facts = new HostFacts(HostFacts.hybrid().cgroups(), "6.8", "x86_64", 40, true, true);
        assertEquals(List.of(), Plans.ready(Specs.minimal("{}"), facts).cgroups());
        assertEquals(
                List.of(new PlanProblem("limits-need-cgroup2", "/linux/resources", Map.of())),
                Plans.problems(Specs.minimal("{'linux':{'resources':{'pids':{'limit':3}}}}"), facts));
    }
}

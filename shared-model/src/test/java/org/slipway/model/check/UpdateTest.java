package org.slipway.model.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.model.finding.Finding;
import org.slipway.model.plan.CgroupOp.WriteCgroupFile;
import org.slipway.model.plan.Compiled;
import org.slipway.model.plan.Confinement;
import org.slipway.model.plan.ExecRequest;
import org.slipway.model.plan.HostFacts;
import org.slipway.model.plan.Inside;
import org.slipway.model.plan.LiveOp;
import org.slipway.model.plan.LiveOp.RecordConfiguration;
import org.slipway.model.plan.LivePlanner;
import org.slipway.model.plan.LiveTable;
import org.slipway.model.plan.LiveTable.Live;
import org.slipway.model.plan.Op;
import org.slipway.model.plan.Plan;
import org.slipway.model.plan.PlanRequest;
import org.slipway.model.plan.Planner;
import org.slipway.model.plan.Step;
import org.slipway.model.spec.NamespaceType;
import org.slipway.model.spec.Spec;
import org.slipway.model.test.Requirement;
import org.slipway.model.text.Sentences;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What an update comes to, without a machine. */
class UpdateTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Sentences SENTENCES = Sentences.of(Locale.ENGLISH);

    /** What the files hold; what is not named is there and holds 0. */
    private final Map<String, String> present = new HashMap<>();

    private ObjectNode effective = config();
    private HostFacts facts = HostFacts.hybrid().withResctrl(Optional.of("/sys/fs/resctrl"));
    private boolean begun = true;
    private Inside inside = Inside.UNKNOWN;
    private Optional<Confinement> confinement = Optional.empty();

    private static ObjectNode config() {
        try (var text = Spec.class.getResourceAsStream("default.json")) {
            ObjectNode config = (ObjectNode) JSON.readTree(text);
            ((ObjectNode) config.get("process")).put("terminal", false);
            return config;
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private PlanRequest request(Spec spec) {
        PlanRequest plain = PlanRequest.explain(spec, "/b", "web", facts);
        return confinement.map(plain::confinedTo).orElse(plain);
    }

    private Update update(String change) {
        Compiled compiled = Planner.compile(request(Spec.read(effective)));
        assertEquals(List.of(), compiled.problems());
        Update.Subject subject = new Update.Subject(
                this::request,
                (Compiled.Ready) compiled,
                file -> Optional.of(present.getOrDefault(name(file), "0")).filter(text -> !text.equals("absent")),
                inside,
                begun);
        return Update.of(effective, (ObjectNode) JSON.readTree(change.replace('\'', '"')), subject);
    }

    private Update resources(String resources) {
        return update("{'linux':{'resources':" + resources + "}}");
    }

    private static String name(String file) {
        return file.substring(file.lastIndexOf('/') + 1);
    }

    /** The writes, as {@code file=value<former}. */
    private static List<String> writes(Update update) {
        assertEquals(List.of(), update.findings());
        Plan plan = update.plan().orElseThrow();
        assertTrue(plan.steps().getLast().op() instanceof RecordConfiguration);
        return plan.steps().subList(0, plan.steps().size() - 1).stream()
                .map(UpdateTest::write)
                .toList();
    }

    private static String write(Step step) {
        if (!(step.op() instanceof WriteCgroupFile write)) {
            return step.op().call();
        }
        Optional<Op> undo = step.undo();
        String back = undo.isPresent() && undo.get() instanceof WriteCgroupFile former
                ? (former.file().equals(write.file()) ? "" : name(former.file()) + "=") + former.value()
                : "?";
        return name(write.file()) + "=" + write.value() + "<" + back;
    }

    private static List<String> codes(Update update) {
        assertTrue(update.plan().isEmpty());
        return update.findings().stream()
                .map(finding -> finding.code() + " " + finding.pointer())
                .toList();
    }

    @Test
    @Requirement({"LIVE-R-01", "LIVE-PIDS-01", "LIVE-CPU-01", "LIVE-R-05"})
    void onlyWhatIsAskedForIsWritten() {
        effective.withObject("/linux/resources/memory").put("limit", 1 << 20);
        Update update = resources("{'pids':{'limit':7},'cpu':{'shares':512}}");
        assertEquals(List.of("cpu.shares=512<0", "pids.max=7<0"), writes(update));
        assertEquals(7, update.effective().at("/linux/resources/pids/limit").asInt());
        assertEquals(
                1 << 20, update.effective().at("/linux/resources/memory/limit").asInt());
        assertTrue(update.effective().at("/linux/resources/devices").isArray());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'memory':{'limit':4096}} | 8192 | memory.limit_in_bytes=4096<2048",
                "{'memory':{'reservation':5}} | 0 | memory.soft_limit_in_bytes=5<0",
                "{'memory':{'limit':4096,'swap':8192}} | 8192 | memory.limit_in_bytes=4096<2048 memory.memsw.limit_in_bytes=8192<8192",
                "{'memory':{'limit':16384,'swap':32768}} | 8192 | memory.memsw.limit_in_bytes=32768<8192 memory.limit_in_bytes=16384<2048",
                "{'memory':{'limit':-1}} | 8192 | memory.memsw.limit_in_bytes=-1<8192 memory.limit_in_bytes=-1<2048",
                "{'memory':{'swappiness':10}} | 0 | memory.swappiness=10<0",
                "{'memory':{'disableOOMKiller':false}} | 0 | memory.oom_control=0<0",
                "{'memory':{'kernelTCP':4096}} | 0 | memory.kmem.tcp.limit_in_bytes=4096<0",
            })
    @Requirement({"LIVE-MEM-01", "LIVE-MEM-02", "LIVE-MEM-03", "LIVE-MEM-06"})
    void memoryOnVersionOne(String resources, String swap, String expected) {
        present.put("memory.limit_in_bytes", "2048");
        present.put("memory.memsw.limit_in_bytes", swap);
        assertEquals(List.of(expected.split(" ")), writes(resources(resources)));
    }

    @Test
    @Requirement({"LIVE-CPU-02", "LIVE-CPU-03", "LIVE-CPU-04", "LIVE-CPU-05"})
    void theShareOfAProcessorIsNeverMoreThanBothTheOldAndTheNew() {
        present.put("cpu.cfs_period_us", "100000");
        assertEquals(
                List.of("cpu.cfs_period_us=200000<100000", "cpu.cfs_quota_us=50000<0"),
                writes(resources("{'cpu':{'quota':50000,'period':200000}}")));
        assertEquals(
                List.of("cpu.cfs_quota_us=5000<0", "cpu.cfs_period_us=10000<100000"),
                writes(resources("{'cpu':{'quota':5000,'period':10000}}")));
        present.put("cpu.cfs_burst_us", "900");
        assertEquals(
                List.of("cpu.cfs_burst_us=0<900", "cpu.cfs_quota_us=5000<0"),
                writes(resources("{'cpu':{'quota':5000,'burst':0}}")));
        present.put("cpu.rt_period_us", "1000000");
        assertEquals(
                List.of("cpu.rt_runtime_us=1000<0", "cpu.rt_period_us=50000<1000000"),
                writes(resources("{'cpu':{'realtimeRuntime':1000,'realtimePeriod':50000}}")).stream()
                        .filter(write -> write.contains("="))
                        .filter(write -> !write.contains(" "))
                        .toList());
    }

    @Test
    @Requirement({"LIVE-CPU-06", "LIVE-CPU-07", "LIVE-CPU-08", "LIVE-CPU-09"})
    void processorsAndNodes() {
        present.put("cpuset.cpus", "0-1\n");
        assertEquals(
                List.of("cpuset.cpus=0<0-1", "cpuset.mems=0<0", "cpu.idle=1<0"),
                writes(resources("{'cpu':{'cpus':'0','mems':'0','idle':1}}")));
    }

    @Test
    @Requirement({"LIVE-IO-01", "LIVE-IO-03", "LIVE-IO-04", "LIVE-IO-05"})
    void blockDevicesAreMergedByTheirNumbersAndARateOfZeroTakesAway() {
        effective.set(
                "linux",
                JSON.readTree(
                        "{\"resources\":{\"blockIO\":{\"throttleReadBpsDevice\":[{\"major\":8,\"minor\":0,\"rate\":5},{\"major\":8,\"minor\":16,\"rate\":6}]}},\"namespaces\":[{\"type\":\"mount\"}]}"));
        effective.remove("hostname");
        present.put("blkio.throttle.read_bps_device", "8:0 5\n8:16 6\n");
        present.put("blkio.bfq.weight", "absent");
        present.put("blkio.bfq.weight_device", "absent");
        Update update = resources(
                "{'blockIO':{'weight':50,'weightDevice':[{'major':8,'minor':0}],'throttleReadBpsDevice':[{'major':8,'minor':0,'rate':0}],"
                        + "'throttleWriteBpsDevice':[{'major':8,'minor':0,'rate':9}]}}");
        assertEquals(
                List.of(
                        "blkio.weight=50<0",
                        "blkio.throttle.read_bps_device=8:0 0<8:0 5",
                        "blkio.throttle.write_bps_device=8:0 9<8:0 0",
                        "blkio.weight_device=8:0 default<8:0 default"),
                writes(update));
        assertEquals(
                "[{\"major\":8,\"minor\":16,\"rate\":6}]",
                update.effective()
                        .at("/linux/resources/blockIO/throttleReadBpsDevice")
                        .toString());
    }

    @Test
    @Requirement({"LIVE-IO-06", "LIVE-IO-07", "LIVE-HTLB-01", "LIVE-IO-02"})
    void ratesAndHugePages() {
        facts = withControllers(facts, "hugetlb");
        present.put("hugetlb.2MB.rsvd.limit_in_bytes", "absent");
        assertEquals(
                List.of(
                        "blkio.leaf_weight=30<0",
                        "blkio.throttle.read_iops_device=8:0 3<8:0 0",
                        "blkio.throttle.write_iops_device=8:0 4<8:0 0",
                        "hugetlb.2MB.limit_in_bytes=2097152<0"),
                writes(resources(
                        "{'blockIO':{'leafWeight':30,'throttleReadIOPSDevice':[{'major':8,'minor':0,'rate':3}],"
                                + "'throttleWriteIOPSDevice':[{'major':8,'minor':0,'rate':4}]},"
                                + "'hugepageLimits':[{'pageSize':'2MB','limit':2097152}]}")));
    }

    private static HostFacts withControllers(HostFacts facts, String... names) {
        HostFacts.Hybrid hybrid = (HostFacts.Hybrid) facts.cgroups();
        List<HostFacts.Hierarchy> all = new java.util.ArrayList<>(hybrid.hierarchies());
        for (String name : names) {
            all.add(new HostFacts.Hierarchy(List.of(name), "/sys/fs/cgroup/" + name, "/"));
        }
        return new HostFacts(
                new HostFacts.Hybrid(all, hybrid.unified()), facts.kernel(), facts.arch(), 40, false, true);
    }

    @Test
    @Requirement({"LIVE-NET-01", "LIVE-NET-02", "LIVE-RDMA-01"})
    void networkAndRdma() {
        facts = withControllers(facts, "net_cls", "net_prio", "rdma");
        present.put("net_prio.ifpriomap", "lo 0\neth0 3\n");
        present.put("rdma.max", "mlx hca_handle=max hca_object=max\n");
        assertEquals(
                List.of(
                        "net_cls.classid=5<0",
                        "net_prio.ifpriomap=eth0 4<eth0 3",
                        "rdma.max=mlx hca_handle=2<mlx hca_handle=max"),
                writes(
                        resources(
                                "{'network':{'classID':5,'priorities':[{'name':'eth0','priority':4}]},'rdma':{'mlx':{'hcaHandles':2}}}")));
    }

    @Test
    @Requirement({"LIVE-MEM-09", "LIVE-MEM-01", "LIVE-UNI-01", "LIVE-CPU-02"})
    void onVersionTwo() {
        facts = HostFacts.v2();
        present.put("memory.max", "max\n");
        present.put("cpu.max", "max 100000\n");
        effective.withObject("/linux/resources/memory").put("checkBeforeUpdate", true);
        effective.withObject("/linux/resources/memory").put("limit", 1 << 20).put("swap", 3 << 20);
        effective.withObject("/linux/resources/cpu").put("period", 50000);
        List<String> writes = writes(
                resources(
                        "{'memory':{'limit':2097152},'cpu':{'quota':1000},'unified':{'memory.high':'4096','io.max':'8:0 rbps=5'}}"));
        assertTrue(writes.getFirst().contains("memory.current"), writes::toString);
        assertEquals(
                List.of(
                        "memory.max=2097152<max",
                        "memory.swap.max=1048576<0",
                        "cpu.max=1000 50000<max 100000",
                        "memory.high=4096<0",
                        "io.max=8:0 rbps=5<8:0 rbps=max"),
                writes.subList(1, writes.size()));
    }

    @Test
    @Requirement({"LIVE-CPU-02", "LIVE-R-03"})
    void aControllerThatCreateDidNotNeedIsEnabledFirst() {
        facts = HostFacts.v2();
        present.put("cpu.max", "absent");
        present.put("cpu.weight", "absent");
        present.put("cgroup.controllers", "memory pids\n");
        present.put("cgroup.subtree_control", "memory pids\n");
        List<String> writes = writes(resources("{'cpu':{'quota':1000,'shares':1024},'pids':{'limit':5}}"));
        assertEquals("cgroup.subtree_control=+cpu<-cpu", writes.getFirst());
        assertEquals(
                List.of("cpu.weight=100<?", "cpu.max=1000 100000<?", "pids.max=5<0"),
                writes.subList(writes.size() - 3, writes.size()));
        present.put("cgroup.controllers", "memory cpu pids\n");
        assertEquals(
                List.of("limit-not-offered /linux/resources/cpu/quota"), codes(resources("{'cpu':{'quota':1000}}")));
    }

    @Test
    @Requirement({"LIVE-R-02", "LIVE-MEM-08", "LIVE-MEM-04", "LIVE-NS-01"})
    void whatCannotChangeIsRefusedWithAllThatCannotAtOnce() {
        Update update = update("{'linux':{'resources':{'pids':{'limit':5},"
                + "'memory':{'useHierarchy':true,'kernel':4096}},'namespaces':[]},'annotations':{'a':'b'}}");
        assertEquals(
                List.of(
                        "live-recreate /linux/resources/memory/useHierarchy",
                        "live-recreate /linux/resources/memory/kernel",
                        "live-recreate /linux/namespaces",
                        "live-recreate /annotations"),
                codes(update));
        for (Finding finding : update.findings()) {
            assertTrue(SENTENCES.finding(finding).contains("re-create"), SENTENCES.finding(finding));
        }
    }

    /** One change for each member that the table says no to, and for those that are not done yet. */
    @Test
    @Requirement({"LIVE-R-02", "LIVE-PROC-05", "LIVE-PROC-06", "LIVE-PROC-07"})
    void everyMemberThatCannotChangeIsRefused() {
        Map<String, String> changes = Map.ofEntries(
                Map.entry("LIVE-MEM-08", "{'linux':{'resources':{'memory':{'useHierarchy':true}}}}"),
                Map.entry(
                        "LIVE-PROC-05",
                        "{'process':{'args':['x'],'env':[],'cwd':'/x','user':{'uid':5,'gid':5},'terminal':true}}"),
                Map.entry("LIVE-PROC-06", "{'process':{'capabilities':{'bounding':['CAP_SYS_ADMIN']}}}"),
                Map.entry(
                        "LIVE-PROC-07",
                        "{'process':{'noNewPrivileges':false,'apparmorProfile':'x','selinuxLabel':'x'}}"),
                Map.entry("LIVE-NS-01", "{'linux':{'namespaces':[],'uidMappings':[],'timeOffsets':{}}}"),
                Map.entry(
                        "LIVE-MNT-02", "{'root':{'path':'x','readonly':false},'linux':{'rootfsPropagation':'shared'}}"),
                Map.entry("LIVE-SEC-01", "{'linux':{'seccomp':{'defaultAction':'SCMP_ACT_ALLOW'}}}"),
                Map.entry(
                        "LIVE-MP-01",
                        "{'linux':{'memoryPolicy':{'mode':'MPOL_LOCAL'},'personality':{'domain':'LINUX32'}}}"),
                Map.entry("LIVE-CG-01", "{'linux':{'cgroupsPath':'/x'}}"),
                Map.entry("LIVE-HOOK-01", "{'hooks':{'poststop':[]}}"),
                Map.entry("LIVE-ANN-01", "{'annotations':{'a':'b'}}"));
        TreeSet<String> ids = new TreeSet<>();
        LiveTable.get().rows().stream().filter(row -> row.live() == Live.NO).forEach(row -> ids.add(row.id()));
        assertEquals(ids, new TreeSet<>(changes.keySet()));
        changes.forEach((id, change) -> {
            Update update = update(change);
            assertTrue(!update.findings().isEmpty(), id);
            update.findings().forEach(finding -> {
                assertEquals("live-recreate", finding.code(), id);
                assertEquals(
                        id, LiveTable.get().at(finding.pointer()).orElseThrow().id());
            });
        });
    }

    @Test
    @Requirement({"LIVE-MP-01", "LIVE-ANN-01"})
    void whatIsPerThreadOrFrozenIsRefusedWithItsReason() {
        assertEquals(
                List.of(
                        "'/linux/personality' can't change on a live container: only a thread itself can change it; re-create the container",
                        "'/annotations' can't change on a live container: it is part of the configuration as it was at create; re-create the container"),
                update("{'linux':{'personality':{'domain':'LINUX32'}},'annotations':{'a':'b'}}").findings().stream()
                        .map(SENTENCES::finding)
                        .toList());
    }

    @Test
    @Requirement({"LIVE-MNT-02", "LIVE-SEC-01", "LIVE-CG-01", "LIVE-HOOK-01"})
    void whatIsAsItWasIsNoChange() {
        Update update =
                update("{'root':" + effective.get("root").toString().replace('"', '\'') + ",'linux':{'namespaces':"
                        + effective.at("/linux/namespaces").toString().replace('"', '\'') + "}}");
        assertEquals(List.of(), writes(update));
    }

    @Test
    @Requirement({"LIVE-MEM-05", "LIVE-MEM-07", "LIVE-CPU-06", "LIVE-IO-02"})
    void whatVersionTwoHasNoCounterpartForIsRefusedThere() {
        facts = HostFacts.v2();
        TreeSet<String> refused = new TreeSet<>();
        Update update = resources("{'memory':{'kernel':1,'kernelTCP':1,'swappiness':1,'disableOOMKiller':true},"
                + "'cpu':{'realtimeRuntime':1,'realtimePeriod':1},'blockIO':{'leafWeight':10},"
                + "'network':{'classID':1,'priorities':[{'name':'lo','priority':1}]}}");
        update.findings().forEach(finding -> {
            assertEquals("live-recreate", finding.code());
            refused.add(LiveTable.get().at(finding.pointer()).orElseThrow().id());
        });
        TreeSet<String> ids = new TreeSet<>();
        LiveTable.get().rows().stream().filter(row -> row.live() == Live.V1).forEach(row -> ids.add(row.id()));
        assertEquals(ids, refused);
    }

    @Test
    void monitoringIsNotSwitchedOffInSilence() {
        effective.withObject("/linux").putObject("intelRdt").put("enableMonitoring", true);
        assertEquals(
                List.of("live-not-offered /linux/intelRdt/enableMonitoring"),
                codes(update("{'linux':{'intelRdt':{'enableMonitoring':false}}}")));
    }

    private static List<String> steps(Update update) {
        assertEquals(List.of(), update.findings());
        return update.plan().orElseThrow().steps().stream()
                .map(step -> step.op().getClass().getSimpleName()
                        + step.undo().map(op -> "<" + op.call()).orElse(""))
                .toList();
    }

    private static Inside inside(Set<NamespaceType> namespaces, String mountinfo, Map<String, String> parameters) {
        return new Inside() {
            @Override
            public Optional<ExecRequest.Living> living() {
                return Optional.of(new ExecRequest.Living(42, 7, namespaces, List.of()));
            }

            @Override
            public Optional<String> parameter(String path) {
                return Optional.ofNullable(parameters.get(path));
            }

            @Override
            public String mounts() {
                return mountinfo;
            }
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'hostname':'x'} | SetHostname<sethostname(\"was\")",
                "{'linux':{'sysctl':{'kernel.msgmax':'9'}}} | WriteSysctl<write(\"/proc/sys/kernel/msgmax\", \"8\")",
                "{'linux':{'readonlyPaths':['/x']}} | ReadonlyPath<umount2(\"/x\", MNT_DETACH)",
                "{'mounts':[{'destination':'/m','type':'tmpfs','source':'t'}]} | MakeTarget MountFilesystem<umount2(\"/m\", MNT_DETACH)",
                "{'linux':{'devices':[{'path':'/dev/q','type':'p'}]}} | MakeDevice<unlinkat(root, \"/dev/q\")",
            })
    @Requirement({"LIVE-R-03", "LIVE-SYS-01", "LIVE-MNT-01", "LIVE-MNT-03"})
    void whatIsInsideIsChangedByAVisit(String change, String expected) {
        inside = inside(
                EnumSet.of(NamespaceType.MOUNT, NamespaceType.UTS, NamespaceType.IPC),
                "",
                Map.of("kernel/hostname", "was", "kernel/msgmax", "8"));
        List<String> steps = steps(update(change));
        int begin = steps.indexOf("SpawnVisitor");
        assertEquals(List.of("OpenContainer", "EnterContainer", "TakeRoot"), steps.subList(begin + 1, begin + 4));
        assertEquals(expected, String.join(" ", steps.subList(begin + 4, steps.size() - 3)));
        assertEquals(List.of("Signal", "Await", "RecordConfiguration"), steps.subList(steps.size() - 3, steps.size()));
    }

    /** The node alone would not do: the container may use it, unless its own rules, which come later, say no. */
    @Test
    @Requirement({"LIVE-DEVN-01"})
    void aFurtherDeviceMayBeUsed() {
        inside = inside(EnumSet.of(NamespaceType.MOUNT), "", Map.of());
        effective.withObject("/linux/resources").remove("devices");
        String change = "{'linux':{'devices':[{'path':'/dev/kmsg','type':'c','major':1,'minor':11}]}}";
        List<String> steps = update(change).plan().orElseThrow().steps().stream()
                .map(step -> step.op().call())
                .toList();
        assertTrue(
                steps.stream().anyMatch(call -> call.contains("devices.allow") && call.contains("c 1:11 rwm")),
                steps::toString);
        facts = HostFacts.v2();
        assertTrue(steps(update(change)).stream().anyMatch(step -> step.startsWith("ReplaceDeviceFilter<")));
    }

    /** What is taken back is done by visits of their own, last first. */
    @Test
    @Requirement({"LIVE-R-03"})
    void aVisitIsTakenBackStepByStep() {
        inside = inside(EnumSet.of(NamespaceType.MOUNT, NamespaceType.UTS), "", Map.of("kernel/hostname", "was"));
        Plan plan = update("{'hostname':'x','linux':{'readonlyPaths':['/x']}}")
                .plan()
                .orElseThrow();
        Set<Integer> done = plan.steps().stream().map(Step::index).collect(Collectors.toSet());
        List<String> undo = LivePlanner.undo(plan, done).steps().stream()
                .map(step -> step.op().getClass().getSimpleName())
                .toList();
        List<String> into = List.of("SpawnVisitor", "OpenContainer", "EnterContainer", "TakeRoot");
        List<String> expected = new ArrayList<>(into);
        expected.addAll(List.of("DetachMount", "Signal", "Await"));
        expected.addAll(into);
        expected.addAll(List.of("SetHostname", "Signal", "Await", "EndVisit"));
        assertEquals(expected, undo);
    }

    @Test
    @Requirement({"LIVE-MNT-01"})
    void aMountGetsOtherOptionsAndHasItsOldOnesBack() {
        effective
                .withArray("/mounts")
                .addObject()
                .put("destination", "/m")
                .put("type", "tmpfs")
                .put("source", "t")
                .putArray("options")
                .add("nosuid");
        inside = inside(
                EnumSet.of(NamespaceType.MOUNT),
                "36 35 98:0 / /m rw,nosuid,relatime shared:1 - tmpfs t rw\n",
                Map.of());
        List<String> steps = steps(
                update("{'mounts':[{'destination':'/m','type':'tmpfs','source':'t','options':['ro','noexec']}]}"));
        assertEquals(
                "ChangeAttributes<mount_setattr(\"/m\", set MOUNT_ATTR_NOSUID, clear "
                        + "MOUNT_ATTR_RDONLY|MOUNT_ATTR_NODEV|MOUNT_ATTR_NOEXEC|MOUNT_ATTR_NOATIME|MOUNT_ATTR_STRICTATIME|"
                        + "MOUNT_ATTR_NODIRATIME|MOUNT_ATTR_NOSYMFOLLOW)",
                steps.get(steps.size() - 4));
        assertEquals(
                List.of("live-mount-differs /mounts/" + (effective.at("/mounts").size() - 1)),
                codes(update("{'mounts':[{'destination':'/m','type':'tmpfs','source':'other'}]}")));
    }

    @Test
    @Requirement({"LIVE-ND-01"})
    void furtherInterfacesAreMovedAndMovedBack() {
        inside = inside(EnumSet.of(NamespaceType.NETWORK), "", Map.of());
        effective.withObject("/linux/netDevices").putObject("eth0").put("name", "lan");
        List<String> steps = steps(update("{'linux':{'netDevices':{'eth1':{}}}}"));
        assertEquals(
                List.of(
                        "ProbeNetDevice",
                        "PinNetwork",
                        "MoveNetDevice",
                        "AddAddresses",
                        "BringUpNetDevice",
                        "UnpinNetwork"),
                steps.subList(0, 6).stream()
                        .map(step -> step.replaceAll("<.*", ""))
                        .toList());
        assertTrue(steps.get(2).contains("<"), steps::toString);
        assertEquals(
                List.of("live-device-moved /linux/netDevices/eth0"),
                codes(update("{'linux':{'netDevices':{'eth0':{'name':'wan'}}}}")));
    }

    @Test
    @Requirement({"LIVE-PROC-08"})
    void theTerminalIsResized() {
        assertEquals(
                List.of("live-no-terminal /process/consoleSize"),
                codes(update("{'process':{'consoleSize':{'height':25,'width':80}}}")));
        effective
                .withObject("/process")
                .put("terminal", true)
                .putObject("consoleSize")
                .put("height", 10)
                .put("width", 20);
        assertEquals(
                List.of("ResizeTerminal<ioctl(terminal, TIOCSWINSZ, {10, 20})", "RecordConfiguration"),
                steps(update("{'process':{'consoleSize':{'height':25,'width':80}}}")));
    }

    @Test
    @Requirement({"LIVE-R-07"})
    void nothingInsideChangesWhenTheFirstProcessHasEnded() {
        assertEquals(List.of("live-gone /hostname"), codes(update("{'hostname':'x'}")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'linux':{'resources':5}} | type-wrong /linux/resources",
                "{'linux':{'resources':{'memory':[]}}} | type-wrong /linux/resources/memory",
                "{'linux':{'resources':{'pids':{'limit':'5'}}}} | type-wrong /linux/resources/pids/limit",
                "{'linux':{'resources':{'cpu':{'shares':-1}}}} | number-out-of-range /linux/resources/cpu/shares",
                "{'linux':{'resources':{'cpu':{'period':5}}}} | cpu-period-out-of-range /linux/resources/cpu/period",
                "{'linux':{'resources':{'cpu':{'cpus':'x'}}}} | cpus-malformed /linux/resources/cpu/cpus",
                "{'linux':{'resources':{'cpuu':{}}}} | update-member-unknown /linux/resources/cpuu",
                "{'nonsense':1} | update-member-unknown /nonsense",
                "{'linux':{'resources':{'hugepageLimits':[{'pageSize':'2MB'}]}}} | member-missing /linux/resources/hugepageLimits/0/limit",
                "{'linux':{'resources':{'memory':{'limit':4096,'swap':1024}}}} | memory-swap-below-limit /linux/resources/memory/swap",
                "{'linux':{'resources':{'unified':{'memory.high':'1'}}}} | unified-needs-cgroup2 /linux/resources/unified",
                "{'linux':{'resources':{'rdma':{'mlx':{'hcaHandles':2}}}}} | controller-missing /linux/resources/rdma/mlx",
            })
    @Requirement({"LIVE-R-02", "CLI-UPDATE-01"})
    void badInputIsRefusedByItsMember(String change, String expected) {
        assertTrue(
                codes(update(change)).contains(expected),
                () -> codes(update(change)).toString());
    }

    @Test
    @Requirement("LIVE-R-01")
    void nullIsAbsence() {
        assertEquals(
                List.of(),
                writes(update("{'hostname':null,'linux':{'resources':{'memory':null,'pids':{'limit':null}}}}")));
    }

    @Test
    void aFileThatTheKernelHasNotIsNamed() {
        present.put("cpu.cfs_burst_us", "absent");
        Update update = resources("{'cpu':{'burst':1}}");
        assertEquals(List.of("limit-not-offered /linux/resources/cpu/burst"), codes(update));
    }

    @Test
    @Requirement("LIVE-DEV-01")
    void devicesThatStayAllowedAreAllowedAllTheTime() {
        effective
                .withObject("/linux/resources")
                .set(
                        "devices",
                        JSON.readTree(
                                "[{\"allow\":false,\"access\":\"rwm\"},{\"allow\":true,\"type\":\"c\",\"major\":10,\"minor\":200,\"access\":\"rw\"}]"));
        assertEquals(
                List.of(
                        "devices.allow=c 10:229 rw<devices.deny=c 10:229 rw",
                        "devices.deny=c 10:200 rw<devices.allow=c 10:200 rw"),
                writes(
                        resources(
                                "{'devices':[{'allow':false,'access':'rwm'},{'allow':true,'type':'c','major':10,'minor':229,'access':'rw'}]}")));
        assertEquals(
                List.of(
                        "devices.allow=c 10:200 rw<c 10:200 rw",
                        "devices.allow=c 10:200 r<devices.deny=c 10:200 r",
                        "devices.deny=c 10:200 rw<devices.allow=c 10:200 rw",
                        "devices.allow=c 10:200 r<?"),
                writes(
                        resources(
                                "{'devices':[{'allow':false,'access':'rwm'},{'allow':true,'type':'c','major':10,'minor':200,'access':'r'}]}")));
        facts = HostFacts.v2();
        Plan plan =
                resources("{'devices':[{'allow':true,'access':'rwm'}]}").plan().orElseThrow();
        Step step = plan.steps().getFirst();
        assertTrue(step.op() instanceof LiveOp.ReplaceDeviceFilter);
        assertTrue(step.undo().orElseThrow() instanceof LiveOp.ReplaceDeviceFilter);
    }

    @Test
    @Requirement({"LIVE-PROC-01", "LIVE-PROC-02", "LIVE-PROC-03", "LIVE-PROC-04"})
    void whatEveryProcessGets() {
        String change = "{'process':{'rlimits':[{'type':'RLIMIT_NOFILE','soft':5,'hard':6}],'oomScoreAdj':7,"
                + "'scheduler':{'policy':'SCHED_BATCH','nice':3},'ioPriority':{'class':'IOPRIO_CLASS_BE','priority':2}}}";
        effective
                .withObject("/process")
                .set("rlimits", JSON.readTree("[{\"type\":\"RLIMIT_CORE\",\"soft\":1,\"hard\":1}]"));
        List<Class<?>> kinds = update(change).plan().orElseThrow().steps().stream()
                .<Class<?>>map(step -> step.op().getClass())
                .toList();
        assertEquals(
                4,
                kinds.stream().filter(kind -> kind != RecordConfiguration.class).count());
        assertTrue(kinds.containsAll(List.of(
                LiveOp.ChangeRlimit.class,
                LiveOp.ChangeOomScoreAdj.class,
                LiveOp.ChangeScheduler.class,
                LiveOp.ChangeIoPriority.class)));
        assertEquals(2, update(change).effective().at("/process/rlimits").size());
        begun = false;
        assertEquals(
                4,
                codes(update(change)).stream()
                        .filter(code -> code.startsWith("live-before-start"))
                        .count());
    }

    @Test
    @Requirement({"LIVE-RDT-01", "LIVE-RDT-02", "LIVE-RDT-03"})
    void sharesOfTheCache() {
        effective.withObject("/linux").putObject("intelRdt").put("l3CacheSchema", "L3:0=ff");
        present.put("schemata", "    L3:0=ff;1=ff\n    MB:0=100;1=100\n");
        assertEquals(
                List.of("schemata=L3:0=f\n<L3:0=ff;1=ff\n", "schemata=MB:0=50\n<MB:0=100;1=100\n"),
                writes(update("{'linux':{'intelRdt':{'l3CacheSchema':'L3:0=f','memBwSchema':'MB:0=50'}}}")));
        List<String> moved = writes(update("{'linux':{'intelRdt':{'closID':'gold','enableMonitoring':true}}}"));
        assertTrue(moved.getFirst().contains("/sys/fs/resctrl/gold/tasks"), moved::toString);
        assertTrue(moved.getLast().contains("/sys/fs/resctrl/web/mon_groups/web/tasks"), moved::toString);
        present.put("tasks", "absent");
        assertEquals(
                List.of("rdt-group-missing /linux/intelRdt/closID"),
                codes(update("{'linux':{'intelRdt':{'closID':'gold'}}}")));
        effective.withObject("/linux/intelRdt").put("closID", "gold");
        assertEquals(
                List.of("rdt-group-not-own /linux/intelRdt/l3CacheSchema"),
                codes(update("{'linux':{'intelRdt':{'l3CacheSchema':'L3:0=f'}}}")));
    }

    @Test
    @Requirement("LIVE-R-02")
    void theConfinedTierAllowsNoMoreThanAtCreate() {
        facts = HostFacts.v2();
        confinement = Optional.of(Confinement.of(1000, 1000));
        effective.remove("mounts");
        effective.withObject("/linux").remove("resources");
        assertEquals(List.of("pids.max=9<0"), writes(resources("{'pids':{'limit':9}}")));
        assertEquals(
                List.of("confined-refused /linux/resources/unified/memory.min"),
                codes(resources("{'unified':{'memory.min':'5'}}")));
        assertEquals(
                List.of("confined-refused /process/oomScoreAdj"), codes(update("{'process':{'oomScoreAdj':-900}}")));
        assertEquals(
                List.of("confined-refused /linux/resources/hugepageLimits"),
                codes(resources("{'hugepageLimits':[{'pageSize':'2MB','limit':1}]}")));
    }
}

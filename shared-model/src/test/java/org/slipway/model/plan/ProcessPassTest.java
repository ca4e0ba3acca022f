package org.slipway.model.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.model.plan.HookOp.RunHook;
import org.slipway.model.plan.MountOp.Attach;
import org.slipway.model.plan.MountOp.ChangeAttributes;
import org.slipway.model.plan.MountOp.MakeDevice;
import org.slipway.model.plan.MountOp.MakeLink;
import org.slipway.model.plan.MountOp.MakeTarget;
import org.slipway.model.plan.MountOp.OpenConsole;
import org.slipway.model.plan.MountOp.OpenDevice;
import org.slipway.model.plan.MountOp.Target;
import org.slipway.model.plan.NamespaceOp.DenySetgroups;
import org.slipway.model.plan.NamespaceOp.JoinNamespace;
import org.slipway.model.plan.NamespaceOp.OpenNamespace;
import org.slipway.model.plan.NamespaceOp.WriteIdMap;
import org.slipway.model.plan.NamespaceOp.WriteSysctl;
import org.slipway.model.plan.ProcessOp.DropBounding;
import org.slipway.model.plan.ProcessOp.LoadSeccompAndExec;
import org.slipway.model.plan.ProcessOp.SetAmbient;
import org.slipway.model.plan.ProcessOp.SetCapabilities;
import org.slipway.model.plan.ProcessOp.SetGroups;
import org.slipway.model.plan.ProcessOp.SetIds;
import org.slipway.model.plan.ProcessOp.SetNoNewPrivileges;
import org.slipway.model.plan.ProcessOp.SetOomScoreAdj;
import org.slipway.model.plan.ProcessOp.SetRlimit;
import org.slipway.model.plan.ProcessOp.SetUmask;
import org.slipway.model.spec.Sysctl;
import org.slipway.model.test.Requirement;

/** The program's side of a plan: devices, hooks, names, identity, rights. */
class ProcessPassTest {

    private static final String MAPPED = """
            'linux':{'namespaces':[{'type':'mount'},{'type':'user'}],
                     'uidMappings':[{'containerID':0,'hostID':100000,'size':10}],
                     'gidMappings':[{'containerID':0,'hostID':100000,'size':10},{'containerID':20,'hostID':5,'size':1}]}""";

    private static final long KILL = 1L << 5;

    @Test
    @Requirement({"CAP-01", "CAP-06", "CAP-03"})
    void rightsAreWhatTheKernelCanGrant() {
        Plan start = Plans.start(Specs.minimal("""
                {'process':{'capabilities':{
                    'bounding':['CAP_KILL','CAP_NOVELTY'],'effective':['CAP_KILL','CAP_SETPCAP'],
                    'permitted':['CAP_KILL'],'inheritable':['CAP_KILL','CAP_SETPCAP'],
                    'ambient':['CAP_KILL','CAP_SETPCAP']}}}"""));
        assertEquals(List.of(new DropBounding(KILL)), Plans.ops(start, DropBounding.class));
        assertEquals(List.of(new SetCapabilities(KILL, KILL, KILL, false)), Plans.ops(start, SetCapabilities.class));
        assertEquals(List.of(new SetAmbient(KILL)), Plans.ops(start, SetAmbient.class));
    }

    @Test
    @Requirement({"CAP-03", "CAP-04"})
    void whatTheHelperLacksIsLeftOutAndSaid() {
        HostFacts poor = HostFacts.v2().with(new HostFacts.Security(false, false, KILL));
        String asked = "'process':{'capabilities':{'bounding':['CAP_KILL','CAP_SYS_RESOURCE','CAP_NOVELTY']}}";
        Plan start = Plans.ready(Specs.minimal("{" + asked + "}"), poor).start().orElseThrow();
        assertEquals(List.of(new DropBounding(KILL)), Plans.ops(start, DropBounding.class));
        assertEquals(
                List.of(new PlanProblem(
                        "capability-not-grantable",
                        "/process/capabilities/bounding/1",
                        Map.of("capability", "CAP_SYS_RESOURCE"))),
                doubts("{" + asked + "}", poor));
        // of its own user namespace the container's root has all of them
        Plan mapped = Plans.ready(Specs.minimal("{" + asked + "," + MAPPED + "}"), poor)
                .start()
                .orElseThrow();
        assertEquals(List.of(new DropBounding(KILL | 1L << 24)), Plans.ops(mapped, DropBounding.class));
        assertEquals(List.of(), doubts("{" + asked + "," + MAPPED + "}", poor));
        // a kernel that has none of those after CAP_SETGID
        HostFacts old = new HostFacts(HostFacts.v2().cgroups(), "3.0", "x86_64", 6, false, true);
        assertEquals(1, doubts("{" + asked + "}", old).size());
    }

    private static List<PlanProblem> doubts(String changes, HostFacts facts) {
        return Planner.doubts(PlanRequest.explain(Specs.parse(Specs.minimal(changes)), "/bundle", "web", facts));
    }

    @Test
    @Requirement("CAP-05")
    void withoutCapabilitiesAllSetsAreEmpty() {
        Plan start = Plans.start(Specs.minimal("{}"));
        assertEquals(
                List.of(new DropBounding(0), new SetCapabilities(0, 0, 0, false), new SetAmbient(0)),
                Plans.all(start)
                        .filter(op ->
                                op instanceof DropBounding || op instanceof SetCapabilities || op instanceof SetAmbient)
                        .toList());
    }

    @Test
    @Requirement({"SEC-17", "PROC-09"})
    void aFilterWithoutNoNewPrivilegesKeepsTheRightToLoadIt() {
        String filter = "'linux':{'seccomp':{'defaultAction':'SCMP_ACT_ALLOW','flags':['SECCOMP_FILTER_FLAG_LOG']}}";
        Plan free = Plans.start(Specs.minimal("{" + filter + "}"));
        Plan bound = Plans.start(Specs.minimal("{'process':{'noNewPrivileges':true}," + filter + "}"));
        assertEquals(List.of(new SetCapabilities(0, 0, 0, true)), Plans.ops(free, SetCapabilities.class));
        assertEquals(List.of(), Plans.ops(free, SetNoNewPrivileges.class));
        assertEquals(List.of(new SetCapabilities(0, 0, 0, false)), Plans.ops(bound, SetCapabilities.class));
        assertEquals(List.of(new SetNoNewPrivileges()), Plans.ops(bound, SetNoNewPrivileges.class));
        assertEquals(2, Plans.ops(bound, LoadSeccompAndExec.class).getFirst().filterFlags());
    }

    @Test
    @Requirement({"USER-01", "USER-02", "USER-03", "RLIM-03"})
    void identityAndLimitsAreTheConfigurations() {
        Plan start = Plans.start(Specs.minimal("""
                {'process':{'user':{'uid':4294967294,'gid':7,'umask':63,'additionalGids':[9,10]},'oomScoreAdj':-5,
                            'rlimits':[{'type':'RLIMIT_RTTIME','soft':1,'hard':18446744073709551615}]}}"""));
        assertEquals(List.of(new SetIds(-2, 7)), Plans.ops(start, SetIds.class));
        assertEquals(List.of(new SetUmask(077)), Plans.ops(start, SetUmask.class));
        assertEquals(List.of(new SetGroups(List.of(9, 10))), Plans.ops(start, SetGroups.class));
        assertEquals(List.of(new SetOomScoreAdj(-5)), Plans.ops(start, SetOomScoreAdj.class));
        assertEquals(List.of(new SetRlimit(15, 1, -1)), Plans.ops(start, SetRlimit.class));
    }

    @Test
    @Requirement({"PROC-11", "USER-04", "USER-02"})
    void whatIsAbsentIsTheCallersOrNothing() {
        Plan start = Plans.start(Specs.minimal("{}"));
        assertEquals(List.of(), Plans.ops(start, SetOomScoreAdj.class));
        assertEquals(List.of(new SetUmask(0022)), Plans.ops(start, SetUmask.class));
        assertEquals(List.of(new SetGroups(List.of())), Plans.ops(start, SetGroups.class));
    }

    @Test
    @Requirement({"IDM-01", "NS-17"})
    void mapsAreWrittenByTheHelper() {
        Plan create = Plans.create(Specs.minimal("{" + MAPPED + "}"));
        assertEquals(
                List.of(new WriteIdMap(false, "0 100000 10\n"), new WriteIdMap(true, "0 100000 10\n20 5 1\n")),
                Plans.ops(create, WriteIdMap.class));
        assertEquals(List.of(), Plans.ops(create, DenySetgroups.class));
    }

    @Test
    void aRootlessSingleGroupDeniesSetgroupsFirst() {
        HostFacts facts = new HostFacts(HostFacts.v2().cgroups(), "6.8", "x86_64", 40, true, true);
        Compiled.Ready ready = Plans.ready(Specs.minimal("""
                {'linux':{'namespaces':[{'type':'user'},{'type':'mount'}],
                          'uidMappings':[{'containerID':0,'hostID':1000,'size':1}],
                          'gidMappings':[{'containerID':0,'hostID':1000,'size':1}]}}"""), facts);
        assertEquals(1, Plans.ops(ready.create(), DenySetgroups.class).size());
        assertEquals(List.of(), Plans.ops(ready.start().orElseThrow(), SetGroups.class));
    }

    @Test
    @Requirement({"NS-10", "NS-11"})
    void namespacesAreJoinedTheMountOneLateAndTheUserOneLast() {
        Plan create = Plans.create(Specs.minimal("""
                {'linux':{'namespaces':[{'type':'user','path':'/u'},{'type':'mount','path':'/m'},
                                        {'type':'pid','path':'/p'},{'type':'network','path':'/n'}]}}"""));
        assertEquals(
                List.of(
                        new OpenNamespace(1, NamespaceOp.NEWNET, "/n"),
                        new OpenNamespace(0, NamespaceOp.NEWPID, "/p"),
                        new OpenNamespace(2, NamespaceOp.NEWNS, "/m"),
                        new OpenNamespace(5, NamespaceOp.NEWUSER, "/u"),
                        new JoinNamespace(NamespaceOp.NEWNET, "/n", 1),
                        new JoinNamespace(NamespaceOp.NEWPID, "/p", 0),
                        new JoinNamespace(NamespaceOp.NEWNS, "/m", 2),
                        new JoinNamespace(NamespaceOp.NEWUSER, "/u", 5)),
                Plans.all(create)
                        .filter(op -> op instanceof OpenNamespace || op instanceof JoinNamespace)
                        .toList());
        assertEquals(
                0, Plans.ops(create, NamespaceOp.CloneInit.class).getFirst().namespaces());
    }

    @Test
    @Requirement("IDM-05")
    void mappingsBesideAJoinedUserNamespaceAreComparedWithItsOwn() {
        String joined = "{'linux':{'namespaces':[{'type':'mount'},{'type':'user','path':'/u'}]%s}}";
        Plan create = Plans.create(Specs.minimal(joined.formatted("""
                ,'uidMappings':[{'containerID':0,'hostID':100000,'size':10}],
                 'gidMappings':[{'containerID':0,'hostID':200000,'size':10}]""")));
        assertEquals(
                List.of(new NamespaceOp.CheckIdMap(5, "0 100000 10\n", "0 200000 10\n")),
                Plans.ops(create, NamespaceOp.CheckIdMap.class));
        assertEquals(List.of(), Plans.ops(create, WriteIdMap.class));
        assertEquals(
                List.of(), Plans.ops(Plans.create(Specs.minimal(joined.formatted(""))), NamespaceOp.CheckIdMap.class));
        assertEquals(
                "/linux/gidMappings",
                Plans.problems(Specs.minimal(joined.formatted("""
                                ,'uidMappings':[{'containerID':0,'hostID':100000,'size':10}]""")), HostFacts.v2())
                        .getFirst()
                        .pointer());
    }

    @Test
    @Requirement("IDM-03")
    void aMapThatTheKernelWouldNotTakeIsRefused() {
        assertEquals(List.of(), mapProblems(340, 1000));
        assertEquals(List.of("mappings-too-many /linux/uidMappings"), mapProblems(341, 1000));
        assertEquals(List.of("mappings-too-many /linux/uidMappings"), mapProblems(340, 1_000_000_000));
    }

    private static List<String> mapProblems(int count, long first) {
        String ranges = IntStream.range(0, count)
                .mapToObj(i -> "{'containerID':%d,'hostID':%d,'size':1}".formatted(i, first + i))
                .collect(Collectors.joining(","));
        String config = Specs.minimal("""
                {'linux':{'namespaces':[{'type':'mount'},{'type':'user'}],
                          'uidMappings':[%s],'gidMappings':[{'containerID':0,'hostID':1,'size':1}]}}""".formatted(ranges));
        return Planner.compile(PlanRequest.explain(Specs.parse(config), "/bundle", "web", HostFacts.v2()))
                        instanceof Compiled.Refused refused
                ? refused.problems().stream()
                        .map(problem -> problem.code() + " " + problem.pointer())
                        .toList()
                : List.of();
    }

    @Test
    @Requirement({"DEV-01", "DEV-05", "DEV-06"})
    void listedDevicesTakeThePlaceOfDefaultOnes() {
        Plan create = Plans.create(Specs.minimal("""
                {'linux':{'devices':[{'path':'/dev/null','type':'c','major':1,'minor':3,'fileMode':384,'uid':5,'gid':6},
                                     {'path':'/opt/x/fifo','type':'p'}]}}"""));
        assertEquals(
                List.of(new MakeDevice("/dev/null", 020600, 1, 3, 5, 6)),
                Plans.ops(create, "/linux/devices/0").stream()
                        .filter(MakeDevice.class::isInstance)
                        .toList());
        assertEquals(
                List.of(
                        new MakeTarget("/opt/x", Target.DIRECTORY, ""),
                        new MakeDevice("/opt/x/fifo", 010666, 0, 0, 0, 0)),
                Plans.ops(create, "/linux/devices/1"));
        assertEquals(7, Plans.ops(create, MakeDevice.class).size());
    }

    @Test
    @Requirement("DEV-11")
    void inAUserNamespaceDevicesAreBound() {
        Plan create = Plans.create(Specs.minimal("{" + MAPPED + "}"));
        assertEquals(List.of(), Plans.ops(create, MakeDevice.class));
        assertEquals(
                new OpenDevice(1, "/dev/null", 1, 3),
                Plans.ops(create, OpenDevice.class).getFirst());
        assertEquals(6, Plans.ops(create, OpenDevice.class).size());
        assertEquals(
                new Attach(1, "/dev/null", 0, 0, 0, 0, 0),
                Plans.ops(create, Attach.class).getFirst());
        List<Op> all = Plans.all(create).toList();
        assertEquals(
                true,
                all.indexOf(new OpenDevice(1, "/dev/null", 1, 3))
                        < all.indexOf(
                                Plans.ops(create, NamespaceOp.CloneInit.class).getFirst()));
    }

    @Test
    @Requirement({"DEV-12", "DEV-09", "DEV-10"})
    void theHostsDevIsLeftAloneAndTheConsoleNeedsATerminal() {
        Plan bound = Plans.create(Specs.minimal("""
                {'mounts':[{'destination':'/dev','source':'/dev','options':['rbind']}]}"""));
        assertEquals(List.of(), Plans.ops(bound, MakeDevice.class));
        assertEquals(List.of(), Plans.ops(bound, MakeLink.class));
        Plan terminal =
                Plans.create(Specs.minimal("{'process':{'terminal':true,'consoleSize':{'height':24,'width':80}}}"));
        assertEquals(List.of(new OpenConsole(80, 24)), Plans.ops(terminal, OpenConsole.class));
        assertEquals(
                new MakeLink("pts/ptmx", "/dev/ptmx", ""),
                Plans.ops(terminal, MakeLink.class).getLast());
        assertEquals(List.of(), Plans.ops(Plans.create(Specs.minimal("{}")), OpenConsole.class));
    }

    @Test
    @Requirement({"HOOK-04", "HOOK-05", "HOOK-09", "ANN-05"})
    void aHookCarriesItsWholeStateButThePid() {
        Compiled.Ready ready = Plans.ready(Specs.minimal("""
                {'annotations':{'a':'b"c'},
                 'hooks':{'createContainer':[{'path':'/h','args':['x','y'],'env':['A=1'],'timeout':3}],
                          'startContainer':[{'path':'/s'}]}}""".replace("b\"c", "b\\\"c")), HostFacts.v2());
        String tail = ",\"bundle\":\"/bundle\",\"annotations\":{\"a\":\"b\\\"c\"}}";
        assertEquals(
                List.of(new RunHook(
                        HookOp.Kind.CREATE_CONTAINER,
                        0,
                        "/h",
                        List.of("x", "y"),
                        List.of("A=1"),
                        3000,
                        "{\"ociVersion\":\"1.3.0\",\"id\":\"web\",\"status\":\"creating\",\"pid\":",
                        tail)),
                Plans.ops(ready.create(), RunHook.class));
        assertEquals(
                List.of(new RunHook(
                        HookOp.Kind.START_CONTAINER,
                        0,
                        "/s",
                        List.of("/s"),
                        List.of(),
                        0,
                        "{\"ociVersion\":\"1.3.0\",\"id\":\"web\",\"status\":\"created\",\"pid\":",
                        tail)),
                Plans.ops(ready.start().orElseThrow(), RunHook.class));
    }

    @ParameterizedTest
    @CsvSource({
        "net.ipv4.ip_forward, net/ipv4/ip_forward",
        "net/ipv4/ip_forward, net/ipv4/ip_forward",
        "net.ipv4.conf.eth0/1.forwarding, net/ipv4/conf/eth0.1/forwarding",
        "net/ipv4/conf/eth0.1/forwarding, net/ipv4/conf/eth0.1/forwarding"
    })
    @Requirement("SYSCTL-03")
    void dotsAndSlashesMeanTheSame(String name, String path) {
        assertEquals(path, Sysctl.path(name));
        Plan create = Plans.create(Specs.minimal(
                "{'linux':{'namespaces':[{'type':'mount'},{'type':'network'}],'sysctl':{'" + name + "':'1'}}}"));
        assertEquals(List.of(new WriteSysctl(path, "1", NamespaceOp.NEWNET)), Plans.ops(create, WriteSysctl.class));
    }

    @Test
    @Requirement({"ROOT-04", "PATH-04"})
    void theRootIsClosedLast() {
        Plan create = Plans.create(Specs.minimal("""
                {'root':{'readonly':true},'process':{'cwd':'/srv/../work'},
                 'linux':{'readonlyPaths':['/proc/sys'],'maskedPaths':['/proc/keys']}}"""));
        assertEquals(
                List.of(
                        new MakeTarget("/work", Target.DIRECTORY, ""),
                        new MountOp.ReadonlyPath("/proc/sys"),
                        new MountOp.MaskPath("/proc/keys"),
                        new ChangeAttributes("/", MountOp.RDONLY, 0, false)),
                create.steps().stream()
                        .filter(step -> step.phase() == Phase.PATHS)
                        .map(Step::op)
                        .toList());
    }

    @Test
    @Requirement("EXT-FD-02")
    void activatedDescriptorsAreToldAndOthersAreForgotten() {
        PlanRequest plain = PlanRequest.explain(
                Specs.parse(Specs.minimal("{'process':{'env':['A=b','LISTEN_FDS=9','LISTEN_PID=7']}}")),
                "/bundle",
                "web",
                HostFacts.v2());
        Plan start = Plans.ready(plain.activatedBy(List.of("LISTEN_FDS=2", "LISTEN_FDNAMES=x:y")))
                .start()
                .orElseThrow();
        assertEquals(
                List.of("A=b", "LISTEN_FDS=2", "LISTEN_FDNAMES=x:y", "LISTEN_PID="),
                Plans.ops(start, ProcessOp.LoadSeccompAndExec.class).getFirst().env());
        assertEquals(1, Plans.ops(start, ProcessOp.SetListenPid.class).size());
        assertEquals(
                0,
                Plans.ops(Plans.ready(plain).start().orElseThrow(), ProcessOp.SetListenPid.class)
                        .size());
    }
}

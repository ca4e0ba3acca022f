package org.slipway.model.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.model.plan.CallerOp.BecomeCaller;
import org.slipway.model.plan.CallerOp.LoadFloor;
import org.slipway.model.plan.CallerOp.MapCaller;
import org.slipway.model.plan.CallerOp.NewUserNamespace;
import org.slipway.model.plan.CgroupOp.EnterCgroup;
import org.slipway.model.plan.CgroupOp.OpenCgroup;
import org.slipway.model.plan.CgroupOp.WriteCgroupFile;
import org.slipway.model.plan.Confinement.Caps;
import org.slipway.model.plan.Confinement.Limit;
import org.slipway.model.plan.Confinement.Range;
import org.slipway.model.plan.HookOp.RunHook;
import org.slipway.model.plan.KeeperOp.SpawnLauncher;
import org.slipway.model.plan.MountOp.Bind;
import org.slipway.model.plan.MountOp.MountFilesystem;
import org.slipway.model.plan.NamespaceOp.CloneInit;
import org.slipway.model.plan.NamespaceOp.JoinNamespace;
import org.slipway.model.plan.NamespaceOp.SetTimeOffsets;
import org.slipway.model.plan.ProcessOp.LoadSeccompAndExec;
import org.slipway.model.plan.ProcessOp.SetGroups;
import org.slipway.model.plan.ProcessOp.SetOomScoreAdj;
import org.slipway.model.plan.ProcessOp.SetRlimit;
import org.slipway.model.spec.Seccomp;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Owned;
import org.slipway.model.test.Requirement;

/** Plans that become their caller: the order, what root does in them, what is refused. */
class ConfinedPlanTest {

    private static final int UID = 1000;
    private static final Confinement PLAIN = Confinement.of(UID, 100);
    private static final Confinement DELEGATED = new Confinement(
            UID,
            100,
            List.of(100, 27),
            List.of(new Range(100_000, 65_536), new Range(300_000, 10)),
            List.of(new Range(200_000, 65_536)),
            5,
            7,
            List.of(new Limit(7, 64, 128)),
            new Caps(4096, 1 << 30));

    private static Compiled compile(String config, HostFacts facts, Confinement caller) {
        Owned name = new Owned(caller.uid(), new ContainerId("web"));
        return Planner.compile(PlanRequest.explain(Specs.parse(config), "/home/u/b", name, facts)
                .confinedTo(caller));
    }

    private static Compiled.Ready ready(String config, HostFacts facts, Confinement caller) {
        return assertInstanceOf(Compiled.Ready.class, compile(config, facts, caller));
    }

    private static HostFacts host(String name) {
        return name.equals("v2") ? HostFacts.v2() : HostFacts.hybrid();
    }

    private static int index(Plan plan, Class<? extends Op> type) {
        return plan.steps().stream()
                .filter(step -> type.isInstance(step.op()))
                .findFirst()
                .orElseThrow()
                .index();
    }

    @ParameterizedTest
    @ValueSource(strings = {"v2", "hybrid"})
    @Requirement({"EXT-ROOTLESS-01", "EXT-DAEMON-01"})
    void nothingOfTheCallersIsLookedAtBeforeTheLauncherIsTheCaller(String host) {
        Plan plan = ready(Specs.standard("""
                {'mounts':[{'destination':'/d','source':'/home/u/data','options':['bind']}]}"""), host(host), DELEGATED).create();
        int become = index(plan, BecomeCaller.class);
        Set<Class<?>> before = plan.steps().stream()
                .filter(step -> step.index() < become && step.actor() == Actor.LAUNCHER)
                .map(step -> step.op().getClass())
                .collect(Collectors.toSet());
        assertEquals(Set.of(OpenCgroup.class, EnterCgroup.class, SetRlimit.class), before);
        // whoever touches the caller's files comes after, and is the launcher or init: both are the caller by then
        List<String> touching = plan.steps().stream()
                .filter(step -> step.op().call().contains("/home/u"))
                .map(step -> step.actor() + (step.index() > become ? "" : " too early"))
                .distinct()
                .toList();
        assertEquals(List.of("INIT"), touching);
        assertEquals(
                new BecomeCaller(UID, 100, List.of(100, 27), 5, 7),
                plan.steps().get(become).op());
        assertTrue(index(plan, SpawnLauncher.class) < become);
    }

    @ParameterizedTest
    @ValueSource(strings = {"v2", "hybrid"})
    void everyCgroupIsEnteredAndLetGoOfBeforeTheIdentityChanges(String host) {
        Plan plan = ready(Specs.standard("{}"), host(host), PLAIN).create();
        int become = index(plan, BecomeCaller.class);
        List<Integer> opened =
                Plans.ops(plan, OpenCgroup.class).stream().map(OpenCgroup::slot).toList();
        List<Integer> entered = plan.steps().stream()
                .filter(step -> step.index() < become && step.actor() == Actor.LAUNCHER)
                .map(Step::op)
                .filter(EnterCgroup.class::isInstance)
                .map(op -> ((EnterCgroup) op).slot())
                .toList();
        assertFalse(opened.isEmpty());
        assertEquals(opened, entered);
        assertEquals(opened.size(), Plans.ops(plan, EnterCgroup.class).size());
        assertEquals(0, Plans.ops(plan, CloneInit.class).getFirst().cgroupSlot());
        assertTrue(Plans.ops(plan, OpenCgroup.class).stream()
                .allMatch(open -> open.path().endsWith("/tasks") || open.path().endsWith("/cgroup.procs")));
    }

    /** What root does for the caller is a closed list; a new deed has to be argued in ADR 0004 before it stands here. */
    @Test
    @Requirement("EXT-DAEMON-01")
    void theHelperDoesOnlyWhatTheDecisionRecordLists() {
        String config = Specs.standard("""
                {'hooks':{'prestart':[{'path':'/1'}],'createRuntime':[{'path':'/2'}],'createContainer':[{'path':'/3'}],
                          'startContainer':[{'path':'/4'}],'poststart':[{'path':'/5'}],'poststop':[{'path':'/6'}]},
                 'linux':{'resources':{'memory':{'limit':67108864},'pids':{'limit':1},'cpu':{'shares':10}},
                          'timeOffsets':{'boottime':{'secs':1}}}}""").replace("{\"type\":\"pid\"}", "{\"type\":\"pid\"},{\"type\":\"time\"}");
        Set<String> deeds = new TreeSet<>();
        for (String host : List.of("v2", "hybrid")) {
            Compiled.Ready ready = ready(config, host(host), DELEGATED);
            for (Plan plan : List.of(ready.create(), ready.start().orElseThrow())) {
                plan.steps().stream()
                        .filter(step -> step.actor() == Actor.HELPER)
                        .forEach(step -> deeds.add(step.op().getClass().getSimpleName()));
            }
        }
        assertEquals(
                List.of(
                        "AttachDeviceFilter",
                        "Await",
                        "AwaitExec",
                        "EnableControllers",
                        "InheritCpuset",
                        "MakeCgroup",
                        "MakeCgroupParent",
                        "MapCaller",
                        "OpenGate",
                        "RecordStatus",
                        "ReserveState",
                        "RunHook",
                        "Signal",
                        "SpawnKeeper",
                        "WriteCgroupFile"),
                List.copyOf(deeds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"v2", "hybrid"})
    void rootWritesCgroupFilesOnlyBelowTheUsersNode(String host) {
        Plan plan = ready(
                        Specs.standard(
                                "{'linux':{'cgroupsPath':'mine','resources':{'memory':{'limit':67108864},'pids':{'limit':5}}}}"),
                        host(host),
                        DELEGATED)
                .create();
        List<String> elsewhere = Plans.ops(plan, WriteCgroupFile.class).stream()
                .map(WriteCgroupFile::file)
                .filter(file -> !file.contains("/slipway/1000/") && !file.endsWith("/cgroup.subtree_control"))
                .toList();
        assertEquals(List.of(), elsewhere);
        assertTrue(Plans.ops(plan, WriteCgroupFile.class).stream()
                .anyMatch(write -> write.file().endsWith("/slipway/1000/pids.max")
                        && write.value().equals("4096")));
        assertTrue(Plans.ops(plan, WriteCgroupFile.class).stream()
                .anyMatch(write -> write.file().endsWith("/slipway/1000/mine/pids.max")));
    }

    @Test
    void theNumberOfProcessesIsLimitedOnceTheLauncherNeedsNoPlaceInIt() {
        Plan plan = ready(Specs.standard("{'linux':{'resources':{'pids':{'limit':1}}}}"), HostFacts.v2(), PLAIN)
                .create();
        Step limit = plan.steps().stream()
                .filter(step -> step.op() instanceof WriteCgroupFile write
                        && write.file().endsWith("/web/pids.max"))
                .findFirst()
                .orElseThrow();
        assertTrue(limit.index() > index(plan, CloneInit.class));
        assertEquals(Actor.HELPER, limit.actor());
    }

    @Test
    @Requirement({"IDM-06", "EXT-ROOTLESS-01"})
    void theUserNamespaceAndItsMapsAreAddedAndAreTheCallers() {
        Plan plan = ready(Specs.standard("{}"), HostFacts.hybrid(), DELEGATED).create();
        long flags = Plans.ops(plan, CloneInit.class).getFirst().namespaces();
        assertEquals(0, flags & NamespaceOp.NEWUSER);
        assertTrue((flags & NamespaceOp.NEWCGROUP) != 0);
        assertTrue(index(plan, BecomeCaller.class) < index(plan, NewUserNamespace.class));
        assertTrue(index(plan, MapCaller.class) < index(plan, CloneInit.class));
        Step maps = plan.steps().get(index(plan, MapCaller.class));
        assertEquals(
                new MapCaller(false, "0 1000 1\n1 100000 65536\n65537 300000 10\n", "0 100 1\n1 200000 65536\n"),
                maps.op());
        assertEquals(new Origin.Default("confined-tier"), maps.origin());
        assertEquals(List.of(), Plans.ops(plan, NamespaceOp.WriteIdMap.class));
    }

    /** As newgidmap(1) has it: who maps nothing but their own group could leave one that takes rights from them. */
    @Test
    @Requirement("IDM-06")
    void setgroupsIsDeniedWhenOnlyTheOwnGroupIsMappedThoughMoreAreDelegated() {
        String maps = """
                "uidMappings":[{"containerID":0,"hostID":%d,"size":1}],
                "gidMappings":[{"containerID":0,"hostID":%d,"size":1}]""".formatted(DELEGATED.uid(), DELEGATED.gid());
        Compiled.Ready own = ready(Specs.standard("{\"linux\":{" + maps + "}}"), HostFacts.v2(), DELEGATED);
        assertEquals(
                List.of(true),
                Plans.ops(own.create(), CallerOp.MapCaller.class).stream()
                        .map(CallerOp.MapCaller::denySetgroups)
                        .toList());
        assertEquals(
                List.of(false),
                Plans.ops(ready(Specs.standard("{}"), HostFacts.v2(), DELEGATED).create(), CallerOp.MapCaller.class)
                        .stream()
                        .map(CallerOp.MapCaller::denySetgroups)
                        .toList());
    }

    @Test
    @Requirement("IDM-06")
    void withoutADelegatedGroupTheSupplementaryOnesCanNeverBeDropped() {
        Compiled.Ready ready = ready(Specs.standard("{}"), HostFacts.v2(), PLAIN);
        assertEquals(
                List.of(new MapCaller(true, "0 1000 1\n", "0 100 1\n")), Plans.ops(ready.create(), MapCaller.class));
        assertEquals(List.of(), Plans.ops(ready.start().orElseThrow(), SetGroups.class));
        Compiled.Ready delegated = ready(Specs.standard("{}"), HostFacts.v2(), DELEGATED);
        assertEquals(
                1, Plans.ops(delegated.start().orElseThrow(), SetGroups.class).size());
    }

    @Test
    void clocksAndTheOutOfMemoryScoreAreTheLaunchersBecauseInitMayNotBeSeenInto() {
        String config = Specs.standard("{'process':{'oomScoreAdj':300}}")
                .replace("\"type\":\"pid\"", "\"type\":\"time\"},{\"type\":\"pid\"");
        Compiled.Ready ready = ready(config, HostFacts.v2(), PLAIN);
        List<Actor> actors = ready.create().steps().stream()
                .filter(step -> step.op() instanceof SetTimeOffsets || step.op() instanceof SetOomScoreAdj)
                .map(Step::actor)
                .toList();
        assertEquals(List.of(Actor.LAUNCHER, Actor.LAUNCHER), actors);
        assertEquals(List.of(), Plans.ops(ready.start().orElseThrow(), SetOomScoreAdj.class));
        assertTrue(index(ready.create(), BecomeCaller.class) < index(ready.create(), SetOomScoreAdj.class));
        assertTrue(index(ready.create(), SetTimeOffsets.class) < index(ready.create(), CloneInit.class));
    }

    @Test
    void joinedNamespacesAreJoinedAsTheCallerUserNamespaceFirst() {
        String config = Specs.minimal("""
                {'linux':{'namespaces':[{'type':'mount'},{'type':'pid'},{'type':'ipc'},{'type':'uts'},
                  {'type':'network','path':'/n'},{'type':'user','path':'/u'}]}}""");
        Plan plan = ready(config, HostFacts.v2(), PLAIN).create();
        assertEquals(
                List.of("/u", "/n"),
                Plans.ops(plan, JoinNamespace.class).stream()
                        .map(JoinNamespace::path)
                        .toList());
        assertTrue(index(plan, BecomeCaller.class) < index(plan, JoinNamespace.class));
        assertEquals(List.of(), Plans.ops(plan, MapCaller.class));
    }

    @Test
    void bindsAreOpenedByInitWholeAndWithoutSetuidOrDevices() {
        Plan plan = ready(Specs.standard("""
                {'mounts':[{'destination':'/d','source':'/s','options':['bind','suid','dev','ro']}]}"""), HostFacts.v2(), PLAIN).create();
        assertEquals(List.of(), Plans.ops(plan, MountOp.OpenSource.class));
        Bind bind = Plans.ops(plan, Bind.class).getFirst();
        long forced = MountOp.NOSUID | MountOp.NODEV;
        assertTrue(bind.recursive());
        assertEquals(forced, bind.set() & forced);
        assertEquals(0, bind.clear() & forced);
        assertEquals(forced, bind.recursiveSet() & forced);
        assertEquals(0, bind.recursiveClear() & forced);
    }

    @Test
    void theTerminalsGroupIsLeftOutWhereItIsNobodys() {
        assertFalse(devpts(PLAIN).contains("gid=5"));
        assertTrue(devpts(DELEGATED).contains("gid=5"));
    }

    private static List<String> devpts(Confinement caller) {
        return Plans.ops(ready(Specs.standard("{}"), HostFacts.v2(), caller).create(), MountFilesystem.class).stream()
                .filter(mount -> mount.type().equals("devpts"))
                .findFirst()
                .orElseThrow()
                .options();
    }

    @Test
    void theFilterOfTheTierIsLoadedLastBeforeTheConfigurationsOwn() {
        List<Seccomp> compiled = new ArrayList<>();
        Owned name = new Owned(UID, new ContainerId("web"));
        PlanRequest request = new PlanRequest(
                        Specs.parse(Specs.standard("{'linux':{'seccomp':{'defaultAction':'SCMP_ACT_ALLOW'}}}")),
                        "/b",
                        name,
                        "/run/x",
                        HostFacts.v2(),
                        KeeperOp.Streams.NONE,
                        0,
                        false,
                        true,
                        0022,
                        seccomp -> {
                            compiled.add(seccomp);
                            return Blob.of(new byte[8 * compiled.size()]);
                        },
                        CgroupManager.CGROUPFS)
                .confinedTo(PLAIN);
        Plan start = Plans.ready(request).start().orElseThrow();
        int floor = index(start, LoadFloor.class);
        assertEquals(floor + 1, index(start, LoadSeccompAndExec.class));
        assertEquals(
                new LoadFloor(Blob.of(new byte[8])), start.steps().get(floor).op());
        Seccomp first = compiled.getFirst();
        assertEquals("SCMP_ACT_ALLOW", first.defaultAction());
        Set<String> refused =
                first.syscalls().stream().flatMap(rule -> rule.names().stream()).collect(Collectors.toSet());
        assertTrue(refused.containsAll(
                Set.of("unshare", "clone", "clone3", "keyctl", "bpf", "io_uring_setup", "userfaultfd", "ioctl")));
        assertEquals(List.of("SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"), first.architectures());
        // root's session keyring stays out, whatever was asked for
        assertEquals(1, Plans.ops(start, ProcessOp.JoinSessionKeyring.class).size());
    }

    @Test
    void hooksWithoutATimeoutHaveThirtySeconds() {
        Compiled.Ready ready = ready(
                Specs.standard(
                        "{'hooks':{'createRuntime':[{'path':'/1'},{'path':'/2','timeout':3}],'poststop':[{'path':'/3'}]}}"),
                HostFacts.v2(),
                PLAIN);
        assertEquals(
                List.of(30_000L, 3_000L),
                Plans.ops(ready.create(), RunHook.class).stream()
                        .map(RunHook::timeoutMillis)
                        .toList());
        Plan delete = Planner.delete(
                ready,
                Specs.parse(Specs.standard("{'hooks':{'poststop':[{'path':'/3'}]}}")),
                "/b",
                new Owned(UID, new ContainerId("web")),
                false);
        assertEquals(
                List.of(30_000L),
                Plans.ops(delete, RunHook.class).stream()
                        .map(RunHook::timeoutMillis)
                        .toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'linux':{'namespaces':[{'type':'mount'},{'type':'pid'},{'type':'ipc'},{'type':'uts'}]}}"
                        + " | confined-namespace /linux/namespaces",
                "{'linux':{'uidMappings':[{'containerID':0,'hostID':0,'size':1}]}} | confined-mapping /linux/uidMappings/0",
                "{'linux':{'uidMappings':[{'containerID':0,'hostID':1000,'size':2}]}} | confined-mapping /linux/uidMappings/0",
                "{'linux':{'uidMappings':[{'containerID':0,'hostID':1000,'size':1},"
                        + "{'containerID':1,'hostID':165530,'size':7}]}} | confined-mapping /linux/uidMappings/1",
                "{'linux':{'gidMappings':[{'containerID':0,'hostID':99,'size':1}]}} | confined-mapping /linux/gidMappings/0",
                "{'linux':{'gidMappings':[{'containerID':0,'hostID':200000,'size':4294967295}]}}"
                        + " | confined-mapping /linux/gidMappings/0",
                "{'mounts':[{'destination':'/m','type':'ext4','source':'/i'}]} | confined-mount-type /mounts/0/type",
                "{'mounts':[{'destination':'/m','source':'/i','options':['bind','idmap']}]} | confined-idmap /mounts/0",
                "{'linux':{'cgroupsPath':'/top'}} | confined-cgroup-path /linux/cgroupsPath",
                "{'linux':{'cgroupsPath':'../x'}} | confined-cgroup-path /linux/cgroupsPath",
                "{'linux':{'cgroupsPath':'a/b'}} | confined-cgroup-path /linux/cgroupsPath",
                "{'linux':{'rootfsPropagation':'rshared'}} | confined-refused /linux/rootfsPropagation",
                "{'linux':{'mountLabel':'l'}} | confined-refused /linux/mountLabel",
                "{'linux':{'intelRdt':{'closID':'a'}}} | confined-refused /linux/intelRdt",
                "{'linux':{'netDevices':{'eth9':{}}}} | confined-refused /linux/netDevices",
                "{'process':{'apparmorProfile':'p'}} | confined-refused /process/apparmorProfile",
                "{'process':{'selinuxLabel':'p'}} | confined-refused /process/selinuxLabel",
                "{'linux':{'seccomp':{'defaultAction':'SCMP_ACT_NOTIFY','listenerPath':'/s'}}}"
                        + " | confined-refused /linux/seccomp/listenerPath",
                "{'linux':{'resources':{'unified':{'cgroup.procs':'1'}}}} | confined-refused /linux/resources/unified/cgroup.procs",
                "{'linux':{'resources':{'unified':{'memory.min':'1'}}}} | confined-refused /linux/resources/unified/memory.min",
                "{'linux':{'resources':{'unified':{'cpuset.cpus.partition':'root'}}}}"
                        + " | confined-refused /linux/resources/unified/cpuset.cpus.partition",
                "{'linux':{'resources':{'unified':{'memory.x/../y':'1'}}}}"
                        + " | confined-refused /linux/resources/unified/memory.x~1..~1y",
                "{'linux':{'resources':{'network':{'classID':1}}}} | confined-refused /linux/resources/network",
                "{'linux':{'resources':{'cpu':{'realtimeRuntime':1}}}} | confined-refused /linux/resources/cpu/realtimeRuntime",
                "{'linux':{'resources':{'memory':{'disableOOMKiller':true}}}}"
                        + " | confined-refused /linux/resources/memory/disableOOMKiller",
                "{'annotations':{'org.systemd.property.ExecStart':'x'}} | confined-annotation /annotations/org.systemd.property.ExecStart",
                "{'annotations':{'run.oci.seccomp.plugins':'x'}} | confined-annotation /annotations/run.oci.seccomp.plugins",
                "{'hooks':{'poststop':[{'path':'/h','timeout':301}]}} | confined-hook-timeout /hooks/poststop/0/timeout",
                "{'process':{'user':{'uid':0,'gid':0,'additionalGids':[7]}}} | groups-denied /process/user/additionalGids",
            })
    @Requirement("EXT-DAEMON-01")
    void whatRootWouldHaveToDoForThemIsRefusedAtItsPlace(String changes, String expected) {
        Confinement caller = changes.contains("200000") || changes.contains("165530") ? DELEGATED : PLAIN;
        List<String> found =
                assertInstanceOf(Compiled.Refused.class, compile(Specs.standard(changes), HostFacts.v2(), caller))
                        .problems()
                        .stream()
                        .map(problem -> problem.code() + " " + problem.pointer())
                        .toList();
        assertTrue(found.contains(expected), found::toString);
    }

    @Test
    void anAdministratorsPlanBecomesNobody() {
        Plan plan = Plans.ready(Specs.standard(), HostFacts.v2()).create();
        assertEquals(Optional.empty(), plan.caller());
        assertTrue(Plans.all(plan).noneMatch(CallerOp.class::isInstance));
    }
}

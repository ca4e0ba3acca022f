package org.slipway.model.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.model.plan.CallerOp.BecomeCaller;
import org.slipway.model.plan.CallerOp.LoadFloor;
import org.slipway.model.plan.CgroupOp.EnterCgroup;
import org.slipway.model.plan.CgroupOp.OpenCgroup;
import org.slipway.model.plan.ExecOp.EnterContainer;
import org.slipway.model.plan.ExecOp.OpenContainer;
import org.slipway.model.plan.ExecOp.OpenTerminal;
import org.slipway.model.plan.ExecOp.SetCpuAffinity;
import org.slipway.model.plan.HookOp.RunHook;
import org.slipway.model.plan.KeeperOp.AwaitExit;
import org.slipway.model.plan.KeeperOp.KillInit;
import org.slipway.model.plan.KeeperOp.Streams;
import org.slipway.model.plan.NamespaceOp.CloneInit;
import org.slipway.model.plan.NamespaceOp.JoinNamespace;
import org.slipway.model.plan.NamespaceOp.OpenNamespace;
import org.slipway.model.plan.ProcessOp.JoinSessionKeyring;
import org.slipway.model.plan.ProcessOp.LoadSeccompAndExec;
import org.slipway.model.plan.ProcessOp.SetNoNewPrivileges;
import org.slipway.model.plan.ProcessOp.SetRlimit;
import org.slipway.model.plan.RecordOp.RemoveState;
import org.slipway.model.spec.NamespaceType;
import org.slipway.model.spec.Spec;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Owned;
import org.slipway.model.test.Requirement;

/** A further process: what its plans have of a container's, and how they enter it. */
class ExecPlannerTest {

    private static final Set<NamespaceType> ALL = EnumSet.complementOf(EnumSet.of(NamespaceType.TIME));
    private static final Set<NamespaceType> PLAIN = EnumSet.of(
            NamespaceType.PID, NamespaceType.NETWORK, NamespaceType.MOUNT, NamespaceType.IPC, NamespaceType.UTS);

    private static HostFacts host(String name) {
        return name.equals("v2") ? HostFacts.v2() : HostFacts.hybrid();
    }

    private static ExecRequest request(String config, String process, HostFacts facts, Set<NamespaceType> types) {
        return request(Plans.ready(config, facts), 0, config, process, facts, types, List.of());
    }

    private static ExecRequest request(
            Compiled.Ready made,
            int uid,
            String config,
            String process,
            HostFacts facts,
            Set<NamespaceType> types,
            List<String> cgroups) {
        Spec spec =
                Spec.read(ExecProcess.of(Specs.tree(process.replace('\'', '"'))).in(Specs.tree(config)));
        return new ExecRequest(
                spec,
                "/bundle",
                new Owned(uid, new ContainerId("web")),
                made,
                "/run/slipway/0/web/exec/e1",
                facts,
                Streams.LOG,
                0,
                0022,
                spec1 -> Blob.of(new byte[8]),
                new ExecRequest.Living(4711, 99, types, made.cgroups()),
                cgroups);
    }

    private static Compiled.Ready ready(ExecRequest request) {
        return assertInstanceOf(Compiled.Ready.class, ExecPlanner.compile(request));
    }

    private static List<String> problems(ExecRequest request) {
        return assertInstanceOf(Compiled.Refused.class, ExecPlanner.compile(request)).problems().stream()
                .map(problem -> problem.code() + " " + problem.pointer())
                .toList();
    }

    private static List<String> names(Plan plan, Actor actor) {
        return plan.of(actor).map(step -> step.op().getClass().getSimpleName()).toList();
    }

    private static int index(Plan plan, Class<? extends Op> type) {
        return plan.steps().stream()
                .filter(step -> type.isInstance(step.op()))
                .findFirst()
                .orElseThrow()
                .index();
    }

    @Test
    @Requirement({"EXT-EXEC-01"})
    void onVersionTwoTheProcessIsBornInTheContainer() {
        Plan create = ready(request(Specs.standard("{}"), "{'args':['ls']}", HostFacts.v2(), ALL))
                .create();
        assertEquals(
                List.of("OpenCgroup", "OpenContainer", "EnterContainer", "CloneInit"), names(create, Actor.LAUNCHER));
        assertEquals(
                List.of("EnterContainer", "BecomeContainerRoot", "TakeRoot", "ProbeProgram", "Signal", "WaitGate"),
                names(create, Actor.INIT));
        assertEquals(List.of("ReserveState", "SpawnKeeper", "Await", "RecordStatus"), names(create, Actor.HELPER));
        // neither the group nor the rights to it are reached from inside, see cgroup_namespaces(7) and
        // user_namespaces(7)
        long first =
                NamespaceOp.NEWPID | NamespaceOp.NEWNET | NamespaceOp.NEWNS | NamespaceOp.NEWIPC | NamespaceOp.NEWUTS;
        assertEquals(
                List.of(new EnterContainer(first), new EnterContainer(NamespaceOp.NEWUSER | NamespaceOp.NEWCGROUP)),
                Plans.ops(create, EnterContainer.class));
        assertEquals(List.of(new OpenContainer(4711, 99, false)), Plans.ops(create, OpenContainer.class));
        assertEquals(
                List.of(new CloneInit(
                        0, Plans.ops(create, OpenCgroup.class).getFirst().slot() + 1)),
                Plans.ops(create, CloneInit.class));
    }

    @Test
    @Requirement("CLI-G-12")
    void forAnEngineTheCommandStartsTheLauncherAndThereIsNoKeeper() {
        ExecRequest kept = request(Specs.standard("{}"), "{'args':['ls']}", HostFacts.v2(), ALL);
        ExecRequest asked = new ExecRequest(
                kept.spec(),
                kept.bundle(),
                kept.name(),
                kept.made(),
                kept.stateDirectory(),
                kept.facts(),
                Streams.INHERIT,
                0,
                0022,
                kept.seccomp(),
                kept.container(),
                List.of(),
                Spawner.CALLER);
        Plan create = ready(asked).create();
        assertEquals(List.of("ReserveState", "HandOver", "Await", "RecordStatus"), names(create, Actor.HELPER));
        assertEquals(List.of("SpawnByCaller"), names(create, Actor.CALLER));
        assertEquals(List.of(), names(create, Actor.KEEPER));
    }

    @Test
    @Requirement({"EXT-EXEC-01", "SCHED-08"})
    void onVersionOneItEntersEachHierarchyItselfAndItsProcessorsAreSetBeforeAndAfter() {
        String config = Specs.standard("{'process':{'execCPUAffinity':{'initial':'0-1','final':'1'}}}");
        Plan create = ready(request(config, "{'args':['ls']}", HostFacts.hybrid(), PLAIN))
                .create();
        List<EnterCgroup> entered = Plans.ops(create, EnterCgroup.class);
        List<OpenCgroup> opened = Plans.ops(create, OpenCgroup.class);
        assertEquals(opened.size() - 1, entered.size());
        assertTrue(opened.stream()
                .allMatch(
                        open -> open.path().contains("/unified/") != open.path().endsWith("/tasks")));
        assertEquals(
                List.of(new SetCpuAffinity(List.of(0, 1)), new SetCpuAffinity(List.of(1))),
                Plans.ops(create, SetCpuAffinity.class));
        List<String> launcher = names(create, Actor.LAUNCHER);
        assertEquals("SetCpuAffinity", launcher.getFirst());
        List<String> init = names(create, Actor.INIT);
        assertEquals(entered.size(), init.indexOf("SetCpuAffinity"));
        assertEquals("TakeRoot", init.get(entered.size() + 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"v2", "hybrid"})
    @Requirement({"EXT-EXEC-01", "SEC-19"})
    void startIsThatOfTheContainerWithItsFilterAndWithoutHooks(String host) {
        String config = Specs.standard("""
                {'hooks':{'prestart':[{'path':'/1'}],'createRuntime':[{'path':'/2'}],'createContainer':[{'path':'/3'}],
                          'startContainer':[{'path':'/4'}],'poststart':[{'path':'/5'}],'poststop':[{'path':'/6'}]},
                 'linux':{'seccomp':{'defaultAction':'SCMP_ACT_ALLOW','syscalls':[]}}}""");
        Spec spec = Specs.parse(config);
        PlanRequest made = new PlanRequest(
                spec,
                "/bundle",
                new Owned(0, new ContainerId("web")),
                "/run/x",
                host(host),
                Streams.LOG,
                0,
                false,
                false,
                0022,
                _ -> Blob.of(new byte[8]),
                CgroupManager.CGROUPFS);
        Compiled.Ready container = Plans.ready(made);
        Compiled.Ready exec = ready(request(
                container,
                0,
                config,
                "{'args':" + Specs.tree(config).at("/process/args") + "}",
                host(host),
                PLAIN,
                List.of()));
        List<Op> own = container
                .start()
                .orElseThrow()
                .of(Actor.INIT)
                .map(Step::op)
                .filter(op -> !(op instanceof RunHook || op instanceof BarrierOp))
                .toList();
        List<Op> executed =
                exec.start().orElseThrow().of(Actor.INIT).map(Step::op).toList();
        // the container of the default configuration has a terminal, what is executed in it has none unless it asks
        assertEquals(withoutStreams(own), withoutStreams(executed));
        assertEquals(8, ((LoadSeccompAndExec) executed.getLast()).filter().size());
        assertTrue(exec.all().stream().flatMap(Plans::all).noneMatch(op -> op instanceof RunHook));
    }

    private static List<Op> withoutStreams(List<Op> ops) {
        return ops.stream()
                .filter(op -> !(op instanceof ProcessOp.AttachStreams))
                .toList();
    }

    @Test
    void whatCreateWasToldAboutTheKeyringHoldsForAll() {
        String config = Specs.standard("{}");
        PlanRequest without = new PlanRequest(
                Specs.parse(config),
                "/bundle",
                new Owned(0, new ContainerId("web")),
                "/run/x",
                HostFacts.v2(),
                Streams.LOG,
                0,
                false,
                true,
                0022,
                _ -> Blob.EMPTY,
                CgroupManager.CGROUPFS);
        Compiled.Ready exec =
                ready(request(Plans.ready(without), 0, config, "{'args':['a']}", HostFacts.v2(), PLAIN, List.of()));
        assertEquals(List.of(), Plans.ops(exec.start().orElseThrow(), JoinSessionKeyring.class));
        Compiled.Ready usual = ready(request(config, "{'args':['a']}", HostFacts.v2(), PLAIN));
        assertEquals(
                List.of(new JoinSessionKeyring("_ses.web")),
                Plans.ops(usual.start().orElseThrow(), JoinSessionKeyring.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"v2", "hybrid"})
    @Requirement({"EXT-EXEC-01", "EXT-ROOTLESS-01"})
    void confinedTheLauncherBecomesWhomTheContainerBecameAndThenEnters(String host) {
        Confinement caller = new Confinement(
                1000,
                100,
                List.of(100, 27),
                List.of(new Confinement.Range(100_000, 65_536)),
                List.of(),
                5,
                7,
                List.of(new Confinement.Limit(7, 64, 128)),
                Confinement.Caps.NONE);
        String config = Specs.standard("{}");
        Owned name = new Owned(1000, new ContainerId("web"));
        Compiled.Ready made = Plans.ready(PlanRequest.explain(Specs.parse(config), "/home/u/b", name, host(host))
                .confinedTo(caller));
        Compiled.Ready exec = ready(request(made, 1000, config, "{'args':['ls']}", host(host), ALL, List.of()));
        Plan create = exec.create();
        int become = index(create, BecomeCaller.class);
        assertEquals(
                new BecomeCaller(1000, 100, List.of(100, 27), 5, 7),
                create.steps().get(become).op());
        // before it: cgroups entered and let go of, namespaces opened and known to be the container's; after it they
        // are entered
        List<String> before = create.of(Actor.LAUNCHER)
                .filter(step -> step.index() < become)
                .map(step -> step.op().getClass().getSimpleName())
                .distinct()
                .toList();
        assertEquals(List.of("OpenCgroup", "EnterCgroup", "OpenNamespace", "OpenContainer", "SetRlimit"), before);
        assertEquals(
                Plans.ops(create, OpenCgroup.class).size(),
                Plans.ops(create, EnterCgroup.class).size());
        List<JoinNamespace> joins = Plans.ops(create, JoinNamespace.class);
        assertEquals(NamespaceOp.NEWUSER, joins.getFirst().type());
        assertEquals(ALL.size(), joins.size());
        assertEquals(
                Stream.of("user", "net", "ipc", "uts", "cgroup", "pid", "mnt")
                        .map(file -> "/proc/4711/ns/" + file)
                        .toList(),
                Plans.ops(create, OpenNamespace.class).stream()
                        .map(OpenNamespace::path)
                        .toList());
        assertTrue(index(create, JoinNamespace.class) > become);
        assertEquals(List.of(), Plans.ops(create, EnterContainer.class));
        assertEquals(0, Plans.ops(create, CloneInit.class).getFirst().cgroupSlot());
        assertEquals(1, Plans.ops(exec.start().orElseThrow(), LoadFloor.class).size());
    }

    @Test
    void aConfinedProcessAsksForNoLabel() {
        HostFacts facts = HostFacts.v2();
        String config = Specs.standard("{}");
        Owned name = new Owned(1000, new ContainerId("web"));
        Compiled.Ready made = Plans.ready(
                PlanRequest.explain(Specs.parse(config), "/b", name, facts).confinedTo(Confinement.of(1000, 100)));
        assertTrue(problems(request(made, 1000, config, "{'args':['a'],'selinuxLabel':'l'}", facts, ALL, List.of()))
                .contains("confined-refused /process/selinuxLabel"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v2     | sub/group        | /sys/fs/cgroup/slipway/0/web/sub/group",
                "v2     | /sub             | /sys/fs/cgroup/slipway/0/web/sub",
                "hybrid | memory:sub       | /sys/fs/cgroup/memory/slipway/0/web/sub/tasks",
                "hybrid | cpu,memory:/sub  | /sys/fs/cgroup/memory/slipway/0/web/sub/tasks",
                "hybrid | sub              | /sys/fs/cgroup/pids/slipway/0/web/sub/tasks"
            })
    @Requirement("CLI-EXEC-04")
    void aSubCgroupLiesBelowTheContainers(String host, String asked, String directory) {
        String config = Specs.standard("{}");
        HostFacts facts = host(host);
        Plan create = ready(
                        request(Plans.ready(config, facts), 0, config, "{'args':['a']}", facts, PLAIN, List.of(asked)))
                .create();
        List<String> paths = Plans.ops(create, OpenCgroup.class).stream()
                .map(OpenCgroup::path)
                .toList();
        assertTrue(paths.contains(directory), paths.toString());
        if (asked.startsWith("memory")) {
            assertTrue(paths.contains("/sys/fs/cgroup/pids/slipway/0/web/tasks"), paths.toString());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "v2, ../other, exec-cgroup-outside",
        "v2, a/../../b, exec-cgroup-outside",
        "hybrid, memory:a/.., exec-cgroup-outside",
        "v2, memory:a, exec-cgroup-unknown",
        "hybrid, nonsense:a, exec-cgroup-unknown"
    })
    @Requirement("CLI-EXEC-04")
    void noOtherCgroupIsReachedByIt(String host, String asked, String code) {
        String config = Specs.standard("{}");
        HostFacts facts = host(host);
        assertTrue(
                problems(request(Plans.ready(config, facts), 0, config, "{'args':['a']}", facts, PLAIN, List.of(asked)))
                        .contains(code + " "));
    }

    @Test
    @Requirement({"CLI-EXEC-03", "EXT-CON-01"})
    void aTerminalIsMadeInsideAndTheContainersConsoleIsLeftAlone() {
        Plan create = ready(request(
                        Specs.standard("{}"),
                        "{'args':['sh'],'terminal':true,'consoleSize':{'width':80,'height':24}}",
                        HostFacts.v2(),
                        PLAIN))
                .create();
        assertEquals(List.of(new OpenTerminal(80, 24)), Plans.ops(create, OpenTerminal.class));
        assertEquals(List.of(), Plans.ops(create, MountOp.OpenConsole.class));
        assertTrue(index(create, OpenTerminal.class) > index(create, ExecOp.TakeRoot.class));
        assertEquals(
                Streams.TERMINAL,
                Plans.ops(create, KeeperOp.OpenStreams.class).getFirst().mode());
    }

    @Test
    void theHostsProcfsGoesInOnlyWhereNoneCanBeMadeAndOneIsNeeded() {
        String config = Specs.standard("{}");
        String asks = "{'args':['a'],'oomScoreAdj':100}";
        assertTrue(procfs(config, asks, ALL));
        assertFalse(procfs(config, asks, PLAIN));
        assertFalse(procfs(config, "{'args':['a']}", ALL));
    }

    private static boolean procfs(String config, String process, Set<NamespaceType> types) {
        return Plans.ops(ready(request(config, process, HostFacts.v2(), types)).create(), OpenContainer.class)
                .getFirst()
                .keepProcfs();
    }

    @Test
    void withoutArgumentsThereIsNothingToExecute() {
        assertEquals(
                List.of("exec-without-args /process/args"),
                problems(request(Specs.standard("{}"), "{}", HostFacts.v2(), PLAIN)));
    }

    @Test
    void givenMembersOverrideInThePlan() {
        Plan start = ready(request(
                        Specs.standard("{}"),
                        "{'args':['a'],'noNewPrivileges':false,'rlimits':[{'type':'RLIMIT_CORE','soft':1,'hard':2}]}",
                        HostFacts.v2(),
                        PLAIN))
                .start()
                .orElseThrow();
        assertEquals(List.of(), Plans.ops(start, SetNoNewPrivileges.class));
        assertEquals(List.of(new SetRlimit(4, 1, 2)), Plans.ops(start, SetRlimit.class));
    }

    @Test
    void itsUndoEndsItAndRemovesItsRecordAlone() {
        Compiled.Ready plans = ready(request(Specs.standard("{}"), "{'args':['a']}", HostFacts.hybrid(), PLAIN));
        assertEquals(
                List.of(new KillInit(), new AwaitExit(10_000), new RemoveState("/run/slipway/0/web/exec/e1")),
                Plans.all(ExecPlanner.delete(plans, true)).toList());
        assertEquals(
                List.of(new RemoveState("/run/slipway/0/web/exec/e1")),
                Plans.all(ExecPlanner.delete(plans, false)).toList());
    }
}

package org.slipway.model.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.model.plan.BarrierOp.Await;
import org.slipway.model.plan.BarrierOp.Signal;
import org.slipway.model.plan.CgroupOp.KillCgroup;
import org.slipway.model.plan.CgroupOp.RemoveCgroup;
import org.slipway.model.plan.CgroupOp.RemoveCgroupParent;
import org.slipway.model.plan.CgroupOp.SignalCgroup;
import org.slipway.model.plan.CgroupOp.WriteFirstCgroupFile;
import org.slipway.model.plan.HookOp.RunHook;
import org.slipway.model.plan.KeeperOp.AwaitExit;
import org.slipway.model.plan.KeeperOp.KillInit;
import org.slipway.model.plan.KeeperOp.SendSignal;
import org.slipway.model.plan.KeeperOp.WaitGate;
import org.slipway.model.plan.MountOp.PivotRoot;
import org.slipway.model.plan.ProcessOp.LoadSeccompAndExec;
import org.slipway.model.plan.RecordOp.RecordStatus;
import org.slipway.model.plan.RecordOp.RemoveState;
import org.slipway.model.spec.Spec;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Owned;
import org.slipway.model.test.Requirement;

/** Whole plans: what is refused, what order the steps have, and how they are taken back. */
class PlannerTest {

    private static final Path RESOURCES = Path.of("src/test/resources");
    private static final Owned WEB = new Owned(0, new ContainerId("web"));
    private static final String HOOKS = """
            {'hooks':{'prestart':[{'path':'/1'}],'createRuntime':[{'path':'/2'}],'createContainer':[{'path':'/3'}],
                      'startContainer':[{'path':'/4'}],'poststart':[{'path':'/5'}],'poststop':[{'path':'/6'}]}}""";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'linux':{'namespaces':[{'type':'mount','path':'/m'},{'type':'user'}],"
                        + "'uidMappings':[{'containerID':0,'hostID':0,'size':9}],"
                        + "'gidMappings':[{'containerID':0,'hostID':0,'size':9}]}}"
                        + " | mount-namespace-out-of-reach /linux/namespaces/0",
                "{'process':{'selinuxLabel':'l'}} | selinux-missing /process/selinuxLabel",
                "{'linux':{'mountLabel':'l'}} | selinux-missing /linux/mountLabel",
                "{'process':{'apparmorProfile':'p'}} | apparmor-missing /process/apparmorProfile",
                "{'linux':{'intelRdt':{'closID':'a'}}} | resctrl-missing /linux/intelRdt",
                "{'linux':{'cgroupsPath':'system.slice:a:b'}} | cgroup-path-is-systemd /linux/cgroupsPath",
                "{'mounts':[{'destination':'/a','source':'a','options':['bind','idmap']}]}"
                        + " | idmap-needs-user-namespace /mounts/0"
            })
    @Requirement({"CFG-07", "CG-05"})
    void whatCannotBeDoneIsRefusedAtItsPlace(String changes, String expected) {
        assertEquals(List.of(expected), refusals(Specs.minimal(changes), HostFacts.v2()));
    }

    @Test
    @Requirement("CFG-12")
    void allProblemsAreFoundAtOnce() {
        assertEquals(
                List.of(
                        "apparmor-missing /process/apparmorProfile",
                        "cgroup-path-is-systemd /linux/cgroupsPath",
                        "controller-missing /linux/resources/unified/misc.max",
                        "no-counterpart /linux/resources/network/classID"),
                refusals(Specs.minimal("""
                        {'process':{'apparmorProfile':'p'},
                         'linux':{'cgroupsPath':'a:b:c','resources':{'network':{'classID':1},
                                  'unified':{'misc.max':'1'}}}}"""), HostFacts.v2()).stream().sorted().toList());
    }

    @Test
    void aFilterThatCannotBeMadeIsAProblemWithTheReason() {
        Spec spec = Specs.parse(Specs.minimal("{'linux':{'seccomp':{'defaultAction':'SCMP_ACT_ALLOW'}}}"));
        PlanRequest request = new PlanRequest(
                spec,
                "/bundle",
                WEB,
                "/run/x",
                HostFacts.v2(),
                KeeperOp.Streams.NONE,
                0,
                false,
                false,
                0022,
                seccomp -> {
                    throw SeccompCompiler.Refused.whole("no such architecture");
                },
                CgroupManager.CGROUPFS);
        assertEquals(
                new Compiled.Refused(List.of(
                        new PlanProblem("seccomp", "/linux/seccomp", Map.of("reason", "no such architecture")))),
                Planner.compile(request));
    }

    @ParameterizedTest
    @ValueSource(strings = {"v2", "hybrid"})
    void theDefaultConfigurationHasExactlyThisPlan(String host) throws IOException {
        HostFacts facts = host.equals("v2") ? HostFacts.v2() : HostFacts.hybrid();
        Compiled.Ready ready = Plans.ready(Specs.standard(), facts);
        List<String> lines =
                Explanation.lines(List.of(ready.create(), ready.start().orElseThrow()));
        Path golden = RESOURCES.resolve("plans/default-" + host + ".txt");
        if (System.getenv("SLIPWAY_WRITE_EXPECTED") != null) {
            Files.createDirectories(golden.getParent());
            Files.write(golden, lines);
        }
        assertEquals(Files.readAllLines(golden), lines);
    }

    @ParameterizedTest
    @ValueSource(strings = {"crun-spec", "podman-hardened", "runc-spec", "runc-spec-rootless", "tool-rich"})
    @Requirement("CG-10")
    void configurationsOfOtherProgramsAreCompiledForBothHosts(String name) throws IOException {
        Spec spec = Specs.parse(Files.readString(RESOURCES.resolve("corpus/" + name + ".json")));
        for (HostFacts facts : List.of(HostFacts.v2(), HostFacts.hybrid())) {
            assertEquals(List.of(), refusals(Planner.compile(PlanRequest.explain(spec, "/bundle", "web", facts))));
        }
    }

    @Test
    @Requirement({"LIFE-02", "HOOK-11", "HOOK-12", "HOOK-14"})
    void hooksStandAtTheirPlacesInTheOrder() {
        Compiled.Ready ready = Plans.ready(Specs.minimal(HOOKS), HostFacts.v2());
        assertEquals(
                List.of("prestart", "createRuntime", "createContainer", "PivotRoot", "WaitGate", "created"),
                landmarks(ready.create()));
        assertEquals(
                List.of("startContainer", "LoadSeccompAndExec", "poststart", "running"),
                landmarks(ready.start().orElseThrow()));
    }

    private static List<String> landmarks(Plan plan) {
        return Plans.all(plan)
                .flatMap(op -> switch (op) {
                    case RunHook hook -> Stream.of(hook.kind().member());
                    case PivotRoot pivot -> Stream.of("PivotRoot");
                    case WaitGate gate -> Stream.of("WaitGate");
                    case LoadSeccompAndExec exec -> Stream.of("LoadSeccompAndExec");
                    case RecordStatus record -> Stream.of(record.status());
                    default -> Stream.empty();
                })
                .toList();
    }

    @Test
    void theLastOfCreateIsTheSignalTheGateAndTheRecord() {
        List<Step> steps = Plans.create(Specs.minimal("{}")).steps();
        assertEquals(
                List.of(
                        new Signal(BarrierOp.Party.HELPER, 1),
                        new WaitGate(),
                        new Await(BarrierOp.Party.INIT, 1),
                        new RecordStatus("created")),
                steps.subList(steps.size() - 4, steps.size()).stream()
                        .map(Step::op)
                        .toList());
    }

    @Test
    @Requirement("CLI-G-12")
    void whereAnEngineWaitsTheCommandStartsTheLauncherAndThereIsNoKeeper() {
        Compiled.Ready plans = Plans.byCaller(Specs.minimal("{}"), HostFacts.v2());
        assertEquals(
                List.of(
                        "HELPER sendmsg(slipway, SCM_RIGHTS)",
                        "CALLER fork(), execveat(launcher, \"\", [\"launcher\"], AT_EMPTY_PATH)",
                        "LAUNCHER streams inherit, preserve 2",
                        "LAUNCHER mkfifo(\"gate\", 0600), mkfifo(\"started\", 0600)"),
                plans.create().steps().stream()
                        .filter(step -> step.phase() == Phase.SPAWN)
                        .map(step -> step.actor() + " " + step.op().call())
                        .toList());
        assertEquals(0, plans.create().of(Actor.KEEPER).count());
        Compiled.Ready kept = Plans.by(Spawner.KEEPER, Specs.minimal("{}"), HostFacts.v2());
        assertEquals(
                Plans.all(kept.start().orElseThrow()).toList(),
                Plans.all(plans.start().orElseThrow()).toList());
    }

    @Test
    @Requirement("CLI-G-12")
    void streamsThatOnlyAKeeperCanHoldAreRefusedWithoutOne() {
        PlanRequest logged = PlanRequest.explain(Specs.parse(Specs.minimal("{}")), "/bundle", "web", HostFacts.v2());
        Compiled.Refused refused =
                assertInstanceOf(Compiled.Refused.class, Planner.compile(logged.spawnedBy(Spawner.CALLER)));
        assertEquals(
                List.of("streams-need-keeper"),
                refused.problems().stream().map(PlanProblem::code).toList());
    }

    @Test
    @Requirement({"PROC-01", "OPS-CREATE-07"})
    void withoutAProcessThereIsAContainerThatCannotBeStarted() {
        Compiled.Ready ready = Plans.ready(Specs.minimal("{'process':null}"), HostFacts.v2());
        assertEquals(Optional.empty(), ready.start());
        assertEquals(List.of(), Plans.ops(ready.create(), LoadSeccompAndExec.class));
    }

    @Test
    @Requirement("OPS-KILL-03")
    void aSignalForAllReachesEachOnce() {
        Compiled.Ready v2 = Plans.ready(Specs.standard(), HostFacts.v2());
        String cgroup = v2.killable().orElseThrow();
        assertEquals(
                List.of(new SendSignal(15)),
                Plans.all(Planner.kill(15, false, v2)).toList());
        assertEquals(
                List.of(new SignalCgroup(cgroup, 15)),
                Plans.all(Planner.kill(15, true, v2)).toList());
        assertEquals(
                List.of(new SignalCgroup(cgroup, 9), new KillCgroup(cgroup)),
                Plans.all(Planner.kill(9, true, v2)).toList());
    }

    @Test
    @Requirement("OPS-KILL-05")
    void killThawsWhatTheFreezerOfVersion1Holds() {
        Compiled.Ready hybrid = Plans.ready(Specs.standard(), HostFacts.hybrid());
        Op thaw = new WriteFirstCgroupFile(
                List.of("/sys/fs/cgroup/freezer/slipway/0/web/freezer.state"), List.of("THAWED"), false);
        assertEquals(
                List.of(new SendSignal(9), thaw),
                Plans.all(Planner.kill(9, false, hybrid)).toList());
        assertEquals(
                List.of(new SendSignal(10)),
                Plans.all(Planner.kill(10, false, hybrid)).toList());
    }

    @Test
    @Requirement({"LIFE-08", "HOOK-17", "OPS-DELETE-06"})
    void deleteUndoesCreateLastFirstThenRunsPoststopAndForgets() {
        String config = Specs.minimal(HOOKS);
        Plan delete = Planner.delete(Plans.ready(config, HostFacts.v2()), Specs.parse(config), "/bundle", WEB, false);
        String cgroup = "/sys/fs/cgroup/slipway/0/web";
        assertEquals(
                List.of(
                        new KillCgroup(cgroup),
                        new RemoveCgroup(cgroup),
                        new RemoveCgroupParent("/sys/fs/cgroup/slipway/0"),
                        new RemoveCgroupParent("/sys/fs/cgroup/slipway"),
                        new RunHook(
                                HookOp.Kind.POSTSTOP,
                                0,
                                "/6",
                                List.of("/6"),
                                List.of(),
                                0,
                                "{\"ociVersion\":\"1.3.0\",\"id\":\"web\",\"status\":\"stopped\",\"pid\":",
                                ",\"bundle\":\"/bundle\"}"),
                        new RemoveState("/run/slipway/0/web")),
                Plans.all(delete).toList());
    }

    @Test
    @Requirement("HOOK-19")
    void deleteOfALiveContainerKillsItAndWaits() {
        Plan delete = Planner.delete(
                Plans.ready(Specs.standard(), HostFacts.hybrid()), Specs.standard(), "/bundle", WEB, true);
        assertEquals(
                List.of(
                        new KillInit(),
                        new WriteFirstCgroupFile(
                                List.of("/sys/fs/cgroup/freezer/slipway/0/web/freezer.state"),
                                List.of("THAWED"),
                                false),
                        new KillCgroup("/sys/fs/cgroup/unified/slipway/0/web"),
                        new AwaitExit(10_000)),
                Plans.all(delete).limit(4).toList());
        assertEquals(9, Plans.ops(delete, RemoveCgroup.class).size());
        assertEquals(18, Plans.ops(delete, RemoveCgroupParent.class).size());
    }

    private static List<String> refusals(String config, HostFacts facts) {
        return refusals(Planner.compile(PlanRequest.explain(Specs.parse(config), "/bundle", "web", facts)));
    }

    private static List<String> refusals(Compiled compiled) {
        return switch (compiled) {
            case Compiled.Ready ready -> List.of();
            case Compiled.Refused refused ->
                refused.problems().stream()
                        .map(problem -> problem.code() + " " + problem.pointer())
                        .toList();
        };
    }
}

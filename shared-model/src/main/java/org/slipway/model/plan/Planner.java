package org.slipway.model.plan;

import static org.slipway.model.plan.Draft.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slipway.model.plan.CgroupOp.KillCgroup;
import org.slipway.model.plan.CgroupOp.SignalCgroup;
import org.slipway.model.plan.CgroupOp.WriteFirstCgroupFile;
import org.slipway.model.plan.ExecOp.EndProcesses;
import org.slipway.model.plan.HookOp.Kind;
import org.slipway.model.plan.KeeperOp.AwaitExec;
import org.slipway.model.plan.KeeperOp.AwaitExit;
import org.slipway.model.plan.KeeperOp.FillStartPlan;
import org.slipway.model.plan.KeeperOp.KillInit;
import org.slipway.model.plan.KeeperOp.OpenGate;
import org.slipway.model.plan.KeeperOp.SendSignal;
import org.slipway.model.plan.KeeperOp.WaitGate;
import org.slipway.model.plan.RecordOp.RecordStatus;
import org.slipway.model.plan.RecordOp.RemoveState;
import org.slipway.model.plan.RecordOp.RemoveStateFile;
import org.slipway.model.plan.RecordOp.WriteStateFile;
import org.slipway.model.spec.Spec;
import org.slipway.model.state.Owned;
import org.slipway.model.state.Status;

/**
 * The compiler: a configuration becomes plans, or the list of what stands against it. Nothing here touches the machine.
 *
 * <p>The order is that of {@code docs/adr/0001-step-table.md}; each pass adds the steps of one subject, and barriers are put in last.
 */
public final class Planner {

    private static final String STATE_FILES = "/run/opencontainer/containers/";
    private static final String STATE_LINKS = "/run/opencontainers/runc/";

    static final int EXIT_TIMEOUT_MILLIS = 10_000;
    private static final int SIGKILL = 9;

    private Planner() {}

    /** The create and start plans of a configuration in whose text the rules of {@code finding} see no error. */
    public static Compiled compile(PlanRequest request) {
        Compilation c = new Compilation(request);
        Confining.judge(c);
        CgroupPass cgroups = new CgroupPass(c);
        MountPass mounts = new MountPass(c, cgroups);
        List<Draft> create = create(c, cgroups, mounts, new DevicePass(c));
        Optional<List<Draft>> start = c.spec.process().map(process -> {
            List<Draft> steps = new ArrayList<>();
            if (c.spec.lifecycle().rereadsProcess()) {
                steps.add(Draft.helper(Phase.GATE, rule("read-again-at-start"), new FillStartPlan()));
            }
            if (c.spec.lifecycle().prestartInStart()) {
                steps.addAll(hooks(c, Kind.PRESTART));
            }
            steps.add(Draft.helper(Phase.GATE, rule("required-by-runtime"), new OpenGate()));
            steps.addAll(hooks(c, Kind.START_CONTAINER));
            steps.addAll(ProcessPass.of(c, process));
            steps.addAll(ListenerPass.send(c));
            steps.add(Draft.helper(Phase.PROGRAM, rule("required-by-runtime"), new AwaitExec()));
            steps.addAll(hooks(c, Kind.POSTSTART));
            steps.add(record(Phase.POSTSTART_HOOKS, Status.RUNNING));
            return steps;
        });
        String profile = c.spec.lifecycle().profile();
        if (!c.problems.isEmpty()) {
            return new Compiled.Refused(c.problems.stream().distinct().toList());
        }
        return new Compiled.Ready(
                BarrierPass.plan(PlanKind.CREATE, profile, create),
                start.map(steps -> BarrierPass.plan(PlanKind.START, profile, steps)),
                cgroups.places().stream().map(CgroupPlace::directory).toList(),
                cgroups.killable(),
                cgroups.freezer());
    }

    /** What the plans leave out because this host can't give it: no reason against them, but said to whoever asked for it. */
    public static List<PlanProblem> doubts(PlanRequest request) {
        return GrantableCapabilities.doubts(new Compilation(request));
    }

    private static List<Draft> create(Compilation c, CgroupPass cgroups, MountPass mounts, DevicePass devices) {
        List<Draft> steps = new ArrayList<>();
        ResctrlPass resctrl = new ResctrlPass(c);
        steps.addAll(SpawnPass.reserve(c));
        steps.addAll(ListenerPass.probe(c));
        steps.addAll(NetworkPass.probe(c));
        steps.addAll(cgroups.make());
        steps.addAll(resctrl.make());
        steps.addAll(SpawnPass.spawn(c));
        steps.addAll(cgroups.open());
        if (c.confined()) {
            steps.addAll(cgroups.enter());
        }
        steps.addAll(CallerPass.become(c));
        // before any namespace is joined: paths mean what they mean on the host, and init is born with the descriptors
        steps.addAll(mounts.sources);
        steps.addAll(devices.sources);
        steps.addAll(NamespacePass.enter(c, cgroups));
        steps.addAll(cgroups.scope());
        steps.addAll(resctrl.enter());
        steps.addAll(cgroups.afterTheClone());
        steps.addAll(NamespacePass.maps(c));
        steps.addAll(NetworkPass.move(c));
        steps.addAll(mounts.idMaps);
        steps.addAll(NamespacePass.identity(c));
        if (!c.confined()) {
            steps.addAll(cgroups.enter());
        }
        steps.addAll(NamespacePass.names(c, cgroups));
        steps.addAll(MountLabel.apply(c, mounts.mounts));
        steps.addAll(devices.nodes);
        steps.addAll(stateFile(c));
        if (!c.spec.lifecycle().prestartInStart()) {
            steps.addAll(hooks(c, Kind.PRESTART));
        }
        steps.addAll(hooks(c, Kind.CREATE_RUNTIME));
        steps.addAll(hooks(c, Kind.CREATE_CONTAINER));
        steps.addAll(PathPass.pivot(c));
        steps.addAll(PathPass.paths(c, mounts.late));
        c.spec.process()
                .filter(process -> !process.args().isEmpty())
                .ifPresent(process -> steps.add(ProcessPass.probe(process)));
        steps.add(Draft.init(Phase.GATE, rule("required-by-runtime"), new WaitGate()));
        steps.add(record(Phase.GATE, Status.CREATED));
        steps.addAll(NetworkPass.letGo(c));
        return steps;
    }

    /** Where 0.3 keeps the state, before the prestart hooks; names there are the machine's, and so only the administrator's containers have one. */
    private static List<Draft> stateFile(Compilation c) {
        if (!c.spec.lifecycle().stateFile() || c.confined()) {
            return List.of();
        }
        String id = c.request.name().id().value();
        StateText state = StateText.of(c.spec, c.request.bundle(), c.request.name(), Status.CREATING);
        String directory = STATE_FILES + id;
        String link = STATE_LINKS + id;
        return List.of(Draft.helper(
                        Phase.RUNTIME_HOOKS,
                        rule("state-file"),
                        new WriteStateFile(directory, link, state.head(), state.tail()))
                .undoneBy(new RemoveStateFile(directory, link)));
    }

    /**
     * Sends a signal. A frozen process of v1 takes it when it thaws, so SIGKILL thaws.
     *
     * @param signal its number
     * @param all whether it goes to every process and not to the first alone; with SIGKILL until there is none
     * @param plans those of the container
     */
    public static Plan kill(int signal, boolean all, Compiled.Ready plans) {
        List<Op> ops = new ArrayList<>();
        Optional<String> cgroup = all ? plans.killable() : Optional.empty();
        ops.add(cgroup.<Op>map(path -> new SignalCgroup(path, signal)).orElseGet(() -> new SendSignal(signal)));
        if (signal == SIGKILL) {
            plans.freezer().map(Planner::thaw).ifPresent(ops::add);
            cgroup.map(KillCgroup::new).ifPresent(ops::add);
        }
        return BarrierPass.plan(
                PlanKind.KILL,
                plans.create().profile(),
                ops.stream()
                        .map(op -> Draft.helper(Phase.SIGNAL, rule("asked-for"), op))
                        .toList());
    }

    private static Op thaw(String freezer) {
        return new WriteFirstCgroupFile(List.of(freezer + "/freezer.state"), List.of("THAWED"), false);
    }

    /**
     * Takes back what create made: what is left is killed, then the recorded undo runs last first, then the poststop hooks, and at last the
     * record goes.
     *
     * @param plans as they were recorded
     * @param live whether init may be alive: a delete by force, or the end of a create or start that failed
     */
    public static Plan delete(Compiled.Ready plans, Spec spec, String bundle, Owned name, boolean live) {
        return delete(plans, spec, bundle, name, live, false);
    }

    /** The same; {@code executed}: something was executed in it beside the first process, and has keepers of its own. */
    public static Plan delete(
            Compiled.Ready plans, Spec spec, String bundle, Owned name, boolean live, boolean executed) {
        Plan create = plans.create();
        List<Draft> steps = new ArrayList<>();
        if (live) {
            steps.add(Draft.helper(Phase.STOP, rule("asked-for"), new KillInit()));
        }
        plans.freezer().ifPresent(path -> steps.add(Draft.helper(Phase.STOP, rule("nothing-stays"), thaw(path))));
        plans.killable()
                .ifPresent(path -> steps.add(Draft.helper(Phase.STOP, rule("nothing-stays"), new KillCgroup(path))));
        if (live) {
            steps.add(Draft.helper(Phase.STOP, rule("required-by-runtime"), new AwaitExit(EXIT_TIMEOUT_MILLIS)));
        }
        if (executed) {
            steps.add(Draft.helper(Phase.STOP, rule("nothing-stays"), new EndProcesses(EXIT_TIMEOUT_MILLIS)));
        }
        for (Step step : create.steps().reversed()) {
            step.undo()
                    .filter(undo -> !(undo instanceof KillInit) && !(undo instanceof RemoveState))
                    .ifPresent(undo -> steps.add(Draft.helper(Phase.CLEAN, step.origin(), undo)));
        }
        boolean confined = create.caller().isPresent();
        steps.addAll(HookPass.of(spec, bundle, name, Kind.POSTSTOP, confined ? Confining.DEFAULT_TIMEOUT : 0));
        create.undo().stream()
                .filter(undo -> undo instanceof RemoveState)
                .forEach(undo -> steps.add(Draft.helper(Phase.FORGET, rule("required-by-runtime"), undo)));
        return BarrierPass.plan(PlanKind.DELETE, create.profile(), steps);
    }

    private static List<Draft> hooks(Compilation c, Kind kind) {
        return HookPass.of(
                c.spec, c.request.bundle(), c.request.name(), kind, c.confined() ? Confining.DEFAULT_TIMEOUT : 0);
    }

    private static Draft record(Phase phase, Status status) {
        return Draft.helper(phase, rule("required-by-runtime"), new RecordStatus(status.word()));
    }
}

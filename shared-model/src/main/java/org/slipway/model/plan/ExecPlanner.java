package org.slipway.model.plan;

import static org.slipway.model.plan.Draft.field;
import static org.slipway.model.plan.Draft.rule;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slipway.model.plan.CallerOp.BecomeCaller;
import org.slipway.model.plan.CallerOp.MapCaller;
import org.slipway.model.plan.Confinement.Limit;
import org.slipway.model.plan.ExecOp.EnterContainer;
import org.slipway.model.plan.ExecOp.OpenContainer;
import org.slipway.model.plan.ExecOp.OpenTerminal;
import org.slipway.model.plan.ExecOp.SetCpuAffinity;
import org.slipway.model.plan.ExecOp.TakeRoot;
import org.slipway.model.plan.KeeperOp.AwaitExec;
import org.slipway.model.plan.KeeperOp.AwaitExit;
import org.slipway.model.plan.KeeperOp.KillInit;
import org.slipway.model.plan.KeeperOp.OpenGate;
import org.slipway.model.plan.KeeperOp.SendSignal;
import org.slipway.model.plan.KeeperOp.WaitGate;
import org.slipway.model.plan.NamespaceOp.BecomeContainerRoot;
import org.slipway.model.plan.NamespaceOp.CloneInit;
import org.slipway.model.plan.NamespaceOp.JoinNamespace;
import org.slipway.model.plan.NamespaceOp.OpenNamespace;
import org.slipway.model.plan.ProcessOp.JoinSessionKeyring;
import org.slipway.model.plan.ProcessOp.SetRlimit;
import org.slipway.model.plan.RecordOp.RecordStatus;
import org.slipway.model.plan.RecordOp.RemoveState;
import org.slipway.model.spec.IdMapping;
import org.slipway.model.spec.NamespaceType;
import org.slipway.model.spec.NumberList;
import org.slipway.model.spec.Process;
import org.slipway.model.spec.Spec;
import org.slipway.model.state.Status;

/**
 * Compiles a further process in a container: a create plan whose launcher enters what is there instead of making it, and the start plan
 * that the container's own program would have. Pure, like {@link Planner}; the order is that of {@code docs/adr/0008-exec.md}.
 */
public final class ExecPlanner {

    private static final int EXIT_TIMEOUT_MILLIS = 10_000;

    private final ExecRequest request;
    private final Compilation c;
    private final Process process;

    private ExecPlanner(ExecRequest request, Process process) {
        this.request = request;
        this.c = new Compilation(planned(request));
        this.process = process;
    }

    /** The plans of a process that its text's rules see no error in. */
    public static Compiled compile(ExecRequest request) {
        Process process = request.spec()
                .process()
                .orElseThrow(() -> new IllegalArgumentException("a process is what is executed"));
        return new ExecPlanner(request, process).compile();
    }

    /** What of the process this host can't give, and the plans therefore leave out. */
    public static List<PlanProblem> doubts(ExecRequest request) {
        return GrantableCapabilities.doubts(new Compilation(planned(request)));
    }

    /** Ends the process if it lives, and removes its record. */
    public static Plan delete(Compiled.Ready plans, boolean live) {
        List<Draft> steps = new ArrayList<>();
        if (live) {
            steps.add(Draft.helper(Phase.STOP, rule("asked-for"), new KillInit()));
            steps.add(Draft.helper(Phase.STOP, rule("required-by-runtime"), new AwaitExit(EXIT_TIMEOUT_MILLIS)));
        }
        plans.create().undo().stream()
                .filter(undo -> undo instanceof RemoveState)
                .forEach(undo -> steps.add(Draft.helper(Phase.FORGET, rule("required-by-runtime"), undo)));
        return BarrierPass.plan(PlanKind.DELETE, plans.create().profile(), steps);
    }

    /** Sends the process a signal. */
    public static Plan kill(Compiled.Ready plans, int signal) {
        return BarrierPass.plan(
                PlanKind.KILL,
                plans.create().profile(),
                List.of(Draft.helper(Phase.SIGNAL, rule("asked-for"), new SendSignal(signal))));
    }

    private Compiled compile() {
        if (process.args().isEmpty()) {
            c.problem("exec-without-args", "/process/args");
        }
        Confining.judgeProcess(c);
        ExecCgroups cgroups = new ExecCgroups(c, request);
        List<Draft> create = create(cgroups);
        List<Draft> start = process.args().isEmpty() ? List.of() : start();
        if (!c.problems.isEmpty()) {
            return new Compiled.Refused(c.problems.stream().distinct().toList());
        }
        String profile = request.made().create().profile();
        return new Compiled.Ready(
                BarrierPass.plan(PlanKind.CREATE, profile, create),
                Optional.of(BarrierPass.plan(PlanKind.START, profile, start)),
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    private List<Draft> create(ExecCgroups cgroups) {
        List<Draft> steps = new ArrayList<>();
        steps.addAll(SpawnPass.reserve(c));
        steps.addAll(SpawnPass.spawn(c));
        affinity(steps, Actor.LAUNCHER, "initial");
        steps.addAll(cgroups.open());
        if (c.confined()) {
            steps.addAll(cgroups.enter());
            confined(steps);
        } else {
            steps.add(Draft.launcher(Phase.NAMESPACES, joins(), container(hostProcfs())));
            enter(steps, Actor.LAUNCHER, first());
        }
        steps.add(Draft.launcher(Phase.NAMESPACES, rule("required-by-runtime"), new CloneInit(0, cgroups.cloneSlot()))
                .undoneBy(new KillInit()));
        if (!c.confined()) {
            steps.addAll(cgroups.enter());
        }
        affinity(steps, Actor.INIT, "final");
        if (!c.confined()) {
            enter(steps, Actor.INIT, last());
        }
        if (inside().contains(NamespaceType.USER)) {
            steps.add(Draft.init(Phase.IDENTITY, joins(), new BecomeContainerRoot()));
        }
        steps.add(Draft.init(Phase.PIVOT, joins(), new TakeRoot()));
        if (process.terminal()) {
            steps.add(Draft.init(Phase.DEVICES, field("/process/terminal"), terminal()));
        }
        if (!process.args().isEmpty()) {
            steps.add(ProcessPass.probe(process));
        }
        steps.add(Draft.init(Phase.GATE, rule("required-by-runtime"), new WaitGate()));
        steps.add(record(Phase.GATE, Status.CREATED));
        return steps;
    }

    private List<Draft> start() {
        List<Draft> steps = new ArrayList<>();
        steps.add(Draft.helper(Phase.GATE, rule("required-by-runtime"), new OpenGate()));
        steps.addAll(ProcessPass.of(c, process));
        steps.addAll(ListenerPass.send(c, Status.RUNNING));
        steps.add(Draft.helper(Phase.PROGRAM, rule("required-by-runtime"), new AwaitExec()));
        steps.add(record(Phase.PROGRAM, Status.RUNNING));
        return steps;
    }

    private OpenContainer container(boolean keepProcfs) {
        return new OpenContainer(request.container().pid(), request.container().startTime(), keepProcfs);
    }

    /**
     * The launcher takes the namespaces while it is root, because a first process that waits at the gate is not open to its owner's eyes,
     * and enters them as the caller, whom the kernel then judges. The start time is looked at after them: they are that process's.
     */
    private void confined(List<Draft> steps) {
        List<Draft> entered = new ArrayList<>();
        for (NamespaceType type : NamespacePass.userFirst()) {
            if (inside().contains(type)) {
                int slot = type.ordinal();
                String path = "/proc/" + request.container().pid() + "/ns/" + file(type);
                steps.add(
                        Draft.launcher(Phase.SPAWN, joins(), new OpenNamespace(slot, NamespacePass.flag(type), path)));
                entered.add(Draft.launcher(
                        Phase.NAMESPACES, joins(), new JoinNamespace(NamespacePass.flag(type), path, slot)));
            }
        }
        steps.add(Draft.launcher(Phase.SPAWN, joins(), container(false)));
        steps.addAll(CallerPass.become(c));
        steps.addAll(entered);
    }

    private Set<NamespaceType> inside() {
        return request.container().namespaces();
    }

    /**
     * What the launcher enters: all but the cgroup namespace, from which the kernel lets nobody be put into a group outside it, and the
     * user namespace, in which it would no longer be who may write to the group. A rootless launcher has no rights before it is in there.
     */
    private Set<NamespaceType> first() {
        Set<NamespaceType> types = EnumSet.noneOf(NamespaceType.class);
        types.addAll(inside());
        types.remove(NamespaceType.CGROUP);
        if (!c.facts.rootless()) {
            types.remove(NamespaceType.USER);
        }
        return types;
    }

    private Set<NamespaceType> last() {
        Set<NamespaceType> types = EnumSet.noneOf(NamespaceType.class);
        types.addAll(inside());
        types.removeAll(first());
        return types;
    }

    private static void enter(List<Draft> steps, Actor actor, Set<NamespaceType> types) {
        if (!types.isEmpty()) {
            long flags = types.stream().mapToLong(NamespacePass::flag).reduce(0, (left, right) -> left | right);
            steps.add(Draft.of(
                    actor,
                    actor == Actor.INIT ? Phase.IDENTITY : Phase.NAMESPACES,
                    joins(),
                    new EnterContainer(flags)));
        }
    }

    /** In a user namespace that hides parts of its procfs no other can be had; the steps that write to our own files need one. */
    private boolean hostProcfs() {
        return inside().contains(NamespaceType.USER)
                && (process.oomScoreAdj().isPresent()
                        || process.apparmorProfile().isPresent()
                        || process.selinuxLabel().isPresent());
    }

    private void affinity(List<Draft> steps, Actor actor, String member) {
        Optional<String> list = process.execCpuAffinity()
                .flatMap(affinity -> member.equals("initial") ? affinity.initial() : affinity.last());
        List<Integer> processors = list.flatMap(text -> NumberList.parse(text, NumberList.PROCESSORS))
                .orElse(List.of());
        if (!processors.isEmpty()) {
            steps.add(Draft.of(
                    actor,
                    actor == Actor.INIT ? Phase.IDENTITY : Phase.SPAWN,
                    field("/process/execCPUAffinity/" + member),
                    new SetCpuAffinity(processors)));
        }
    }

    private OpenTerminal terminal() {
        return process.consoleSize()
                .map(size -> new OpenTerminal((int) size.width(), (int) size.height()))
                .orElse(new OpenTerminal(0, 0));
    }

    private static Draft record(Phase phase, Status status) {
        return Draft.helper(phase, rule("required-by-runtime"), new RecordStatus(status.word()));
    }

    private static Origin joins() {
        return rule("joins-container");
    }

    static String file(NamespaceType type) {
        return switch (type) {
            case NETWORK -> "net";
            case MOUNT -> "mnt";
            default -> type.word();
        };
    }

    /** The request of a container whose process this is: what create was told and no file says is read from its recorded plans. */
    private static PlanRequest planned(ExecRequest request) {
        Compiled.Ready made = request.made();
        boolean keyring = made.start().stream()
                .flatMap(plan -> plan.steps().stream())
                .anyMatch(step -> step.op() instanceof JoinSessionKeyring);
        Spec spec = request.spec();
        Optional<MapCaller> maps = ops(made.create(), MapCaller.class).findFirst();
        if (maps.isPresent()) {
            spec = spec.with(spec.linux()
                    .with(
                            spec.linux().namespaces(),
                            mappings(maps.get().users()),
                            mappings(maps.get().groups())));
        }
        PlanRequest plain = new PlanRequest(
                        spec,
                        request.bundle(),
                        request.name(),
                        request.stateDirectory(),
                        request.facts(),
                        request.streams(),
                        request.preserve(),
                        false,
                        made.start().isPresent() && !keyring,
                        request.umask(),
                        request.seccomp(),
                        CgroupManager.CGROUPFS)
                .spawnedBy(request.spawner());
        return made.create()
                .caller()
                .map(caller -> plain.confinedTo(confinement(caller, made.create())))
                .orElse(plain);
    }

    /** Whom the container's own plan became: it is their container, whoever executes in it. */
    static Confinement confinement(BecomeCaller caller, Plan create) {
        List<Limit> limits = create.of(Actor.LAUNCHER)
                .filter(step -> step.op() instanceof SetRlimit)
                .map(step -> (SetRlimit) step.op())
                .map(limit -> new Limit(limit.resource(), limit.soft(), limit.hard()))
                .toList();
        return new Confinement(
                caller.uid(),
                caller.gid(),
                caller.groups(),
                List.of(),
                List.of(),
                caller.nice(),
                caller.oomScore(),
                limits,
                Confinement.Caps.NONE);
    }

    private static <T extends Op> Stream<T> ops(Plan plan, Class<T> type) {
        return plan.steps().stream().map(Step::op).filter(type::isInstance).map(type::cast);
    }

    /** The lines of {@code uid_map}. */
    private static List<IdMapping> mappings(String lines) {
        return lines.lines()
                .map(line -> line.strip().split("\\s+"))
                .map(part -> new IdMapping(Long.parseLong(part[0]), Long.parseLong(part[1]), Long.parseLong(part[2])))
                .toList();
    }
}

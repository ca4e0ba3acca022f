package org.slipway.model.plan;

import static org.slipway.model.plan.Draft.field;
import static org.slipway.model.plan.Draft.rule;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.slipway.model.plan.CallerOp.BecomeCaller;
import org.slipway.model.plan.ExecOp.EnterContainer;
import org.slipway.model.plan.ExecOp.OpenContainer;
import org.slipway.model.plan.ExecOp.TakeRoot;
import org.slipway.model.plan.MountOp.Attach;
import org.slipway.model.plan.MountOp.MakeDevice;
import org.slipway.model.plan.MountOp.MaskPath;
import org.slipway.model.plan.MountOp.MountFilesystem;
import org.slipway.model.plan.MountOp.ReadonlyPath;
import org.slipway.model.plan.NamespaceOp.BecomeContainerRoot;
import org.slipway.model.plan.NamespaceOp.JoinNamespace;
import org.slipway.model.plan.NamespaceOp.OpenNamespace;
import org.slipway.model.plan.NamespaceOp.SetDomainname;
import org.slipway.model.plan.NamespaceOp.SetHostname;
import org.slipway.model.plan.NamespaceOp.WriteSysctl;
import org.slipway.model.plan.ProcessOp.SetRlimit;
import org.slipway.model.plan.VisitOp.DetachMount;
import org.slipway.model.plan.VisitOp.PrepareMasks;
import org.slipway.model.plan.VisitOp.RemoveDevice;
import org.slipway.model.plan.VisitOp.SpawnVisitor;
import org.slipway.model.spec.Linux;
import org.slipway.model.spec.Mount;
import org.slipway.model.spec.NamespaceType;
import org.slipway.model.spec.Spec;

/**
 * What an update does inside: one visit of a launcher, with the steps that create would do for what is asked, each with what takes it back.
 * Pure; the order is that of {@code docs/adr/0015-changes-inside.md}.
 */
final class LiveVisit {

    /** What a name is where none was ever set, see domainname(1). */
    private static final String UNNAMED = "(none)";

    private final LiveUpdate update;
    private final Spec old;
    private final Compilation c;
    private final Optional<ExecRequest.Living> living;

    /** Before the container is entered, with the host's mounts in sight. */
    private final List<Draft> sources = new ArrayList<>();

    /** Inside. */
    private final List<Draft> steps = new ArrayList<>();

    private LiveVisit(LiveUpdate update) {
        this.update = update;
        this.old = update.before().spec();
        this.living = update.inside().living();
        this.c = new Compilation(
                update.before().of(update.after()),
                living.map(ExecRequest.Living::pid).orElse(0));
    }

    /** The steps; empty if nothing inside is asked for. What stands against it goes to problems. */
    static List<Draft> of(LiveUpdate update, List<PlanProblem> problems) {
        LiveVisit visit = new LiveVisit(update);
        visit.names();
        visit.sysctls();
        visit.mounts();
        visit.devices();
        visit.paths();
        visit.removals();
        boolean asked = !visit.steps.isEmpty();
        if (asked && visit.living.isEmpty()) {
            visit.c.problem("live-gone", visit.pointer());
        }
        problems.addAll(visit.c.problems);
        return asked && visit.living.isPresent() ? visit.framed() : List.of();
    }

    private String pointer() {
        return steps.getFirst().origin() instanceof Origin.Field(String pointer) ? pointer : "";
    }

    private boolean asked(String member) {
        return update.members().contains(member);
    }

    private void inside(Draft draft) {
        steps.add(new Draft(Actor.LAUNCHER, Phase.LIVE, draft.origin(), draft.op(), draft.undo()));
    }

    private void inside(String pointer, Op op, Op undo) {
        inside(Draft.launcher(Phase.LIVE, field(pointer), op).undoneBy(undo));
    }

    private void names() {
        if (asked("/hostname")) {
            c.spec.hostname()
                    .ifPresent(name ->
                            inside("/hostname", new SetHostname(name), new SetHostname(parameter("kernel/hostname"))));
        }
        if (asked("/domainname")) {
            c.spec.domainname()
                    .ifPresent(name -> inside(
                            "/domainname", new SetDomainname(name), new SetDomainname(parameter("kernel/domainname"))));
        }
    }

    private String parameter(String path) {
        return update.inside().parameter(path).orElse(UNNAMED);
    }

    private void sysctls() {
        if (!asked("/linux/sysctl")) {
            return;
        }
        for (Draft draft : PathPass.paths(c, List.of())) {
            if (!(draft.op() instanceof WriteSysctl write)) {
                continue;
            }
            Optional<String> now = update.inside().parameter(write.path());
            boolean same =
                    now.filter(text -> LiveReadings.same(text, write.value())).isPresent();
            if (now.isPresent() && !same) {
                inside(draft.undoneBy(new WriteSysctl(write.path(), now.get(), write.namespace())));
            } else if (now.isEmpty()) {
                inside(draft); // the kernel's refusal says why
            }
        }
    }

    private void mounts() {
        if (!asked("/mounts")) {
            return;
        }
        MountPass pass = new MountPass(c, new CgroupPass(c));
        for (int i = 0; i < c.spec.mounts().size(); i++) {
            Mount mount = c.spec.mounts().get(i);
            Optional<Mount> former = at(old, mount.destination());
            if (former.isEmpty()) {
                add(pass, "/mounts/" + i, mount);
            } else if (!former.get().equals(mount)) {
                remount("/mounts/" + i, former.get(), mount);
            }
        }
    }

    private static Optional<Mount> at(Spec spec, String destination) {
        return spec.mounts().stream()
                .filter(mount -> Paths.clean(mount.destination()).equals(Paths.clean(destination)))
                .findFirst();
    }

    private void add(MountPass pass, String pointer, Mount mount) {
        String type = mount.type().orElse("");
        boolean bind = MountOptions.parse(mount.options()).bind;
        if (type.startsWith("cgroup") && !bind) {
            c.problem("live-not-offered", pointer, Map.of("member", pointer));
        } else if (bind && !c.launcherIsRoot()) {
            c.problem("live-from-host", pointer, Map.of("member", pointer));
        }
        pass.sources.stream().filter(draft -> of(draft, pointer)).forEach(sources::add);
        pass.mounts.stream().filter(draft -> of(draft, pointer)).forEach(draft -> inside(attaching(draft)));
        pass.late.stream().filter(draft -> of(draft, pointer)).forEach(this::inside);
    }

    private static boolean of(Draft draft, String pointer) {
        return draft.origin().equals(field(pointer));
    }

    /** A step that puts a mount or node somewhere is taken back by removing it. */
    private static Draft attaching(Draft draft) {
        return switch (draft.op()) {
            case MountFilesystem mount -> draft.undoneBy(new DetachMount(mount.target()));
            case Attach attach -> draft.undoneBy(new DetachMount(attach.target()));
            case MaskPath mask -> draft.undoneBy(new DetachMount(mask.path()));
            case ReadonlyPath path -> draft.undoneBy(new DetachMount(path.path()));
            case MakeDevice device ->
                draft.undoneBy(new RemoveDevice(device.path(), device.mode(), device.major(), device.minor()));
            default -> draft;
        };
    }

    /** The same mount with other options: what the kernel changes on a mount that is there, in one step each. */
    private void remount(String pointer, Mount former, Mount mount) {
        Optional<LiveRemount> remount = LiveRemount.of(former, mount, c.confined());
        if (remount.isEmpty()) {
            c.problem(
                    "live-mount-differs",
                    pointer,
                    Map.of("member", pointer, "target", Paths.clean(mount.destination())));
        } else {
            remount.get().steps(field(pointer), update.inside().mounts()).forEach(this::inside);
        }
    }

    private void devices() {
        if (!asked("/linux/devices")) {
            return;
        }
        DevicePass pass = new DevicePass(c);
        for (int i = 0; i < c.linux.devices().size(); i++) {
            String pointer = "/linux/devices/" + i;
            if (old.linux().devices().contains(c.linux.devices().get(i))) {
                continue;
            }
            if (!c.canMakeNodes()
                    && !c.launcherIsRoot()
                    && !c.linux.devices().get(i).type().equals("p")) {
                c.problem("live-from-host", pointer, Map.of("member", pointer));
            }
            pass.sources.stream().filter(draft -> of(draft, pointer)).forEach(sources::add);
            pass.nodes.stream().filter(draft -> of(draft, pointer)).forEach(draft -> inside(attaching(draft)));
        }
    }

    private void paths() {
        Linux was = old.linux();
        List<Draft> all = PathPass.paths(c, List.of());
        if (asked("/linux/readonlyPaths")) {
            further(all, "/linux/readonlyPaths/", was.readonlyPaths(), c.linux.readonlyPaths());
        }
        if (asked("/linux/maskedPaths")) {
            further(all, "/linux/maskedPaths/", was.maskedPaths(), c.linux.maskedPaths());
        }
    }

    private void further(List<Draft> all, String pointer, List<String> before, List<String> after) {
        IntStream.range(0, after.size())
                .filter(i -> !before.contains(after.get(i)))
                .forEach(i -> all.stream()
                        .filter(draft -> of(draft, pointer + i))
                        .forEach(draft -> inside(attaching(draft))));
    }

    /** Last of all: what is unmounted can't be had again as it was. */
    private void removals() {
        for (String target : update.unmount()) {
            String clean = Paths.clean(target);
            int index = IntStream.range(0, old.mounts().size())
                    .filter(i -> Paths.clean(old.mounts().get(i).destination()).equals(clean))
                    .findFirst()
                    .orElse(-1);
            if (index < 0 || clean.equals("/")) {
                c.problem("live-mount-missing", "/mounts", Map.of("target", clean));
            } else {
                inside(Draft.launcher(Phase.LIVE, field("/mounts/" + index), new DetachMount(clean)));
            }
        }
    }

    private List<Draft> framed() {
        ExecRequest.Living container = living.orElseThrow();
        List<Draft> all = new ArrayList<>();
        all.add(Draft.helper(Phase.LIVE, rule("visits-container"), new SpawnVisitor()));
        boolean masks = steps.stream().anyMatch(step -> step.op() instanceof MaskPath);
        Optional<BecomeCaller> caller = update.plans().create().caller();
        if (caller.isPresent()) {
            confined(all, container, caller.get(), masks);
        } else {
            sources.forEach(source ->
                    all.add(new Draft(Actor.LAUNCHER, Phase.LIVE, source.origin(), source.op(), Optional.empty())));
            visiting(all, open(container));
            if (masks) {
                visiting(all, new PrepareMasks());
            }
            Set<NamespaceType> types = entered(container);
            if (!types.isEmpty()) {
                visiting(
                        all,
                        new EnterContainer(types.stream()
                                .mapToLong(NamespacePass::flag)
                                .reduce(0, (left, right) -> left | right)));
            }
        }
        if (container.namespaces().contains(NamespaceType.USER)) {
            visiting(all, new BecomeContainerRoot());
        }
        visiting(all, new TakeRoot());
        all.addAll(steps);
        return all;
    }

    /** As exec does it: namespaces are taken hold of as root, and entered as the caller, whom the kernel then judges. */
    private void confined(List<Draft> all, ExecRequest.Living container, BecomeCaller caller, boolean masks) {
        List<Op> joins = new ArrayList<>();
        for (NamespaceType type : NamespacePass.userFirst()) {
            if (entered(container).contains(type)) {
                String path = "/proc/" + container.pid() + "/ns/" + ExecPlanner.file(type);
                visiting(all, new OpenNamespace(type.ordinal(), NamespacePass.flag(type), path));
                joins.add(new JoinNamespace(NamespacePass.flag(type), path, type.ordinal()));
                if (type == NamespaceType.USER && masks) {
                    joins.add(new PrepareMasks());
                }
            }
        }
        visiting(all, open(container));
        ExecPlanner.confinement(caller, update.plans().create())
                .limits()
                .forEach(limit -> visiting(all, new SetRlimit(limit.resource(), limit.soft(), limit.hard())));
        visiting(all, caller);
        joins.forEach(join -> visiting(all, join));
    }

    /** With the host's procfs: by it parameters are written and mounts let go of, whatever the container has put on its own. */
    private static OpenContainer open(ExecRequest.Living container) {
        return new OpenContainer(container.pid(), container.startTime(), true);
    }

    private static Set<NamespaceType> entered(ExecRequest.Living container) {
        Set<NamespaceType> types = EnumSet.noneOf(NamespaceType.class);
        types.addAll(container.namespaces());
        types.remove(NamespaceType.CGROUP);
        types.remove(NamespaceType.TIME);
        return types;
    }

    private static void visiting(List<Draft> all, Op op) {
        all.add(Draft.launcher(Phase.LIVE, rule("visits-container"), op));
    }

    /** Whether a step only leads in. */
    static boolean leadsIn(Op op) {
        return switch (op) {
            case OpenNamespace _,
                    OpenContainer _,
                    SetRlimit _,
                    BecomeCaller _,
                    JoinNamespace _,
                    EnterContainer _,
                    BecomeContainerRoot _,
                    TakeRoot _ -> true;
            default -> false;
        };
    }
}

package org.slipway.model.plan;

import static org.slipway.model.plan.Draft.field;
import static org.slipway.model.plan.Draft.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slipway.model.plan.CgroupOp.EnableControllers;
import org.slipway.model.plan.CgroupOp.EnterCgroup;
import org.slipway.model.plan.CgroupOp.HandOverCgroup;
import org.slipway.model.plan.CgroupOp.InheritCpuset;
import org.slipway.model.plan.CgroupOp.MakeCgroup;
import org.slipway.model.plan.CgroupOp.MakeCgroupParent;
import org.slipway.model.plan.CgroupOp.OpenCgroup;
import org.slipway.model.plan.CgroupOp.RemoveCgroup;
import org.slipway.model.plan.CgroupOp.RemoveCgroupParent;
import org.slipway.model.plan.CgroupOp.StartScope;
import org.slipway.model.plan.CgroupOp.StopScope;
import org.slipway.model.plan.CgroupOp.WriteCgroupFile;
import org.slipway.model.spec.IdMapping;
import org.slipway.model.spec.Mount;
import org.slipway.model.spec.NamespaceType;

/** The container's cgroups: made with their limits before anything lives in them, entered by init itself. */
final class CgroupPass {

    private final Compilation c;
    private final List<CgroupPlace> places;
    private final List<Draft> limits;

    CgroupPass(Compilation c) {
        this.c = c;
        this.places = CgroupPlace.of(c);
        this.limits = CgroupLimits.of(c, places);
    }

    List<CgroupPlace> places() {
        return places;
    }

    /** Whether init is born in its cgroup (confined: because the launcher is in it), so that a new cgroup namespace can be born with it. */
    boolean entersByClone() {
        return c.confined()
                || places.stream()
                        .allMatch(place -> place.unified() && place.scope().isEmpty());
    }

    /** The argument of {@link NamespaceOp.CloneInit}. */
    int cloneSlot() {
        return places.stream()
                .filter(place -> place.unified() && place.scope().isEmpty() && !c.confined())
                .findFirst()
                .map(place -> place.slot() + 1)
                .orElse(0);
    }

    /** Where all processes of the container can be found: the unified hierarchy has a file for it, else the freezer stops them. */
    Optional<String> killable() {
        return places.stream()
                .filter(CgroupPlace::unified)
                .findFirst()
                .or(() -> places.stream().filter(place -> place.has("freezer")).findFirst())
                .or(() -> places.stream().findFirst())
                .map(CgroupPlace::directory);
    }

    /** Where the v1 freezer stops them all: a frozen process there cannot even be killed. */
    Optional<String> freezer() {
        return places.stream()
                .filter(place -> place.has("freezer") && !place.unified())
                .findFirst()
                .map(CgroupPlace::directory);
    }

    List<Draft> make() {
        if (scoped()) {
            return List.of();
        }
        List<Draft> steps = new ArrayList<>();
        for (CgroupPlace place : places) {
            enable(steps, place, place.start());
            for (String parent : place.parents()) {
                steps.add(Draft.helper(Phase.CGROUP, origin(), new MakeCgroupParent(parent))
                        .undoneBy(new RemoveCgroupParent(parent)));
                caps(steps, place, parent);
                enable(steps, place, parent);
            }
            steps.add(Draft.helper(Phase.CGROUP, origin(), new MakeCgroup(place.directory()))
                    .undoneBy(new RemoveCgroup(place.directory())));
            if (place.has("cpuset") && !place.unified()) {
                steps.add(Draft.helper(Phase.CGROUP, rule("required-by-kernel"), new InheritCpuset(place.directory())));
            }
        }
        steps.addAll(limits.stream().filter(limit -> !late(limit)).toList());
        handOver().ifPresent(steps::add);
        return steps;
    }

    /** A scope of systemd begins with a process: init is there by then, and waits. */
    List<Draft> scope() {
        if (!scoped()) {
            return List.of();
        }
        CgroupPlace place = places.getFirst();
        Scope scope = place.scope().orElseThrow();
        List<Draft> steps = new ArrayList<>();
        steps.add(Draft.helper(
                        Phase.IDENTITY,
                        origin(),
                        new StartScope(scope.unit(), scope.slice(), place.directory(), Scope.properties(c)))
                .undoneBy(new StopScope(scope.unit(), place.directory())));
        for (Draft limit : limits) {
            steps.add(new Draft(limit.actor(), Phase.IDENTITY, limit.origin(), limit.op(), limit.undo()));
        }
        handOver().ifPresent(steps::add);
        return steps;
    }

    private boolean scoped() {
        return places.stream().anyMatch(place -> place.scope().isPresent());
    }

    /**
     * Config-linux.md, Cgroup ownership: on v2 alone, in a cgroup namespace of its own, with its cgroups mounted to be written to. What is
     * root's anyway needs no handing over.
     */
    private Optional<Draft> handOver() {
        boolean v2 = c.facts.cgroups() instanceof HostFacts.V2 && !c.facts.rootless();
        if (!v2 || c.confined() || places.isEmpty() || !c.linux.isNew(NamespaceType.CGROUP)) {
            return Optional.empty();
        }
        for (int i = 0; i < c.spec.mounts().size(); i++) {
            Mount mount = c.spec.mounts().get(i);
            if (mount.source().filter("cgroup"::equals).isPresent()
                    && Paths.clean(mount.destination()).equals("/sys/fs/cgroup")
                    && !readonly(mount.options())) {
                Origin because = field("/mounts/" + i);
                return hostUid()
                        .filter(uid -> uid != 0)
                        .map(uid -> Draft.helper(
                                scoped() ? Phase.IDENTITY : Phase.CGROUP,
                                because,
                                new HandOverCgroup(places.getFirst().directory(), uid.intValue())));
            }
        }
        return Optional.empty();
    }

    private static boolean readonly(List<String> options) {
        return options.lastIndexOf("ro") > options.lastIndexOf("rw") || options.contains("rro");
    }

    /** Whom the program's user is on the host; unknown in a user namespace that somebody else made. */
    private Optional<Long> hostUid() {
        long uid = c.spec.process().map(process -> process.user().uid()).orElse(0L);
        if (!c.userNamespace()) {
            return Optional.of(uid);
        }
        for (IdMapping range : c.linux.uidMappings()) {
            if (uid >= range.containerId() && uid - range.containerId() < range.size()) {
                return Optional.of(range.hostId() + uid - range.containerId());
            }
        }
        return Optional.empty();
    }

    /** The number of processes counts the launcher too while it is in the cgroup: it is limited once init exists. */
    List<Draft> afterTheClone() {
        return limits.stream().filter(this::late).toList();
    }

    private boolean late(Draft limit) {
        return c.confined()
                && limit.op() instanceof WriteCgroupFile write
                && write.file().endsWith("/pids.max");
    }

    /** What all containers of one person may use together, on the node that is theirs. */
    private void caps(List<Draft> steps, CgroupPlace place, String parent) {
        c.confinement
                .filter(caller -> parent.endsWith("/slipway/" + Integer.toUnsignedString(caller.uid())))
                .map(Confinement::caps)
                .ifPresent(caps -> {
                    if (caps.pids() > 0 && place.has("pids")) {
                        cap(steps, parent + "/pids.max", caps.pids());
                    }
                    if (caps.memory() > 0 && place.has("memory")) {
                        cap(
                                steps,
                                parent + (place.unified() ? "/memory.max" : "/memory.limit_in_bytes"),
                                caps.memory());
                    }
                });
    }

    private static void cap(List<Draft> steps, String file, long value) {
        steps.add(Draft.helper(Phase.CGROUP, rule("confined-tier"), new WriteCgroupFile(file, Long.toString(value))));
    }

    List<Draft> open() {
        return places.stream()
                .filter(place -> place.scope().isEmpty())
                .map(place -> Draft.launcher(
                        c.confined() ? Phase.SPAWN : Phase.NAMESPACES,
                        origin(),
                        new OpenCgroup(place.slot(), entrance(place))))
                .toList();
    }

    /** Version 1 only: on version 2 init is cloned into its cgroup. Confined: the launcher, while it is root, enters them all. */
    List<Draft> enter() {
        return places.stream()
                .filter(place -> c.confined() || !place.unified())
                .map(place -> c.confined()
                        ? Draft.launcher(Phase.SPAWN, origin(), new EnterCgroup(place.slot()))
                        : Draft.init(Phase.IDENTITY, origin(), new EnterCgroup(place.slot())))
                .toList();
    }

    private String entrance(CgroupPlace place) {
        return c.confined() && place.unified() ? place.directory() + "/cgroup.procs" : place.entrance();
    }

    private Origin origin() {
        return c.linux.cgroupsPath().isPresent() ? field("/linux/cgroupsPath") : rule("default-cgroup");
    }

    private void enable(List<Draft> steps, CgroupPlace place, String directory) {
        Set<String> wanted = new TreeSet<>(CgroupLimits.controllers(c));
        wanted.addAll(List.of("memory", "pids"));
        wanted.retainAll(place.controllers());
        if (place.unified() && !wanted.isEmpty()) {
            steps.add(Draft.helper(
                    Phase.CGROUP, rule("required-by-kernel"), new EnableControllers(directory, List.copyOf(wanted))));
        }
    }
}

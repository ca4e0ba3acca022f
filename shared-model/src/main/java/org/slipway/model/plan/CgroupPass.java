package org.slipway.model.plan;

import static org.slipway.model.plan.Draft.field;
import static org.slipway.model.plan.Draft.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slipway.model.plan.CgroupOp.EnterCgroup;
import org.slipway.model.plan.CgroupOp.InheritCpuset;
import org.slipway.model.plan.CgroupOp.MakeCgroup;
import org.slipway.model.plan.CgroupOp.MakeCgroupParent;
import org.slipway.model.plan.CgroupOp.OpenCgroup;
import org.slipway.model.plan.CgroupOp.RemoveCgroup;
import org.slipway.model.plan.CgroupOp.RemoveCgroupParent;
import org.slipway.model.plan.CgroupOp.WriteCgroupFile;

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

    /** Whether init is born in its cgroup, so that a new cgroup namespace can be born with it. */
    boolean entersByClone() {
        return places.stream().allMatch(CgroupPlace::unified);
    }

    /** The argument of {@link NamespaceOp.CloneInit}. */
    int cloneSlot() {
        return places.stream()
                .filter(CgroupPlace::unified)
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

    List<Draft> make() {
        List<Draft> steps = new ArrayList<>();
        for (CgroupPlace place : places) {
            enable(steps, place, place.start());
            for (String parent : place.parents()) {
                steps.add(Draft.helper(Phase.CGROUP, origin(), new MakeCgroupParent(parent))
                        .undoneBy(new RemoveCgroupParent(parent)));
                enable(steps, place, parent);
            }
            steps.add(Draft.helper(Phase.CGROUP, origin(), new MakeCgroup(place.directory()))
                    .undoneBy(new RemoveCgroup(place.directory())));
            if (place.has("cpuset") && !place.unified()) {
                steps.add(Draft.helper(Phase.CGROUP, rule("required-by-kernel"), new InheritCpuset(place.directory())));
            }
        }
        steps.addAll(limits);
        return steps;
    }

    List<Draft> open() {
        return places.stream()
                .map(place ->
                        Draft.launcher(Phase.NAMESPACES, origin(), new OpenCgroup(place.slot(), place.entrance())))
                .toList();
    }

    /** Version 1 only: on version 2 init is cloned into its cgroup. */
    List<Draft> enter() {
        return places.stream()
                .filter(place -> !place.unified())
                .map(place -> Draft.init(Phase.IDENTITY, origin(), new EnterCgroup(place.slot())))
                .toList();
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
                    Phase.CGROUP,
                    rule("required-by-kernel"),
                    new WriteCgroupFile(directory + "/cgroup.subtree_control", "+" + String.join(" +", wanted))));
        }
    }
}

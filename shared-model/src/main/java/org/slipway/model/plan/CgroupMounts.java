package org.slipway.model.plan;

import static org.slipway.model.plan.Draft.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slipway.model.plan.HostFacts.Hierarchy;
import org.slipway.model.plan.HostFacts.Hybrid;
import org.slipway.model.plan.HostFacts.V1;
import org.slipway.model.plan.HostFacts.V2;
import org.slipway.model.plan.MountOp.Bind;
import org.slipway.model.plan.MountOp.ChangeAttributes;
import org.slipway.model.plan.MountOp.MakeLink;
import org.slipway.model.plan.MountOp.MakeTarget;
import org.slipway.model.plan.MountOp.MountFilesystem;
import org.slipway.model.plan.MountOp.Target;
import org.slipway.model.spec.NamespaceType;

/**
 * A mount of type {@code cgroup}: what the container may see of its own control groups (MNT-52). Type {@code cgroup2} is the unified
 * hierarchy alone, also where controllers are in others.
 *
 * <p>With a cgroup namespace the filesystems are mounted anew and show the container's directory as their root; without one that directory is
 * bound. On v1 they stand side by side in a small tmpfs, with links from each controller of a joint hierarchy.
 */
final class CgroupMounts {

    private final Compilation c;
    private final Origin origin;
    private final String target;
    private final MountOptions options;
    private final List<Draft> steps = new ArrayList<>();

    private CgroupMounts(Compilation c, Origin origin, String target, MountOptions options) {
        this.c = c;
        this.origin = origin;
        this.target = target;
        this.options = options;
    }

    static List<Draft> of(
            Compilation c,
            CgroupPass cgroups,
            Origin origin,
            String type,
            String target,
            MountOptions options,
            List<Draft> late) {
        CgroupMounts mounts = new CgroupMounts(c, origin, target, options);
        switch (c.facts.cgroups()) {
            case V2 _ -> mounts.unified(cgroups);
            case HostFacts.Cgroups _ when type.equals("cgroup2") -> mounts.unified(cgroups);
            case V1 v1 -> mounts.sideBySide(v1.hierarchies(), cgroups, late);
            case Hybrid hybrid -> mounts.sideBySide(hybrid.hierarchies(), cgroups, late);
        }
        return mounts.steps;
    }

    private void unified(CgroupPass cgroups) {
        steps.add(Draft.init(Phase.MOUNTS, origin, new MakeTarget(target, Target.DIRECTORY, "")));
        Optional<String> directory = cgroups.places().stream()
                .filter(CgroupPlace::unified)
                .map(CgroupPlace::directory)
                .findFirst();
        if (ownNamespace() || directory.isEmpty()) {
            steps.add(Draft.init(
                    Phase.MOUNTS,
                    origin,
                    new MountFilesystem("cgroup2", "cgroup", target, options.own.set, List.of(), options.propagation)));
        } else {
            bind(directory.get(), target);
        }
    }

    private void sideBySide(List<Hierarchy> hierarchies, CgroupPass cgroups, List<Draft> late) {
        steps.add(Draft.init(Phase.MOUNTS, origin, new MakeTarget(target, Target.DIRECTORY, "")));
        steps.add(Draft.init(
                Phase.MOUNTS,
                origin,
                new MountFilesystem(
                        "tmpfs",
                        "tmpfs",
                        target,
                        options.own.set & ~MountOp.RDONLY,
                        List.of("mode=755"),
                        options.propagation)));
        for (int i = 0; i < hierarchies.size(); i++) {
            Hierarchy hierarchy = hierarchies.get(i);
            String below = target + "/" + Paths.name(hierarchy.mountpoint());
            steps.add(Draft.init(Phase.MOUNTS, origin, new MakeTarget(below, Target.DIRECTORY, "")));
            if (ownNamespace() || cgroups.places().isEmpty()) {
                // not "ro" for the filesystem: a v1 hierarchy is one for the whole machine
                steps.add(Draft.init(
                        Phase.MOUNTS,
                        origin,
                        new MountFilesystem(
                                "cgroup",
                                "cgroup",
                                below,
                                options.own.set,
                                hierarchy.controllers(),
                                options.propagation)));
            } else {
                bind(cgroups.places().get(i).directory(), below);
            }
            links(hierarchy);
        }
        if (options.readonly()) {
            late.add(Draft.init(Phase.PATHS, origin, new ChangeAttributes(target, MountOp.RDONLY, 0, false)));
        }
    }

    private void links(Hierarchy hierarchy) {
        String directory = Paths.name(hierarchy.mountpoint());
        if (hierarchy.controllers().size() < 2) {
            return;
        }
        for (String controller : hierarchy.controllers()) {
            if (!controller.equals(directory)) {
                steps.add(Draft.init(
                        Phase.MOUNTS,
                        rule("controller-links"),
                        new MakeLink(directory, target + "/" + controller, "")));
            }
        }
    }

    private void bind(String directory, String place) {
        MountOptions.Attributes own = options.own;
        steps.add(Draft.init(
                Phase.MOUNTS, origin, new Bind(directory, place, true, own.set, own.clear, 0, 0, options.propagation)));
    }

    private boolean ownNamespace() {
        return c.linux.namespace(NamespaceType.CGROUP).isPresent();
    }
}

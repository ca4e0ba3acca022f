package org.slipway.model.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slipway.model.plan.HostFacts.Hierarchy;
import org.slipway.model.plan.HostFacts.V2;

/**
 * The container's directory in one hierarchy.
 *
 * @param start the directory at which ways down begin: it exists
 * @param directory the container's own
 * @param controllers as {@link Hierarchy}; on v2 those that can be enabled
 * @param unified whether the hierarchy is of version 2
 * @param slot of the descriptor through which init enters
 * @param scope what systemd makes and removes it as; empty where that is ours to do
 */
record CgroupPlace(
        String start, String directory, List<String> controllers, boolean unified, int slot, Optional<Scope> scope) {

    /** The places of a container, in the order of the hierarchies; none for a rootless container on v1. */
    static List<CgroupPlace> of(Compilation c) {
        if (c.request.manager() != CgroupManager.CGROUPFS) {
            return c.request.manager() == CgroupManager.SYSTEMD ? ofSystemd(c) : List.of();
        }
        c.linux
                .cgroupsPath()
                .filter(Scope::isTriple)
                .ifPresent(_ -> c.problem("cgroup-path-is-systemd", "/linux/cgroupsPath"));
        return switch (c.facts.cgroups()) {
            case V2 v2 -> List.of(unified(c, v2));
            case HostFacts.V1 v1 -> c.facts.rootless() ? List.of() : v1(c, v1.hierarchies());
            case HostFacts.Hybrid hybrid -> {
                if (c.facts.rootless()) {
                    yield List.of();
                }
                List<CgroupPlace> places = new ArrayList<>(v1(c, hybrid.hierarchies()));
                places.add(unified(c, hybrid.unified()));
                yield places;
            }
        };
    }

    private static List<CgroupPlace> ofSystemd(Compilation c) {
        if (c.facts.rootless() || !(c.facts.cgroups() instanceof V2 v2)) {
            c.problem("systemd-needs-cgroup2", "/linux/cgroupsPath");
            return List.of();
        }
        return Scope.of(c)
                .map(scope -> {
                    String directory = Paths.join(v2.mountpoint(), scope.path());
                    return List.of(new CgroupPlace(
                            Paths.parent(directory), directory, v2.controllers(), true, c.slot(), Optional.of(scope)));
                })
                .orElse(List.of());
    }

    /** Parents from the top down, without the start and the container's own. */
    List<String> parents() {
        List<String> parents = new ArrayList<>();
        String below = directory.substring(start.length());
        String path = start;
        List<String> parts = Paths.parts(below);
        for (String part : parts.subList(0, Math.max(0, parts.size() - 1))) {
            path = path + "/" + part;
            parents.add(path);
        }
        return parents;
    }

    /** The file or directory that init's descriptor is opened on. */
    String entrance() {
        return unified ? directory : directory + "/tasks";
    }

    boolean has(String controller) {
        return controllers.contains(controller);
    }

    private static List<CgroupPlace> v1(Compilation c, List<Hierarchy> hierarchies) {
        return hierarchies.stream()
                .map(hierarchy -> place(c, hierarchy.mountpoint(), hierarchy.base(), hierarchy.controllers(), false))
                .toList();
    }

    private static CgroupPlace unified(Compilation c, V2 v2) {
        return place(c, v2.mountpoint(), v2.base(), v2.controllers(), true);
    }

    private static CgroupPlace place(
            Compilation c, String mountpoint, String base, List<String> controllers, boolean unified) {
        String own = c.linux
                .cgroupsPath()
                .map(path -> c.confined()
                        ? Paths.join(
                                base,
                                "/slipway/"
                                        + Integer.toUnsignedString(
                                                c.request.name().uid()) + Paths.clean(path))
                        : path.startsWith("/") ? Paths.clean(path) : Paths.join(base, Paths.clean(path)))
                .orElseGet(() -> Paths.join(
                        base,
                        "/slipway/" + Integer.toUnsignedString(c.request.name().uid()) + "/"
                                + c.request.name().id().fileName()));
        boolean belowBase = !base.equals("/") && own.startsWith(base + "/");
        String start = belowBase ? Paths.join(mountpoint, base) : mountpoint;
        return new CgroupPlace(start, Paths.join(mountpoint, own), controllers, unified, c.slot(), Optional.empty());
    }
}

package org.slipway.model.plan;

import static org.slipway.model.plan.Draft.rule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slipway.model.plan.CgroupOp.EnterCgroup;
import org.slipway.model.plan.CgroupOp.OpenCgroup;
import org.slipway.model.plan.HostFacts.Hierarchy;

/** The cgroups that a further process enters: the container's, or some below them. */
final class ExecCgroups {

    private record Place(String directory, boolean unified, int slot) {}

    private final Compilation c;
    private final List<Place> places = new ArrayList<>();

    ExecCgroups(Compilation c, ExecRequest request) {
        this.c = c;
        Set<String> used = new HashSet<>();
        for (String directory : request.container().cgroups()) {
            places.add(new Place(below(directory, request.cgroups(), used), unified(directory), c.slot()));
        }
        request.cgroups().stream()
                .filter(asked -> !used.contains(asked) && !places.isEmpty())
                .forEach(asked -> c.problem("exec-cgroup-unknown", "", Map.of("path", asked)));
    }

    /** The directory with what was asked for below it; the last that names its hierarchy wins over one for all. */
    private String below(String directory, List<String> asked, Set<String> used) {
        String most = "";
        boolean named = false;
        for (String entry : asked) {
            int colon = entry.indexOf(':');
            String path = entry.substring(colon + 1);
            if (Arrays.asList(path.split("/")).contains("..")) {
                c.problem("exec-cgroup-outside", "", Map.of("path", entry));
            } else if (colon < 0 && !named) {
                used.add(entry);
                most = path;
            } else if (colon >= 0 && names(entry.substring(0, colon), directory)) {
                used.add(entry);
                named = true;
                most = path;
            } else if (colon < 0) {
                used.add(entry);
            }
        }
        return most.isEmpty() ? directory : Paths.join(directory, Paths.clean("/" + most));
    }

    private boolean names(String controllers, String directory) {
        List<Hierarchy> hierarchies = switch (c.facts.cgroups()) {
            case HostFacts.V1 v1 -> v1.hierarchies();
            case HostFacts.Hybrid hybrid -> hybrid.hierarchies();
            case HostFacts.V2 _ -> List.of();
        };
        return hierarchies.stream()
                .filter(hierarchy -> within(directory, hierarchy.mountpoint()))
                .anyMatch(hierarchy -> Arrays.stream(controllers.split(","))
                        .anyMatch(name -> hierarchy.controllers().contains(name)));
    }

    private boolean unified(String directory) {
        return switch (c.facts.cgroups()) {
            case HostFacts.V1 _ -> false;
            case HostFacts.Hybrid hybrid -> within(directory, hybrid.unified().mountpoint());
            case HostFacts.V2 _ -> true;
        };
    }

    private static boolean within(String path, String directory) {
        return path.equals(directory) || path.startsWith(directory + "/");
    }

    /** By the launcher, while paths mean what they mean on the host. */
    List<Draft> open() {
        return places.stream()
                .map(place -> Draft.launcher(Phase.SPAWN, origin(), new OpenCgroup(place.slot(), entrance(place))))
                .toList();
    }

    private String entrance(Place place) {
        if (!place.unified()) {
            return place.directory() + "/tasks";
        }
        return c.confined() ? place.directory() + "/cgroup.procs" : place.directory();
    }

    /** Confined: the launcher, while it is root. Else the process itself, and on version 2 it is born there. */
    List<Draft> enter() {
        return places.stream()
                .filter(place -> c.confined() || !place.unified())
                .map(place -> c.confined()
                        ? Draft.launcher(Phase.SPAWN, origin(), new EnterCgroup(place.slot()))
                        : Draft.init(Phase.IDENTITY, origin(), new EnterCgroup(place.slot())))
                .toList();
    }

    /** The argument of {@link NamespaceOp.CloneInit}. */
    int cloneSlot() {
        return places.stream()
                .filter(place -> place.unified() && !c.confined())
                .findFirst()
                .map(place -> place.slot() + 1)
                .orElse(0);
    }

    private static Origin origin() {
        return rule("joins-container");
    }
}

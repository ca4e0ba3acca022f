package org.slipway.model.plan;

import static org.slipway.model.plan.Draft.field;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slipway.model.plan.CgroupOp.CheckUsage;
import org.slipway.model.plan.CgroupOp.RaiseRealtime;
import org.slipway.model.plan.CgroupOp.WriteCgroupFile;
import org.slipway.model.plan.CgroupOp.WriteFirstCgroupFile;
import org.slipway.model.spec.Resources;

/** What {@code linux.resources} writes, in the files of the host's version. */
final class CgroupLimits {

    private static final String AT = "/linux/resources";

    private final Compilation c;
    private final List<CgroupPlace> places;
    private final List<Draft> steps = new ArrayList<>();

    private CgroupLimits(Compilation c, List<CgroupPlace> places) {
        this.c = c;
        this.places = places;
    }

    static List<Draft> of(Compilation c, List<CgroupPlace> places) {
        CgroupLimits limits = new CgroupLimits(c, places);
        if (places.isEmpty()) {
            if (!controllers(c).isEmpty()) {
                c.problem(
                        c.request.manager() == CgroupManager.DISABLED ? "limits-need-cgroup" : "limits-need-cgroup2",
                        AT);
            }
            return List.of();
        }
        boolean v2 = c.facts.cgroups() instanceof HostFacts.V2;
        if (!c.facts.rootless()) {
            limits.steps.addAll(v2 ? DevicePass.program(c, places.getFirst()) : DevicePass.lines(c, places));
        }
        limits.resources();
        return limits.steps;
    }

    /** What is written to files of one value, without the rules about devices. */
    static List<Draft> written(Compilation c, List<CgroupPlace> places) {
        if (places.isEmpty()) {
            return of(c, places);
        }
        CgroupLimits limits = new CgroupLimits(c, places);
        limits.resources();
        return limits.steps;
    }

    private void resources() {
        c.linux.resources().ifPresent(resources -> {
            if (c.facts.cgroups() instanceof HostFacts.V2) {
                LimitsV2.write(this, resources);
            } else {
                LimitsV1.write(this, resources);
            }
        });
    }

    /** The controllers that the settings need, apart from devices: names of v1, {@code io} for {@code blkio} on v2. */
    static Set<String> controllers(Compilation c) {
        Set<String> names = new TreeSet<>();
        Optional<Resources> found = c.linux.resources();
        if (found.isEmpty()) {
            return names;
        }
        Resources resources = found.get();
        resources.memory().ifPresent(_ -> names.add("memory"));
        resources.pidsLimit().ifPresent(_ -> names.add("pids"));
        resources.cpu().ifPresent(cpu -> {
            if (cpu.cpus().isPresent() || cpu.mems().isPresent()) {
                names.add("cpuset");
            }
            if (cpu.shares().isPresent()
                    || cpu.quota().isPresent()
                    || cpu.period().isPresent()
                    || cpu.burst().isPresent()
                    || cpu.idle().isPresent()) {
                names.add("cpu");
            }
        });
        resources.blockIo().ifPresent(_ -> names.add("io"));
        if (!resources.hugepageLimits().isEmpty()) {
            names.add("hugetlb");
        }
        if (!resources.rdma().isEmpty()) {
            names.add("rdma");
        }
        resources.unified().keySet().stream()
                .filter(key -> key.contains(".") && !key.startsWith("cgroup."))
                .forEach(key -> names.add(key.substring(0, key.indexOf('.'))));
        return names;
    }

    /** Writes a setting where its controller is; a controller that is not there is a problem of that member. */
    void put(String controller, String member, String file, String value) {
        at(controller, member)
                .ifPresent(place -> step(member, new WriteCgroupFile(place.directory() + "/" + file, value)));
    }

    /**
     * Writes a setting that has one name or another.
     *
     * @param values file to value, the one to be preferred first
     * @param required whether it is an error when the host has none of the files
     */
    void putFirst(String controller, String member, boolean required, Map<String, String> values) {
        at(controller, member)
                .ifPresent(place -> step(
                        member,
                        new WriteFirstCgroupFile(
                                values.keySet().stream()
                                        .map(file -> place.directory() + "/" + file)
                                        .toList(),
                                List.copyOf(values.values()),
                                required)));
    }

    /** Before a limit is written: that no more than it is used already. */
    void check(String controller, String member, String file, long bytes) {
        at(controller, member).ifPresent(place -> step(member, new CheckUsage(place.directory() + "/" + file, bytes)));
    }

    /** Time for real-time processes in the parents, which a child's is a part of. */
    void raiseRealtime(String member, long period, long runtime) {
        at("cpu", member)
                .ifPresent(place ->
                        place.parents().forEach(parent -> step(member, new RaiseRealtime(parent, period, runtime))));
    }

    /** Whether a controller is in the hierarchy of version 2. */
    boolean unified(String controller) {
        return places.stream()
                .filter(place -> place.has(controller))
                .findFirst()
                .filter(CgroupPlace::unified)
                .isPresent();
    }

    private Optional<CgroupPlace> at(String controller, String member) {
        Optional<CgroupPlace> place =
                places.stream().filter(candidate -> candidate.has(controller)).findFirst();
        if (place.isEmpty()) {
            c.problem("controller-missing", AT + member, Map.of("controller", controller));
        }
        return place;
    }

    private void step(String member, CgroupOp op) {
        steps.add(Draft.helper(Phase.CGROUP, field(AT + member), op));
    }

    void put(String controller, String member, String file, Optional<?> value) {
        value.ifPresent(found -> put(controller, member, file, found.toString()));
    }

    /** A file that belongs to no controller, such as those of {@code unified}. */
    void putUnified(String key, String value) {
        String pointer = AT + "/unified/" + key.replace("~", "~0").replace("/", "~1");
        String controller = key.contains(".") ? key.substring(0, key.indexOf('.')) : key;
        CgroupPlace place = places.getFirst();
        if (!controller.equals("cgroup") && !place.has(controller)) {
            c.problem("controller-missing", pointer, Map.of("controller", controller));
            return;
        }
        for (String line : value.split("\n", -1)) {
            if (!line.isEmpty()) {
                steps.add(Draft.helper(
                        Phase.CGROUP, field(pointer), new WriteCgroupFile(place.directory() + "/" + key, line)));
            }
        }
    }

    boolean kernelAtLeast(int major, int minor) {
        return c.facts.kernelAtLeast(major, minor);
    }

    /** A setting that this version of control groups has no counterpart for. */
    void impossible(String member) {
        c.problem("no-counterpart", AT + member);
    }

    void problem(String code, String member) {
        c.problem(code, AT + member);
    }
}

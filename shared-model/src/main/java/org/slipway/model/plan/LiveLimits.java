package org.slipway.model.plan;

import static org.slipway.model.plan.Draft.field;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slipway.model.plan.CgroupOp.WriteCgroupFile;
import org.slipway.model.plan.CgroupOp.WriteFirstCgroupFile;
import org.slipway.model.plan.Readings.Present;
import org.slipway.model.spec.Resources;

/**
 * What an update of {@code linux.resources} writes: the steps that create would write for what is asked, each with what the file holds now as
 * its undo, in an order in which the kernel takes every value between the old ones and the new.
 */
final class LiveLimits {

    private static final String AT = "/linux/resources";

    private final Compilation c;
    private final List<CgroupPlace> places;
    private final Present present;
    private final List<Draft> steps = new ArrayList<>();

    private LiveLimits(Compilation c, List<CgroupPlace> places, Present present) {
        this.c = c;
        this.places = places;
        this.present = present;
    }

    /** The steps; the resources of the compilation are those asked for, with the neighbours that are written along with them. */
    static List<Draft> of(Compilation c, List<CgroupPlace> places, Present present) {
        LiveLimits limits = new LiveLimits(c, places, present);
        CgroupLimits.written(c, places).forEach(limits::step);
        c.linux.resources().ifPresent(limits::beyondCreate);
        limits.order();
        return limits.steps;
    }

    private void step(Draft draft) {
        switch (draft.op()) {
            case WriteCgroupFile write -> change(draft, write.file(), write.value());
            case WriteFirstCgroupFile write -> {
                for (int i = 0; i < write.files().size(); i++) {
                    if (present.text(write.files().get(i)).isPresent()) {
                        change(draft, write.files().get(i), write.values().get(i));
                        return;
                    }
                }
                if (enabled(draft, write.files().getLast())) {
                    steps.add(Draft.helper(Phase.LIVE, draft.origin(), write));
                } else if (!write.files().getFirst().contains(".rsvd.")) {
                    notOffered(draft, write.files().getLast());
                }
            }
            default -> steps.add(draft);
        }
    }

    private void change(Draft draft, String file, String value) {
        Optional<String> text = present.text(file);
        if (text.isPresent()) {
            steps.add(Draft.helper(Phase.LIVE, draft.origin(), new WriteCgroupFile(file, value))
                    .undoneBy(new WriteCgroupFile(file, Readings.former(file, text.get(), value))));
        } else if (enabled(draft, file)) {
            // it goes again with its controller
            steps.add(Draft.helper(Phase.LIVE, draft.origin(), new WriteCgroupFile(file, value)));
        } else {
            notOffered(draft, file);
        }
    }

    /**
     * On v2 a cgroup has the files of those controllers alone that are enabled from above, and create enables those that its configuration needs.
     *
     * @return false if that is not why the file is missing
     */
    private boolean enabled(Draft draft, String file) {
        String name = file.substring(file.lastIndexOf('/') + 1);
        String controller = name.substring(0, Math.max(0, name.indexOf('.')));
        Optional<CgroupPlace> place = places.stream()
                .filter(candidate -> candidate.unified() && candidate.has(controller))
                .filter(candidate -> file.startsWith(candidate.directory() + "/"))
                .findFirst();
        if (place.isEmpty() || lists(place.get().directory() + "/cgroup.controllers", controller)) {
            return false;
        }
        List<String> above = new ArrayList<>(List.of(place.get().start()));
        above.addAll(place.get().parents());
        for (String directory : above) {
            String control = directory + "/cgroup.subtree_control";
            Draft enable = Draft.helper(Phase.LIVE, draft.origin(), new WriteCgroupFile(control, "+" + controller))
                    .undoneBy(new WriteCgroupFile(control, "-" + controller));
            boolean planned = steps.stream().anyMatch(step -> step.op().equals(enable.op()));
            if (!planned && !lists(control, controller)) {
                steps.add(enable);
            }
        }
        return true;
    }

    private boolean lists(String file, String controller) {
        return List.of(present.text(file).orElse("").strip().split(" ", -1)).contains(controller);
    }

    private void notOffered(Draft draft, String file) {
        String pointer = draft.origin() instanceof Origin.Field(String member) ? member : AT;
        c.problem("limit-not-offered", pointer, Map.of("file", file));
    }

    /** What a new cgroup has anyway, and a live one may have otherwise. */
    private void beyondCreate(Resources resources) {
        resources.memory().flatMap(Resources.Memory::disableOomKiller).ifPresent(off -> {
            if (!off) {
                put("memory", "/memory/disableOOMKiller", "memory.oom_control", "0");
            }
        });
        resources.blockIo().ifPresent(io -> {
            for (int i = 0; i < io.weightDevice().size(); i++) {
                var device = io.weightDevice().get(i);
                if (device.weight().isEmpty() && device.leafWeight().isEmpty()) {
                    String value = device.major() + ":" + device.minor() + " default";
                    boolean v2 = c.facts.cgroups() instanceof HostFacts.V2;
                    List<String> names = v2
                            ? List.of("io.bfq.weight", "io.weight")
                            : List.of("blkio.bfq.weight_device", "blkio.weight_device");
                    putFirst(v2 ? "io" : "blkio", "/blockIO/weightDevice/" + i, names, value);
                }
            }
        });
        swapWithoutLimit();
    }

    /** On v1 memory and swap together are never less than memory alone: no limit for the one is none for both. */
    private void swapWithoutLimit() {
        int limit = place("/memory.limit_in_bytes");
        if (limit < 0
                || place("/memory.memsw.limit_in_bytes") >= 0
                || !value(limit).equals("-1")) {
            return;
        }
        String file = file(limit).replace("limit_in_bytes", "memsw.limit_in_bytes");
        present.text(file)
                .filter(text -> !Readings.same(file, text, "-1"))
                .ifPresent(_ -> put("memory", "/memory/limit", "memory.memsw.limit_in_bytes", "-1"));
    }

    private void put(String controller, String member, String file, String value) {
        putFirst(controller, member, List.of(file), value);
    }

    private void putFirst(String controller, String member, List<String> files, String value) {
        places.stream()
                .filter(place -> place.has(controller))
                .findFirst()
                .ifPresent(place -> step(Draft.helper(
                        Phase.LIVE,
                        field(AT + member),
                        new WriteFirstCgroupFile(
                                files.stream()
                                        .map(file -> place.directory() + "/" + file)
                                        .toList(),
                                files.stream().map(_ -> value).toList(),
                                true))));
    }

    private void order() {
        // memory alone may never be more than memory and swap together
        int limit = place("/memory.limit_in_bytes");
        int swap = place("/memory.memsw.limit_in_bytes");
        if (limit >= 0 && swap >= 0 && wanted(limit).compareTo(now(swap)) > 0) {
            before("/memory.memsw.limit_in_bytes", "/memory.limit_in_bytes");
        }
        // between the two writes the share of a processor must not be larger than both the old and the new one
        int period = place("/cpu.cfs_period_us");
        if (period >= 0 && wanted(period).compareTo(now(period)) < 0) {
            before("/cpu.cfs_quota_us", "/cpu.cfs_period_us");
        }
        // a burst is never more than the quota
        int burst = place("/cpu.cfs_burst_us");
        if (burst >= 0 && wanted(burst).compareTo(now(burst)) < 0) {
            before("/cpu.cfs_burst_us", "/cpu.cfs_quota_us");
        }
        int realtime = place("/cpu.rt_period_us");
        if (realtime >= 0 && wanted(realtime).compareTo(now(realtime)) < 0) {
            before("/cpu.rt_runtime_us", "/cpu.rt_period_us");
        }
        int maximum = place("/cpu.max.burst");
        if (maximum >= 0 && wanted(maximum).compareTo(now(maximum)) < 0) {
            before("/cpu.max.burst", "/cpu.max");
        }
    }

    private void before(String first, String second) {
        int from = place(first);
        int to = place(second);
        if (from > to && to >= 0) {
            steps.add(to, steps.remove(from));
        }
    }

    private int place(String file) {
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).op() instanceof WriteCgroupFile write
                    && write.file().endsWith(file)) {
                return i;
            }
        }
        return -1;
    }

    private String file(int step) {
        return ((WriteCgroupFile) steps.get(step).op()).file();
    }

    private String value(int step) {
        return ((WriteCgroupFile) steps.get(step).op()).value();
    }

    private BigInteger wanted(int step) {
        return Readings.number(value(step));
    }

    private BigInteger now(int step) {
        return Readings.number(present.text(file(step)).orElse("0"));
    }
}

package org.slipway.model.plan;

import static org.slipway.model.plan.Draft.field;
import static org.slipway.model.plan.Draft.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slipway.model.plan.CgroupOp.StartScope;
import org.slipway.model.plan.LiveOp.RecordConfiguration;
import org.slipway.model.plan.LiveOp.ReplaceDeviceFilter;
import org.slipway.model.plan.LiveOp.SetScopeProperties;
import org.slipway.model.plan.Readings.Present;
import org.slipway.model.plan.VisitOp.ResizeTerminal;
import org.slipway.model.spec.Process;
import org.slipway.model.spec.Spec;

/**
 * The plan of an update: what is written, in which order, and what takes each back. Whether a member may change at all was judged before.
 *
 * @param before what was so far
 * @param after what shall be
 * @param asked the same with nothing in {@code linux.resources} and {@code linux.intelRdt} but what is asked for, and the neighbours that
 *     are written along with it
 * @param members pointers of what is asked for, of objects their members
 * @param plans those by which the container was made
 * @param present what the machine holds now
 * @param inside what the container's namespaces hold now
 * @param unmount targets of mounts that are taken away
 */
public record LiveUpdate(
        PlanRequest before,
        Spec after,
        Spec asked,
        Set<String> members,
        Compiled.Ready plans,
        Present present,
        Inside inside,
        List<String> unmount) {

    private static final String DEVICES = "/linux/resources/devices";
    private static final String INFINITY = "18446744073709551615";

    /** What systemd takes for a property that was never set. */
    private static final Map<String, String> UNSET = Map.of(
            "MemoryLow", "0",
            "MemoryMin", "0",
            "AllowedCPUs", "",
            "AllowedMemoryNodes", "");

    public LiveUpdate {
        members = Set.copyOf(members);
        unmount = List.copyOf(unmount);
    }

    /** What came of it: a plan, or what stands against it. */
    public record Planned(Plan plan, List<PlanProblem> problems) {}

    /** Makes the plan. */
    public Planned plan() {
        Compilation wanted = compilation(asked);
        List<CgroupPlace> places = places(wanted);
        List<Draft> steps = new ArrayList<>();
        scope().ifPresent(unit -> steps.addAll(properties(unit, wanted)));
        steps.addAll(LiveLimits.of(wanted, places, present));
        boolean nodes = members.contains("/linux/devices") && !places.isEmpty();
        if (nodes || members.stream().anyMatch(member -> member.equals(DEVICES) || member.startsWith(DEVICES + "/"))) {
            steps.addAll(devices(places, wanted));
        }
        String everyone = plans.killable()
                .or(plans::freezer)
                .orElse(plans.cgroups().isEmpty() ? "" : plans.cgroups().getFirst());
        asked.linux()
                .intelRdt()
                .ifPresent(rdt -> steps.addAll(
                        LiveRdt.of(wanted, rdt, before.spec().linux().intelRdt(), plans.create(), present, everyone)));
        steps.addAll(processes(everyone, wanted));
        steps.addAll(terminal(wanted));
        steps.addAll(LiveNetwork.of(before.spec(), compilation(after), members, wanted.problems));
        steps.addAll(LiveVisit.of(this, wanted.problems));
        steps.add(Draft.helper(Phase.LIVE, rule("required-by-runtime"), new RecordConfiguration()));
        return new Planned(
                BarrierPass.plan(PlanKind.UPDATE, plans.create().profile(), steps),
                wanted.problems.stream().distinct().toList());
    }

    private Compilation compilation(Spec spec) {
        return new Compilation(before.of(spec));
    }

    /** Where the container is, whatever the helper's own place is by now. */
    private List<CgroupPlace> places(Compilation c) {
        List<CgroupPlace> now = CgroupPlace.of(c);
        if (now.size() != plans.cgroups().size()) {
            return now;
        }
        List<CgroupPlace> places = new ArrayList<>();
        for (int i = 0; i < now.size(); i++) {
            CgroupPlace place = now.get(i);
            String recorded = plans.cgroups().get(i);
            places.add(
                    recorded.equals(place.directory())
                            ? place
                            : new CgroupPlace(
                                    Paths.parent(recorded),
                                    recorded,
                                    place.controllers(),
                                    place.unified(),
                                    place.slot(),
                                    place.scope()));
        }
        return places;
    }

    private Optional<String> scope() {
        return plans.create().steps().stream()
                .flatMap(step -> step.op() instanceof StartScope start
                        ? java.util.stream.Stream.of(start.unit())
                        : java.util.stream.Stream.empty())
                .findFirst();
    }

    private List<Draft> properties(String unit, Compilation wanted) {
        Map<String, String> now = named(Scope.properties(compilation(before.spec())));
        Map<String, String> next = named(Scope.properties(wanted));
        wanted.linux.resources().flatMap(resources -> resources.cpu()).ifPresent(cpu -> {
            if (cpu.quota().filter(quota -> quota < 0).isPresent()) {
                next.put("CPUQuotaPerSecUSec", INFINITY);
            }
        });
        if (next.isEmpty()) {
            return List.of();
        }
        List<String> values = new ArrayList<>();
        List<String> former = new ArrayList<>();
        next.forEach((name, value) -> {
            values.add(name + "=" + value);
            former.add(name + "=" + now.getOrDefault(name, UNSET.getOrDefault(name, INFINITY)));
        });
        return List.of(Draft.helper(Phase.LIVE, field("/linux/resources"), new SetScopeProperties(unit, values))
                .undoneBy(new SetScopeProperties(unit, former)));
    }

    private static Map<String, String> named(List<String> properties) {
        Map<String, String> named = new LinkedHashMap<>();
        for (String property : properties) {
            String[] halves = property.split("=", 2);
            named.put(halves[0], halves[1]);
        }
        return named;
    }

    private List<Draft> devices(List<CgroupPlace> places, Compilation wanted) {
        Compilation old = compilation(before.spec());
        Compilation next = compilation(after);
        List<Draft> steps = List.of();
        if (places.isEmpty()) {
            wanted.problem("limits-need-cgroup", DEVICES);
        } else if (wanted.facts.cgroups() instanceof HostFacts.V2) {
            String cgroup = places.getFirst().directory();
            Blob former = DeviceProgram.compile(DeviceRules.of(old));
            Blob program = DeviceProgram.compile(DeviceRules.of(next));
            steps = List.of(Draft.helper(Phase.LIVE, field(DEVICES), new ReplaceDeviceFilter(cgroup, program))
                    .undoneBy(new ReplaceDeviceFilter(cgroup, former)));
        } else {
            Optional<CgroupPlace> place = places.stream()
                    .filter(candidate -> candidate.has("devices"))
                    .findFirst();
            if (place.isEmpty()) {
                wanted.problem("controller-missing", DEVICES, Map.of("controller", "devices"));
            } else {
                steps = DeviceLines.change(next, place.get().directory(), DeviceRules.of(old), DeviceRules.of(next));
            }
        }
        wanted.problems.addAll(next.problems);
        return steps;
    }

    private List<Draft> terminal(Compilation wanted) {
        if (!members.contains("/process/consoleSize")) {
            return List.of();
        }
        Optional<Process> process = after.process();
        if (process.filter(Process::terminal).isEmpty()) {
            wanted.problem("live-no-terminal", "/process/consoleSize");
        }
        Optional<ResizeTerminal> former = before.spec()
                .process()
                .flatMap(Process::consoleSize)
                .map(size -> new ResizeTerminal((int) size.width(), (int) size.height()));
        return process
                .flatMap(Process::consoleSize)
                .map(size -> Draft.helper(
                        Phase.LIVE, field("/process/consoleSize"), new ResizeTerminal((int) size.width(), (int)
                                size.height())))
                .map(step -> former.map(step::undoneBy).orElse(step))
                .stream()
                .toList();
    }

    private List<Draft> processes(String everyone, Compilation wanted) {
        List<String> asking = members.stream()
                .filter(member -> member.startsWith("/process/") && !member.equals("/process/consoleSize"))
                .toList();
        if (asking.isEmpty()) {
            return List.of();
        } else if (everyone.isEmpty()) {
            wanted.problem("limits-need-cgroup", asking.getFirst());
            return List.of();
        }
        return wanted.spec
                .process()
                .map(process -> LiveProcesses.of(
                        BarrierPass.plan(PlanKind.START, plans.create().profile(), ProcessPass.of(wanted, process)),
                        members,
                        everyone))
                .orElse(List.of());
    }
}

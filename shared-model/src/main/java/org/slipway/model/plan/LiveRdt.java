package org.slipway.model.plan;

import static org.slipway.model.plan.Draft.field;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slipway.model.plan.CgroupOp.WriteCgroupFile;
import org.slipway.model.plan.LiveOp.MoveProcesses;
import org.slipway.model.plan.Readings.Present;
import org.slipway.model.plan.ResctrlOp.Group;
import org.slipway.model.plan.ResctrlOp.MakeResctrlGroup;
import org.slipway.model.plan.ResctrlOp.RemoveResctrlGroup;
import org.slipway.model.spec.Linux.IntelRdt;

/** What an update of {@code linux.intelRdt} does: new shares for a group of the container's own, or another group for its processes. */
final class LiveRdt {

    private static final String AT = "/linux/intelRdt";

    private final Compilation c;
    private final Present present;
    private final String cgroup;
    private final List<Draft> steps = new ArrayList<>();

    private LiveRdt(Compilation c, Present present, String cgroup) {
        this.c = c;
        this.present = present;
        this.cgroup = cgroup;
    }

    /**
     * The steps.
     *
     * @param asked what is asked, without the rest
     * @param before what was so far
     * @param create the plan by which the container was made, which tells whose its group is
     */
    static List<Draft> of(
            Compilation c, IntelRdt asked, Optional<IntelRdt> before, Plan create, Present present, String cgroup) {
        LiveRdt rdt = new LiveRdt(c, present, cgroup);
        Optional<String> own = create.steps().stream()
                .flatMap(step -> step.op() instanceof MakeResctrlGroup make
                                && make.kind() == Group.OWN
                                && !make.path().contains("/mon_groups/")
                        ? java.util.stream.Stream.of(make.path())
                        : java.util.stream.Stream.empty())
                .findFirst()
                .filter(_ -> before.flatMap(IntelRdt::closId).isEmpty());
        Optional<String> mounted = c.facts.resctrl();
        if (mounted.isEmpty()) {
            c.problem("resctrl-missing", AT);
            return List.of();
        }
        asked.closId().ifPresent(id -> rdt.moveClass(mounted.get(), id, own, before));
        rdt.schemata(asked, own);
        if (asked.enableMonitoring()) {
            rdt.monitor(own);
        }
        return rdt.steps;
    }

    private void moveClass(String mounted, String id, Optional<String> own, Optional<IntelRdt> before) {
        String target = group(mounted, id);
        if (present.text(target + "/tasks").isEmpty()) {
            c.problem("rdt-group-missing", AT + "/closID", Map.of("path", target));
            return;
        }
        String old = own.orElseGet(() -> before.flatMap(IntelRdt::closId)
                .map(named -> group(mounted, named))
                .orElse(mounted));
        steps.add(Draft.helper(Phase.LIVE, field(AT + "/closID"), new MoveProcesses(cgroup, target + "/tasks"))
                .undoneBy(new MoveProcesses(cgroup, old + "/tasks")));
    }

    private static String group(String mounted, String id) {
        return id.equals("/") ? mounted : mounted + "/" + id;
    }

    private void schemata(IntelRdt asked, Optional<String> own) {
        asked.l3CacheSchema().ifPresent(lines -> schema("/l3CacheSchema", lines, own));
        asked.memBwSchema().ifPresent(lines -> schema("/memBwSchema", lines, own));
        for (int i = 0; i < asked.schemata().size(); i++) {
            schema("/schemata/" + i, asked.schemata().get(i), own);
        }
    }

    private void schema(String member, String lines, Optional<String> own) {
        if (own.isEmpty()) {
            c.problem("rdt-group-not-own", AT + member, Map.of("member", AT + member));
            return;
        }
        String file = own.get() + "/schemata";
        Optional<String> text = present.text(file);
        if (text.isEmpty()) {
            c.problem("limit-not-offered", AT + member, Map.of("file", file));
            return;
        }
        for (String line : lines.lines().toList()) {
            String value = line + "\n";
            steps.add(Draft.helper(Phase.LIVE, field(AT + member), new WriteCgroupFile(file, value))
                    .undoneBy(new WriteCgroupFile(file, Readings.former(file, text.get(), value))));
        }
    }

    /** A monitoring group in a group of the container's own goes with it; in another it would stay. */
    private void monitor(Optional<String> own) {
        if (own.isEmpty()) {
            c.problem("rdt-group-not-own", AT + "/enableMonitoring", Map.of("member", AT + "/enableMonitoring"));
            return;
        }
        String group = own.get() + "/mon_groups/" + c.request.name().id().value();
        if (present.text(group + "/tasks").isEmpty()) {
            steps.add(Draft.helper(
                            Phase.LIVE,
                            field(AT + "/enableMonitoring"),
                            new MakeResctrlGroup(group, Group.OWN, List.of()))
                    .undoneBy(new RemoveResctrlGroup(group)));
        }
        steps.add(Draft.helper(Phase.LIVE, field(AT + "/enableMonitoring"), new MoveProcesses(cgroup, group + "/tasks"))
                .undoneBy(new MoveProcesses(cgroup, own.get() + "/tasks")));
    }
}

package org.slipway.model.plan;

import static org.slipway.model.plan.Draft.field;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slipway.model.plan.CgroupOp.MoveInit;
import org.slipway.model.plan.ResctrlOp.Group;
import org.slipway.model.plan.ResctrlOp.MakeResctrlGroup;
import org.slipway.model.plan.ResctrlOp.RemoveResctrlGroup;
import org.slipway.model.spec.Linux.IntelRdt;

/**
 * Shares of cache and memory bandwidth (config-linux.md, Intel RDT): the groups are made before anything lives, and init is written into them
 * before it does anything.
 */
final class ResctrlPass {

    private static final String AT = "/linux/intelRdt";

    private final Compilation c;
    private final Optional<IntelRdt> rdt;
    private final String mountpoint;
    private final String group;

    ResctrlPass(Compilation c) {
        this.c = c;
        this.rdt = c.linux.intelRdt();
        this.mountpoint = c.facts.resctrl().orElse("");
        String id = c.request.name().id().value();
        this.group = rdt.flatMap(IntelRdt::closId)
                .map(named -> named.equals("/") ? mountpoint : mountpoint + "/" + named)
                .orElse(mountpoint + "/" + id);
        if (rdt.isPresent() && c.facts.resctrl().isEmpty()) {
            c.problem("resctrl-missing", AT);
        }
    }

    List<Draft> make() {
        if (rdt.isEmpty()) {
            return List.of();
        }
        IntelRdt settings = rdt.get();
        List<Draft> steps = new ArrayList<>();
        List<String> schemata = Stream.of(
                        settings.l3CacheSchema().stream(),
                        settings.memBwSchema().stream(),
                        settings.schemata().stream())
                .flatMap(lines -> lines)
                .toList();
        Group kind = settings.closId().isEmpty() ? Group.OWN : schemata.isEmpty() ? Group.FOREIGN : Group.SHARED;
        Draft made = Draft.helper(
                Phase.CGROUP,
                field(settings.closId().isEmpty() ? AT : AT + "/closID"),
                new MakeResctrlGroup(group, kind, schemata));
        steps.add(kind == Group.OWN ? made.undoneBy(new RemoveResctrlGroup(group)) : made);
        if (settings.enableMonitoring()) {
            steps.add(Draft.helper(
                            Phase.CGROUP,
                            field(AT + "/enableMonitoring"),
                            new MakeResctrlGroup(monitoring(), Group.OWN, List.of()))
                    .undoneBy(new RemoveResctrlGroup(monitoring())));
        }
        return steps;
    }

    /** A monitoring group takes only what is in the group that it lies in. */
    List<Draft> enter() {
        if (rdt.isEmpty()) {
            return List.of();
        }
        List<Draft> steps = new ArrayList<>();
        steps.add(Draft.helper(Phase.IDENTITY, field(AT), new MoveInit(group + "/tasks")));
        if (rdt.get().enableMonitoring()) {
            steps.add(Draft.helper(
                    Phase.IDENTITY, field(AT + "/enableMonitoring"), new MoveInit(monitoring() + "/tasks")));
        }
        return steps;
    }

    private String monitoring() {
        return group + "/mon_groups/" + c.request.name().id().value();
    }
}

package org.slipway.model.plan;

import static org.slipway.model.plan.Draft.field;
import static org.slipway.model.plan.Draft.rule;

import java.util.ArrayList;
import java.util.List;
import org.slipway.model.plan.CallerOp.BecomeCaller;
import org.slipway.model.plan.CallerOp.MapCaller;
import org.slipway.model.plan.CallerOp.NewUserNamespace;
import org.slipway.model.plan.ProcessOp.SetOomScoreAdj;
import org.slipway.model.plan.ProcessOp.SetRlimit;
import org.slipway.model.spec.NamespaceType;

/** The beginning of a confined plan: the launcher becomes the caller, and the user namespace is the caller's. */
final class CallerPass {

    private CallerPass() {}

    /** After the cgroups are entered, before anything of the caller's is looked at. */
    static List<Draft> become(Compilation c) {
        if (c.confinement.isEmpty()) {
            return List.of();
        }
        Confinement caller = c.confinement.get();
        Origin tier = rule("confined-tier");
        List<Draft> steps = new ArrayList<>();
        caller.limits()
                .forEach(limit -> steps.add(Draft.launcher(
                        Phase.SPAWN, tier, new SetRlimit(limit.resource(), limit.soft(), limit.hard()))));
        steps.add(Draft.launcher(
                Phase.SPAWN,
                tier,
                new BecomeCaller(caller.uid(), caller.gid(), caller.groups(), caller.nice(), caller.oomScore())));
        // here, because init could only write it by being open to its user's eyes
        c.spec.process()
                .flatMap(process -> process.oomScoreAdj())
                .ifPresent(score -> steps.add(
                        Draft.launcher(Phase.SPAWN, field("/process/oomScoreAdj"), new SetOomScoreAdj(score))));
        return steps;
    }

    /** The namespace and its maps. */
    static List<Draft> userNamespace(Compilation c) {
        if (c.confinement.isEmpty() || !c.linux.isNew(NamespaceType.USER)) {
            return List.of();
        }
        Origin maps = c.mappingsAdded() ? rule("confined-tier") : field("/linux/uidMappings");
        return List.of(
                Draft.launcher(Phase.IDENTITY, c.origin(NamespaceType.USER), new NewUserNamespace()),
                Draft.helper(
                        Phase.IDENTITY,
                        maps,
                        new MapCaller(
                                NamespacePass.deniesSetgroups(c),
                                NamespacePass.lines(c.linux.uidMappings()),
                                NamespacePass.lines(c.linux.gidMappings()))));
    }
}

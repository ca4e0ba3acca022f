package org.slipway.model.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.model.plan.CgroupOp.MoveInit;
import org.slipway.model.plan.ResctrlOp.Group;
import org.slipway.model.plan.ResctrlOp.MakeResctrlGroup;
import org.slipway.model.plan.ResctrlOp.RemoveResctrlGroup;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Owned;
import org.slipway.model.test.Requirement;

/** Which groups of resource control a container's plan makes, joins and removes. */
class ResctrlPassTest {

    private static final HostFacts HOST = HostFacts.v2().withResctrl(Optional.of("/res"));

    private static String config(String rdt) {
        return Specs.minimal("{'linux':{'intelRdt':" + rdt + "}}");
    }

    private static Compiled.Ready ready(String rdt) {
        return Plans.ready(config(rdt), HOST);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | /res/web | OWN | ''",
                "{'closID':'gold'} | /res/gold | FOREIGN | ''",
                "{'closID':'/'} | /res | FOREIGN | ''",
                "{'closID':'gold','l3CacheSchema':'L3:0=f'} | /res/gold | SHARED | L3:0=f",
                "{'memBwSchema':'MB:0=20','l3CacheSchema':'L3:0=f'} | /res/web | OWN | L3:0=f MB:0=20",
                "{'schemata':['L2:0=3','MB:1=10'],'memBwSchema':'MB:0=20'} | /res/web | OWN | MB:0=20 L2:0=3 MB:1=10",
                "{'schemata':['L2:0=3'],'closID':'/'} | /res | SHARED | L2:0=3"
            })
    @Requirement({"RDT-04", "RDT-06", "RDT-07", "RDT-08"})
    void theClassIsMadeAsItIsNamed(String rdt, String path, Group kind, String schemata) {
        MakeResctrlGroup made =
                Plans.ops(ready(rdt).create(), MakeResctrlGroup.class).getFirst();
        assertEquals(path, made.path());
        assertEquals(kind, made.kind());
        assertEquals(schemata, String.join(" ", made.schemata()));
    }

    @Test
    @Requirement("RDT-01")
    void initIsWrittenIntoItBeforeItDoesAnything() {
        Plan create = ready("{'closID':'gold','enableMonitoring':true}").create();
        assertEquals(
                List.of(new MoveInit("/res/gold/tasks"), new MoveInit("/res/gold/mon_groups/web/tasks")),
                Plans.ops(create, MoveInit.class));
        int clone = index(create, NamespaceOp.CloneInit.class);
        int move = index(create, MoveInit.class);
        assertTrue(clone < move);
        assertTrue(create.of(Actor.INIT)
                .filter(step -> !(step.op() instanceof BarrierOp))
                .allMatch(step -> step.index() > move));
    }

    private static int index(Plan plan, Class<? extends Op> type) {
        return plan.steps().stream()
                .filter(step -> type.isInstance(step.op()))
                .findFirst()
                .orElseThrow()
                .index();
    }

    @Test
    @Requirement("RDT-02")
    void withoutTheFilesystemItIsRefused() {
        assertEquals(
                List.of(new PlanProblem("resctrl-missing", "/linux/intelRdt", java.util.Map.of())),
                Plans.problems(config("{}"), HostFacts.v2()));
    }

    @Test
    @Requirement("RDT-03")
    void whatIsNotAskedForIsNotTouched() {
        assertTrue(Plans.all(Plans.ready(Specs.minimal("{}"), HOST).create())
                .noneMatch(op -> op instanceof ResctrlOp || op instanceof MoveInit));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | /res/web",
                "{'closID':'gold','l3CacheSchema':'L3:0=f'} | ''",
                "{'closID':'gold'} | ''",
                "{'closID':'/','enableMonitoring':true} | /res/mon_groups/web",
                "{'enableMonitoring':true} | /res/web/mon_groups/web /res/web"
            })
    @Requirement({"RDT-11", "RDT-12"})
    void onlyTheContainersOwnGroupsAreRemoved(String rdt, String expected) {
        Plan delete = Planner.delete(
                ready(rdt), Specs.parse(config(rdt)), "/bundle", new Owned(0, new ContainerId("web")), false);
        assertEquals(
                expected,
                String.join(
                        " ",
                        Plans.ops(delete, RemoveResctrlGroup.class).stream()
                                .map(RemoveResctrlGroup::path)
                                .toList()));
    }
}

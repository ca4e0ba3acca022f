package org.slipway.model.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import org.junit.jupiter.api.Test;

/** Plans and facts come back from JSON as they were. */
class PlanJsonTest {

    @Test
    void plansOfTheDefaultConfigurationComeBack() {
        for (HostFacts facts : new HostFacts[] {HostFacts.v2(), HostFacts.hybrid()}) {
            Compiled compiled = Planner.compile(PlanRequest.explain(Specs.standard(), "/bundle", "web", facts));
            Compiled.Ready ready = assertInstanceOf(Compiled.Ready.class, compiled);
            assertEquals(ready.create(), PlanJson.read(PlanJson.write(ready.create())));
            assertEquals(
                    ready.start().orElseThrow(),
                    PlanJson.read(PlanJson.tree(ready.start().orElseThrow())));
        }
    }

    @Test
    void factsComeBack() {
        assertEquals(HostFacts.v2(), PlanJson.facts(PlanJson.tree(HostFacts.v2())));
        assertEquals(HostFacts.hybrid(), PlanJson.facts(PlanJson.tree(HostFacts.hybrid())));
    }
}

package org.slipway.helper.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slipway.model.plan.Actor;
import org.slipway.model.plan.CallerOp.BecomeCaller;
import org.slipway.model.plan.Op;
import org.slipway.model.plan.Origin;
import org.slipway.model.plan.Phase;
import org.slipway.model.plan.Plan;
import org.slipway.model.plan.PlanKind;
import org.slipway.model.plan.ProcessOp.SetRlimit;
import org.slipway.model.plan.Step;

/** A hook becomes whom the recorded plan became. */
class HookIdentityTest {

    private static Plan plan(Actor actor, Op... ops) {
        List<Step> steps = new java.util.ArrayList<>();
        for (Op op : ops) {
            steps.add(new Step(steps.size(), actor, Phase.SPAWN, new Origin.Default("order"), op, Optional.empty()));
        }
        return new Plan(PlanKind.CREATE, "1.3", steps);
    }

    @Test
    void itIsThePlansCallerWithTheirLimits() {
        assertEquals(
                List.of("--as", "4294967294:100:-3:100,27", "--limits", "7:64:18446744073709551615", "3:1:2"),
                HookIdentity.arguments(plan(
                        Actor.LAUNCHER,
                        new SetRlimit(7, 64, -1),
                        new SetRlimit(3, 1, 2),
                        new BecomeCaller(-2, 100, List.of(100, 27), -3, 0))));
    }

    @Test
    void anAdministratorsHookStaysTheHelper() {
        assertEquals(List.of(), HookIdentity.arguments(plan(Actor.INIT, new SetRlimit(7, 64, 64))));
    }
}

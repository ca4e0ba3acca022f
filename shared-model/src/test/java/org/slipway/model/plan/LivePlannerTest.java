package org.slipway.model.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.slipway.model.plan.LiveOp.FreezeCgroup;
import org.slipway.model.plan.LiveOp.ThawCgroup;
import org.slipway.model.plan.RecordOp.RecordStatus;
import org.slipway.model.test.Requirement;

/** Plans for containers that live. */
class LivePlannerTest {

    private static Compiled.Ready plans(Optional<String> killable, Optional<String> freezer) {
        return new Compiled.Ready(
                new Plan(PlanKind.CREATE, "1.3", List.of()), Optional.empty(), List.of(), killable, freezer);
    }

    private static List<Op> ops(Plan plan) {
        return plan.steps().stream().map(Step::op).toList();
    }

    @Test
    @Requirement("LIVE-FRZ-01")
    void theFreezerOfVersionOneIsTakenWhereThereIsOne() {
        assertEquals(Optional.of("/f"), LivePlanner.freezer(plans(Optional.of("/u"), Optional.of("/f"))));
        assertEquals(Optional.of("/u"), LivePlanner.freezer(plans(Optional.of("/u"), Optional.empty())));
        assertEquals(Optional.empty(), LivePlanner.freezer(plans(Optional.empty(), Optional.empty())));
    }

    @Test
    @Requirement("EXT-PAUSE-01")
    void aPauseThatIsNotRecordedIsTakenBack() {
        Plan pause = LivePlanner.pause("/f");
        assertEquals(List.of(new FreezeCgroup("/f", 10_000), new RecordStatus("paused")), ops(pause));
        assertEquals(List.of(new ThawCgroup("/f", 10_000)), ops(LivePlanner.undo(pause, Set.of(0))));
        assertEquals(List.of(), ops(LivePlanner.undo(pause, Set.of())));
        assertEquals(List.of(new ThawCgroup("/f", 10_000), new RecordStatus("running")), ops(LivePlanner.resume("/f")));
    }
}

package org.slipway.helper.lifecycle;

import java.util.List;
import org.slipway.helper.hook.HookRun;
import org.slipway.helper.log.LogLine;
import org.slipway.model.plan.Plan;
import org.slipway.model.state.Owned;
import org.slipway.model.trace.StepRecord;

/** One thing that happened to a container. */
public sealed interface Event {

    /** Whose it is. */
    Owned name();

    /** A container is there, or changed. */
    record Changed(ContainerView container) implements Event {
        @Override
        public Owned name() {
            return container.name();
        }
    }

    /** A container is gone. */
    record Removed(Owned name) implements Event {}

    /** A plan is about to be run. */
    record Planned(Owned name, Plan plan) implements Event {}

    /** Steps began or ended. */
    record Traced(Owned name, List<StepRecord> records) implements Event {}

    /** A hook wrote something or ended: all of it so far. */
    record HookRan(Owned name, HookRun run) implements Event {}

    /** Output came. */
    record Logged(Owned name, List<LogLine> lines) implements Event {}

    /** Something failed, or a warning. */
    record Trouble(Owned name, Failure failure) implements Event {}
}

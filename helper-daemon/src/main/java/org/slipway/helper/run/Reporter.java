package org.slipway.helper.run;

import java.util.List;
import org.slipway.helper.hook.HookRun;
import org.slipway.model.trace.StepRecord;

/** Hears how a plan goes. Never blocks. */
public interface Reporter {

    /** The helper's own steps, in order; a step that takes long is told when it begins and again when it has ended. */
    void steps(List<StepRecord> records);

    /** A hook of the runtime namespace wrote something, or ended. */
    void hook(HookRun run);

    /** The plan has ended, well or not; what it was run on is still there. */
    void ended();

    /** A step failed and the plan goes on. */
    void warning(StepFailure failure);
}

package org.slipway.helper.run;

import java.io.IOException;
import java.time.Duration;
import org.slipway.helper.cgroup.Freezer;
import org.slipway.model.plan.LiveOp;

/** What the helper does to a container that lives. */
final class LiveDeeds {

    /** Does a step; false if there was nothing to do. */
    boolean run(LiveOp op) throws IOException, InterruptedException {
        switch (op) {
            case LiveOp.FreezeCgroup freeze -> Freezer.freeze(freeze.path(), Duration.ofMillis(freeze.timeoutMillis()));
            case LiveOp.ThawCgroup thaw -> Freezer.thaw(thaw.path(), Duration.ofMillis(thaw.timeoutMillis()));
        }
        return true;
    }
}

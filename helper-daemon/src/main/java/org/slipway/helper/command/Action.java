package org.slipway.helper.command;

import java.io.IOException;
import org.slipway.helper.lifecycle.Failure;

/** A sub-command whose options have been read. */
interface Action {

    /** Does it; the exit status comes back. */
    int run(Context context) throws Failure, IOException, InterruptedException;

    /** Whether its first argument ends its options: what follows is for another program. */
    default boolean endsOptions() {
        return false;
    }

    /** The exit status when it failed. */
    default int failed() {
        return Commands.FAILED;
    }
}

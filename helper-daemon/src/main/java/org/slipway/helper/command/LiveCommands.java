package org.slipway.helper.command;

import org.slipway.helper.lifecycle.ContainerView;
import org.slipway.helper.lifecycle.Failure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The commands for a container that lives. */
final class LiveCommands {

    private LiveCommands() {}

    @Command(name = "pause", description = "Freezes every process of a running container.")
    static final class Pause implements Action {
        @Parameters(paramLabel = "ID", arity = "1")
        String id = "";

        @Override
        public int run(Context context) throws Failure {
            ContainerView _ = context.need().gate().pause(context.name(id));
            return 0;
        }
    }

    @Command(name = "resume", description = "Lets a paused container go on.")
    static final class Resume implements Action {
        @Parameters(paramLabel = "ID", arity = "1")
        String id = "";

        @Override
        public int run(Context context) throws Failure {
            ContainerView _ = context.need().gate().resume(context.name(id));
            return 0;
        }
    }
}

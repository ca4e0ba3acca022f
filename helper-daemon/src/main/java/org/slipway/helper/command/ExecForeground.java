package org.slipway.helper.command;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.slipway.helper.libc.Fd;
import org.slipway.helper.libc.Sockets;
import org.slipway.helper.lifecycle.ExecView;
import org.slipway.helper.lifecycle.ExitView;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.model.plan.ExecProcess;
import org.slipway.model.state.Owned;

/**
 * An executed program that its caller waits for: signals and window sizes go to it, its status becomes the command's. If the client goes
 * away the program runs on and loses its terminal.
 */
final class ExecForeground {

    private final Context context;
    private final Context.Helper helper;
    private final ExecCommand command;
    private final Owned name;

    ExecForeground(Context context, ExecCommand command, Owned name) throws Failure {
        this.context = context;
        this.helper = context.need();
        this.command = command;
        this.name = name;
    }

    int run(ExecProcess asked, boolean terminal) throws Failure, IOException, InterruptedException {
        boolean own = terminal && command.consoleSocket == null;
        Fd[] pair = own ? Sockets.pair(Sockets.SOCK_STREAM) : new Fd[0];
        try (Relay relay = new Relay(helper)) {
            Optional<Fd> ours = own ? Optional.of(pair[1]) : Optional.empty();
            // while the process waits to be executed, so that the terminal has its size early
            ExecView made = command.exec(context, name, asked, terminal, ours, () -> {
                if (own) {
                    relay.terminal(pair[0], name.id().value());
                }
            });
            // from here on only the program holds them, so that a pipe ends when it does
            helper.frames().releaseDescriptors();
            relay.begin(signal -> helper.gate().execs().kill(name, made.id(), signal));
            ExitView exit = helper.gate().execs().awaitExit(name, made.id());
            collect(made);
            if (!exit.known()) {
                throw Failure.host("exit-status-unknown", Map.of("id", made.id().value()), null);
            }
            return exit.status();
        } finally {
            for (Fd end : pair) {
                end.close();
            }
        }
    }

    /** The container may have gone meanwhile, and with it the record. */
    private void collect(ExecView made) throws Failure {
        try {
            ExitView _ = helper.gate().execs().delete(name, made.id());
        } catch (Failure e) {
            if (!e.code().equals("exec-unknown") && !e.code().equals("container-unknown")) {
                throw e;
            }
        }
    }
}

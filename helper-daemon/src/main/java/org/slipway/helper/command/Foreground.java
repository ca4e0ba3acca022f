package org.slipway.helper.command;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slipway.helper.door.Gate;
import org.slipway.helper.libc.Descriptors;
import org.slipway.helper.libc.Fd;
import org.slipway.helper.libc.Sockets;
import org.slipway.helper.lifecycle.Configurations;
import org.slipway.helper.lifecycle.ContainerView;
import org.slipway.helper.lifecycle.ExitView;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.reactor.Channel;
import org.slipway.model.state.Owned;

/**
 * A run that its caller waits for. Signals that the client received go to the program; its exit status becomes the command's. If
 * the client goes away the program runs on, loses its terminal, and is still deleted at its end.
 */
final class Foreground {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int SIGWINCH = 28;

    private final Context context;
    private final Context.Helper helper;
    private final MakeOptions make;
    private final boolean keep;
    /** Our end of the terminal, once there is one; written before the relay starts. */
    private volatile @Nullable Fd master;

    Foreground(Context context, MakeOptions make, boolean keep) throws Failure {
        this.context = context;
        this.helper = context.need();
        this.make = make;
        this.keep = keep;
    }

    int run(byte[] config) throws Failure, IOException, InterruptedException {
        boolean terminal = Configurations.terminal(config);
        boolean ownTerminal = terminal && make.consoleSocket == null;
        Fd[] pair = ownTerminal ? Sockets.pair(Sockets.SOCK_STREAM) : new Fd[0];
        try {
            ContainerView made =
                    make.create(context, config, terminal, ownTerminal ? Optional.of(pair[1]) : Optional.empty());
            // from here on only the program holds them, so that a pipe ends when it does
            helper.frames().releaseDescriptors();
            return live(made.name(), pair);
        } finally {
            for (Fd end : pair) {
                end.close();
            }
            hangUp();
        }
    }

    private int live(Owned name, Fd[] pair) throws Failure, IOException, InterruptedException {
        Gate gate = helper.gate();
        Thread relay = null;
        ExitView exit;
        try {
            if (pair.length > 0) {
                Fd received = receiveMaster(pair[0]);
                master = received;
                helper.frames().console(received);
            }
            relay = Thread.ofVirtual().name("relay-" + name).start(() -> relay(name));
            ContainerCommands.start(context, name);
            exit = gate.awaitExit(name);
        } catch (Failure | IOException | InterruptedException e) {
            gate.delete(name, true);
            throw e;
        } finally {
            if (relay != null) {
                relay.interrupt();
            }
        }
        if (!keep) {
            List<Failure> warnings = new ArrayList<>();
            try {
                forget(gate, name, warnings::add);
            } finally {
                for (Failure warning : warnings) {
                    context.warn(warning);
                }
            }
        }
        if (!exit.known()) {
            throw Failure.host("exit-status-unknown", Map.of("id", name.id().value()), null);
        }
        return exit.status();
    }

    /** One that deletes itself at its end may have done so. */
    private static void forget(Gate gate, Owned name, Consumer<Failure> warnings) throws Failure {
        try {
            gate.delete(name, false, warnings);
        } catch (Failure e) {
            if (!e.code().equals("container-unknown") && !e.code().equals("container-busy")) {
                throw e;
            }
        }
    }

    private Fd receiveMaster(Fd end) throws Failure, IOException, InterruptedException {
        Sockets.Received received = new Channel(helper.reactor(), end).receive(new byte[4096], PATIENCE);
        if (received.descriptors().size() != 1) {
            received.descriptors().forEach(Fd::close);
            throw Failure.bug("terminal-not-sent", Map.of("id", make.id), new IOException("no descriptor came"));
        }
        return received.descriptors().getFirst();
    }

    private void relay(Owned name) {
        try {
            while (true) {
                switch (helper.frames().told().take()) {
                    case FrameClient.Told.Signal signal -> pass(name, signal.number());
                    case FrameClient.Told.Size size -> resize(size);
                    case FrameClient.Told.Gone _ -> {
                        hangUp();
                        return;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the program has ended
        }
    }

    private void pass(Owned name, int signal) {
        if (signal == SIGWINCH || signal < 1) {
            return; // its meaning comes as a size
        }
        try {
            helper.gate().kill(name, signal, false);
        } catch (Failure e) {
            LoggerFactory.getLogger(Foreground.class).debug("signal {} not passed on: {}", signal, e.getMessage());
        }
    }

    private void resize(FrameClient.Told.Size size) {
        Fd terminal = master;
        if (terminal == null) {
            return;
        }
        try {
            Descriptors.windowSize(terminal, size.rows(), size.columns());
        } catch (IOException e) {
            LoggerFactory.getLogger(Foreground.class).debug("size not passed on: {}", e.getMessage());
        }
    }

    private void hangUp() {
        Fd terminal = master;
        if (terminal != null) {
            terminal.close();
        }
    }
}

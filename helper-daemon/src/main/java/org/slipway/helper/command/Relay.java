package org.slipway.helper.command;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slipway.helper.libc.Descriptors;
import org.slipway.helper.libc.Fd;
import org.slipway.helper.libc.Sockets;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.reactor.Channel;

/** Between a client that waits and its program: signals, window sizes, and our end of the terminal, which goes when the client does. */
final class Relay implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int SIGWINCH = 28;

    /** Takes signals that the client received. */
    interface Signals {
        void pass(int signal) throws Failure;
    }

    private final Context.Helper helper;
    private @Nullable Thread thread;

    /** Our end of the terminal, once there is one; written before the relay begins. */
    private volatile @Nullable Fd master;

    Relay(Context.Helper helper) {
        this.helper = helper;
    }

    /** Takes the terminal's master from the other end of its socket, and hands it to the client. */
    void terminal(Fd end, String id) throws Failure, IOException {
        Sockets.Received received = receive(end);
        if (received.descriptors().size() != 1) {
            received.descriptors().forEach(Fd::close);
            throw Failure.bug("terminal-not-sent", Map.of("id", id), new IOException("no descriptor came"));
        }
        Fd first = received.descriptors().getFirst();
        master = first;
        helper.frames().console(first);
    }

    private Sockets.Received receive(Fd end) throws IOException {
        try {
            return new Channel(helper.reactor(), end).receive(new byte[4096], PATIENCE);
        } catch (InterruptedException e) {
            throw Client.interrupted(e);
        }
    }

    /** Begins, on a thread of its own. */
    void begin(Signals signals) {
        thread = Thread.ofVirtual().name("relay").start(() -> relay(signals));
    }

    private void relay(Signals signals) {
        try {
            while (true) {
                switch (helper.frames().told().take()) {
                    case FrameClient.Told.Signal signal -> pass(signals, signal.number());
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

    private static void pass(Signals signals, int signal) {
        if (signal == SIGWINCH || signal < 1) {
            return; // its meaning comes as a size
        }
        try {
            signals.pass(signal);
        } catch (Failure e) {
            LOG.debug("signal {} not passed on: {}", signal, e.getMessage());
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
            LOG.debug("size not passed on: {}", e.getMessage());
        }
    }

    private void hangUp() {
        Fd terminal = master;
        if (terminal != null) {
            terminal.close();
        }
    }

    @Override
    public void close() {
        if (thread != null) {
            thread.interrupt();
        }
        hangUp();
    }
}

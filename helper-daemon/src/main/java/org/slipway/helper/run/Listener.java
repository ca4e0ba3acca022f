package org.slipway.helper.run;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.slipway.helper.libc.Descriptors;
import org.slipway.helper.libc.Errno;
import org.slipway.helper.libc.ErrnoException;
import org.slipway.helper.libc.Fd;
import org.slipway.helper.libc.Processes;
import org.slipway.helper.libc.Sockets;
import org.slipway.helper.reactor.Channel;
import org.slipway.model.plan.ListenerOp.SendListener;

/** Hands the listener of a filter that notifies to whoever answers: one connection, one container process state. */
final class Listener {

    /** Init waits longer than both together. */
    private static final Duration CONNECTING = Duration.ofSeconds(3);

    private static final Duration SENDING = Duration.ofSeconds(3);
    private static final long PAUSE_MILLIS = 10;

    private final Tools tools;

    Listener(Tools tools) {
        this.tools = tools;
    }

    /** Finds out whether a stream socket is bound at a path, without a connection to it. */
    static void probe(String path) throws ErrnoException {
        try (Address address = new Address(path);
                Fd _ = Sockets.connect(Sockets.SOCK_DGRAM, address.path())) {
            throw new ErrnoException("connect(\"" + path + "\"): a datagram socket", Errno.EPROTOTYPE);
        } catch (ErrnoException e) {
            if (!e.is(Errno.EPROTOTYPE) || e.call().endsWith("datagram socket")) {
                throw e;
            }
        }
    }

    /** Sends the descriptor that init holds under a number. */
    void send(SendListener op, Proc init, int number) throws IOException, InterruptedException {
        try (Fd listener = Processes.descriptor(init.pidfd(), number);
                Address address = new Address(op.path());
                Channel channel = new Channel(tools.reactor(), connect(address, op.path()))) {
            byte[] state = op.with(init.pid()).getBytes(StandardCharsets.UTF_8);
            channel.send(state, List.of(listener), SENDING);
        } catch (SocketTimeoutException e) {
            throw new ErrnoException("sendmsg(\"" + op.path() + "\")", Errno.ETIMEDOUT);
        }
    }

    /** A listener whose queue is full says EAGAIN at once: a busy one is given time. */
    private static Fd connect(Address address, String path) throws ErrnoException, InterruptedException {
        long begin = System.nanoTime();
        while (true) {
            try {
                return Sockets.connect(Sockets.SOCK_STREAM, address.path());
            } catch (ErrnoException e) {
                if (!e.is(Errno.EAGAIN)) {
                    throw new ErrnoException("connect(\"" + path + "\")", e.errno());
                } else if (System.nanoTime() - begin > CONNECTING.toNanos()) {
                    throw new ErrnoException("connect(\"" + path + "\")", Errno.ETIMEDOUT);
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }

    /** A path as connect takes it: a long one is reached through its directory, see unix(7). */
    private static final class Address implements AutoCloseable {

        private final String path;
        private final Fd directory;

        Address(String path) throws ErrnoException {
            Path whole = Path.of(path);
            String parent = String.valueOf(whole.getParent());
            directory = Descriptors.open(parent, Descriptors.O_PATH | Descriptors.O_DIRECTORY, 0);
            this.path = "/proc/self/fd/" + directory.number() + "/" + whole.getFileName();
        }

        String path() {
            return path;
        }

        @Override
        public void close() {
            directory.close();
        }
    }
}

package org.slipway.helper.reactor;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slipway.helper.libc.Fd;
import org.slipway.helper.libc.Sockets;

/**
 * A non-blocking unix socket that looks blocking to a virtual thread: one reader and one writer at a time. Owns its descriptor.
 *
 * <p>Any thread may close it. The descriptor itself is closed when the last call on it has returned: its number could be another
 * connection's by then, and a late call would read what was meant for that one.
 */
public final class Channel implements AutoCloseable {

    /** Bytes given to the kernel at once; more would be copied again for each part that it takes. */
    private static final int LARGEST = 128 << 10;

    private final Reactor reactor;
    private final Fd fd;
    /** Calls in progress; guarded by this, as is {@link #closed}. Never held across a call. */
    private int calls;

    private boolean closed;

    public Channel(Reactor reactor, Fd fd) {
        this.reactor = reactor;
        this.fd = fd;
    }

    public Fd fd() {
        return fd;
    }

    /** Waits until the peer hangs up (true) or says something (false). */
    public boolean awaitHangUp() throws IOException, InterruptedException {
        begin();
        try {
            boolean _ = reactor.awaitReadable(fd, null);
            refuseClosed();
            return Sockets.hungUp(fd);
        } finally {
            end();
        }
    }

    /**
     * Receives one packet, or what a stream has.
     *
     * @param timeout null: without limit
     * @throws SocketTimeoutException when nothing came in time
     * @throws ClosedChannelException when it was closed meanwhile
     */
    public Sockets.Received receive(byte[] into, @Nullable Duration timeout) throws IOException, InterruptedException {
        begin();
        try {
            while (true) {
                Optional<Sockets.Received> received = Sockets.receive(fd, into);
                if (received.isPresent()) {
                    return received.get();
                }
                if (!reactor.awaitReadable(fd, timeout)) {
                    throw new SocketTimeoutException("nothing received in time");
                }
                refuseClosed();
            }
        } finally {
            end();
        }
    }

    /** Sends everything; the descriptors go with the first byte and stay the caller's own. */
    public void send(byte[] bytes, List<Fd> descriptors, @Nullable Duration timeout)
            throws IOException, InterruptedException {
        begin();
        try {
            int done = 0;
            while (done < bytes.length) {
                int sent = Sockets.send(
                        fd, bytes, done, Math.min(LARGEST, bytes.length - done), done == 0 ? descriptors : List.of());
                if (sent > 0) {
                    done += sent;
                } else if (!reactor.awaitWritable(fd, timeout)) {
                    throw new SocketTimeoutException("nothing could be sent in time");
                }
                refuseClosed();
            }
        } finally {
            end();
        }
    }

    /** The next connection of a listening socket; waits without limit. */
    public Channel accept() throws IOException, InterruptedException {
        begin();
        try {
            while (true) {
                Optional<Fd> accepted = Sockets.accept(fd);
                if (accepted.isPresent()) {
                    return new Channel(reactor, accepted.get());
                }
                reactor.awaitReadable(fd, null);
                refuseClosed();
            }
        } finally {
            end();
        }
    }

    private synchronized void begin() throws ClosedChannelException {
        refuseClosed();
        calls++;
    }

    private synchronized void refuseClosed() throws ClosedChannelException {
        if (closed) {
            throw new ClosedChannelException();
        }
    }

    private void end() {
        boolean last;
        synchronized (this) {
            calls--;
            last = closed && calls == 0;
        }
        if (last) {
            reactor.close(fd);
        }
    }

    /** Ends both directions, wakes who waits, and closes. */
    @Override
    public void close() {
        boolean unused;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            unused = calls == 0;
            if (!unused) {
                Sockets.shutdown(fd);
            }
        }
        if (unused) {
            reactor.close(fd);
        }
    }
}

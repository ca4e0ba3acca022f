package org.slipway.helper.varlink;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.slipway.helper.libc.Fd;
import org.slipway.helper.libc.Sockets;
import org.slipway.helper.reactor.Channel;

/** Cuts a connection's bytes into messages, within limits of size and time. */
final class Inbox {

    private static final int CHUNK = 64 << 10;

    private final Channel channel;
    private final Limits limits;
    private final byte[] chunk = new byte[CHUNK];
    private byte[] held = new byte[0];
    private int filled;
    private int searched;

    Inbox(Channel channel, Limits limits) {
        this.channel = channel;
        this.limits = limits;
    }

    /** The next message without its NUL; empty at the end of the stream. Waits for its first byte without limit. */
    Optional<byte[]> next() throws IOException, InterruptedException, MalformedMessage {
        long deadline = deadline();
        while (true) {
            int end = search();
            if (end >= 0) {
                return Optional.of(take(end));
            }
            if (filled > limits.messageBytes()) {
                throw new MalformedMessage("message-too-large", Map.of("limit", "" + limits.messageBytes()));
            }
            boolean first = filled == 0;
            if (!receive(first ? null : Duration.ofNanos(deadline - System.nanoTime()))) {
                return Optional.empty();
            }
            if (first) {
                deadline = deadline();
            }
        }
    }

    /** What came after the last message: it belongs to whatever the connection became. */
    byte[] rest() {
        return Arrays.copyOf(held, filled);
    }

    private long deadline() {
        return System.nanoTime() + limits.messageTime().toNanos();
    }

    private int search() {
        while (searched < filled) {
            if (held[searched] == 0) {
                return searched;
            }
            searched++;
        }
        return -1;
    }

    private byte[] take(int end) throws MalformedMessage {
        if (end > limits.messageBytes()) {
            throw new MalformedMessage("message-too-large", Map.of("limit", "" + limits.messageBytes()));
        }
        byte[] message = Arrays.copyOf(held, end);
        // what is held shrinks again after a large message
        held = Arrays.copyOfRange(held, end + 1, filled);
        filled = held.length;
        searched = 0;
        return message;
    }

    private boolean receive(@org.jspecify.annotations.Nullable Duration timeout)
            throws IOException, InterruptedException, MalformedMessage {
        if (timeout != null && timeout.isNegative()) {
            throw tooSlow();
        }
        Sockets.Received received;
        try {
            received = channel.receive(chunk, timeout);
        } catch (SocketTimeoutException e) {
            throw tooSlow();
        }
        received.descriptors().forEach(Fd::close);
        if (!received.descriptors().isEmpty() || received.truncated()) {
            throw new MalformedMessage("message-with-descriptors", Map.of());
        }
        if (received.count() == 0) {
            if (filled > 0) {
                throw new MalformedMessage("message-cut-short", Map.of());
            }
            return false;
        }
        if (filled + received.count() > held.length) {
            held = Arrays.copyOf(held, Math.max(2 * held.length, filled + received.count()));
        }
        System.arraycopy(chunk, 0, held, filled, received.count());
        filled += received.count();
        return true;
    }

    private MalformedMessage tooSlow() {
        return new MalformedMessage(
                "message-too-slow", Map.of("seconds", "" + limits.messageTime().toSeconds()));
    }
}

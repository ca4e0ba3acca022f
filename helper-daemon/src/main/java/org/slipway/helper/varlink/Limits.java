package org.slipway.helper.varlink;

import java.time.Duration;

/**
 * What one connection, and one person's connections, may cost.
 *
 * @param messageBytes largest message, without its NUL
 * @param connections open at the same time for one user id
 * @param messageTime from a message's first byte to its last
 * @param sendTime how long a reader may take nothing at all before it is given up
 */
public record Limits(int messageBytes, int connections, Duration messageTime, Duration sendTime) {

    public static final Limits CONFINED = new Limits(1 << 20, 64, Duration.ofSeconds(10), Duration.ofSeconds(30));

    public static final Limits ADMINISTRATOR =
            new Limits(heapAllows(64 << 20), 4096, Duration.ofSeconds(30), Duration.ofSeconds(30));

    /** A message is held several times over while it is read and judged; one must not end a helper with a small heap. */
    private static int heapAllows(int bytes) {
        return (int) Math.min(bytes, Runtime.getRuntime().maxMemory() / 12);
    }
}

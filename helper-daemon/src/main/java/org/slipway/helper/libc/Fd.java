package org.slipway.helper.libc;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An open file descriptor that belongs to exactly one owner, who closes it once.
 *
 * <p>Closing one that a thread waits for goes through {@code Reactor.close}, which wakes the waiter first.
 */
public final class Fd implements AutoCloseable {

    private final int number;
    private final AtomicBoolean open = new AtomicBoolean(true);

    private Fd(int number) {
        this.number = number;
    }

    /** Takes ownership of a descriptor. */
    public static Fd of(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("no descriptor: " + number);
        }
        return new Fd(number);
    }

    /** Its number in this process. */
    public int number() {
        if (!open.get()) {
            throw new IllegalStateException("descriptor " + number + " is closed");
        }
        return number;
    }

    public boolean isOpen() {
        return open.get();
    }

    /** Gives up ownership without closing, for a descriptor that somebody else closes. */
    public int release() {
        int released = number();
        open.set(false);
        return released;
    }

    /** Closes it; a second call does nothing. Errors of close(2) say nothing that could be acted on. */
    @Override
    public void close() {
        if (open.compareAndSet(true, false)) {
            int _ = C.close(number);
        }
    }

    @Override
    public String toString() {
        return "fd " + number + (open.get() ? "" : " (closed)");
    }
}

package org.slipway.helper.reactor;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slipway.helper.libc.Descriptors;
import org.slipway.helper.libc.Epoll;
import org.slipway.helper.libc.ErrnoException;
import org.slipway.helper.libc.Fd;

/**
 * One epoll and its thread. Any thread may wait for a descriptor to become readable or writable, one at a time for each direction
 * of a descriptor. Registrations live only as long as the wait.
 */
public final class Reactor implements AutoCloseable {

    private static final long STOP = -1;

    private final Epoll epoll;
    private final Fd stop;
    /** Guarded by itself, never held across a wait. */
    private final Map<Integer, Entry> entries = new HashMap<>();

    private final Thread thread;
    private long tokens;
    private volatile boolean closed;

    private Reactor(Epoll epoll, Fd stop) {
        this.epoll = epoll;
        this.stop = stop;
        this.thread = Thread.ofPlatform().daemon().name("reactor").unstarted(this::run);
    }

    /** Starts the thread. */
    public static Reactor start() throws ErrnoException {
        Epoll epoll = Epoll.open();
        Fd stop = Descriptors.eventfd();
        epoll.add(stop.number(), Epoll.IN, STOP);
        Reactor reactor = new Reactor(epoll, stop);
        reactor.thread.start();
        return reactor;
    }

    /**
     * Waits until a read would not block (data, end of stream, error; for a pidfd: the process ended).
     *
     * @param timeout empty or negative means: without limit
     * @return false when the time passed
     * @throws ClosedChannelException if {@link #close(Fd)} was called meanwhile
     */
    public boolean awaitReadable(Fd fd, @Nullable Duration timeout) throws IOException, InterruptedException {
        return await(fd, Epoll.IN, timeout);
    }

    /** Waits until a write would not block; otherwise as {@link #awaitReadable}. */
    public boolean awaitWritable(Fd fd, @Nullable Duration timeout) throws IOException, InterruptedException {
        return await(fd, Epoll.OUT, timeout);
    }

    /** Wakes who waits for a descriptor, with {@link ClosedChannelException}, and closes it. */
    public void close(Fd fd) {
        if (!fd.isOpen()) {
            return;
        }
        synchronized (entries) {
            Entry entry = entries.remove(fd.number());
            if (entry != null) {
                epoll.remove(fd.number());
                entry.end(Result.CLOSED);
            }
            fd.close();
        }
    }

    private boolean await(Fd fd, int direction, @Nullable Duration timeout) throws IOException, InterruptedException {
        Waiter waiter = new Waiter(Thread.currentThread());
        Entry entry = register(fd, direction, waiter);
        long deadline = timeout == null ? 0 : System.nanoTime() + timeout.toNanos();
        try {
            while (waiter.result == Result.WAITING) {
                if (timeout == null) {
                    LockSupport.park(this);
                } else {
                    long left = deadline - System.nanoTime();
                    if (left <= 0) {
                        break;
                    }
                    LockSupport.parkNanos(this, left);
                }
                if (Thread.interrupted()) {
                    throw new InterruptedException("while waiting for " + fd);
                }
            }
        } finally {
            release(entry, direction, waiter);
        }
        return switch (waiter.result) {
            case READY -> true;
            case WAITING -> false;
            case CLOSED -> throw new ClosedChannelException();
        };
    }

    private Entry register(Fd fd, int direction, Waiter waiter) throws IOException {
        synchronized (entries) {
            if (closed || !fd.isOpen()) {
                throw new ClosedChannelException();
            }
            int number = fd.number();
            Entry entry = entries.get(number);
            boolean fresh = entry == null;
            if (entry == null) {
                entry = new Entry(number, tokens++);
            } else if (entry.waiter(direction) != null) {
                throw new IllegalStateException("two threads wait for the same direction of " + fd);
            }
            entry.set(direction, waiter);
            if (fresh) {
                epoll.add(number, entry.wanted(), entry.token);
                entries.put(number, entry);
            } else {
                epoll.change(number, entry.wanted(), entry.token);
            }
            return entry;
        }
    }

    private void release(Entry entry, int direction, Waiter waiter) {
        synchronized (entries) {
            if (entries.get(entry.number) != entry || entry.waiter(direction) != waiter) {
                return;
            }
            entry.set(direction, null);
            if (entry.wanted() == Epoll.ONESHOT) {
                entries.remove(entry.number);
                epoll.remove(entry.number);
            }
        }
    }

    private void run() {
        while (!closed) {
            try {
                epoll.await(this::ready);
            } catch (ErrnoException e) {
                throw new IllegalStateException("the reactor cannot wait", e);
            }
        }
        synchronized (entries) {
            entries.values().forEach(entry -> entry.end(Result.CLOSED));
            entries.clear();
        }
        epoll.close();
        stop.close();
    }

    private void ready(long token, int events) {
        if (token == STOP) {
            return;
        }
        // the token carries number and generation, so that a late event cannot wake a waiter of a reused number
        int number = (int) token;
        synchronized (entries) {
            Entry entry = entries.get(number);
            if (entry == null || entry.token != token) {
                return;
            }
            // errors and hang-ups are shown to both directions
            boolean any = (events & ~(Epoll.IN | Epoll.OUT)) != 0;
            if (any || (events & Epoll.IN) != 0) {
                entry.wake(Epoll.IN);
            }
            if (any || (events & Epoll.OUT) != 0) {
                entry.wake(Epoll.OUT);
            }
            if (entry.wanted() == Epoll.ONESHOT) {
                entries.remove(number);
                epoll.remove(number);
            } else {
                rearm(entry);
            }
        }
    }

    private void rearm(Entry entry) {
        try {
            epoll.change(entry.number, entry.wanted(), entry.token);
        } catch (ErrnoException e) {
            entry.end(Result.CLOSED);
            entries.remove(entry.number);
        }
    }

    /** Ends the thread; every waiter gets {@link ClosedChannelException}. */
    @Override
    public void close() {
        closed = true;
        try {
            int _ = Descriptors.write(stop, new byte[] {1, 0, 0, 0, 0, 0, 0, 0});
            thread.join();
        } catch (ErrnoException e) {
            throw new IllegalStateException("the reactor cannot be woken", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private enum Result {
        WAITING,
        READY,
        CLOSED
    }

    private static final class Waiter {
        private final Thread thread;
        private volatile Result result = Result.WAITING;

        Waiter(Thread thread) {
            this.thread = thread;
        }

        void end(Result how) {
            result = how;
            LockSupport.unpark(thread);
        }
    }

    private static final class Entry {
        private final int number;
        private final long token;
        private @Nullable Waiter reader;
        private @Nullable Waiter writer;

        Entry(int number, long generation) {
            this.number = number;
            this.token = ((generation & 0x3fffffff) << 32) | number;
        }

        int wanted() {
            return Epoll.ONESHOT | (reader == null ? 0 : Epoll.IN) | (writer == null ? 0 : Epoll.OUT);
        }

        @Nullable Waiter waiter(int direction) {
            return direction == Epoll.IN ? reader : writer;
        }

        void set(int direction, @Nullable Waiter waiter) {
            if (direction == Epoll.IN) {
                reader = waiter;
            } else {
                writer = waiter;
            }
        }

        void wake(int direction) {
            Waiter waiter = waiter(direction);
            if (waiter != null) {
                set(direction, null);
                waiter.end(Result.READY);
            }
        }

        void end(Result how) {
            if (reader != null) {
                reader.end(how);
            }
            if (writer != null) {
                writer.end(how);
            }
        }
    }
}

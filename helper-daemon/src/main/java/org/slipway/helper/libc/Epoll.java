package org.slipway.helper.libc;

import com.sun.jna.Memory;

/** One epoll instance; see epoll(7). Adding, changing and removing is safe while another thread waits. */
public final class Epoll implements AutoCloseable {

    public static final int IN = 1;
    public static final int OUT = 4;
    public static final int ONESHOT = 1 << 30;

    private static final int BATCH = 64;
    private static final int SIZE = Machine.own().epollEvent();

    private static final int DATA = SIZE - 8;

    private final Fd fd;
    private final Memory events = new Memory((long) SIZE * BATCH + 64);

    private Epoll(Fd fd) {
        this.fd = fd;
    }

    /** A new instance. */
    public static Epoll open() throws ErrnoException {
        return new Epoll(Fd.of(C.check(C.epoll_create1(Descriptors.O_CLOEXEC), "epoll_create1()")));
    }

    public void add(int number, int events, long token) throws ErrnoException {
        control(1, number, events, token);
    }

    public void change(int number, int events, long token) throws ErrnoException {
        control(3, number, events, token);
    }

    /** Removes a descriptor; one that is already closed or unknown is no error. */
    public void remove(int number) {
        try (Memory ignored = new Memory(SIZE)) {
            int result = C.epoll_ctl(fd.number(), 2, number, ignored);
            if (result < 0) {
                return;
            }
        }
    }

    private void control(int operation, int number, int wanted, long token) throws ErrnoException {
        try (Memory event = new Memory(SIZE)) {
            event.setInt(0, wanted);
            event.setLong(DATA, token);
            C.check(C.epoll_ctl(fd.number(), operation, number, event), "epoll_ctl(" + number + ")");
        }
    }

    /** Takes the token and the event bits of one ready descriptor. */
    public interface Ready {
        void ready(long token, int events);
    }

    /** Waits without limit, then tells of each ready descriptor. Blocks: only for a platform thread of its own. */
    public void await(Ready each) throws ErrnoException {
        int count = C.epoll_wait(fd.number(), events, BATCH, -1);
        if (count < 0) {
            Errno errno = C.errno();
            if (errno.equals(Errno.EINTR)) {
                return;
            }
            throw new ErrnoException("epoll_wait()", errno);
        }
        for (int i = 0; i < count; i++) {
            each.ready(events.getLong((long) i * SIZE + DATA), events.getInt((long) i * SIZE));
        }
    }

    @Override
    public void close() {
        fd.close();
    }
}

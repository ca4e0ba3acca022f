package org.slipway.helper.libc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Files, pipes and memory files by descriptor. Every descriptor is born close-on-exec. */
public final class Descriptors {

    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_CREAT = 0100;
    public static final int O_EXCL = 0200;
    public static final int O_TRUNC = 01000;
    public static final int O_APPEND = 02000;
    public static final int O_NONBLOCK = 04000;
    public static final int O_CLOEXEC = 02000000;
    public static final int O_PATH = 010000000;
    public static final int O_DIRECTORY = Machine.own().directory();
    public static final int O_NOFOLLOW = Machine.own().noFollow();

    public static final int AT_FDCWD = -100;
    public static final int AT_REMOVEDIR = 0x200;

    /** Ready to be read, in {@link #poll}. */
    public static final int POLLIN = 1;

    public static final int POLLHUP = 16;

    private static final int F_SETFL = 4;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int F_ADD_SEALS = 1033;
    private static final int F_SETPIPE_SZ = 1031;
    private static final int ALL_SEALS = 1 | 2 | 4 | 8; // SEAL, SHRINK, GROW, WRITE
    private static final int IN_MODIFY = 2;
    private static final int MFD_CLOEXEC = 1;
    private static final int MFD_ALLOW_SEALING = 2;
    private static final int MFD_EXEC = 16;

    private Descriptors() {}

    /** Opens a path; O_CLOEXEC is added. */
    public static Fd open(String path, int flags, int mode) throws ErrnoException {
        return openAt(AT_FDCWD, path, flags, mode);
    }

    /** Opens a path below a directory; O_CLOEXEC is added. */
    public static Fd openAt(Fd directory, String path, int flags, int mode) throws ErrnoException {
        return openAt(directory.number(), path, flags, mode);
    }

    private static Fd openAt(int directory, String path, int flags, int mode) throws ErrnoException {
        return Fd.of(C.check(C.openat(directory, C.text(path), flags | O_CLOEXEC, mode), "open(\"" + path + "\")"));
    }

    /** Makes a directory. */
    public static void mkdir(String path, int mode) throws ErrnoException {
        C.check(C.mkdirat(AT_FDCWD, C.text(path), mode), "mkdir(\"" + path + "\")");
    }

    /** Removes an empty directory. */
    public static void rmdir(String path) throws ErrnoException {
        C.check(C.unlinkat(AT_FDCWD, C.text(path), AT_REMOVEDIR), "rmdir(\"" + path + "\")");
    }

    /** Sets a file's mode. */
    public static void chmod(String path, int mode) throws ErrnoException {
        C.check(C.chmod(C.text(path), mode), "chmod(\"" + path + "\")");
    }

    /** Sets a file's owner and group; −1 leaves one as it is. */
    public static void chown(String path, int uid, int gid) throws ErrnoException {
        C.check(C.chown(C.text(path), uid, gid), "chown(\"" + path + "\")");
    }

    /** Sets an extended attribute of a file, whatever it was; see xattr(7). */
    public static void setAttribute(String path, String name, byte[] value) throws ErrnoException {
        C.check(
                C.setxattr(C.text(path), C.text(name), value, value.length, 0),
                "setxattr(\"" + path + "\", " + name + ")");
    }

    /** Whether a file has an extended attribute; one that may not be looked at, or is not there, has none. */
    public static boolean hasAttribute(String path, String name) {
        return C.getxattr(C.text(path), C.text(name), new byte[1], 0) >= 0;
    }

    /**
     * Reads once.
     *
     * @return how many bytes came; 0 at the end; −1 when a non-blocking descriptor has nothing now
     */
    public static int read(Fd fd, byte[] into) throws ErrnoException {
        while (true) {
            int count = (int) C.read(fd.number(), into, into.length);
            if (count >= 0) {
                return count;
            }
            Errno errno = C.errno();
            if (errno.equals(Errno.EAGAIN)) {
                return -1;
            } else if (!errno.equals(Errno.EINTR)) {
                throw new ErrnoException("read(" + fd + ")", errno);
            }
        }
    }

    /**
     * Writes once.
     *
     * @return how many bytes went; −1 when a non-blocking descriptor takes nothing now
     */
    public static int write(Fd fd, byte[] bytes) throws ErrnoException {
        while (true) {
            int count = (int) C.write(fd.number(), bytes, bytes.length);
            if (count >= 0) {
                return count;
            }
            Errno errno = C.errno();
            if (errno.equals(Errno.EAGAIN)) {
                return -1;
            } else if (!errno.equals(Errno.EINTR)) {
                throw new ErrnoException("write(" + fd + ")", errno);
            }
        }
    }

    /** Writes everything to a descriptor that does not say EAGAIN: a file or a memory file. */
    public static void writeAll(Fd fd, byte[] bytes) throws ErrnoException {
        int done = 0;
        while (done < bytes.length) {
            int count = write(fd, done == 0 ? bytes : Arrays.copyOfRange(bytes, done, bytes.length));
            if (count < 0) {
                throw new ErrnoException("write(" + fd + ")", Errno.EAGAIN);
            }
            done += count;
        }
    }

    /** Both ends of a pipe, reading end first. */
    public static Fd[] pipe(int flags) throws ErrnoException {
        int[] pair = new int[2];
        C.check(C.pipe2(pair, flags | O_CLOEXEC), "pipe2()");
        return new Fd[] {Fd.of(pair[0]), Fd.of(pair[1])};
    }

    /** Asks for a pipe's capacity in bytes. */
    public static void pipeSize(Fd pipe, int bytes) throws ErrnoException {
        C.check(C.fcntl(pipe.number(), F_SETPIPE_SZ, bytes), "fcntl(F_SETPIPE_SZ)");
    }

    /** A counter to wake an epoll with; non-blocking. */
    public static Fd eventfd() throws ErrnoException {
        return Fd.of(C.check(C.eventfd(0, O_CLOEXEC | O_NONBLOCK), "eventfd()"));
    }

    /** Becomes readable whenever something is written to a file of a directory; non-blocking. See inotify(7). */
    public static Fd watch(String directory) throws ErrnoException {
        Fd fd = Fd.of(C.check(C.inotify_init1(O_CLOEXEC | O_NONBLOCK), "inotify_init1()"));
        if (C.inotify_add_watch(fd.number(), C.text(directory), IN_MODIFY) < 0) {
            Errno errno = C.errno();
            fd.close();
            throw new ErrnoException("inotify_add_watch(\"" + directory + "\")", errno);
        }
        return fd;
    }

    /** A memory file with these bytes, sealed against every change; executable if asked (needs Linux 6.3 to be said). */
    public static Fd sealed(String name, byte[] bytes, boolean executable) throws ErrnoException {
        Fd fd = memory(name, executable);
        try {
            writeAll(fd, bytes);
            seal(fd);
            return fd;
        } catch (ErrnoException e) {
            fd.close();
            throw e;
        }
    }

    /** An empty memory file that can be sealed later. */
    public static Fd memory(String name, boolean executable) throws ErrnoException {
        int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
        int number = executable ? C.memfd_create(C.text(name), flags | MFD_EXEC) : -1;
        if (number < 0) {
            // before Linux 6.3 there is no MFD_EXEC, and every memory file is executable
            number = C.check(C.memfd_create(C.text(name), flags), "memfd_create(\"" + name + "\")");
        }
        return Fd.of(number);
    }

    /** Seals a memory file against writing, growing, shrinking and further seals. */
    public static void seal(Fd memory) throws ErrnoException {
        C.check(C.fcntl(memory.number(), F_ADD_SEALS, ALL_SEALS), "fcntl(F_ADD_SEALS)");
    }

    /** Makes a socket block; the flag belongs to the open file, so to everyone who shares it. */
    static void blocking(Fd socket) throws ErrnoException {
        C.check(C.fcntl(socket.number(), F_SETFL, O_RDWR), "fcntl(F_SETFL)");
    }

    /** A second descriptor for the same open file, numbered at least {@code least}. */
    public static Fd duplicate(Fd fd, int least) throws ErrnoException {
        return Fd.of(C.check(C.fcntl(fd.number(), F_DUPFD_CLOEXEC, least), "fcntl(F_DUPFD_CLOEXEC)"));
    }

    /** Sets a file's length in bytes. */
    public static void truncate(Fd fd, long length) throws ErrnoException {
        C.check(C.ftruncate(fd.number(), length), "ftruncate(" + length + ")");
    }

    /** Sets a terminal's window size. */
    public static void windowSize(Fd terminal, int rows, int columns) throws ErrnoException {
        byte[] size = new byte[64];
        ByteBuffer.wrap(size)
                .order(ByteOrder.nativeOrder())
                .putShort((short) rows)
                .putShort((short) columns);
        C.check(C.ioctl(terminal.number(), 0x5414, size), "ioctl(TIOCSWINSZ)");
    }

    /** Which of the asked events are there now; never waits. */
    public static int poll(Fd fd, int events) throws ErrnoException {
        ByteBuffer entry = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder());
        entry.putInt(0, fd.number()).putShort(4, (short) events);
        C.check(C.poll(entry.array(), 1, 0), "poll()");
        return entry.getShort(6);
    }
}

package org.slipway.helper.libc;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The functions of libc by their own names, direct-mapped. Sizes are those of 64-bit Linux. Variadic functions are declared with the
 * arguments used here, which on amd64 and arm64 are passed alike.
 */
final class C {

    static {
        Native.register(C.class, "c");
    }

    private C() {}

    static native int socket(int domain, int type, int protocol);

    static native int socketpair(int domain, int type, int protocol, int[] pair);

    static native int bind(int fd, byte[] address, int length);

    static native int listen(int fd, int backlog);

    static native int accept4(int fd, Pointer address, Pointer length, int flags);

    static native int connect(int fd, byte[] address, int length);

    static native long sendmsg(int fd, Pointer message, int flags);

    static native long recvmsg(int fd, Pointer message, int flags);

    static native int getsockopt(int fd, int level, int name, byte[] value, int[] length);

    static native int shutdown(int fd, int how);

    static native int epoll_create1(int flags);

    static native int epoll_ctl(int epoll, int operation, int fd, Pointer event);

    static native int epoll_wait(int epoll, Pointer events, int max, int timeout);

    static native int eventfd(int initial, int flags);

    static native int inotify_init1(int flags);

    static native int inotify_add_watch(int fd, byte[] path, int mask);

    static native int pipe2(int[] pair, int flags);

    static native int memfd_create(byte[] name, int flags);

    static native int fcntl(int fd, int command, long argument);

    static native int openat(int directory, byte[] path, int flags, int mode);

    static native int mkdirat(int directory, byte[] path, int mode);

    static native int unlinkat(int directory, byte[] path, int flags);

    static native int fchmod(int fd, int mode);

    static native int chmod(byte[] path, int mode);

    static native int chown(byte[] path, int uid, int gid);

    static native int setxattr(byte[] path, byte[] name, byte[] value, long size, int flags);

    static native long getxattr(byte[] path, byte[] name, byte[] value, long size);

    static native long read(int fd, byte[] buffer, long count);

    static native long write(int fd, byte[] buffer, long count);

    static native int close(int fd);

    static native int ftruncate(int fd, long length);

    static native int ioctl(int fd, long request, byte[] argument);

    static native int poll(byte[] fds, long count, int timeout);

    static native int waitpid(int pid, int[] status, int options);

    static native long syscall(long number, long a, long b, long c, long d, long e, long f);

    static native int mount(byte[] source, byte[] target, @Nullable Pointer type, long flags, @Nullable Pointer data);

    static native int umount2(byte[] target, int flags);

    static native int getuid();

    static native int prlimit(int pid, int resource, @Nullable Pointer next, Pointer former);

    static native int posix_spawn(
            int[] pid, byte[] path, Pointer actions, Pointer attributes, Pointer argv, Pointer envp);

    static native int posix_spawn_file_actions_init(Pointer actions);

    static native int posix_spawn_file_actions_destroy(Pointer actions);

    static native int posix_spawn_file_actions_adddup2(Pointer actions, int from, int to);

    static native int posix_spawn_file_actions_addclose(Pointer actions, int fd);

    static native int posix_spawn_file_actions_addclosefrom_np(Pointer actions, int from);

    static native int posix_spawnattr_init(Pointer attributes);

    static native int posix_spawnattr_destroy(Pointer attributes);

    static native int posix_spawnattr_setflags(Pointer attributes, short flags);

    static native int posix_spawnattr_setsigmask(Pointer attributes, Pointer set);

    static native int posix_spawnattr_setsigdefault(Pointer attributes, Pointer set);

    /** The error of the last call on this thread. */
    static Errno errno() {
        return new Errno(Native.getLastError());
    }

    /** UTF-8 with the ending NUL; text with a NUL inside cannot be a path. */
    static byte[] text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (byte b : bytes) {
            if (b == 0) {
                throw new IllegalArgumentException("NUL in '" + text.replace('\0', '?') + "'");
            }
        }
        return Arrays.copyOf(bytes, bytes.length + 1);
    }

    static int check(int result, String call) throws ErrnoException {
        if (result < 0) {
            throw new ErrnoException(call, errno());
        }
        return result;
    }

    static long check(long result, String call) throws ErrnoException {
        if (result < 0) {
            throw new ErrnoException(call, errno());
        }
        return result;
    }
}

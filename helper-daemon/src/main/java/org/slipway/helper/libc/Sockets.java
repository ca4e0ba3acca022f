package org.slipway.helper.libc;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Unix sockets with descriptors and peer credentials. All are non-blocking; see unix(7). */
public final class Sockets {

    public static final int SOCK_STREAM = 1;
    public static final int SOCK_DGRAM = 2;
    public static final int SOCK_SEQPACKET = 5;

    private static final int AF_UNIX = 1;
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int NETLINK_ROUTE = 0;
    private static final int FLAGS = Descriptors.O_CLOEXEC | Descriptors.O_NONBLOCK;
    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;
    private static final int MSG_PEEK = 0x2;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_CTRUNC = 8;
    private static final int MSG_TRUNC = 0x20;
    /** The kernel's own limit for one message (SCM_MAX_FD). */
    public static final int MAX_DESCRIPTORS = 253;

    private static final int CONTROL = 16 + 4 * MAX_DESCRIPTORS + 4 + 64;

    private Sockets() {}

    /**
     * What one receive brought.
     *
     * @param count bytes received; 0 at the end of the stream
     * @param descriptors the receiver owns them
     * @param truncated a packet or its descriptors did not fit
     */
    public record Received(int count, List<Fd> descriptors, boolean truncated) {}

    /** Who is at the other end, as the kernel recorded it when the connection was made. */
    public record Peer(int pid, int uid, int gid) {}

    /** A new socket. */
    public static Fd socket(int type) throws ErrnoException {
        return Fd.of(C.check(C.socket(AF_UNIX, type | FLAGS, 0), "socket()"));
    }

    /** A socket of rtnetlink(7) in this process's network namespace. */
    public static Fd route() throws ErrnoException {
        return Fd.of(C.check(C.socket(AF_NETLINK, SOCK_RAW | FLAGS, NETLINK_ROUTE), "socket(AF_NETLINK)"));
    }

    /** Two connected sockets. */
    public static Fd[] pair(int type) throws ErrnoException {
        int[] pair = new int[2];
        C.check(C.socketpair(AF_UNIX, type | FLAGS, 0, pair), "socketpair()");
        return new Fd[] {Fd.of(pair[0]), Fd.of(pair[1])};
    }

    /** Two connected sockets, of which the second blocks: for a child that expects so. */
    public static Fd[] pairForChild(int type) throws ErrnoException {
        Fd[] pair = pair(type);
        Descriptors.blocking(pair[1]);
        return pair;
    }

    /** Binds and listens at a path, which must not exist. */
    public static Fd listen(int type, String path, int backlog) throws ErrnoException {
        byte[] address = address(path);
        Fd fd = socket(type);
        try {
            C.check(C.bind(fd.number(), address, address.length), "bind(\"" + path + "\")");
            C.check(C.listen(fd.number(), backlog), "listen()");
            return fd;
        } catch (ErrnoException e) {
            fd.close();
            throw e;
        }
    }

    /** Connects to a path. */
    public static Fd connect(int type, String path) throws ErrnoException {
        byte[] address = address(path);
        Fd fd = socket(type);
        try {
            C.check(C.connect(fd.number(), address, address.length), "connect(\"" + path + "\")");
            return fd;
        } catch (ErrnoException e) {
            fd.close();
            throw e;
        }
    }

    /** The next waiting connection, or empty. */
    public static Optional<Fd> accept(Fd listener) throws ErrnoException {
        int number = C.accept4(listener.number(), Pointer.NULL, Pointer.NULL, FLAGS);
        if (number >= 0) {
            return Optional.of(Fd.of(number));
        }
        Errno errno = C.errno();
        if (errno.equals(Errno.EAGAIN)
                || errno.equals(Errno.EINTR)
                || errno.name().equals("ECONNABORTED")) {
            return Optional.empty();
        }
        throw new ErrnoException("accept4()", errno);
    }

    /** Ends both directions, so that the peer and every waiter see the end. */
    public static void shutdown(Fd socket) {
        int _ = C.shutdown(socket.number(), 2);
    }

    /**
     * Sends bytes and, with the first of them, descriptors (which stay the caller's own).
     *
     * @return how many bytes went; −1 when nothing can be sent now
     */
    public static int send(Fd socket, byte[] bytes, int offset, int length, List<Fd> descriptors)
            throws ErrnoException {
        int control = descriptors.isEmpty() ? 0 : 16 + align(4 * descriptors.size());
        try (Memory memory = new Memory(128 + CONTROL + Math.max(1, length))) {
            memory.clear(128);
            long data = 128 + CONTROL;
            memory.write(data, bytes, offset, length);
            header(memory, data, length, control);
            if (control > 0) {
                memory.setLong(128, 16 + 4L * descriptors.size());
                memory.setInt(136, SOL_SOCKET);
                memory.setInt(140, SCM_RIGHTS);
                for (int i = 0; i < descriptors.size(); i++) {
                    memory.setInt(144 + 4L * i, descriptors.get(i).number());
                }
            }
            long sent = C.sendmsg(socket.number(), memory, MSG_NOSIGNAL);
            if (sent >= 0) {
                return (int) sent;
            }
            Errno errno = C.errno();
            if (errno.equals(Errno.EAGAIN) || errno.equals(Errno.EINTR)) {
                return -1;
            }
            throw new ErrnoException("sendmsg()", errno);
        }
    }

    /** Receives bytes into a buffer, and the descriptors that came with them; empty when nothing is there now. */
    public static Optional<Received> receive(Fd socket, byte[] into) throws ErrnoException {
        try (Memory memory = new Memory(128 + CONTROL + Math.max(1, into.length))) {
            memory.clear(128);
            long data = 128 + CONTROL;
            header(memory, data, into.length, CONTROL);
            long count = C.recvmsg(socket.number(), memory, MSG_CMSG_CLOEXEC);
            if (count < 0) {
                Errno errno = C.errno();
                if (errno.equals(Errno.EAGAIN) || errno.equals(Errno.EINTR)) {
                    return Optional.empty();
                }
                throw new ErrnoException("recvmsg()", errno);
            }
            memory.read(data, into, 0, (int) count);
            int flags = memory.getInt(48);
            return Optional.of(new Received((int) count, descriptors(memory), (flags & (MSG_CTRUNC | MSG_TRUNC)) != 0));
        }
    }

    /** Whether the peer has closed its end, as far as can be told without taking what it sent before. */
    public static boolean hungUp(Fd socket) {
        try (Memory memory = new Memory(128 + CONTROL + 1)) {
            memory.clear(128);
            header(memory, 128 + CONTROL, 1, 0);
            long count = C.recvmsg(socket.number(), memory, MSG_PEEK | MSG_DONTWAIT);
            return count == 0 || (count < 0 && !C.errno().equals(Errno.EAGAIN));
        }
    }

    /** The peer's credentials. */
    public static Peer peer(Fd socket) throws ErrnoException {
        ByteBuffer credentials = ByteBuffer.wrap(option(socket, 17, 12)).order(ByteOrder.nativeOrder());
        return new Peer(credentials.getInt(0), credentials.getInt(4), credentials.getInt(8));
    }

    /** A pidfd of the peer (SO_PEERPIDFD, Linux 6.5). */
    public static Fd peerPidfd(Fd socket) throws ErrnoException {
        return Fd.of(ByteBuffer.wrap(option(socket, 77, 4))
                .order(ByteOrder.nativeOrder())
                .getInt());
    }

    /** The peer's supplementary groups (SO_PEERGROUPS). */
    public static List<Integer> peerGroups(Fd socket) throws ErrnoException {
        ByteBuffer groups = ByteBuffer.wrap(option(socket, 59, 4 * 65536)).order(ByteOrder.nativeOrder());
        List<Integer> list = new ArrayList<>();
        while (groups.remaining() >= 4) {
            list.add(groups.getInt());
        }
        return list;
    }

    /** An option of level SOL_SOCKET, as many bytes as the kernel gave. */
    public static byte[] option(Fd socket, int name, int most) throws ErrnoException {
        byte[] value = new byte[most];
        int[] length = {most};
        C.check(C.getsockopt(socket.number(), SOL_SOCKET, name, value, length), "getsockopt(" + name + ")");
        return java.util.Arrays.copyOf(value, Math.min(length[0], most));
    }

    private static List<Fd> descriptors(Memory memory) {
        List<Fd> received = new ArrayList<>();
        long length = memory.getLong(40);
        long at = 128;
        while (at + 16 <= 128 + length) {
            long size = memory.getLong(at);
            if (size < 16) {
                break;
            }
            if (memory.getInt(at + 8) == SOL_SOCKET && memory.getInt(at + 12) == SCM_RIGHTS) {
                for (long i = 16; i + 4 <= size; i += 4) {
                    received.add(Fd.of(memory.getInt(at + i)));
                }
            }
            at += align((int) size);
        }
        return List.copyOf(received);
    }

    /** Lays struct msghdr (56 bytes) at 0, its one struct iovec at 64; the control buffer stands at 128. */
    private static void header(Memory memory, long data, int length, int control) {
        memory.setPointer(64, memory.share(data));
        memory.setLong(72, length);
        memory.setPointer(16, memory.share(64));
        memory.setLong(24, 1);
        if (control > 0) {
            memory.setPointer(32, memory.share(128));
            memory.setLong(40, control);
        }
    }

    private static int align(int size) {
        return (size + 7) & ~7;
    }

    /** struct sockaddr_un; a path of more than 107 bytes is ENAMETOOLONG: reach it through a directory descriptor. */
    private static byte[] address(String path) throws ErrnoException {
        byte[] text = path.getBytes(StandardCharsets.UTF_8);
        if (text.length > 107) {
            throw new ErrnoException("connect(\"" + path + "\")", Errno.ENAMETOOLONG);
        }
        byte[] address = new byte[110];
        ByteBuffer.wrap(address).order(ByteOrder.nativeOrder()).putShort((short) AF_UNIX);
        System.arraycopy(text, 0, address, 2, text.length);
        return address;
    }
}

package org.slipway.helper.libc;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Making, naming, signalling and reaping processes. */
public final class Processes {

    private static final long PIDFD_SEND_SIGNAL = 424;
    private static final long PIDFD_OPEN = 434;
    private static final long PIDFD_GETFD = 438;
    private static final int PIDFD_NONBLOCK = Descriptors.O_NONBLOCK;
    private static final int WNOHANG = 1;
    private static final short SPAWN_FLAGS = 0x80 | 0x08 | 0x04; // SETSID, SETSIGMASK, SETSIGDEF

    private static final long GET_INFO = 0xC040FF0BL; // ioctl PIDFD_GET_INFO with struct pidfd_info of 64 bytes
    private static final long INFO_EXIT = 8;

    /** A place among the descriptors of a spawned program that stays closed. */
    public static final Fd ABSENT = Fd.of(Integer.MAX_VALUE);

    private Processes() {}

    /**
     * Starts a program in a session of its own, with all signals at their defaults and exactly these descriptors.
     *
     * @param path the program; it is opened by the child, after descriptors were replaced
     * @param descriptors become 0, 1, 2 … of the child; {@link #ABSENT} leaves its place closed
     * @return its pid; it must be reaped by {@link #reap}
     */
    public static int spawn(String path, List<String> args, List<String> env, List<Fd> descriptors)
            throws ErrnoException {
        List<Fd> high = new ArrayList<>();
        try (Memory actions = new Memory(512);
                Memory attributes = new Memory(1024);
                Memory signals = new Memory(256);
                Strings argv = new Strings(args);
                Strings envp = new Strings(env)) {
            succeed(C.posix_spawn_file_actions_init(actions), "posix_spawn_file_actions_init()");
            succeed(C.posix_spawnattr_init(attributes), "posix_spawnattr_init()");
            signals.clear();
            succeed(C.posix_spawnattr_setsigmask(attributes, signals), "posix_spawnattr_setsigmask()");
            signals.setMemory(0, 128, (byte) 0xff);
            succeed(C.posix_spawnattr_setsigdefault(attributes, signals), "posix_spawnattr_setsigdefault()");
            succeed(C.posix_spawnattr_setflags(attributes, SPAWN_FLAGS), "posix_spawnattr_setflags()");
            for (int target = 0; target < descriptors.size(); target++) {
                Fd source = descriptors.get(target);
                if (source == ABSENT) {
                    succeed(C.posix_spawn_file_actions_addclose(actions, target), "addclose()");
                    continue;
                }
                if (source.number() < descriptors.size()) {
                    // below the last target it would be overwritten before it is used
                    source = Descriptors.duplicate(source, descriptors.size());
                    high.add(source);
                }
                succeed(C.posix_spawn_file_actions_adddup2(actions, source.number(), target), "adddup2()");
            }
            succeed(C.posix_spawn_file_actions_addclosefrom_np(actions, descriptors.size()), "addclosefrom_np()");
            int[] pid = new int[1];
            int error = C.posix_spawn(pid, C.text(path), actions, attributes, argv.pointer(), envp.pointer());
            int _ = C.posix_spawn_file_actions_destroy(actions) + C.posix_spawnattr_destroy(attributes);
            succeed(error, "posix_spawn(\"" + path + "\")");
            return pid[0];
        } finally {
            high.forEach(Fd::close);
        }
    }

    /** A pidfd, non-blocking: readable once the process has ended. */
    public static Fd pidfd(int pid) throws ErrnoException {
        return Fd.of((int) C.check(C.syscall(PIDFD_OPEN, pid, PIDFD_NONBLOCK, 0, 0, 0, 0), "pidfd_open(" + pid + ")"));
    }

    /** The number of a pidfd's process as this process sees it; −1 once it is reaped. */
    public static int pid(Fd pidfd) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo/" + pidfd.number()))) {
            if (line.startsWith("Pid:")) {
                return Integer.parseInt(line.substring(4).strip());
            }
        }
        throw new IOException("no Pid in the pidfd's fdinfo");
    }

    /** A copy of a descriptor that the process of a pidfd has open under a number. */
    public static Fd descriptor(Fd pidfd, int number) throws ErrnoException {
        return Fd.of((int)
                C.check(C.syscall(PIDFD_GETFD, pidfd.number(), number, 0, 0, 0, 0), "pidfd_getfd(" + number + ")"));
    }

    /** Sends a signal to exactly the process that the pidfd names. */
    public static void signal(Fd pidfd, int signal) throws ErrnoException {
        C.check(C.syscall(PIDFD_SEND_SIGNAL, pidfd.number(), signal, 0, 0, 0, 0), "pidfd_send_signal(" + signal + ")");
    }

    /** Whether the process of a pidfd has ended (it may still wait to be reaped). */
    public static boolean ended(Fd pidfd) throws ErrnoException {
        return (Descriptors.poll(pidfd, Descriptors.POLLIN) & Descriptors.POLLIN) != 0;
    }

    /** Reaps a child of ours that has ended; its wait status, or empty while it lives or when it is not ours. */
    public static OptionalInt reap(int pid) {
        int[] status = new int[1];
        return C.waitpid(pid, status, WNOHANG) == pid ? OptionalInt.of(status[0]) : OptionalInt.empty();
    }

    /**
     * The wait status of a process that was reaped by somebody else (PIDFD_INFO_EXIT, Linux 6.15); empty where the kernel does not
     * keep it, or while it is not reaped.
     */
    public static OptionalInt status(Fd pidfd) {
        byte[] info = new byte[256];
        ByteBuffer view = ByteBuffer.wrap(info).order(ByteOrder.nativeOrder());
        view.putLong(0, INFO_EXIT);
        return C.ioctl(pidfd.number(), GET_INFO, info) == 0 && (view.getLong(0) & INFO_EXIT) != 0
                ? OptionalInt.of(view.getInt(60))
                : OptionalInt.empty();
    }

    /** This process's real user id. */
    public static int uid() {
        return C.getuid();
    }

    private static void succeed(int error, String call) throws ErrnoException {
        if (error != 0) {
            throw new ErrnoException(call, new Errno(error));
        }
    }

    /** A NULL-ended array of C strings in one block. */
    private static final class Strings implements AutoCloseable {

        private final Memory memory;

        Strings(List<String> strings) {
            List<byte[]> texts = strings.stream().map(C::text).toList();
            int pointers = 8 * (strings.size() + 1);
            memory = new Memory(
                    pointers + texts.stream().mapToInt(text -> text.length).sum());
            long at = pointers;
            for (int i = 0; i < texts.size(); i++) {
                memory.write(at, texts.get(i), 0, texts.get(i).length);
                memory.setPointer(8L * i, memory.share(at));
                at += texts.get(i).length;
            }
            memory.setPointer(8L * strings.size(), Pointer.NULL);
        }

        Pointer pointer() {
            return memory;
        }

        @Override
        public void close() {
            memory.close();
        }
    }
}

package org.slipway.helper.cgroup;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slipway.helper.libc.Bpf;
import org.slipway.helper.libc.Descriptors;
import org.slipway.helper.libc.Errno;
import org.slipway.helper.libc.ErrnoException;
import org.slipway.helper.libc.Fd;
import org.slipway.helper.libc.Processes;

/**
 * What plans do with control groups. Files are written in one write each, because every write is a command. Nothing here is
 * remembered between calls.
 */
public final class Cgroups {

    private static final int SIGKILL = 9;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private Cgroups() {}

    /** Makes a cgroup; one that is there already is taken only if it is empty and not frozen, else EEXIST. */
    public static void make(String path) throws ErrnoException {
        try {
            Descriptors.mkdir(path, 0755);
        } catch (ErrnoException e) {
            if (!e.is(Errno.EEXIST)
                    || !children(path).isEmpty()
                    || !members(path).isEmpty()
                    || frozen(path)) {
                throw e;
            }
        }
    }

    /** Makes a parent; false if it is there already. */
    public static boolean makeParent(String path) throws ErrnoException {
        try {
            Descriptors.mkdir(path, 0755);
            return true;
        } catch (ErrnoException e) {
            if (e.is(Errno.EEXIST)) {
                return false;
            }
            throw e;
        }
    }

    /** Whether there is such a directory. */
    public static boolean exists(String path) {
        return Files.exists(path);
    }

    /** Writes a value to a file of a cgroup. */
    public static void write(String file, String value) throws ErrnoException {
        Files.write(file, value);
    }

    /** Removes what create made, and what its processes made below it; waits while the kernel is still busy with it. */
    public static void remove(String path) throws ErrnoException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (long pause = 1; ; pause = Math.min(pause * 2, 50)) {
            try {
                Descriptors.rmdir(path);
                return;
            } catch (ErrnoException e) {
                if (e.is(Errno.ENOENT)) {
                    return;
                }
                if (!e.is(Errno.EBUSY) || System.nanoTime() > deadline) {
                    throw e;
                }
            }
            // only now: to find its children costs a look at each of its files
            List<String> children = children(path);
            for (String child : children) {
                remove(path + "/" + child);
            }
            if (children.isEmpty()) {
                Thread.sleep(pause);
            }
        }
    }

    /** Removes a parent unless something is in it by now. */
    public static void removeParent(String path) throws ErrnoException {
        try {
            Descriptors.rmdir(path);
        } catch (ErrnoException e) {
            if (!e.is(Errno.ENOENT) && !e.is(Errno.EBUSY) && !e.is(Errno.ENOTEMPTY)) {
                throw e;
            }
        }
    }

    /** Kills every process in a cgroup and below it, and waits until there is none. A missing cgroup is an empty one. */
    public static void kill(String path) throws ErrnoException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        boolean whole = Files.exists(path + "/cgroup.kill");
        boolean freezes = !whole && Files.exists(path + "/freezer.state");
        for (long pause = 1; ; pause = Math.min(pause * 2, 50)) {
            List<Integer> members = everyone(path);
            if (members.isEmpty()) {
                return;
            }
            if (whole) {
                write(path + "/cgroup.kill", "1");
            } else {
                if (freezes) {
                    write(path + "/freezer.state", "FROZEN"); // so that nobody forks away from the list
                }
                for (int pid : everyone(path)) {
                    signalOne(pid, SIGKILL);
                }
                if (freezes) {
                    write(path + "/freezer.state", "THAWED"); // a frozen process cannot die on v1
                }
            }
            if (System.nanoTime() > deadline) {
                throw new ErrnoException("kill all of \"" + path + "\"", Errno.EBUSY);
            }
            Thread.sleep(pause);
        }
    }

    /** Sends a signal to every process in a cgroup and below it, once. */
    public static void signal(String path, int signal) throws ErrnoException {
        for (int pid : everyone(path)) {
            signalOne(pid, signal);
        }
    }

    /** The processes in a cgroup and below it. */
    public static List<Integer> everyone(String path) throws ErrnoException {
        List<Integer> pids = new ArrayList<>(members(path));
        for (String child : children(path)) {
            pids.addAll(everyone(path + "/" + child));
        }
        return pids;
    }

    /** Thaws a frozen cgroup, so that its processes can take a signal. */
    public static void thaw(String path) throws ErrnoException {
        if (Files.exists(path + "/cgroup.freeze")) {
            write(path + "/cgroup.freeze", "0");
        } else if (Files.exists(path + "/freezer.state")) {
            write(path + "/freezer.state", "THAWED");
        }
    }

    /** Fills empty cpuset files of a v1 cgroup and of all above it from their parents, from the root down. */
    public static void inheritCpuset(String path) throws ErrnoException {
        int slash = path.lastIndexOf('/');
        String parent = slash > 0 ? path.substring(0, slash) : "/";
        if (!Files.exists(parent + "/cpuset.cpus")) {
            return; // path is the mount point, whose files the kernel fills
        }
        inheritCpuset(parent);
        for (String file : List.of("cpuset.cpus", "cpuset.mems")) {
            if (Files.read(path + "/" + file).isBlank()) {
                write(path + "/" + file, Files.read(parent + "/" + file).strip());
            }
        }
    }

    /** Moves a process. On v1 it costs milliseconds: the kernel waits for a grace period. */
    public static void move(String path, int pid) throws ErrnoException {
        write(path + "/cgroup.procs", Integer.toString(pid));
    }

    /** Attaches a device program to a v2 cgroup. */
    public static void attachDeviceFilter(String path, byte[] program) throws ErrnoException {
        try (Fd directory = Descriptors.open(path, Descriptors.O_RDONLY | Descriptors.O_DIRECTORY, 0)) {
            Bpf.attachDeviceFilter(directory, program);
        }
    }

    private static List<Integer> members(String path) throws ErrnoException {
        Optional<String> procs = Files.readIfThere(path + "/cgroup.procs");
        return procs.map(text -> text.lines()
                        .filter(line -> !line.isBlank())
                        .map(Integer::valueOf)
                        .toList())
                .orElse(List.of());
    }

    private static boolean frozen(String path) throws ErrnoException {
        return Files.readIfThere(path + "/freezer.state")
                        .map(text -> !text.strip().equals("THAWED"))
                        .orElse(false)
                || Files.readIfThere(path + "/cgroup.freeze")
                        .map(text -> text.strip().equals("1"))
                        .orElse(false);
    }

    private static List<String> children(String path) {
        return Files.directories(path);
    }

    private static void signalOne(int pid, int signal) throws ErrnoException {
        if (pid == 0) {
            return; // a process of a pid namespace that we cannot name
        }
        try (Fd pidfd = Processes.pidfd(pid)) {
            Processes.signal(pidfd, signal);
        } catch (ErrnoException e) {
            if (!e.is(Errno.ESRCH)) {
                throw e;
            }
        }
    }

    /** Files by libc: a path is bytes here, whatever the locale. */
    private static final class Files {

        private Files() {}

        static boolean exists(String path) {
            try (Fd _ = Descriptors.open(path, Descriptors.O_PATH, 0)) {
                return true;
            } catch (ErrnoException e) {
                return false;
            }
        }

        static void write(String path, String value) throws ErrnoException {
            try (Fd file = Descriptors.open(path, Descriptors.O_WRONLY, 0)) {
                Descriptors.writeAll(file, value.getBytes(StandardCharsets.UTF_8));
            }
        }

        static String read(String path) throws ErrnoException {
            try (Fd file = Descriptors.open(path, Descriptors.O_RDONLY, 0)) {
                ByteArrayOutputStream all = new ByteArrayOutputStream();
                byte[] buffer = new byte[8192];
                for (int count = Descriptors.read(file, buffer); count > 0; count = Descriptors.read(file, buffer)) {
                    all.write(buffer, 0, count);
                }
                return all.toString(StandardCharsets.UTF_8);
            }
        }

        static Optional<String> readIfThere(String path) throws ErrnoException {
            try {
                return Optional.of(read(path));
            } catch (ErrnoException e) {
                if (e.is(Errno.ENOENT) || e.is(Errno.ENODEV) || e.is(Errno.EOPNOTSUPP)) {
                    return Optional.empty();
                }
                throw e;
            }
        }

        static List<String> directories(String path) {
            File[] found = new File(path).listFiles(File::isDirectory);
            return found == null
                    ? List.of()
                    : Arrays.stream(found).map(File::getName).toList();
        }
    }
}

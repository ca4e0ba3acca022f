package org.slipway.helper.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    /** On the parents that were made for containers; the second where the first is root's alone, and then only on what is our own. */
    private static final String MARK = "trusted.slipway";

    private static final String OWN_MARK = "user.slipway";
    private static final int MOST_TRIES = 100;

    /** Config-linux.md, Cgroup ownership. */
    private static final List<String> DELEGATED = List.of("cgroup.procs", "cgroup.subtree_control", "cgroup.threads");

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private Cgroups() {}

    /**
     * Makes a cgroup. One that is there already is taken only if it is empty, else EEXIST; one that is frozen, by itself or from above,
     * is EBUSY, since nothing would ever run in it.
     */
    public static void make(String path) throws ErrnoException {
        boolean made = true;
        try {
            Descriptors.mkdir(path, 0755);
        } catch (ErrnoException e) {
            if (!e.is(Errno.EEXIST) || taken(path)) {
                throw e;
            }
            made = false;
        }
        if (freezing(path)) {
            if (made) {
                Descriptors.rmdir(path);
            }
            throw new ErrnoException("mkdir(\"" + path + "\")", Errno.EBUSY);
        }
    }

    /** Whether a cgroup holds processes or other cgroups. */
    public static boolean taken(String path) throws ErrnoException {
        return !children(path).isEmpty() || !members(path).isEmpty();
    }

    /**
     * Makes a parent, and marks it as made for containers: whoever leaves it empty takes it away. False if it is there already.
     */
    public static boolean makeParent(String path) throws ErrnoException {
        for (int i = 0; ; i++) {
            try {
                Descriptors.mkdir(path, 0755);
            } catch (ErrnoException e) {
                if (e.is(Errno.EEXIST)) {
                    return false;
                }
                throw e;
            }
            try {
                markOrRemove(path);
                return true;
            } catch (ErrnoException e) {
                if (!e.is(Errno.ENOENT)
                        || i == MOST_TRIES) { // somebody's undo took it for one that a crash left unmarked
                    throw e;
                }
            }
        }
    }

    /** Without its mark nobody would ever take it away. */
    private static void markOrRemove(String path) throws ErrnoException {
        try {
            mark(path);
        } catch (ErrnoException e) {
            removeIfEmpty(path);
            throw e;
        }
    }

    /** Whether there is such a directory. */
    public static boolean exists(String path) {
        return ControlFiles.exists(path);
    }

    /** Writes a value to a file of a cgroup. */
    public static void write(String file, String value) throws ErrnoException {
        ControlFiles.write(file, value);
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

    /** Removes a parent that was made for containers, unless something is in it by now; false if it is somebody else's. */
    public static boolean removeParent(String path) throws ErrnoException {
        if (!marked(path)) {
            return false;
        }
        removeIfEmpty(path);
        return true;
    }

    /** Whether it was made for containers, as their parent. Whoever a cgroup was handed to may put {@code user} attributes on it. */
    public static boolean marked(String path) {
        return Descriptors.hasAttribute(path, MARK) || (Descriptors.hasAttribute(path, OWN_MARK) && own(path));
    }

    private static boolean own(String path) {
        try {
            return Files.getAttribute(Path.of(path), "unix:uid").equals(Processes.uid());
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Removes what a create that was killed right after it had made it left without a mark, unless something is in it; false if it is not
     * there, or not our own.
     */
    public static boolean removeUnmarked(String path) throws ErrnoException {
        if (!exists(path) || !own(path)) {
            return false;
        }
        removeIfEmpty(path);
        return true;
    }

    /** Removes a cgroup unless something is in it. */
    public static void removeIfEmpty(String path) throws ErrnoException {
        try {
            Descriptors.rmdir(path);
        } catch (ErrnoException e) {
            if (!e.is(Errno.ENOENT) && !e.is(Errno.EBUSY) && !e.is(Errno.ENOTEMPTY)) {
                throw e;
            }
        }
    }

    /** The mark is on the cgroup itself, so that every helper sees it, and no crash loses it. */
    private static void mark(String path) throws ErrnoException {
        for (String mark : List.of(MARK, OWN_MARK)) {
            try {
                Descriptors.setAttribute(path, mark, new byte[] {'1'});
                return;
            } catch (ErrnoException e) {
                if (!e.is(Errno.EPERM) && !e.is(Errno.EOPNOTSUPP)) {
                    throw e;
                }
            }
        }
    }

    /** Enables controllers for the children of a cgroup; the error names the one that cannot be. */
    public static void enable(String directory, List<String> controllers) throws ErrnoException {
        String file = directory + "/cgroup.subtree_control";
        try {
            write(file, "+" + String.join(" +", controllers));
        } catch (ErrnoException all) {
            for (String controller : controllers) {
                try {
                    write(file, "+" + controller);
                } catch (ErrnoException e) {
                    throw new ErrnoException("'" + controller + "' below \"" + directory + "\"", e.errno());
                }
            }
        }
    }

    /** Writes to the first of these files that is there; false if none is. */
    public static boolean writeFirst(List<String> files, List<String> values) throws ErrnoException {
        for (int i = 0; i < files.size(); i++) {
            if (ControlFiles.exists(files.get(i))) {
                write(files.get(i), values.get(i));
                return true;
            }
        }
        return false;
    }

    /** EBUSY if a file tells more than so many bytes. */
    public static void checkUsage(String file, long bytes) throws ErrnoException {
        long used = Long.parseLong(ControlFiles.read(file).strip());
        if (used > bytes) {
            throw new ErrnoException(used + " bytes in \"" + file + "\"", Errno.EBUSY);
        }
    }

    /** Gives a v1 cgroup time for real-time processes if it has none; false if it has some. */
    public static boolean raiseRealtime(String directory, long period, long runtime) throws ErrnoException {
        if (!ControlFiles.read(directory + "/cpu.rt_runtime_us").strip().equals("0")) {
            return false;
        }
        write(directory + "/cpu.rt_period_us", Long.toString(period));
        write(directory + "/cpu.rt_runtime_us", Long.toString(runtime));
        return true;
    }

    /**
     * Hands a v2 cgroup to a user, with those of its files that the kernel lists; a listed file that the cgroup has not is passed over.
     *
     * @param list the kernel's list; without it, it is that of config-linux.md
     */
    public static void handOver(String path, int uid, String list) throws ErrnoException {
        List<String> names = ControlFiles.readIfThere(list)
                .map(text -> text.lines().toList())
                .orElse(DELEGATED);
        Descriptors.chown(path, uid, -1);
        for (String name : names) {
            if (name.isBlank() || name.contains("/")) {
                continue;
            }
            try {
                Descriptors.chown(path + "/" + name.strip(), uid, -1);
            } catch (ErrnoException e) {
                if (!e.is(Errno.ENOENT)) {
                    throw e;
                }
            }
        }
    }

    /** Kills every process in a cgroup and below it, and waits until there is none. A missing cgroup is an empty one. */
    public static void kill(String path) throws ErrnoException, InterruptedException {
        List<Integer> members = everyone(path);
        if (members.isEmpty()) {
            return;
        }
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        boolean whole = ControlFiles.exists(path + "/cgroup.kill");
        boolean freezes = !whole && ControlFiles.exists(path + "/freezer.state");
        for (long pause = 1; !members.isEmpty(); pause = Math.min(pause * 2, 50)) {
            if (whole) {
                write(path + "/cgroup.kill", "1");
            } else {
                if (freezes) {
                    write(path + "/freezer.state", "FROZEN"); // so that nobody forks away from the list
                }
                signal(path, SIGKILL);
                if (freezes) {
                    write(path + "/freezer.state", "THAWED"); // a frozen process cannot die on v1
                }
            }
            if (System.nanoTime() > deadline) {
                throw new ErrnoException("kill all of \"" + path + "\"", Errno.EBUSY);
            }
            Thread.sleep(pause);
            members = everyone(path);
        }
    }

    /**
     * Sends a signal to every process in a cgroup and below it, to each once. A pid that is read may be another's by the time it is opened, so
     * only those are meant that are still members when they are held.
     */
    public static void signal(String path, int signal) throws ErrnoException {
        Map<Integer, Fd> held = new LinkedHashMap<>();
        try {
            for (int pid : everyone(path)) {
                hold(pid).ifPresent(fd -> held.put(pid, fd));
            }
            Set<Integer> members = Set.copyOf(everyone(path));
            for (Map.Entry<Integer, Fd> each : held.entrySet()) {
                if (members.contains(each.getKey())) {
                    send(each.getValue(), signal);
                }
            }
        } finally {
            held.values().forEach(Fd::close);
        }
    }

    /** A process of a pid namespace that we cannot name shows as 0; one that has ended by now needs no signal. */
    private static Optional<Fd> hold(int pid) throws ErrnoException {
        try {
            return pid == 0 ? Optional.empty() : Optional.of(Processes.pidfd(pid));
        } catch (ErrnoException e) {
            if (e.is(Errno.ESRCH)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static void send(Fd pidfd, int signal) throws ErrnoException {
        try {
            Processes.signal(pidfd, signal);
        } catch (ErrnoException e) {
            if (!e.is(Errno.ESRCH)) {
                throw e;
            }
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

    /** Fills empty cpuset files of a v1 cgroup and of all above it from their parents, from the root down. */
    public static void inheritCpuset(String path) throws ErrnoException {
        int slash = path.lastIndexOf('/');
        String parent = slash > 0 ? path.substring(0, slash) : "/";
        if (!ControlFiles.exists(parent + "/cpuset.cpus")) {
            return; // path is the mount point, whose files the kernel fills
        }
        List<String> empty = new ArrayList<>();
        for (String file : List.of("cpuset.cpus", "cpuset.mems")) {
            if (ControlFiles.read(path + "/" + file).isBlank()) {
                empty.add(file);
            }
        }
        if (empty.isEmpty()) {
            return; // nothing above is empty then: a child has only what its parent has
        }
        inheritCpuset(parent);
        for (String file : empty) {
            write(path + "/" + file, ControlFiles.read(parent + "/" + file).strip());
        }
    }

    /** Writes a pid to {@code cgroup.procs} or {@code tasks}. On v1 it costs milliseconds: the kernel waits for a grace period. */
    public static void move(String file, int pid) throws ErrnoException {
        write(file, Integer.toString(pid));
    }

    /** Attaches a device program to a v2 cgroup. */
    public static void attachDeviceFilter(String path, byte[] program) throws ErrnoException {
        try (Fd directory = Descriptors.open(path, Descriptors.O_RDONLY | Descriptors.O_DIRECTORY, 0)) {
            Bpf.attachDeviceFilter(directory, program);
        }
    }

    /** Puts a device program in the place of the one that a v2 cgroup has; EEXIST if it has several. */
    public static boolean replaceDeviceFilter(String path, byte[] program) throws ErrnoException {
        try (Fd directory = Descriptors.open(path, Descriptors.O_RDONLY | Descriptors.O_DIRECTORY, 0)) {
            return Bpf.replaceDeviceFilter(directory, program);
        }
    }

    /** What a file of a cgroup says; empty if it is not there, or cannot be read. */
    public static Optional<String> text(String file) {
        try {
            return Optional.of(ControlFiles.read(file));
        } catch (ErrnoException e) {
            return Optional.empty();
        }
    }

    private static List<Integer> members(String path) throws ErrnoException {
        Optional<String> procs = ControlFiles.readIfThere(path + "/cgroup.procs");
        return procs.map(text -> text.lines()
                        .filter(line -> !line.isBlank())
                        .map(Integer::valueOf)
                        .toList())
                .orElse(List.of());
    }

    /** Whether all processes of a cgroup are frozen; one that cannot be looked at is not. */
    public static boolean frozen(String path) {
        try {
            return Freezer.is(path);
        } catch (ErrnoException e) {
            return false;
        }
    }

    /** A hierarchy has the file of version 1 or those of version 2, and most of version 1 have none. */
    private static boolean freezing(String path) throws ErrnoException {
        Optional<String> state = ControlFiles.readIfThere(path + "/freezer.state");
        if (state.isPresent()) {
            return tells(state.get(), "FROZEN") || tells(state.get(), "FREEZING");
        }
        Optional<String> events = ControlFiles.readIfThere(path + "/cgroup.events");
        return events.isPresent()
                && (tells(events.get(), "frozen 1")
                        || ControlFiles.readIfThere(path + "/cgroup.freeze")
                                .filter(text -> tells(text, "1"))
                                .isPresent());
    }

    private static boolean tells(String text, String line) {
        return text.lines().anyMatch(line::equals);
    }

    private static List<String> children(String path) {
        return ControlFiles.directories(path);
    }
}

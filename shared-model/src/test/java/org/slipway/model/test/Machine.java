package org.slipway.model.test;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a container could leave behind on this machine, as it was at one moment: mounts, cgroups, network devices, named network
 * namespaces, processes, open files of helpers, containers in state directories. Read from {@code /proc} and {@code /sys} alone, which
 * takes some milliseconds.
 */
public final class Machine {

    private static final Duration SETTLING = Duration.ofMillis((long) (5000 * Patience.SCALE));
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

    /** The units of systemd come and go as it likes; ours bear our name. */
    private static final Pattern OF_SYSTEMD =
            Pattern.compile("/(?!\\S*slipway)(system\\.slice|user\\.slice|init\\.scope)(/.*)?$");

    /** The empty parent that the end-to-end tests choose for their containers, which keeps their number. */
    private static final Pattern TESTS_OWN = Pattern.compile("/slipway-test-\\d+$");

    /** Where podman without systemd puts its own processes, and leaves it. */
    private static final Pattern OF_PODMAN = Pattern.compile("/libpod_parent(/conmon)?$");

    /** Opened when a class is first used, and kept. */
    private static final Pattern OF_THE_JAVA_MACHINE =
            Pattern.compile(".*(\\.jar|\\.so|/modules|/dev/u?random|\\.jsa)$|.*/hsperfdata.*|/tmp/ffi\\w+.*");

    private static final List<String> CLASS_PATH =
            List.of(System.getProperty("java.class.path", "").split(":", -1));

    /** Made when the first container is, and kept: the sealed copy of the launcher. */
    private static final String IMAGE = "/memfd:slipway-launch";

    private final List<Path> states;
    private final Supplier<List<Long>> helpers;
    private final Set<String> things;
    private final Set<String> cgroups;
    private final Set<String> used;
    private final Map<Long, String> processes;
    private final Map<Long, Map<String, Integer>> files;

    private Machine(List<Path> states, Supplier<List<Long>> helpers) {
        this.states = states;
        this.helpers = helpers;
        this.things = things(states);
        this.cgroups = cgroups();
        this.used = cgroups.stream().filter(Machine::hasProcesses).collect(Collectors.toSet());
        this.processes = processes();
        this.files = new HashMap<>();
        helpers.get().forEach(pid -> files.put(pid, openFiles(pid)));
    }

    /** As it is now, with nothing more known than that this process may be a helper. */
    public static Machine now() {
        return now(List.of(), () -> List.of(ProcessHandle.current().pid()));
    }

    /**
     * As it is now.
     *
     * @param states state directories, which need not exist yet
     * @param helpers the processes of helpers; asked again at each look, for a helper may have been replaced
     */
    public static Machine now(List<Path> states, Supplier<List<Long>> helpers) {
        return new Machine(states, helpers);
    }

    /** Waits a moment for what the kernel still takes away, then fails if anything is not as it was. */
    public void assertSame(String when) {
        long end = System.nanoTime() + SETTLING.toNanos();
        List<String> different = different();
        while (!different.isEmpty() && System.nanoTime() < end) {
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            different = different();
        }
        assertEquals(List.of(), different, when);
    }

    /** What is there now and was not, with a plus, and what was there and is not, with a minus. */
    List<String> different() {
        Machine after = new Machine(states, helpers);
        List<String> different = new ArrayList<>();
        compare("", things, after.things, different);
        // one that somebody else used at either moment is theirs to take away; a process of ours in it is found below
        compare("cgroup ", minus(cgroups, after.cgroups, used), minus(after.cgroups, cgroups, after.used), different);
        after.processes.forEach((pid, start) -> {
            if (!start.equals(processes.get(pid)) && ours(pid)) {
                different.add("+process " + pid + " " + command(pid));
            }
        });
        after.files.forEach((pid, now) -> {
            Map<String, Integer> then = files.get(pid);
            if (then != null) { // else another helper has taken its place
                compareFiles(pid, then, now, different);
            }
        });
        return different;
    }

    private static void compare(String prefix, Set<String> before, Set<String> after, List<String> different) {
        after.stream().filter(thing -> !before.contains(thing)).forEach(thing -> different.add("+" + prefix + thing));
        before.stream().filter(thing -> !after.contains(thing)).forEach(thing -> different.add("-" + prefix + thing));
    }

    private static void compareFiles(
            long pid, Map<String, Integer> before, Map<String, Integer> after, List<String> different) {
        Set<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        for (String name : names) {
            int then = before.getOrDefault(name, 0);
            int now = after.getOrDefault(name, 0);
            // fewer are those of a call that had not quite ended before
            if (now > then && !(name.startsWith(IMAGE) && now == 1)) {
                different.add("open in helper " + pid + ": " + name + " " + then + " -> " + now);
            }
        }
    }

    private static Set<String> things(List<Path> states) {
        Set<String> found = new TreeSet<>();
        for (String line : read("/proc/self/mountinfo").split("\n", -1)) {
            String[] fields = line.split(" ", 6);
            if (fields.length > 4) {
                found.add("mount " + fields[4] + " (" + fields[0] + ")");
            }
        }
        children(Path.of("/sys/class/net"), device -> found.add("network device " + device.getFileName()));
        children(Path.of("/run/netns"), name -> found.add("network namespace " + name.getFileName()));
        states.forEach(state -> containers(state, found));
        return found;
    }

    private static void containers(Path state, Set<String> found) {
        children(state, owner -> {
            if (owner.getFileName().toString().matches("\\d+")) {
                children(owner, container -> found.add("state directory " + container));
            }
        });
    }

    /** Without those that only this set has and that were in use then. */
    private static Set<String> minus(Set<String> set, Set<String> other, Set<String> used) {
        return set.stream()
                .filter(path -> other.contains(path) || !used.contains(path))
                .collect(Collectors.toSet());
    }

    private static boolean hasProcesses(String cgroup) {
        try {
            return !Files.readString(Path.of(cgroup, "cgroup.procs")).isEmpty();
        } catch (IOException e) {
            return false; // gone meanwhile
        }
    }

    private static Set<String> cgroups() {
        Set<String> found = new HashSet<>();
        below(CGROUPS, found);
        return found;
    }

    /** A directory of cgroupfs has two links and one for each child, so that most need not be listed. */
    private static void below(Path directory, Set<String> found) {
        if (links(directory) == 2) {
            return;
        }
        children(directory, child -> {
            if (Files.isDirectory(child, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
                String path = child.toString();
                if (Stream.of(OF_SYSTEMD, OF_PODMAN, TESTS_OWN)
                        .noneMatch(pattern -> pattern.matcher(path).find())) {
                    found.add(path);
                }
                below(child, found);
            }
        });
    }

    private static int links(Path directory) {
        try {
            return (Integer) Files.getAttribute(directory, "unix:nlink");
        } catch (IOException e) {
            return 2; // gone meanwhile
        }
    }

    private static Map<Long, String> processes() {
        Map<Long, String> found = new HashMap<>();
        children(Path.of("/proc"), process -> {
            String name = process.getFileName().toString();
            if (Character.isDigit(name.charAt(0))) {
                long pid = Long.parseLong(name);
                stat(pid).ifPresent(stat -> found.put(pid, stat[19]));
            }
        });
        return found;
    }

    /** A process that is new, descends from a helper or from us, stands in a new cgroup, or holds a file of a state directory. */
    private boolean ours(long pid) {
        return !helpers.get().contains(pid) && (descends(pid) || inNewCgroup(pid) || holdsState(pid));
    }

    private boolean descends(long pid) {
        Set<Long> ancestors = new HashSet<>(helpers.get());
        ancestors.add(ProcessHandle.current().pid());
        for (long at = pid;
                at > 1;
                at = stat(at).map(stat -> Long.valueOf(stat[1])).orElse(0L)) {
            if (ancestors.contains(at)) {
                return true;
            }
        }
        return false;
    }

    private boolean inNewCgroup(long pid) {
        for (String line : read("/proc/" + pid + "/cgroup").split("\n", -1)) {
            String[] fields = line.split(":", 3);
            if (fields.length == 3
                    && fields[2].contains("slipway")
                    && !TESTS_OWN.matcher(fields[2]).find()) {
                String known = fields[2];
                if (cgroups.stream().noneMatch(path -> path.endsWith(known))) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean holdsState(long pid) {
        return openFiles(pid).keySet().stream()
                .anyMatch(file -> states.stream().anyMatch(state -> file.startsWith(state + "/")));
    }

    private static String command(long pid) {
        return read("/proc/" + pid + "/cmdline").replace('\0', ' ') + "("
                + stat(pid).map(stat -> stat[0]).orElse("?") + ")";
    }

    /** The fields of proc_pid_stat(5) from the third, the state, on. */
    private static Optional<String[]> stat(long pid) {
        String text = read("/proc/" + pid + "/stat");
        int end = text.lastIndexOf(") ");
        return end < 0 ? Optional.empty() : Optional.of(text.substring(end + 2).split(" ", -1));
    }

    private static Map<String, Integer> openFiles(long pid) {
        Map<String, Integer> found = new HashMap<>();
        children(Path.of("/proc/" + pid + "/fd"), link -> {
            try {
                String target = Files.readSymbolicLink(link).toString();
                String kind = target.replaceFirst("^(\\w+):\\[\\d+]$", "$1");
                if (!ofTheJavaMachine(target) && !kind.startsWith("/proc/" + pid + "/fd")) {
                    found.merge(kind, 1, Integer::sum);
                }
            } catch (IOException e) {
                // closed meanwhile
            }
        });
        return found;
    }

    private static boolean ofTheJavaMachine(String file) {
        return OF_THE_JAVA_MACHINE.matcher(file).matches()
                || CLASS_PATH.stream().anyMatch(entry -> !entry.isEmpty() && file.startsWith(entry));
    }

    private static void children(Path directory, Consumer<Path> each) {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
            all.forEach(each);
        } catch (IOException | DirectoryIteratorException e) {
            // gone, or never there
        }
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file), StandardCharsets.ISO_8859_1);
        } catch (IOException | UncheckedIOException e) {
            return ""; // ended meanwhile
        }
    }
}

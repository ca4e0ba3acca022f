package org.slipway.helper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a container could leave behind on this machine: compared before and after. */
record Leftovers(
        Set<String> mounts, Set<String> cgroups, Set<String> processes, Set<String> files, Set<String> descriptors) {

    static Leftovers now(Path state) throws IOException {
        return new Leftovers(allMounts(state), allCgroups(), allProcesses(state), allFiles(state), allDescriptors());
    }

    /** Waits a moment for what the kernel still takes away, then compares. */
    void assertSame(Path state, String when) throws IOException, InterruptedException {
        Leftovers after = now(state);
        for (int i = 0; i < 60 && !same(after); i++) {
            Thread.sleep(50);
            after = now(state);
        }
        assertEquals(mounts, after.mounts, when);
        assertEquals(cgroups, after.cgroups, when);
        assertEquals(processes, after.processes, when);
        assertEquals(files, after.files, when);
        assertTrue(after.descriptors.size() <= descriptors.size() + 1, when + ": " + after.descriptors);
    }

    private boolean same(Leftovers after) {
        return mounts.equals(after.mounts)
                && cgroups.equals(after.cgroups)
                && processes.equals(after.processes)
                && files.equals(after.files);
    }

    /** Mounts at the bundle or the state directory. */
    private static Set<String> allMounts(Path state) throws IOException {
        String folder = state.resolveSibling("").toString();
        return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                .filter(line -> line.contains(folder))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** In the names of the tests' containers, so that others at work on the same machine do not disturb. */
    static final String TAG = System.getProperty(
            "slipway.test.tag", Long.toString(ProcessHandle.current().pid()));

    private static final String OURS = ".*/slipway/0/[a-z0-9]+-" + TAG + "(/.*)?";

    private static Set<String> allCgroups() throws IOException {
        String hooks = "/hook-" + ProcessHandle.current().pid() + "-";
        Set<String> found = new TreeSet<>();
        Files.walkFileTree(Path.of("/sys/fs/cgroup"), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                String path = directory.toString();
                if (path.matches(OURS) || path.contains(hooks)) {
                    found.add(path);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE; // others come and go
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
        return found;
    }

    /** Children of this process, and all that is in a test's cgroup or holds a file of its state directory. */
    private static Set<String> allProcesses(Path state) {
        Set<String> found = new TreeSet<>();
        ProcessHandle self = ProcessHandle.current();
        for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
            boolean child = process.parent().filter(self::equals).isPresent();
            if (!process.equals(self) && (child || inOurCgroup(process) || holds(process, state))) {
                found.add(process.pid() + " " + process.info().command().orElse("?"));
            }
        }
        return found;
    }

    private static boolean inOurCgroup(ProcessHandle process) {
        try {
            return Files.readAllLines(Path.of("/proc/" + process.pid() + "/cgroup")).stream()
                    .anyMatch(line -> line.matches(OURS));
        } catch (IOException e) {
            return false; // ended meanwhile
        }
    }

    private static boolean holds(ProcessHandle process, Path state) {
        try (Stream<Path> all = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
            return all.anyMatch(link -> target(link).startsWith(state + "/"));
        } catch (IOException | java.io.UncheckedIOException e) {
            return false;
        }
    }

    private static Set<String> allFiles(Path state) throws IOException {
        if (!Files.exists(state)) {
            return Set.of();
        }
        try (Stream<Path> all = Files.walk(state)) {
            return all.map(Path::toString)
                    .filter(path -> path.split("/").length > state.getNameCount() + 2)
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** Kinds of open descriptors with their count; those of the virtual machine itself come and go. */
    private static Set<String> allDescriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all
                    .map(Leftovers::target)
                    .filter(target ->
                            target.contains("pidfd") || target.contains("memfd") || target.contains("/slipway-test"))
                    .collect(Collectors.groupingBy(target -> target.replaceAll("[0-9]+", "N"), Collectors.counting()))
                    .entrySet()
                    .stream()
                    .map(Object::toString)
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "";
        }
    }
}

package org.slipway.helper.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a container could leave behind on this machine: compared before and after. */
record Leftovers(
        Set<String> mounts, Set<String> cgroups, Set<String> processes, Set<String> files, Set<String> descriptors) {

    static Leftovers now(Path state) throws IOException {
        return new Leftovers(allMounts(), allCgroups(), allProcesses(), allFiles(state), allDescriptors());
    }

    private static Set<String> allMounts() throws IOException {
        return new TreeSet<>(Files.readAllLines(Path.of("/proc/self/mountinfo")));
    }

    private static Set<String> allCgroups() throws IOException {
        try (Stream<Path> all = Files.walk(Path.of("/sys/fs/cgroup"))) {
            return all.filter(Files::isDirectory)
                    .map(Path::toString)
                    .filter(path -> path.contains("slipway") || path.contains("hook-"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** Children of this process and everything that runs the launcher or lives in a test's root filesystem. */
    private static Set<String> allProcesses() throws IOException {
        Set<String> found = new TreeSet<>();
        for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
            Path directory = Path.of("/proc/" + process.pid());
            try {
                String name = Files.readString(directory.resolve("comm")).strip();
                String root = Files.readSymbolicLink(directory.resolve("root")).toString();
                boolean child = process.parent().map(ProcessHandle::pid).orElse(0L)
                        == ProcessHandle.current().pid();
                if (child || name.startsWith("slipway-launch") || name.startsWith("memfd:") || !root.equals("/")) {
                    found.add(process.pid() + " " + name + " " + root);
                }
            } catch (IOException e) {
                // ended meanwhile
            }
        }
        return found;
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

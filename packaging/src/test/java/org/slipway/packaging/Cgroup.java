package org.slipway.packaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The control groups of a process, as the kernel's files tell. */
record Cgroup(long pid) {

    /** Whether this machine has the one hierarchy of version 2 and no other. */
    static final boolean V2 = Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers"));

    /** The directory in which a controller of the process is; version 2 has one for all. */
    Path directory(String controller) {
        for (var line : lines(Path.of("/proc", Long.toString(pid), "cgroup"))) {
            var parts = line.split(":", 3);
            if (V2 ? parts[1].isEmpty() : List.of(parts[1].split(",", -1)).contains(controller)) {
                return Path.of("/sys/fs/cgroup" + (V2 ? "" : "/" + controller) + parts[2]);
            }
        }
        throw new AssertionError("no controller " + controller + " for process " + pid);
    }

    /** The directory in the hierarchy of version 2, also beside hierarchies of version 1. */
    Path unified() {
        return lines(Path.of("/proc", Long.toString(pid), "cgroup")).stream()
                .filter(line -> line.startsWith("0::"))
                .map(line -> Path.of("/sys/fs/cgroup" + (V2 ? "" : "/unified") + line.substring(3)))
                .findFirst()
                .orElseThrow();
    }

    /** What a file says, without the line's end; on version 2 the controller does not matter. */
    String tells(String controller, String file) {
        return read(directory(controller).resolve(file));
    }

    static String read(Path file) {
        return String.join("\n", lines(file)).strip();
    }

    static void write(Path file, String value) {
        try {
            Files.writeString(file, value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

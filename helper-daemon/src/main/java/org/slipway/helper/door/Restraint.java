package org.slipway.helper.door;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a process has given up for good, by proc_pid_status(5): no_new_privs, without which a person may load neither a seccomp filter nor
 * a Landlock rule set, and its filters. The helper would do for it what it may not do itself.
 *
 * @param ids real, effective, saved and filesystem user id, unsigned
 * @param filters how many; where the kernel (before 5.9) does not tell, 1 for any
 */
record Restraint(List<Long> ids, boolean noNewPrivileges, int filters) {

    /** Reads that of the process whose directory this is. */
    static Restraint of(Path process) throws IOException {
        List<String> status = Files.readAllLines(process.resolve("status"), StandardCharsets.ISO_8859_1);
        boolean counted = status.stream().anyMatch(line -> line.startsWith("Seccomp_filters:"));
        return new Restraint(
                Stream.of(field(status, "Uid").split("\\s+")).map(Long::valueOf).toList(),
                !field(status, "NoNewPrivs").equals("0"),
                counted
                        ? Integer.parseInt(field(status, "Seccomp_filters"))
                        : field(status, "Seccomp").equals("0") ? 0 : 1);
    }

    private static String field(List<String> status, String name) throws IOException {
        return status.stream()
                .filter(line -> line.startsWith(name + ":"))
                .findFirst()
                .map(line -> line.substring(name.length() + 1).strip())
                .orElseThrow(() -> new IOException("no " + name + " in the status of a process"));
    }

    /** Whether it is that user and nobody else. */
    boolean allIds(int uid) {
        return ids.stream().allMatch(id -> id == Integer.toUnsignedLong(uid));
    }

    /** Whether this one is held by more than another is; what both have, such as the filter of a container around them, says nothing. */
    boolean stricter(Restraint other) {
        return (noNewPrivileges && !other.noNewPrivileges) || filters > other.filters;
    }
}

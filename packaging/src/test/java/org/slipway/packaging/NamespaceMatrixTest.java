package org.slipway.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.slipway.model.test.Requirement;
import tools.jackson.databind.node.ObjectNode;

/**
 * Namespaces made, joined and shared with the runtime, of all eight types, in rows that have every pair of two types' kinds at least once;
 * except that a mount namespace is never the host's (ROOT-06), and not joined from a new user namespace: both are refused.
 */
final class NamespaceMatrixTest extends KernelTest {
    enum Type {
        PID("pid"),
        NETWORK("net"),
        MOUNT("mnt"),
        IPC("ipc"),
        UTS("uts"),
        USER("user"),
        CGROUP("cgroup"),
        TIME("time");

        /** In {@code /proc/PID/ns}. */
        final String file;

        Type(String file) {
            this.file = file;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        List<Kind> kinds() {
            return this == MOUNT ? List.of(Kind.NEW, Kind.JOINED) : List.of(Kind.values());
        }
    }

    enum Kind {
        NEW,
        JOINED,
        HOST
    }

    /** A process that lives in a namespace of its own of every type, for others to join. */
    private record Owner(Process unshare, long pid) implements AutoCloseable {
        static Owner start() {
            try {
                var unshare = new ProcessBuilder(
                                "unshare",
                                "--user",
                                "--pid",
                                "--fork",
                                "--kill-child",
                                "--mount",
                                "--net",
                                "--ipc",
                                "--uts",
                                "--cgroup",
                                "--time",
                                "sleep",
                                "1000")
                        .redirectErrorStream(true)
                        .redirectOutput(Path.of("/dev/null").toFile())
                        .start();
                Shell.await(
                        "the owner of namespaces is there",
                        Duration.ofSeconds(20),
                        () -> unshare.toHandle()
                                .children()
                                .anyMatch(child -> program(child.pid()).equals("sleep")));
                long pid =
                        unshare.toHandle().children().findFirst().orElseThrow().pid();
                for (var map : List.of("uid_map", "gid_map")) {
                    Files.writeString(Path.of("/proc/" + pid + "/" + map), "0 0 65536\n");
                }
                return new Owner(unshare, pid);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            unshare.destroyForcibly();
            try {
                unshare.waitFor();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static String program(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/comm")).strip();
        } catch (IOException gone) {
            return "";
        }
    }

    static Stream<Map<Type, Kind>> rows() {
        return covering().stream();
    }

    /** Row by row, each type gets the kind that covers most pairs not yet covered with the types before it. */
    private static List<Map<Type, Kind>> covering() {
        Set<Set<String>> open = new HashSet<>();
        for (Type a : Type.values()) {
            for (Type b : Type.values()) {
                for (Kind left : a.kinds()) {
                    b.kinds().stream().filter(_ -> a != b).forEach(right -> open.add(pair(a, left, b, right)));
                }
            }
        }
        List<Map<Type, Kind>> rows = new ArrayList<>();
        while (!open.isEmpty()) {
            var first = open.stream()
                    .map(pair -> String.join(" ", new TreeSet<>(pair)))
                    .sorted()
                    .findFirst();
            Map<Type, Kind> row = new EnumMap<>(Type.class);
            for (String part : first.orElseThrow().split(" ", -1)) {
                row.put(Type.valueOf(part.split("=", -1)[0]), Kind.valueOf(part.split("=", -1)[1]));
            }
            for (Type type : Type.values()) {
                row.computeIfAbsent(type, _ -> best(type, row, open));
            }
            row.forEach((a, left) -> row.forEach((b, right) -> open.remove(pair(a, left, b, right))));
            rows.add(row);
        }
        return rows;
    }

    private static Kind best(Type type, Map<Type, Kind> row, Set<Set<String>> open) {
        Kind best = type.kinds().getFirst();
        long most = -1;
        for (Kind kind : type.kinds()) {
            long covered = row.entrySet().stream()
                    .filter(entry -> open.contains(pair(type, kind, entry.getKey(), entry.getValue())))
                    .count();
            if (covered > most) {
                most = covered;
                best = kind;
            }
        }
        return best;
    }

    private static Set<String> pair(Type a, Kind left, Type b, Kind right) {
        return new TreeSet<>(List.of(a + "=" + left, b + "=" + right));
    }

    @Test
    void everyPairIsInSomeRow() {
        var rows = covering();
        for (Type a : Type.values()) {
            for (Type b : Type.values()) {
                for (Kind left : a.kinds()) {
                    for (Kind right : b.kinds()) {
                        assertTrue(
                                a == b || rows.stream().anyMatch(row -> row.get(a) == left && row.get(b) == right),
                                a + " " + left + " " + b + " " + right);
                    }
                }
            }
        }
        assertTrue(rows.size() < 25, rows.size() + " rows");
    }

    @ParameterizedTest
    @MethodSource("rows")
    @Requirement({"NS-10", "NS-13", "NS-14", "NS-16"})
    void theProcessIsWhereItWasPut(Map<Type, Kind> row) {
        try (var owner = Owner.start()) {
            var bundle = bundle("exec sleep 1000").edit(config -> namespaces(config, row, owner.pid()));
            if (row.get(Type.MOUNT) == Kind.JOINED && row.get(Type.USER) == Kind.NEW) {
                // nobody in the new user namespace has rights over a mount namespace that was there before
                var result = helper.slipway("create", "--bundle", bundle.text(), "matrix");
                assertTrue(result.err().contains("/linux/namespaces/"), result.toString());
                return;
            }
            // neither proc nor sysfs: in somebody else's namespaces the kernel refuses them
            bundle.edit(config -> config.withArray("/mounts")
                    .removeAll()
                    .addObject()
                    .put("destination", "/tmp")
                    .put("type", "tmpfs"));
            helper.create("matrix", bundle);
            helper.ok("start", "matrix");
            var host = inodes(ProcessHandle.current().pid());
            var joined = inodes(owner.pid());
            var own = inodes(helper.state("matrix").path("pid").asLong());
            row.forEach((type, kind) -> {
                switch (kind) {
                    case HOST -> assertEquals(host.get(type), own.get(type), type + " is the runtime's");
                    case JOINED -> assertEquals(joined.get(type), own.get(type), type + " is the one that was named");
                    case NEW -> {
                        assertNotEquals(host.get(type), own.get(type), type + " is new");
                        assertNotEquals(joined.get(type), own.get(type), type + " is new");
                    }
                }
            });
            gone("matrix");
            assertEquals(joined, inodes(owner.pid()), "what was joined is still there");
            var left = olderThan(Instant.now());
            row.forEach((type, kind) ->
                    assertFalse(kind == Kind.NEW && left.contains(own.get(type)), type + " went with its container"));
        }
    }

    private static void namespaces(ObjectNode config, Map<Type, Kind> row, long owner) {
        var linux = config.withObject("/linux");
        var list = linux.withArray("/namespaces").removeAll();
        row.forEach((type, kind) -> {
            if (kind != Kind.HOST) {
                var entry = list.addObject().put("type", type.word());
                if (kind == Kind.JOINED) {
                    entry.put("path", "/proc/" + owner + "/ns/" + type.file);
                }
            }
        });
        if (row.get(Type.USER) == Kind.NEW) {
            for (var member : List.of("uidMappings", "gidMappings")) {
                linux.withArray("/" + member)
                        .addObject()
                        .put("containerID", 0)
                        .put("hostID", 0)
                        .put("size", 65536);
            }
        }
        if (row.get(Type.UTS) != Kind.NEW) {
            config.remove("hostname");
        }
        linux.remove(List.of("maskedPaths", "readonlyPaths"));
    }

    /** The namespaces of processes that began before that: the kernel gives the numbers of those that are gone to new ones. */
    private static Set<String> olderThan(Instant instant) {
        return Shell.output("lsns", "--noheadings", "--output", "NS,PID")
                .lines()
                .map(line -> line.strip().split("\\s+", -1))
                .filter(line -> ProcessHandle.of(Long.parseLong(line[1]))
                        .flatMap(process -> process.info().startInstant())
                        .filter(instant::isAfter)
                        .isPresent())
                .map(line -> line[0])
                .collect(Collectors.toSet());
    }

    /** The numbers of a process's namespaces. */
    private static Map<Type, String> inodes(long pid) {
        Map<Type, String> inodes = new TreeMap<>();
        for (Type type : Type.values()) {
            try {
                var link = Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/" + type.file));
                inodes.put(type, link.toString().replaceAll("\\D", ""));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return inodes;
    }

    @ParameterizedTest
    @CsvSource({
        "network, /proc/self/ns/uts, it is a uts namespace",
        "user, /proc/self/ns/net, it is a network namespace",
        "ipc, /etc/passwd, which is no namespace",
        "pid, /dev/null, which is no namespace",
        "uts, /run, which is no namespace",
        "time, /run/nothing-is-here, no such file",
        "mount, /proc/self/ns/mnt, the runtime's own mount namespace",
        "cgroup, ns/cgroup, absolute"
    })
    @Requirement({"NS-11", "NS-12"})
    void whatIsNoSuchNamespaceIsRefusedAtItsPlace(String type, String path, String reason) {
        var bundle = bundle("true").edit(config -> {
            var list = config.withObject("/linux").withArray("/namespaces").removeAll();
            list.addObject().put("type", type.equals("mount") ? "pid" : "mount");
            list.addObject().put("type", type).put("path", path);
            config.remove("hostname");
        });
        var result = helper.slipway("create", "--bundle", bundle.text(), "refused");
        assertNotEquals(0, result.status());
        assertTrue(result.err().contains("/linux/namespaces/1") && result.err().contains(reason), result.err());
    }

    /** A procfs shows the pid namespace of whoever mounts it. */
    @Test
    @Requirement({"NS-01", "NS-10"})
    void procInAJoinedPidNamespaceShowsItsMembers() {
        try (var owner = Owner.start()) {
            var bundle = bundle("cat /proc/1/comm; echo $$").edit(config -> {
                for (var entry : config.withObject("/linux").withArray("/namespaces")) {
                    if (entry.path("type").asString().equals("pid")) {
                        ((ObjectNode) entry).put("path", "/proc/" + owner.pid() + "/ns/pid");
                    }
                }
            });
            var lines = helper.ok("run", "--bundle", bundle.text(), "member")
                    .lines()
                    .toList();
            assertEquals("sleep", lines.getFirst());
            assertNotEquals("1", lines.getLast());
        }
    }

    @Test
    @Requirement({"NS-06", "NS-17"})
    void newNamespacesBelongToTheNewUserNamespace() {
        Map<Type, Kind> row = new EnumMap<>(Type.class);
        Arrays.stream(Type.values()).forEach(type -> row.put(type, Kind.NEW));
        var bundle = bundle("exec sleep 1000").edit(config -> namespaces(config, row, 0));
        helper.create("owned", bundle);
        helper.ok("start", "owned");
        var pid = helper.state("owned").path("pid").asString();
        var user = inodes(Long.parseLong(pid)).get(Type.USER);
        var owners = Shell.output("lsns", "--noheadings", "--output", "TYPE,ONS", "--task", pid)
                .lines()
                .map(line -> line.strip().split("\\s+", -1))
                .filter(line -> !line[0].equals("user"))
                .toList();
        assertEquals(7, owners.size());
        owners.forEach(line -> assertEquals(user, line[1], line[0] + " belongs to the user namespace"));
        gone("owned");
    }

    @Test
    @Requirement("NS-08")
    void aTimeNamespaceHasClocksOfItsOwn() {
        var bundle = bundle("cat /proc/uptime").edit(config -> {
            config.withObject("/linux").withArray("/namespaces").addObject().put("type", "time");
            config.withObject("/linux/timeOffsets/boottime")
                    .put("secs", 5_000_000)
                    .put("nanosecs", 0);
        });
        var inside = helper.slipway("run", "--bundle", bundle.text(), "clocks").out();
        var outside = Shell.output("cat", "/proc/uptime");
        double difference =
                Double.parseDouble(inside.split(" ", -1)[0]) - Double.parseDouble(outside.split(" ", -1)[0]);
        assertTrue(difference > 4_999_000 && difference <= 5_000_000, inside + outside);
    }

    @Test
    @Requirement({"NS-02", "NS-04", "NS-05", "NS-07"})
    void whatIsInNewNamespacesIsTheContainersOwn() {
        var bundle = bundle("""
                echo interfaces $(cat /proc/net/dev | busybox grep -c :) $(busybox cat /sys/class/net/lo/operstate)
                busybox ping -c 1 -W 2 127.0.0.1 > /dev/null && echo loopback is up
                echo queues $(ls /dev/mqueue) $(busybox wc -l < /proc/sysvipc/shm)
                hostname other && hostname
                cat /proc/self/cgroup | busybox grep -vc ':/$'
                """).edit(config -> {
            config.withObject("/linux").withArray("/namespaces").addObject().put("type", "cgroup");
            for (var set : List.of("bounding", "effective", "permitted")) {
                config.withObject("/process/capabilities")
                        .withArray("/" + set)
                        .add("CAP_SYS_ADMIN")
                        .add("CAP_NET_RAW");
            }
        });
        var name = Shell.output("hostname");
        var queue = Shell.output("ipcmk", "--shmem", "4096").replaceAll("\\D", "");
        try {
            var said = helper.slipway("run", "--bundle", bundle.text(), "alone").out();
            assertTrue(said.startsWith("interfaces 1 "), said);
            assertTrue(said.contains("loopback is up\nqueues 1\nother\n0\n"), said);
        } finally {
            Shell.output("ipcrm", "--shmem-id", queue);
        }
        assertEquals(name, Shell.output("hostname"));
    }
}

package org.slipway.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slipway.model.test.Requirement;
import tools.jackson.databind.JsonNode;

/**
 * The same bundle under runc and crun sees the same kernel objects. What differs on purpose is in docs/adr/0003, and here, each under
 * its name there.
 */
final class PeerComparisonTest extends KernelTest {
    /** Prints each part after a line {@code == name}. */
    private static final String TELL = """
            echo == status; cat /proc/self/status
            echo == limits; cat /proc/self/limits
            echo == cgroup; cat /proc/self/cgroup
            echo == mountinfo; cat /proc/self/mountinfo
            echo == devices
            for f in /dev/*; do stat -c '%n %F %t:%T %a %u:%g' $f; done
            for l in /dev/fd /dev/stdin /dev/stdout /dev/stderr /dev/ptmx; do echo $l $(readlink $l); done
            echo == masked
            for f in PATHS; do echo $f $(stat -c '%F' $f 2> /dev/null) $(cat $f 2> /dev/null | wc -c); done
            echo == namespaces
            for n in cgroup ipc mnt net pid time user uts; do [ -e /proc/self/ns/$n ] && echo $n; done
            echo == environment
            env; hostname; pwd; id; umask
            """;

    private static final List<String> STATUS = List.of(
            "Umask", "Uid", "Gid", "Groups", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs", "Seccomp");

    private static final List<String> PATHS = List.of(
            "/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/acpi", "/sys/firmware", "/proc/sys", "/proc/bus");

    /** 0003: "masked files", "masked directories"; that they are empty is judged apart. */
    private Set<String> masks = Set.of();

    private Map<String, List<String>> ours;
    private Map<String, List<String>> runc;
    private Map<String, List<String>> crun;

    @BeforeAll
    void runAllThree() throws Exception {
        var bundle = bundle(TELL.replace("PATHS", String.join(" ", PATHS)));
        Files.createSymbolicLink(bundle.rootfs().resolve("bin/readlink"), Path.of("busybox"));
        // A version that all three know.
        bundle.edit(config -> {
            config.put("ociVersion", "1.0.2");
            // right below the root: the peers leave a parent that they made
            config.withObject("/linux")
                    .put(
                            "cgroupsPath",
                            "/slipway-test-peers-" + ProcessHandle.current().pid());
            masks = StreamSupport.stream(
                            config.withObject("/linux")
                                    .withArray("/maskedPaths")
                                    .spliterator(),
                            false)
                    .map(JsonNode::asString)
                    .collect(Collectors.toSet());
        });
        ours = parts(helper.ok("run", "--bundle", bundle.text(), "one"));
        runc = parts(peer("runc", bundle));
        crun = parts(peer("crun", bundle));
    }

    @Test
    @Requirement({"CAP-01", "USER-01"})
    void identityCapabilitiesAndFilter() {
        assertAgrees(PeerComparisonTest::status);
    }

    @Test
    @Requirement("RLIM-01")
    void limits() {
        assertAgrees(parts -> parts.get("limits"));
    }

    @Test
    @Requirement("CG-01")
    void cgroups() {
        assertAgrees(PeerComparisonTest::cgroups);
    }

    @Test
    void mounts() {
        assertAgrees(this::mounts);
    }

    @Test
    void devices() {
        assertAgrees(parts -> parts.get("devices"));
    }

    @Test
    @Requirement("PATH-03")
    void maskedPaths() {
        assertAgrees(PeerComparisonTest::masked);
    }

    @Test
    void namespacesAndEnvironment() {
        assertAgrees(parts -> parts.get("namespaces"));
        assertAgrees(parts -> parts.get("environment"));
    }

    /** The order of mounts, in which one hides or carries another. */
    @Test
    @Requirement("MNT-01")
    void mountsOfTheConfigurationComeInItsOrder() {
        var configured = List.of("/proc", "/dev", "/dev/pts", "/dev/shm", "/dev/mqueue", "/sys", "/sys/fs/cgroup");
        var seen = ours.get("mountinfo").stream()
                .map(line -> line.split(" ", -1)[4])
                .filter(configured::contains)
                .toList();
        assertEquals(configured, seen);
    }

    /** Where the peers agree we say the same; where they differ, what one of them says; and nothing beyond that. */
    private void assertAgrees(Function<Map<String, List<String>>, List<String>> facts) {
        var said = new TreeSet<>(facts.apply(ours));
        var either = new TreeSet<>(facts.apply(runc));
        var both = new TreeSet<>(either);
        both.retainAll(facts.apply(crun));
        either.addAll(facts.apply(crun));

        var missing = new TreeSet<>(both);
        missing.removeAll(said);
        var strange = new TreeSet<>(said);
        strange.removeAll(either);
        assertEquals("missing: []\nstrange: []", "missing: " + missing + "\nstrange: " + strange);
    }

    /** What the peer's container prints. crun refuses hybrid cgroups, so it is shown none of version 2. */
    private static String peer(String name, Bundle bundle) {
        var controllers = Path.of("/sys/fs/cgroup/unified/cgroup.controllers");
        var command = "exec " + name + " run --bundle " + bundle.text() + " one < /dev/null";
        if (name.equals("crun") && Files.exists(controllers)) {
            command = "mount --bind /dev/null " + controllers + "; " + command;
        }
        return Shell.output("unshare", "--mount", "--propagation", "private", "sh", "-c", command);
    }

    private static Map<String, List<String>> parts(String output) {
        var parts = new TreeMap<String, List<String>>();
        List<String> part = new ArrayList<>();
        for (var line : output.lines().toList()) {
            if (line.startsWith("== ")) {
                part = new ArrayList<>();
                parts.put(line.substring(3), part);
            } else {
                part.add(line);
            }
        }
        return parts;
    }

    private static List<String> status(Map<String, List<String>> parts) {
        return parts.get("status").stream()
                .filter(line -> STATUS.contains(line.substring(0, line.indexOf(':'))))
                .map(String::strip)
                .toList();
    }

    /** Hierarchies and paths, without the numbers that the kernel gives to hierarchies. */
    private static List<String> cgroups(Map<String, List<String>> parts) {
        return parts.get("cgroup").stream()
                .map(line -> line.substring(line.indexOf(':') + 1))
                .sorted()
                .toList();
    }

    /** Four facts a mount: what of its file system is shown, its options, and the file system's type and options; without ids. */
    private List<String> mounts(Map<String, List<String>> parts) {
        return parts.get("mountinfo").stream()
                .filter(line -> !masks.contains(line.split(" ", -1)[4]))
                .flatMap(line -> {
                    var halves = line.split(" - ", 2);
                    var mount = halves[0].split(" ", -1);
                    if (mount[4].equals("/sys/fs/cgroup")) {
                        mount[5] = mount[5].replaceFirst("^r[ow],", ""); // 0003: "/sys/fs/cgroup with ro on version 1"
                    }
                    var system = halves[1].split(" ", -1);
                    return Stream.of(
                                    "shows " + mount[3],
                                    sorted(mount[5]),
                                    "type " + system[0],
                                    "with " + sorted(system[2]))
                            .map(fact -> mount[4] + " " + fact);
                })
                .toList();
    }

    /** 0003: "masked files"; whether a path is empty counts, and not what makes it so. */
    private static List<String> masked(Map<String, List<String>> parts) {
        return parts.get("masked").stream()
                .map(line -> line.replaceFirst("character special file|regular empty file", "empty file"))
                .toList();
    }

    private static String sorted(String options) {
        return Arrays.stream(options.split(",", -1)).sorted().collect(Collectors.joining(","));
    }
}

package org.slipway.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.model.test.Requirement;

/** The same bundle under runc and crun sees the same kernel objects; what differs on purpose is named in this class. */
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

    private Bundle bundle;
    private Map<String, List<String>> ours;

    @BeforeAll
    void runOurs() throws Exception {
        bundle = bundle(TELL.replace("PATHS", String.join(" ", PATHS)));
        for (var applet : List.of("readlink", "wc")) {
            Files.createSymbolicLink(bundle.rootfs().resolve("bin").resolve(applet), Path.of("busybox"));
        }
        bundle.edit(config -> config.withObject("/linux").put("cgroupsPath", "/slipway-compare/one"));
        ours = parts(helper.ok("run", "--bundle", bundle.text(), "one"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"runc", "crun"})
    @Requirement({"CAP-01", "USER-01", "PROC-02"})
    void identityCapabilitiesAndFilter(String peer) {
        assertEquals(status(theirs(peer)), status(ours));
    }

    @ParameterizedTest
    @ValueSource(strings = {"runc", "crun"})
    @Requirement("RLIM-01")
    void limits(String peer) {
        assertEquals(theirs(peer).get("limits"), ours.get("limits"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"runc", "crun"})
    @Requirement("CG-01")
    void cgroups(String peer) {
        assertEquals(cgroups(theirs(peer)), cgroups(ours));
    }

    @ParameterizedTest
    @ValueSource(strings = {"runc", "crun"})
    void mounts(String peer) {
        assertEquals(text(mounts(theirs(peer))), text(mounts(ours)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"runc", "crun"})
    @Requirement({"DFS-01", "DEV-01"})
    void devices(String peer) {
        assertEquals(text(theirs(peer).get("devices")), text(ours.get("devices")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"runc", "crun"})
    void maskedPaths(String peer) {
        assertEquals(text(theirs(peer).get("masked")), text(ours.get("masked")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"runc", "crun"})
    void environment(String peer) {
        assertEquals(theirs(peer).get("namespaces"), ours.get("namespaces"));
        assertEquals(text(theirs(peer).get("environment")), text(ours.get("environment")));
    }

    /** What the peer's container prints. crun refuses hybrid cgroups, so it is shown none of version 2. */
    private Map<String, List<String>> theirs(String peer) {
        var empty = work.resolve("empty");
        var controllers = Path.of("/sys/fs/cgroup/unified/cgroup.controllers");
        var command = "exec " + peer + " run --bundle " + bundle.text() + " one < /dev/null";
        if (peer.equals("crun") && Files.exists(controllers)) {
            command = ": > " + empty + "; mount --bind " + empty + " " + controllers + "; " + command;
        }
        return parts(Shell.output("unshare", "--mount", "--propagation", "private", "sh", "-c", command));
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

    private static Map<String, String> status(Map<String, List<String>> parts) {
        return parts.get("status").stream()
                .map(line -> line.split(":\\s*", 2))
                .filter(fields -> STATUS.contains(fields[0]))
                .collect(Collectors.toMap(fields -> fields[0], fields -> fields[1].strip(), (a, b) -> a, TreeMap::new));
    }

    /** Hierarchies and paths, without the numbers that the kernel gives to hierarchies. */
    private static List<String> cgroups(Map<String, List<String>> parts) {
        return parts.get("cgroup").stream()
                .map(line -> line.substring(line.indexOf(':') + 1))
                .sorted()
                .toList();
    }

    /** Root, mount point, options, type, source and the file system's options; without ids, which no two containers share. */
    private static List<String> mounts(Map<String, List<String>> parts) {
        return parts.get("mountinfo").stream()
                .map(line -> {
                    var halves = line.split(" - ", 2);
                    var mount = halves[0].split(" ", -1);
                    var system = halves[1].split(" ", -1);
                    return mount[4] + " from " + mount[3] + " " + sorted(mount[5]) + " " + system[0] + " "
                            + sorted(system[2]);
                })
                .sorted()
                .toList();
    }

    private static String sorted(String options) {
        return Arrays.stream(options.split(",", -1)).sorted().collect(Collectors.joining(","));
    }

    private static String text(List<String> lines) {
        return String.join("\n", lines);
    }
}

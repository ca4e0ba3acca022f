package org.slipway.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.model.test.Requirement;

/** What is executed in the same container under runc and crun is the same to the kernel; what differs on purpose is in docs/adr/0003. */
final class ExecComparisonTest extends KernelTest {
    /** Prints each part after a line {@code == name}; of namespaces whether they are those of the container's first process. */
    private static final String TELL = """
            echo == status
            grep -E '^(Umask|Uid|Gid|Groups|CapInh|CapPrm|CapEff|CapBnd|CapAmb|NoNewPrivs|Seccomp):' /proc/self/status
            echo == limits; cat /proc/self/limits
            echo == cgroup; cut -d: -f2- /proc/self/cgroup
            echo == label; cat /proc/self/attr/current 2> /dev/null
            echo == namespaces
            for n in cgroup ipc mnt net pid time user uts; do
                [ /proc/self/ns/$n -ef /proc/1/ns/$n ] && echo $n
            done
            echo == environment
            env; hostname; pwd; id; umask
            echo == score; cat /proc/self/oom_score_adj
            echo == descriptors; for f in /proc/$$/fd/?; do echo ${f##*/}; done
            """;

    private Map<String, List<String>> ours;
    private Map<String, List<String>> runc;
    private Map<String, List<String>> crun;

    @BeforeAll
    void executeInAllThree() throws Exception {
        var bundle = bundle("sleep 1000");
        for (var applet : List.of("grep", "cut")) {
            Files.createSymbolicLink(bundle.rootfs().resolve("bin").resolve(applet), Path.of("busybox"));
        }
        Files.writeString(bundle.rootfs().resolve("tell"), TELL);
        bundle.edit(config -> {
            config.put("ociVersion", "1.0.2");
            config.withObject("/process").put("oomScoreAdj", 300);
            // right below the root: the peers leave a parent that they made
            config.withObject("/linux")
                    .put(
                            "cgroupsPath",
                            "/slipway-test-execs-" + ProcessHandle.current().pid());
        });
        helper.ok("run", "--detach", "--bundle", bundle.text(), "one");
        ours = parts(helper.ok("exec", "one", "sh", "/tell"));
        helper.ok("delete", "--force", "one");
        runc = parts(peer("runc", bundle));
        crun = parts(peer("crun", bundle));
    }

    /** Where the peers agree we say the same; where they differ, what one of them says; and nothing beyond that. */
    @ParameterizedTest
    @ValueSource(strings = {"status", "limits", "cgroup", "label", "namespaces", "environment", "score", "descriptors"})
    @Requirement({"EXT-EXEC-01", "CLI-EXEC-01"})
    void anExecutedProcessIsThatOfThePeers(String part) {
        var said = new TreeSet<>(ours.get(part));
        var either = new TreeSet<>(runc.get(part));
        var both = new TreeSet<>(either);
        both.retainAll(crun.get(part));
        either.addAll(crun.get(part));
        // without a security module there is no label; about the score they differ
        assertFalse(both.isEmpty() && !List.of("label", "score").contains(part), () -> runc + "\n" + crun);
        var missing = new TreeSet<>(both);
        missing.removeAll(said);
        var strange = new TreeSet<>(said);
        strange.removeAll(either);
        assertEquals("missing: []\nstrange: []", "missing: " + missing + "\nstrange: " + strange);
    }

    /** What the peer executes prints. crun refuses hybrid cgroups, so it is shown none of version 2. */
    private static String peer(String name, Bundle bundle) {
        var controllers = Path.of("/sys/fs/cgroup/unified/cgroup.controllers");
        var command =
                "%1$s run --detach --bundle %2$s execs > /dev/null 2>&1 < /dev/null; %1$s exec execs sh /tell; s=$?; %1$s delete --force execs; exit $s"
                        .formatted(name, bundle.text());
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
                part.add(line.strip());
            }
        }
        return parts;
    }
}

package org.slipway.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.model.test.Requirement;
import tools.jackson.databind.ObjectMapper;

/** Images whose links and races try to lead the helper out of the root: a tree of the host beside them never changes. */
final class HostileRootTest extends KernelTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Path canary = Path.of("/");
    private String before = "";

    @BeforeEach
    void makeCanary() throws IOException {
        canary = Files.createDirectories(work.resolve("canary"));
        Shell.output(
                "sh",
                "-c",
                "cd " + canary
                        + " && mkdir -p pts shm sys kernel attr && echo alive > file && echo 1 > null && chmod 600 file null");
        before = look();
    }

    @AfterEach
    void nothingChangedOutside() {
        assertEquals(before, look());
    }

    /** Every file of the canary with its kind, mode, owner, size and contents, and what is mounted in it. */
    private String look() {
        return Shell.output(
                "sh",
                "-c",
                "cd " + canary + " && find . -printf '%p %y %m %U:%G %s %T@\\n' | sort; cat file null; grep -c ' "
                        + canary + "' /proc/self/mountinfo || true");
    }

    private static Bundle link(Bundle bundle, String path, Object target) {
        var place = bundle.rootfs() + path;
        Shell.output("sh", "-c", "rm -rf " + place + " && ln -s " + target + " " + place);
        return bundle;
    }

    /** Whatever becomes of it, it must not be a crash, nor a container that is half there. */
    private Shell.Result attempt(Bundle bundle) {
        var result = helper.slipway("run", "--bundle", bundle.text(), "hostile");
        if (result.status() != 0) {
            assertEquals("", helper.ok("list", "-q"), result.toString());
        }
        return result;
    }

    /** A01: every path that the specification names is a link out. */
    @ParameterizedTest
    @ValueSource(strings = {"/dev", "/proc", "/sys", "/tmp", "/etc"})
    @Requirement({"MNT-03", "DEV-05"})
    void linksInPlaceOfTheUsualFolders(String path) {
        for (var target : List.of(canary.toString(), "../../../../../../../.." + canary, "/nowhere" + canary)) {
            var bundle = link(bundle("true"), path, target);
            bundle.edit(config -> {
                config.withArray("/mounts")
                        .addObject()
                        .put("destination", "/etc/new/place")
                        .put("type", "tmpfs");
                config.withArray("/mounts")
                        .addObject()
                        .put("destination", "/tmp/file")
                        .put("source", "/etc/hostname")
                        .set("options", JSON.valueToTree(List.of("bind")));
                config.withObject("/linux")
                        .withArray("/devices")
                        .addObject()
                        .put("type", "p")
                        .put("path", "/tmp/deep/fifo");
                config.withObject("/linux")
                        .withArray("/maskedPaths")
                        .add("/etc/file")
                        .add("/sys/kernel");
                config.withObject("/linux")
                        .withArray("/readonlyPaths")
                        .add("/tmp/file")
                        .add("/etc");
            });
            attempt(bundle);
        }
    }

    /** A01: and the working directory. */
    @Test
    @Requirement("MNT-03")
    void aWorkingDirectoryThatIsALinkOut() {
        var bundle = link(bundle("pwd; ls"), "/work", canary);
        bundle.edit(config -> config.withObject("/process").put("cwd", "/work"));
        assertTrue(!attempt(bundle).out().contains("alive"));
    }

    /** A03: procfs and sysfs are mounted on real directories alone. */
    @Test
    @Requirement({"MNT-03", "MNT-54"})
    void procAndSysAreNotMountedThroughLinks() {
        for (var path : List.of("/proc", "/sys")) {
            var bundle = bundle("true");
            Shell.output("mkdir", bundle.rootfs() + "/bad");
            var result = attempt(link(bundle, path, "bad"));
            assertNotEquals(0, result.status());
            assertTrue(result.err().contains("symbolic links"), result.err());
        }
    }

    @Test
    @Requirement("MNT-54")
    void aLinkIntoProcIsNoMountPoint() {
        var bundle = link(bundle("true"), "/data", "/proc/sys");
        bundle.edit(config -> config.withArray("/mounts")
                .addObject()
                .put("destination", "/data")
                .put("type", "tmpfs"));
        var result = attempt(bundle);
        assertNotEquals(0, result.status());
        assertTrue(result.err().contains("/mounts/7") && result.err().contains("procfs"), result.err());
    }

    /** A04: dangling and absolute links as the last part. */
    @Test
    @Requirement({"MNT-03", "MNT-04"})
    void theLastPartIsALink() {
        for (var target :
                List.of(canary + "/new", canary + "/file", canary.toString(), "../../../../../.." + canary + "/pts")) {
            var bundle = link(bundle("true"), "/last", target);
            for (var mount : List.of("tmpfs", "bind")) {
                bundle.edit(config -> {
                    var entry = config.withArray("/mounts").addObject().put("destination", "/last");
                    if (mount.equals("tmpfs")) {
                        entry.put("type", "tmpfs");
                    } else {
                        entry.put("source", "/etc/hostname").set("options", JSON.valueToTree(List.of("bind")));
                    }
                });
                attempt(bundle);
            }
        }
    }

    /** A09: devices and links go to the folder of that name inside, or nowhere (CVE-2026-41579, CVE-2026-47766). */
    @Test
    @Requirement({"DEV-04", "DFS-02"})
    void devOfTheImageIsALinkOut() {
        var bundle = link(bundle("true"), "/dev", canary);
        bundle.edit(config -> {
            var mounts = config.withArray("/mounts");
            for (int i = mounts.size() - 1; i >= 0; i--) {
                if (mounts.get(i).path("destination").asString().startsWith("/dev")) {
                    mounts.remove(i);
                }
            }
        });
        attempt(bundle);
        // the same, where the place exists inside: then that is where they go
        Shell.output("mkdir", "-p", bundle.rootfs() + canary.toString());
        assertEquals(0, attempt(bundle).status());
        assertTrue(Files.exists(Path.of(bundle.rootfs() + canary.toString() + "/null")));
    }

    /** A10: the console's place is a link (CVE-2026-88264). */
    @Test
    @Requirement({"DEV-09", "MNT-03"})
    void theConsoleIsALinkOut() {
        var bundle = bundle("true").edit(config -> {
            config.withObject("/process").put("terminal", true);
            var mounts = config.withArray("/mounts");
            for (int i = mounts.size() - 1; i >= 0; i--) {
                if (mounts.get(i).path("destination").asString().equals("/dev")) {
                    mounts.remove(i);
                }
            }
        });
        link(bundle, "/dev/console", canary + "/file");
        attempt(bundle);
        link(bundle, "/dev/console", canary + "/new");
        attempt(bundle);
        link(bundle, "/dev/null", canary + "/null");
        attempt(bundle.edit(config -> config.withObject("/process").put("terminal", false)));
    }

    /** A05, A06: somebody swaps a folder for a link out while mounts are made below it (CVE-2021-30465, CVE-2024-45310). */
    @Test
    @Requirement("MNT-03")
    void aSwapperWinsNothing() throws Exception {
        int rounds = "yes".equals(System.getProperty("slipway.full")) ? 20_000 : 200;
        var bundle = bundle("true");
        var swapped = bundle.rootfs().resolve("swapped");
        Files.createDirectory(swapped);
        Files.createSymbolicLink(bundle.rootfs().resolve("link"), canary);
        // so that the link has a place inside, and mounts go on whichever of the two is met
        Files.createDirectories(Path.of(bundle.rootfs() + canary.toString()));
        bundle.edit(config -> {
            for (int i = 0; i < 20; i++) {
                config.withArray("/mounts")
                        .addObject()
                        .put("destination", "/swapped/new-" + i + "/deep")
                        .put("type", "tmpfs");
            }
        });
        // renameat2(EXCHANGE), which util-linux of some age has no program for
        var swapper = new ProcessBuilder(
                        "perl",
                        "-e",
                        """
                my ($a, $b) = @ARGV; my $parent = getppid();
                while (getppid() == $parent) { syscall(316, -100, $a, -100, $b, 2) for 1 .. 1000 }
                """,
                        swapped.toString(),
                        bundle.rootfs().resolve("link").toString())
                .start();
        try {
            for (int made = 0; made < rounds; made += 20) {
                if (helper.slipway("create", "--bundle", bundle.text(), "raced").status() == 0) {
                    gone("raced");
                }
                assertEquals(before, look());
            }
        } finally {
            assertTrue(swapper.isAlive(), "somebody swapped to the end");
            swapper.destroyForcibly();
            swapper.waitFor();
        }
    }
}

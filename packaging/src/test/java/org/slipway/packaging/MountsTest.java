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
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.slipway.model.test.Requirement;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/** Mounts by what they do: kinds of filesystems, sources, order, remounts, and what is left when one fails. */
final class MountsTest extends KernelTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> ADMINISTRATOR = List.of("CAP_SYS_ADMIN", "CAP_MKNOD", "CAP_DAC_OVERRIDE");

    private static void add(Bundle bundle, String destination, String type, String source, String... options) {
        bundle.edit(config -> {
            var mount = config.withArray("/mounts").addObject().put("destination", destination);
            if (!type.isEmpty()) {
                mount.put("type", type);
            }
            if (!source.isEmpty()) {
                mount.put("source", source);
            }
            mount.set("options", JSON.valueToTree(List.of(options)));
        });
    }

    private static Bundle powerful(Bundle bundle) {
        return bundle.edit(config -> {
            for (var set : List.of("bounding", "effective", "permitted")) {
                config.withObject("/process/capabilities").set(set, JSON.valueToTree(ADMINISTRATOR));
            }
        });
    }

    private String run(Bundle bundle) {
        var result = helper.slipway("run", "--bundle", bundle.text(), "mounts");
        assertEquals(0, result.status(), result.toString());
        return result.out();
    }

    private String refused(Bundle bundle) {
        var before = hostMounts();
        var result = helper.slipway("create", "--bundle", bundle.text(), "mounts");
        assertNotEquals(0, result.status());
        assertEquals(before, hostMounts());
        return result.err();
    }

    private static String hostMounts() {
        try {
            return Files.readString(Path.of("/proc/self/mountinfo"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @Requirement({"MNT-53", "MNT-07", "MNT-08"})
    void everyKindOfFilesystemIsMounted() throws IOException {
        var shared = Path.of("/dev/shm/slipway-test-" + ProcessHandle.current().pid());
        Shell.output(
                "sh",
                "-c",
                "mkdir -p " + shared + "/lower " + shared + "/upper " + shared + "/work; echo low > " + shared
                        + "/lower/file");
        try {
            var bundle = bundle(
                    "cat /proc/self/mountinfo; cat /m/overlay/file /m/file; ls /m/folder; echo up > /m/overlay/new");
            Files.writeString(bundle.path().resolve("file"), "single\n");
            Files.createDirectories(bundle.path().resolve("folder/inside"));
            add(bundle, "/m/proc", "proc", "");
            add(bundle, "/m/sysfs", "sysfs", "sysfs", "ro");
            add(bundle, "/m/tmpfs", "tmpfs", "whatever", "size=1m");
            add(bundle, "/m/ramfs", "ramfs", "");
            add(bundle, "/m/devpts", "devpts", "devpts", "newinstance");
            add(bundle, "/m/mqueue", "mqueue", "");
            add(bundle, "/m/cgroup", "cgroup", "cgroup", "ro");
            add(bundle, "/m/cgroup2", "cgroup2", "cgroup", "ro");
            add(
                    bundle,
                    "/m/overlay",
                    "overlay",
                    "overlay",
                    "lowerdir=" + shared + "/lower",
                    "upperdir=" + shared + "/upper",
                    "workdir=" + shared + "/work");
            add(bundle, "/m/file", "", "file", "bind");
            add(bundle, "/m/folder", "none", "folder", "bind");
            var said = run(bundle);
            var table = MountLine.table(said);
            for (var type : List.of("proc", "sysfs", "tmpfs", "ramfs", "devpts", "mqueue", "cgroup2", "overlay")) {
                assertEquals(type, table.get("/m/" + type).type());
            }
            assertTrue(
                    Set.of("tmpfs", "cgroup2").contains(table.get("/m/cgroup").type()));
            assertTrue(said.endsWith("low\nsingle\ninside\n"), said);
            assertEquals("up\n", Files.readString(shared.resolve("upper/new")));
        } finally {
            Shell.output("rm", "-rf", shared.toString());
        }
    }

    @Test
    @Requirement({"MNT-01", "MNT-04", "MNT-06"})
    void laterEntriesLieOnEarlierOnesAndMissingPlacesAreMade() throws IOException {
        var bundle = bundle("ls /a /a/b; cat /a/b/file; stat -c %F /a/b/file /a/b");
        Files.writeString(bundle.path().resolve("file"), "text\n");
        add(bundle, "/a", "tmpfs", "tmpfs");
        add(bundle, "/a/b", "tmpfs", "tmpfs");
        add(bundle, "/a/b/file", "none", "file", "bind", "ro");
        assertEquals("/a:\nb\n\n/a/b:\nfile\ntext\nregular file\ndirectory\n", run(bundle));
    }

    @Test
    @Requirement({"MNT-05", "MNT-06", "MNT-10", "MNT-12"})
    void aBindIsReadOnlyWhereItSaysSo() throws IOException {
        var bundle = bundle("cat /a/file; echo x > /a/file || echo refused; busybox grep ' /a ' /proc/self/mountinfo");
        Files.createDirectory(bundle.path().resolve("source"));
        Files.writeString(bundle.path().resolve("source/file"), "text\n");
        add(bundle, "/a", "ext4", "source", "bind", "ro", "nosuid");
        var said = run(bundle);
        assertTrue(said.startsWith("text\nrefused\n"), said);
        assertTrue(MountLine.table(said).get("/a").options().containsAll(Set.of("ro", "nosuid")), said);
        assertTrue(refused(bundle("true")
                        .edit(config -> config.withArray("/mounts")
                                .addObject()
                                .put("destination", "/a")
                                .put("source", "not-here")
                                .set("options", JSON.valueToTree(List.of("bind")))))
                .contains("/mounts/7"));
    }

    @Test
    @Requirement({"MNT-25", "MNT-16"})
    void aRemountChangesWhatIsThere() {
        var bundle = bundle("cat /proc/self/mountinfo");
        add(bundle, "/a", "tmpfs", "tmpfs", "size=1m", "nosuid");
        add(bundle, "/a", "", "", "remount", "ro", "suid", "size=2m", "sync");
        add(bundle, "/b", "tmpfs", "tmpfs", "sync");
        add(bundle, "/b", "", "", "remount", "bind", "noexec");
        var said = run(bundle);
        assertEquals(1, said.lines().filter(line -> line.contains(" /a ")).count());
        var a = MountLine.table(said).get("/a");
        assertEquals(Set.of("ro", "relatime"), a.options());
        assertTrue(a.system().containsAll(Set.of("size=2048k", "sync")), said);
        var b = MountLine.table(said).get("/b");
        assertTrue(b.options().contains("noexec") && b.system().contains("sync"), said);
    }

    @Test
    @Requirement({"MNT-07", "MNT-09", "MNT-51"})
    void aMountThatFailsFailsCreateWithItsReasonAndLeavesNothing() {
        var unknown = bundle("true");
        add(unknown, "/good", "tmpfs", "tmpfs");
        add(unknown, "/bad", "nosuchfs", "x");
        var said = refused(unknown);
        assertTrue(said.contains("/mounts/8") && said.contains("no such device"), said);
        var option = bundle("true");
        add(option, "/bad", "tmpfs", "tmpfs", "size=1m", "colour=green");
        said = refused(option);
        assertTrue(said.contains("/mounts/7") && said.contains("colour"), said);
    }

    @Test
    @Requirement("MNT-30")
    void anUnbindableMountIsNotBound() {
        var bundle = powerful(
                bundle("mkdir /x; mount -o bind /free /x && echo free; mount -o bind /fixed /x 2>&1 || echo fixed"));
        bundle.edit(config -> config.withObject("/root").put("readonly", false));
        for (var applet : List.of("mkdir")) {
            Shell.output(
                    "ln",
                    "-s",
                    "busybox",
                    bundle.rootfs().resolve("bin/" + applet).toString());
        }
        add(bundle, "/free", "tmpfs", "tmpfs");
        add(bundle, "/fixed", "tmpfs", "tmpfs", "unbindable");
        var said = run(bundle.edit(config -> config.withObject("/linux").remove("seccomp")));
        assertTrue(said.startsWith("free\n") && said.endsWith("fixed\n"), said);
    }

    /** A mount that the container makes in a volume reaches the host if both are peers, and else does not. */
    @Test
    @Requirement({"MNT-27", "MNT-28", "MNT-29", "PATH-02"})
    void mountsGoOnlyWherePropagationLetsThem() throws IOException {
        var volume = Files.createDirectory(work.resolve("volume"));
        Shell.output("mount", "-t", "tmpfs", "slipway-test", volume.toString());
        Shell.output("mount", "--make-shared", volume.toString());
        try {
            Shell.output("mkdir", volume + "/inner", volume + "/outer");
            for (var word : List.of("rshared", "rslave", "rprivate")) {
                for (var root : List.of("shared", "slave", "private")) {
                    var bundle = powerful(bundle(
                            "mount -t tmpfs inner /v/inner; echo made; while [ ! -e /v/go ]; do sleep 0.05; done;"
                                    + " busybox grep -c ' /v/outer ' /proc/self/mountinfo"));
                    bundle.edit(config -> config.withObject("/linux")
                            .put("rootfsPropagation", root)
                            .remove("seccomp"));
                    add(bundle, "/v", "", volume.toString(), "rbind", word);
                    helper.create("peer", bundle);
                    helper.ok("start", "peer");
                    Shell.await(
                            "the container has mounted",
                            Duration.ofSeconds(20),
                            () -> helper.outputOf("peer").contains("made"));
                    boolean peers = word.equals("rshared") && root.equals("shared");
                    assertEquals(peers, hostMounts().contains(" " + volume + "/inner "), word + " in " + root);
                    Shell.output("mount", "-t", "tmpfs", "slipway-test", volume + "/outer");
                    boolean receives = !word.equals("rprivate") && !root.equals("private");
                    Files.createFile(volume.resolve("go"));
                    helper.awaitStatus("peer", "stopped");
                    assertEquals(List.of("made", receives ? "1" : "0"), helper.outputOf("peer"), word + " in " + root);
                    gone("peer");
                    Shell.output(
                            "sh",
                            "-c",
                            "rm " + volume + "/go; umount " + volume + "/outer; umount -q " + volume + "/inner; true");
                }
            }
        } finally {
            Shell.output("umount", "-R", volume.toString());
        }
    }

    @Test
    @Requirement({"MNT-33", "MNT-48"})
    void aTmpfsTakesOverWhatTheImageHas() {
        var bundle = bundle("cd /data; stat -c '%n %a %u:%g' . file; cat file sub/link; echo more >> file; cat file");
        Shell.output(
                "sh",
                "-c",
                "cd " + bundle.rootfs() + " && mkdir -p data/sub && echo text > data/file && chmod 640 data/file &&"
                        + " chown 5:6 data/file && ln -s ../file data/sub/link && chmod 1750 data");
        add(bundle, "/data", "tmpfs", "tmpfs", "tmpcopyup", "size=1m");
        add(bundle, "/data", "", "", "remount", "nosuid");
        assertEquals(". 1750 0:0\nfile 640 5:6\ntext\ntext\ntext\nmore\n", run(bundle.edit(MountsTest::root)));
        assertEquals("text\n", Shell.output("cat", bundle.rootfs() + "/data/file"));
        add(bundle, "/data", "tmpfs", "tmpfs", "tmpcopyup", "mode=700", "ro");
        bundle.args("/bin/sh", "-c", "stat -c %a /data; cat /data/file; echo x > /data/file || echo refused");
        assertEquals("700\ntext\nrefused\n", run(bundle));
    }

    @Test
    @Requirement("MNT-48")
    void aDeviceThatCannotBeCopiedInAUserNamespaceIsNamed() {
        var bundle = bundle("true").edit(config -> {
            config.withObject("/linux").withArray("/namespaces").addObject().put("type", "user");
            for (String kind : List.of("uidMappings", "gidMappings")) {
                config.withObject("/linux")
                        .withArray("/" + kind)
                        .addObject()
                        .put("containerID", 0)
                        .put("hostID", 100000)
                        .put("size", 1000);
            }
        });
        Shell.output("sh", "-c", "cd " + bundle.rootfs() + " && mkdir data && mknod data/tape c 9 0");
        Shell.output("chmod", "-R", "a+rX", work.toString());
        add(bundle, "/data", "tmpfs", "tmpfs", "tmpcopyup");
        var refused = helper.slipway("run", "--bundle", bundle.text(), "copied");
        assertTrue(
                refused.err().contains("can't copy '/data/tape': a device file can't be made in a user namespace"),
                refused::err);
    }

    private static void root(ObjectNode config) {
        for (var set : List.of("bounding", "effective", "permitted")) {
            config.withObject("/process/capabilities").set(set, JSON.valueToTree(ADMINISTRATOR));
        }
    }

    @Test
    @Requirement("MNT-52")
    void controlGroupsShowTheContainersOwn() {
        for (var own : List.of(true, false)) {
            var bundle = bundle(
                    "cat /proc/self/mountinfo; echo; cat /proc/self/cgroup; for d in /sys/fs/cgroup/*; do [ -L $d ] && echo link $d; done; true");
            bundle.edit(config -> {
                var list = config.withObject("/linux").withArray("/namespaces");
                for (int i = list.size() - 1; i >= 0; i--) {
                    if (list.get(i).path("type").asString().equals("cgroup")) {
                        list.remove(i);
                    }
                }
                if (own) {
                    list.addObject().put("type", "cgroup");
                }
            });
            var said = run(bundle);
            var table = MountLine.table(said.substring(0, said.indexOf("\n\n") + 1));
            var top = table.get("/sys/fs/cgroup");
            var path = "/slipway-test-" + ProcessHandle.current().pid() + "/";
            if (top.type().equals("cgroup2")) {
                assertTrue(own ? top.shows().equals("/") : top.shows().startsWith(path), top.toString());
                continue;
            }
            assertEquals("tmpfs", top.type());
            for (var line : said.substring(said.indexOf("\n\n") + 2)
                    .lines()
                    .filter(line -> !line.startsWith("link"))
                    .toList()) {
                var controllers = line.split(":", 3)[1].replace("name=", "");
                if (!controllers.isEmpty()) {
                    var mount = table.get("/sys/fs/cgroup/" + controllers);
                    assertTrue(mount != null && mount.type().equals("cgroup"), line);
                    assertTrue(own ? mount.shows().equals("/") : mount.shows().startsWith(path), mount.toString());
                    assertTrue(mount.options().contains("ro"), mount.toString());
                    for (var controller : controllers.contains(",") ? controllers.split(",", -1) : new String[0]) {
                        assertTrue(said.contains("link /sys/fs/cgroup/" + controller), said);
                    }
                }
            }
        }
    }

    @Test
    @Requirement("MNT-54")
    void nothingButProcIsMountedAtOrBelowProc() {
        for (var destination : List.of("/proc", "/proc/sys/kernel", "/dev/../proc/self/attr")) {
            var bundle = bundle("true");
            add(bundle, destination, "tmpfs", "tmpfs");
            assertTrue(refused(bundle).contains("/mounts/7/destination"));
        }
        var bundle = bundle("cat /proc/uptime");
        add(bundle, "/proc/uptime", "", "/etc/hostname", "bind", "ro");
        assertEquals(Shell.output("cat", "/etc/hostname"), run(bundle));
        assertFalse(hostMounts().contains("/proc/uptime"));
    }
}

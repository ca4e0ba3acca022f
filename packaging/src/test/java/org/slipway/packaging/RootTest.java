package org.slipway.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.slipway.model.test.Requirement;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/** The root filesystem, what every container finds in it, and what is hidden or protected there. */
final class RootTest extends KernelTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private String run(Bundle bundle) {
        var result = helper.slipway("run", "--bundle", bundle.text(), "root");
        assertEquals(0, result.status(), result.toString());
        return result.out();
    }

    private String refused(Bundle bundle) {
        var result = helper.slipway("create", "--bundle", bundle.text(), "root");
        assertNotEquals(0, result.status());
        return result.err();
    }

    private static void mount(ObjectNode config, String destination, String type, String... options) {
        config.withArray("/mounts")
                .addObject()
                .put("destination", destination)
                .put("type", type)
                .set("options", JSON.valueToTree(List.of(options)));
    }

    @Test
    @Requirement({"ROOT-01", "ROOT-02", "ROOT-03"})
    void theRootIsADirectoryByItsPath() throws IOException {
        var bundle = bundle("ls -d /bin");
        assertEquals(
                "/bin\n", run(bundle.edit(config -> config.withObject("/root").put("path", "./rootfs"))));
        assertEquals(
                "/bin\n",
                run(bundle.edit(config ->
                        config.withObject("/root").put("path", bundle.rootfs().toString()))));
        Files.writeString(bundle.path().resolve("file"), "");
        for (var path : List.of("nowhere", "file", bundle.path() + "/file")) {
            var said = refused(bundle.edit(config -> config.withObject("/root").put("path", path)));
            assertTrue(said.contains("/root/path"), said);
        }
        assertTrue(refused(bundle.edit(config -> config.withObject("/root").remove("path")))
                .contains("/root"));
        assertTrue(refused(bundle.edit(config -> config.remove("root"))).contains("/root"));
    }

    @Test
    @Requirement("ROOT-04")
    void aReadOnlyRootLeavesMountsAsTheyAre() {
        var bundle = bundle(
                        "echo x > /file || echo refused; echo x > /own/file && echo written; busybox touch /file 2>&1")
                .edit(config -> {
                    config.withObject("/root").put("readonly", true);
                    mount(config, "/own", "tmpfs");
                });
        var result = helper.slipway("run", "--bundle", bundle.text(), "root");
        assertTrue(
                result.out().startsWith("refused\nwritten\n") && result.out().contains("Read-only file system"),
                result.toString());
        bundle.edit(config -> config.withObject("/root").remove("readonly"));
        bundle.args("/bin/sh", "-c", "echo x > /file && echo written");
        assertEquals("written\n", run(bundle));
    }

    /** Neither its mounts are listed, nor do paths lead to it. */
    @Test
    @Requirement({"ROOT-05", "NS-03"})
    void theFormerRootIsGone() {
        var bundle = bundle("cd ../../../..; pwd; ls; cat /proc/self/mountinfo");
        var said = run(bundle);
        assertTrue(said.startsWith("/\nbin\ndev\netc\nproc\nsys\ntmp\n"), said);
        assertEquals(
                1, said.lines().filter(line -> line.matches("(\\S+ ){4}/ .*")).count(), said);
        var host = Shell.output("cat", "/proc/self/mountinfo").lines().count();
        assertTrue(
                MountLine.table(said).keySet().stream()
                        .allMatch(place -> place.equals("/") || place.matches("/(proc|dev|sys)(/.*)?")),
                said);
        assertTrue(host > 0);
    }

    @Test
    @Requirement("ROOT-06")
    void withoutAMountNamespaceNothingIsMade() {
        var bundle = bundle("true").edit(config -> {
            var list = config.withObject("/linux").withArray("/namespaces");
            for (int i = list.size() - 1; i >= 0; i--) {
                if (list.get(i).path("type").asString().equals("mount")) {
                    list.remove(i);
                }
            }
        });
        var said = refused(bundle);
        assertTrue(said.contains("/linux/namespaces") && said.contains("mount namespace"), said);
    }

    @Test
    @Requirement({"DFS-01", "DFS-02"})
    void whoListsNoMountsGetsTheUsualFour() {
        var bundle = bundle(
                "cat /proc/self/mountinfo; for l in fd stdin stdout stderr; do busybox readlink /dev/$l; done; echo through >> /dev/stdout");
        bundle.edit(config -> config.withArray("/mounts").removeAll());
        var said = run(bundle);
        var table = MountLine.table(said);
        assertEquals("proc", table.get("/proc").type());
        assertEquals("sysfs", table.get("/sys").type());
        assertEquals("devpts", table.get("/dev/pts").type());
        assertEquals("tmpfs", table.get("/dev/shm").type());
        assertTrue(said.endsWith("/proc/self/fd\n/proc/self/fd/0\n/proc/self/fd/1\n/proc/self/fd/2\nthrough\n"), said);
    }

    @Test
    @Requirement("DFS-02")
    void linksWithoutATargetAreNotMade() {
        var bundle = bundle(
                "for l in fd stdin stdout stderr; do [ -L /dev/$l ] && echo $l; done; [ -L /dev/ptmx ] && echo ptmx");
        bundle.edit(config -> {
            config.withArray("/mounts").removeAll();
            mount(config, "/dev", "tmpfs");
            config.withObject("/linux").remove(List.of("maskedPaths", "readonlyPaths"));
        });
        assertEquals("ptmx\n", run(bundle));
    }

    @Test
    @Requirement("DFS-03")
    void onlyTheThreeStreamsAreOpen() {
        var script = "for f in $(busybox seq 0 99); do [ -e /proc/$$/fd/$f ] && echo $f; done; true";
        assertEquals("0\n1\n2\n", run(bundle(script)));
    }

    @Test
    @Requirement({"DEV-01", "DEV-05", "DEV-06", "DEV-08"})
    void devicesAreWhatTheConfigurationSays() {
        var bundle = bundle("""
                for d in null zero full random urandom tty; do stat -c '%n %F %t:%T %a' /dev/$d; done
                for d in /dev/mine /opt/deep/mine /opt/pipe; do stat -c '%n %F %t:%T %a %u:%g' $d; done
                echo x > /dev/null && busybox head -c 3 /dev/zero | busybox wc -c && busybox head -c 2 /dev/mine | busybox wc -c
                busybox head -c 1 /dev/urandom | busybox wc -c; echo x > /dev/full || echo full
                """);
        bundle.edit(config -> {
            var devices = config.withObject("/linux").withArray("/devices");
            devices.addObject()
                    .put("type", "c")
                    .put("path", "/dev/mine")
                    .put("major", 1)
                    .put("minor", 5)
                    .put("fileMode", 0606)
                    .put("uid", 3)
                    .put("gid", 4);
            devices.addObject()
                    .put("type", "b")
                    .put("path", "/opt/deep/mine")
                    .put("major", 7)
                    .put("minor", 200);
            devices.addObject().put("type", "p").put("path", "/opt/pipe").put("fileMode", 0777);
            var rules =
                    config.withObject("/linux/resources").withArray("/devices").removeAll();
            rules.addObject().put("allow", false).put("access", "rwm");
            rules.addObject()
                    .put("allow", true)
                    .put("type", "c")
                    .put("major", 1)
                    .put("minor", 5)
                    .put("access", "r");
        });
        bundle.edit(config -> config.withObject("/process").withObject("/user").put("umask", 077));
        assertEquals("""
                /dev/null character special file 1:3 666
                /dev/zero character special file 1:5 666
                /dev/full character special file 1:7 666
                /dev/random character special file 1:8 666
                /dev/urandom character special file 1:9 666
                /dev/tty character special file 5:0 666
                /dev/mine character special file 1:5 606 3:4
                /opt/deep/mine block special file 7:c8 666 0:0
                /opt/pipe fifo 0:0 777 0:0
                3
                2
                1
                full
                """, run(bundle));
    }

    @Test
    @Requirement("DEV-04")
    void theSameDeviceIsKeptAndAnythingElseIsAnError() {
        var bundle = bundle("stat -c '%t:%T %a' /nodes/same")
                .edit(config -> config.withObject("/linux")
                        .withArray("/devices")
                        .addObject()
                        .put("type", "c")
                        .put("path", "/nodes/same")
                        .put("major", 1)
                        .put("minor", 3)
                        .put("fileMode", 0600));
        Shell.output(
                "sh",
                "-c",
                "mkdir " + bundle.rootfs() + "/nodes && mknod -m 644 " + bundle.rootfs() + "/nodes/same c 1 3");
        assertEquals("1:3 644\n", run(bundle));
        for (var other : List.of(
                "mknod $P c 1 5", "mknod $P b 1 3", "mkfifo $P", "touch $P", "mkdir $P", "ln -s /dev/null $P")) {
            var place = bundle.rootfs() + "/nodes/same";
            Shell.output("sh", "-c", "rm -rf " + place + "; P=" + place + "; " + other);
            var said = refused(bundle);
            assertTrue(said.contains("/linux/devices/0") && said.contains("file exists"), other + ": " + said);
        }
    }

    @Test
    @Requirement("DEV-13")
    void otherDevicesCannotBeUsed() {
        var bundle = bundle(
                "cat /dev/zero | busybox head -c 1 > /dev/null && echo default; busybox head -c 1 /kmsg || echo other");
        Shell.output("sh", "-c", "mknod " + bundle.rootfs() + "/kmsg c 1 11");
        bundle.edit(config -> {
            if (config.withObject("/linux").has("resources")) {
                config.withObject("/linux/resources").remove("devices");
            }
        });
        assertEquals("default\nother\n", run(bundle));
    }

    @Test
    @Requirement("DEV-12")
    void theHostsOwnDevIsLeftAlone() {
        var before = Shell.output("sh", "-c", "cd /dev && ls -l --time-style=full-iso | grep -v ' pts$\\| shm$'");
        var bundle = bundle("ls /dev > /dev/null; echo seen").edit(config -> {
            var mounts = config.withArray("/mounts").removeAll();
            mount(config, "/proc", "proc");
            mounts.addObject()
                    .put("destination", "/dev")
                    .put("source", "/dev")
                    .set("options", JSON.valueToTree(List.of("rbind", "rslave")));
        });
        assertEquals("seen\n", run(bundle));
        assertEquals(
                before, Shell.output("sh", "-c", "cd /dev && ls -l --time-style=full-iso | grep -v ' pts$\\| shm$'"));
    }

    @Test
    @Requirement({"PATH-03", "PATH-04", "PATH-05"})
    void pathsAreHiddenAndProtected() {
        var bundle = bundle("""
                cat /secret/file; echo masked $? $(ls -A /hidden); echo x > /hidden/new || echo no
                echo x > /kept/file || echo kept; echo x > /kept/below/file || echo below; cat /kept/file
                """).edit(config -> {
            mount(config, "/kept/below", "tmpfs");
            config.withObject("/linux")
                    .set("maskedPaths", JSON.valueToTree(List.of("/secret/file", "/hidden", "/missing/path")));
            config.withObject("/linux").set("readonlyPaths", JSON.valueToTree(List.of("/kept", "/missing")));
            config.withObject("/root").put("readonly", false);
        });
        Shell.output(
                "sh",
                "-c",
                "cd " + bundle.rootfs()
                        + " && mkdir -p secret hidden kept/below && echo secret > secret/file && echo x > hidden/x && echo text > kept/file");
        assertEquals("masked 0\nno\nkept\nbelow\ntext\n", run(bundle));
        for (var list : List.of("maskedPaths", "readonlyPaths")) {
            var wrong = bundle("true")
                    .edit(config -> config.withObject("/linux").set(list, JSON.valueToTree(List.of("/a", "b"))));
            assertTrue(refused(wrong).contains("/linux/" + list + "/1"));
        }
    }

    /** Tags of "/" in mountinfo, and whether what the host mounts in the root filesystem later is seen. */
    @Test
    @Requirement("PATH-01")
    void propagationOfTheRoot() throws IOException {
        var base = Files.createDirectory(work.resolve("propagation"));
        Shell.output("mount", "-t", "tmpfs", "slipway-test", base.toString());
        Shell.output("mount", "--make-shared", base.toString());
        try {
            for (var word : List.of("shared", "slave", "private", "unbindable", "")) {
                var bundle = Bundle.in(
                        base.resolve("bundle-" + word),
                        "while [ ! -e /tmp/go ]; do sleep 0.05; done; cat /proc/self/mountinfo");
                bundle.edit(config -> {
                    config.withObject("/root").put("readonly", false);
                    if (!word.isEmpty()) {
                        config.withObject("/linux").put("rootfsPropagation", word);
                    }
                });
                Files.createDirectory(bundle.rootfs().resolve("later"));
                helper.create("tree", bundle);
                helper.ok("start", "tree");
                Shell.output("mount", "-t", "tmpfs", "slipway-test", bundle.rootfs() + "/later");
                Files.createFile(bundle.rootfs().resolve("tmp/go"));
                helper.awaitStatus("tree", "stopped");
                var table = MountLine.table(String.join("\n", helper.outputOf("tree")));
                Shell.output("umount", bundle.rootfs() + "/later");
                gone("tree");
                var tags = table.get("/").tags();
                boolean seen = table.containsKey("/later");
                switch (word) {
                    case "shared" -> assertTrue(tags.contains("shared"), tags.toString());
                    case "unbindable" -> assertEquals(Set.of("unbindable"), tags);
                    case "private" -> assertEquals(Set.of(), tags);
                    case "slave" -> assertEquals(Set.of("master"), tags);
                    default -> assertFalse(tags.contains("shared"), tags.toString());
                }
                assertEquals(word.equals("slave"), seen, word + " " + tags);
            }
        } finally {
            Shell.output("umount", base.toString());
        }
        assertTrue(refused(bundle("true")
                        .edit(config -> config.withObject("/linux").put("rootfsPropagation", "sideways")))
                .contains("/linux/rootfsPropagation"));
    }
}

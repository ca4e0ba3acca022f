package org.slipway.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slipway.model.test.Requirement;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/** User namespaces: their maps, what only the host's root can reach, and mounts with ids of their own. */
final class IdMappingTest extends KernelTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int FIRST = 100_000;

    private Path secret = Path.of("/");

    /** A folder that only the host's root may enter, on a file system that can map ids, with a mount below. */
    @BeforeAll
    void makeSources() throws IOException {
        secret = Files.createDirectory(work.resolve("secret"));
        var tree = Files.createDirectory(secret.resolve("tree"));
        Shell.output(
                "sh",
                "-c",
                "cd " + secret + " && mkdir tree/sub && echo treasure > tree/file && echo one > single &&"
                        + " chown 5:6 tree/file && chmod 644 tree/file single");
        Shell.output("mount", "-t", "tmpfs", "slipway-test", tree.resolve("sub").toString());
        Shell.output("sh", "-c", "echo below > " + tree + "/sub/file && chown 5:6 " + tree + "/sub/file");
        Shell.output("chmod", "700", secret.toString());
    }

    @AfterAll
    void unmount() {
        Shell.output("umount", secret.resolve("tree/sub").toString());
    }

    /** A bundle in a new user namespace, with its root filesystem given to the first id of it. */
    private Bundle mapped(String script) {
        var bundle = bundle(script).edit(config -> {
            var linux = config.withObject("/linux");
            linux.withArray("/namespaces").addObject().put("type", "user");
            linux.set("uidMappings", range(0, FIRST, 65536));
            linux.set("gidMappings", range(0, FIRST, 65536));
        });
        // the folder of the tests is root's alone, and the container's root has to find its root filesystem
        Shell.output("chmod", "711", work.toString());
        Shell.output("chown", "-hR", FIRST + ":" + FIRST, bundle.rootfs().toString());
        return bundle;
    }

    private static JsonNode range(long inside, long outside, long size) {
        return JSON.createArrayNode()
                .add(JSON.createObjectNode()
                        .put("containerID", inside)
                        .put("hostID", outside)
                        .put("size", size));
    }

    private Consumer<ObjectNode> mount(String destination, String source, ObjectNode mappings, String... options) {
        return config -> {
            var mount = config.withArray("/mounts")
                    .addObject()
                    .put("destination", destination)
                    .put("source", secret.resolve(source).toString());
            mount.set("options", JSON.valueToTree(List.of(options)));
            mount.setAll(mappings);
        };
    }

    private static ObjectNode own(int users, int groups) {
        var mappings = JSON.createObjectNode();
        mappings.set("uidMappings", range(0, users, 1000));
        mappings.set("gidMappings", range(0, groups, 1000));
        return mappings;
    }

    private static ObjectNode none() {
        return JSON.createObjectNode();
    }

    private String run(Bundle bundle) {
        var result = helper.slipway("run", "--bundle", bundle.text(), "ids");
        assertEquals(0, result.status(), result.toString());
        return result.out();
    }

    private String refused(Bundle bundle) {
        var result = helper.slipway("create", "--bundle", bundle.text(), "ids");
        assertNotEquals(0, result.status());
        return result.err();
    }

    @Test
    @Requirement({"IDM-01", "IDM-02", "NS-06"})
    void theMapIsAsWritten() throws IOException {
        var bundle = mapped("cat /proc/self/uid_map /proc/self/gid_map; id -u");
        var before = Files.getAttribute(bundle.rootfs().resolve("bin/busybox"), "unix:uid");
        assertEquals(
                "0 100000 65536\n0 100000 65536\n0\n",
                run(bundle).replaceAll("(?m)^ +", "").replaceAll(" +", " "));
        assertEquals(before, Files.getAttribute(bundle.rootfs().resolve("bin/busybox"), "unix:uid"));
    }

    @Test
    @Requirement("IDM-03")
    void asManyRangesAsTheKernelTakes() {
        var bundle = mapped("busybox wc -l < /proc/self/uid_map");
        bundle.edit(config -> ranges(config, 340));
        Shell.output("chown", "-hR", "1000:100000", bundle.rootfs().toString());
        assertEquals("340\n", run(bundle));
        bundle.edit(config -> ranges(config, 341));
        assertTrue(refused(bundle).contains("/linux/uidMappings"));
    }

    private static void ranges(ObjectNode config, int count) {
        var list = config.withObject("/linux").withArray("/uidMappings").removeAll();
        for (int i = 0; i < count; i++) {
            list.addObject()
                    .put("containerID", 2 * i)
                    .put("hostID", 1000 + 2 * i)
                    .put("size", 1);
        }
    }

    @Test
    @Requirement("IDM-04")
    void mappingsAndUserNamespaceComeTogether() {
        var without = bundle("true").edit(config -> config.withObject("/linux").set("uidMappings", range(0, 1, 1)));
        assertTrue(refused(without).contains("/linux/uidMappings"));
        var alone = bundle("true")
                .edit(config -> config.withObject("/linux")
                        .withArray("/namespaces")
                        .addObject()
                        .put("type", "user"));
        assertTrue(refused(alone).contains("/linux/gidMappings"));
    }

    @Test
    @Requirement("IDM-05")
    void besideAJoinedUserNamespaceTheMapIsItsOwnOrNone() {
        helper.create("host", mapped("exec sleep 1000"));
        var path = "/proc/" + helper.state("host").path("pid").asString() + "/ns/user";
        var joins = mapped("cat /proc/self/uid_map").edit(config -> {
            for (var entry : config.withObject("/linux").withArray("/namespaces")) {
                if (entry.path("type").asString().equals("user")) {
                    ((ObjectNode) entry).put("path", path);
                }
            }
        });
        assertTrue(run(joins).contains("0     100000      65536") || run(joins).contains("65536"), "the same map");
        joins.edit(config -> config.withObject("/linux").set("gidMappings", range(0, FIRST, 65535)));
        var said = refused(joins);
        assertTrue(said.contains("/linux/uidMappings") && said.contains("gid_map"), said);
        joins.edit(config -> {
            config.withObject("/linux").remove("uidMappings");
            config.withObject("/linux").remove("gidMappings");
        });
        run(joins);
        // and what a mount asks for by `idmap` is that namespace's mapping
        joins.edit(mount("/data", "tree", none(), "bind", "idmap"));
        joins.args("/bin/stat", "-c", "%u:%g", "/data/file");
        assertEquals("5:6\n", run(joins));
        gone("host");
    }

    @Test
    @Requirement({"MNT-55", "MNT-04"})
    void aSourceThatOnlyTheHostsRootReachesIsMounted() {
        var bundle = mapped("cat /data/file /single; echo x > /data/file; ls -d /data/sub/file");
        bundle.edit(mount("/data", "tree", none(), "bind", "ro")).edit(mount("/single", "single", none(), "bind"));
        var result = helper.slipway("run", "--bundle", bundle.text(), "ids");
        assertEquals("treasure\none\n", result.out());
        assertTrue(result.err().contains("/data/file: Read-only file system"), result.err());
    }

    @Test
    @Requirement({"DEV-08", "DEV-11"})
    void devicesAreTheHostsOwn() {
        var bundle = mapped("""
                for d in null zero full random urandom tty extra; do stat -c '%n %F %t:%T' /dev/$d; done
                echo x > /dev/null && busybox head -c 4 /dev/zero | busybox wc -c; echo x > /dev/full || echo full
                busybox grep ' /dev/null ' /proc/self/mountinfo | busybox wc -l
                """);
        bundle.edit(config -> config.withObject("/linux")
                .withArray("/devices")
                .addObject()
                .put("type", "c")
                .put("path", "/dev/null")
                .put("major", 1)
                .put("minor", 3));
        var said = run(bundle);
        assertTrue(said.contains("/dev/null character special file 1:3\n/dev/zero character special file 1:5\n"), said);
        assertTrue(said.contains("/dev/tty character special file 5:0\n"), said);
        assertTrue(said.endsWith("4\nfull\n1\n"), said);
        bundle.edit(config ->
                ((ObjectNode) config.withObject("/linux").withArray("/devices").get(0)).put("minor", 5));
        assertTrue(refused(bundle).contains("/linux/devices/0"));
    }

    @Test
    @Requirement({"MNT-43", "MNT-47"})
    void aMountHasIdsOfItsOwn() {
        var bundle = bundle("for d in /a /b /c; do stat -c '%u:%g' $d/file $d/sub; done");
        bundle.edit(mount("/a", "tree", own(7000, 8000), "bind", "idmap"));
        bundle.edit(mount("/b", "tree", own(7000, 8000), "bind"));
        bundle.edit(mount("/c", "tree", none(), "bind"));
        assertEquals("7005:8006\n7000:8000\n7005:8006\n7000:8000\n5:6\n0:0\n", run(bundle));
    }

    @Test
    @Requirement({"MNT-43", "MNT-46"})
    void inAUserNamespaceTheContainersMappingIsTaken() {
        var bundle = mapped(
                "stat -c '%u:%g' /plain/file /mapped/file /own/file; echo new > /mapped/new; stat -c %u /mapped/new");
        bundle.edit(mount("/plain", "tree", none(), "bind"));
        bundle.edit(mount("/mapped", "tree", none(), "bind", "idmap"));
        bundle.edit(mount("/own", "tree", own(FIRST + 50, FIRST + 60), "bind", "idmap"));
        Shell.output("chmod", "777", secret.resolve("tree").toString());
        assertEquals("65534:65534\n5:6\n55:66\n0\n", run(bundle));
        assertEquals(
                "0\n",
                Shell.output("stat", "-c", "%u", secret.resolve("tree/new").toString()));
        Shell.output("rm", secret.resolve("tree/new").toString());
        var without = bundle("true").edit(mount("/mapped", "tree", none(), "bind", "idmap"));
        assertTrue(refused(without).contains("/mounts/"));
    }

    @Test
    @Requirement("MNT-44")
    void aWholeTreeHasIdsOfItsOwn() {
        var bundle = bundle("stat -c '%u:%g' /one/file /one/sub/file /all/file /all/sub/file");
        bundle.edit(mount("/one", "tree", own(7000, 8000), "rbind", "idmap"));
        bundle.edit(mount("/all", "tree", own(7000, 8000), "rbind", "ridmap"));
        assertEquals("7005:8006\n5:6\n7005:8006\n7005:8006\n", run(bundle));
    }

    /** procfs knows no mapped ids. */
    @Test
    @Requirement("MNT-49")
    void whatTheKernelCannotMapIsAnError() {
        var bundle = bundle("true").edit(mount("/host", "/proc/sys", own(7000, 8000), "rbind", "ridmap"));
        var said = refused(bundle);
        assertTrue(said.contains("/mounts/7") && said.contains("invalid argument"), said);
    }

    @Test
    @Requirement("MNT-45")
    void userAndGroupMappingsOfAMountComeTogether() {
        var half = JSON.createObjectNode();
        half.set("gidMappings", range(0, 5, 5));
        assertTrue(refused(bundle("true").edit(mount("/a", "tree", half, "bind", "idmap")))
                .contains("/mounts/7"));
    }

    /** The root filesystem lies on a mount that forbids; a container that would allow it again is made, and stays forbidden. */
    @Test
    @Requirement("MNT-56")
    void whatTheHostLockedStaysLocked() {
        var bundle = mapped("busybox grep ' /locked ' /proc/self/mountinfo");
        var locked = bundle.rootfs().resolve("locked");
        Shell.output("mkdir", locked.toString());
        Shell.output("mount", "-t", "tmpfs", "slipway-test", locked.toString());
        try {
            Shell.output("mount", "-o", "remount,bind,nosuid,nodev,noexec,noatime", locked.toString());
            bundle.edit(config -> config.withArray("/mounts")
                    .addObject()
                    .put("destination", "/locked")
                    .set("options", JSON.valueToTree(List.of("remount", "suid", "dev", "exec", "atime", "ro"))));
            var options = MountLine.table(run(bundle)).get("/locked");
            assertTrue(
                    options != null
                            && options.options().containsAll(List.of("ro", "nosuid", "nodev", "noexec", "noatime")),
                    options + "");
        } finally {
            Shell.output("umount", locked.toString());
        }
    }
}

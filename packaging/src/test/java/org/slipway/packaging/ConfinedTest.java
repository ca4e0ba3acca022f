package org.slipway.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.slipway.model.test.Requirement;
import org.slipway.model.test.Watched;
import org.slipway.packaging.Shell.Result;
import tools.jackson.databind.json.JsonMapper;

/**
 * Containers of somebody without rights, through user.sock, by the command line as they would type it. The helper of these tests is root
 * without the right to pass by file permissions (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH), and the user's home is theirs alone (0700): if it, its
 * keeper or its hooks' parent opened a single path in there as root, nothing here would work.
 */
@Tag("kernel")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConfinedTest implements Watched {

    private static final int USER = 47_110;
    private static final int OTHER = 47_120;

    /** A group that takes rights away. */
    private static final int NEGATIVE = 47_130;

    private static final String FOREVER = "while true; do sleep 1; done";
    private static final Path ROOT =
            Path.of("/run/slipway-test-" + ProcessHandle.current().pid() + "c");

    private Path work;
    private Path home;
    private Path client;
    private Process helper;
    private int bundles;

    @Override
    public List<Path> stateDirectories() {
        return List.of(ROOT);
    }

    @Override
    public List<Long> helpers() {
        return List.of(helper.pid());
    }

    @BeforeAll
    void startHelper() throws IOException {
        work = Files.createTempDirectory("slipway-test");
        home = Files.createDirectory(work.resolve("home"));
        client = Files.copy(Path.of(Helper.program("slipway")), work.resolve("slipway"));
        Shell.output("chmod", "755", client.toString());
        Shell.output("chmod", "711", work.toString());
        Shell.output("chmod", "700", home.toString());
        Shell.output("chown", USER + ":" + USER, home.toString());
        nodes("rmdir $d/slipway/*/* $d/slipway/* $d/slipway; mkdir $d/slipway");
        helper = new ProcessBuilder(
                        "setpriv",
                        "--bounding-set",
                        "-dac_override,-dac_read_search",
                        "--inh-caps",
                        "-all",
                        Helper.program("slipwayd"),
                        "--root",
                        ROOT.toString(),
                        "--administrator-uid",
                        Integer.toString(USER),
                        "--user-containers",
                        "2")
                .redirectErrorStream(true)
                .redirectOutput(work.resolve("helper.log").toFile())
                .start();
        Shell.await(
                "the helper answers",
                Duration.ofSeconds(60),
                () -> as(USER, "list").status() == 0);
    }

    @AfterEach
    void endContainers() {
        for (String id : as(USER, "list", "-q").out().lines().toList()) {
            run(USER, "admin.sock", work.resolve("end.out"), "delete", "--force", id);
        }
    }

    @AfterAll
    void endHelper() throws InterruptedException {
        helper.destroy();
        assertTrue(helper.waitFor(20, TimeUnit.SECONDS), "the helper ends");
        nodes("rmdir $d/slipway");
        Shell.run("rm", "-rf", "--one-file-system", work.toString(), ROOT.toString());
    }

    /**
     * The node of all users, in each hierarchy: not even root may write to the root of one, if file permissions count for it as they do for
     * this helper. One that was there may be marked as a helper's own, which this one could not remove.
     */
    private static void nodes(String commands) {
        Shell.run(
                "sh",
                "-c",
                "if [ -e /sys/fs/cgroup/cgroup.controllers ]; then set -- /sys/fs/cgroup; else set -- /sys/fs/cgroup/*; fi;"
                        + " for d; do { " + commands + "; } 2> /dev/null; done");
    }

    /** Types a command as that user; what a container prints later comes to {@code out} too. */
    private Result run(int uid, String socket, Path out, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                "setpriv",
                "--reuid",
                "" + uid,
                "--regid",
                "" + uid,
                "--groups",
                uid == USER ? uid + "," + NEGATIVE : "" + uid,
                client.toString()));
        command.addAll(List.of(arguments));
        return Shell.run(
                command,
                Path.of("/"),
                Map.of("SLIPWAY_SOCKET", ROOT.resolve(socket).toString()),
                out);
    }

    private Result as(int uid, String... arguments) {
        return run(uid, "user.sock", work.resolve("out"), arguments);
    }

    @Test
    @Requirement({"EXT-EXEC-01", "EXT-ROOTLESS-01", "EXT-DAEMON-01", "EXT-PS-01"})
    void whatIsExecutedBecomesItsUserAsTheContainerDid() {
        Bundle bundle = bundle(FOREVER);
        assertEquals(0, create("exec", bundle).status());
        // the first process waits at the gate, and is not open to its owner's eyes
        assertEquals("0\n", ok("exec", "exec", "id", "-u"));
        ok("start", "exec");
        Path file = home.resolve("exec.pid");
        ok("exec", "-d", "--pid-file", file.toString(), "exec", "sh", "-c", FOREVER);
        long pid = Long.parseLong(read(file));
        long init = pid("exec");
        for (String name :
                List.of("Uid", "Gid", "Groups", "CapBnd", "CapEff", "NoNewPrivs", "Seccomp", "Seccomp_filters")) {
            assertEquals(status(init, name), status(pid, name), name);
        }
        assertEquals(read(Path.of("/proc/" + init + "/cgroup")), read(Path.of("/proc/" + pid + "/cgroup")));
        for (String type : List.of("cgroup", "ipc", "mnt", "net", "pid", "user", "uts")) {
            assertEquals(namespace(init, type), namespace(pid, type), type);
        }
        assertTrue(ok("ps", "-f", "json", "exec").contains("" + pid));
        assertTrue(ok("ps", "exec").contains("" + pid));
        // what they may not have, and whom they may not ask
        Result label = as(USER, "exec", "--process-label", "l", "exec", "true");
        assertEquals(255, label.status());
        for (String[] words : new String[][] {{"exec", "exec", "true"}, {"ps", "exec"}}) {
            Result other = as(OTHER, words);
            assertNotEquals(0, other.status());
            assertTrue(other.err().contains("does not exist"), other::err);
        }
        // an administrator executes as whom the container became, too
        Result administrator =
                run(USER, "admin.sock", work.resolve("out"), "exec", "exec", "cat", "/proc/self/uid_map");
        assertEquals(0, administrator.status(), administrator::toString);
        assertEquals("0 " + USER + " 1", administrator.out().strip().replaceAll(" +", " "));
        Result at = as(USER, "state", "@/etc/shadow");
        assertTrue(at.err().contains("'@/etc/shadow'"), at::err); // not what root reads there
        ok("delete", "--force", "exec");
        assertFalse(Files.exists(Path.of("/proc/" + pid)));
    }

    /** With their own rights alone: what is theirs inside changes, and nothing of the host comes in. */
    @Test
    @Requirement({"LIVE-SYS-01", "LIVE-SYS-02", "LIVE-MNT-01", "EXT-DAEMON-01"})
    void whatIsInsideChangesWithTheRightsOfItsUser() throws IOException {
        Bundle bundle = bundle(FOREVER);
        assertEquals(0, create("inside", bundle).status());
        ok("start", "inside");
        Path change = home.resolve("change.json");
        write(
                change,
                "{\"hostname\":\"boat\",\"linux\":{\"sysctl\":{\"net.ipv4.ip_forward\":\"1\"}},"
                        + "\"mounts\":[{\"destination\":\"/tmp\",\"type\":\"tmpfs\",\"source\":\"tmpfs\"}]}");
        ok("update", "--changes", change.toString(), "inside");
        assertEquals(
                "boat", ok("exec", "inside", "cat", "/proc/sys/kernel/hostname").strip());
        assertEquals(
                "1",
                ok("exec", "inside", "cat", "/proc/sys/net/ipv4/ip_forward").strip());
        assertTrue(ok("mounts", "inside").contains("/tmp"));
        write(
                change,
                "{\"mounts\":[{\"destination\":\"/x\",\"type\":\"none\",\"source\":\"/etc\",\"options\":[\"bind\"]}]}");
        Result refused = as(USER, "update", "--changes", change.toString(), "inside");
        assertNotEquals(0, refused.status());
        assertTrue(refused.err().contains("has no rights"), refused::err);
        ok("mounts", "remove", "inside", "/tmp");
        ok("delete", "--force", "inside");
    }

    private void write(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Shell.output("chown", USER + ":" + USER, file.toString());
    }

    private static String namespace(long pid, String type) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/" + type))
                    .toString();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The split draft reads its process at start: never with the rights of who asks, if those are others than it was made with. */
    @Test
    @Requirement({"DRAFT-0430AAF-05", "EXT-DAEMON-01"})
    void aProcessThatIsReadAgainHasTheRightsOfItsContainer() {
        Bundle bundle = bundle(FOREVER).edit(config -> {
            config.put("ociVersion", "0.6.0-dev");
            String arch = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
            config.putObject("platform").put("os", "linux").put("arch", arch);
            var process = config.withObject("/process");
            process.remove(List.of("rlimits", "noNewPrivileges", "capabilities", "oomScoreAdj"));
            process.withObject("/user").remove("umask");
            process.putArray("capabilities").add("CAP_KILL");
            config.remove("annotations");
            var linux = config.withObject("/linux");
            linux.remove(List.of("maskedPaths", "readonlyPaths", "resources", "seccomp"));
            var namespaces = linux.putArray("namespaces");
            List.of("pid", "network", "ipc", "uts", "mount")
                    .forEach(type -> namespaces.addObject().put("type", type));
            config.putArray("mounts")
                    .addObject()
                    .put("destination", "/proc")
                    .put("type", "proc")
                    .put("source", "proc");
        });
        Result made = create("again", bundle);
        assertEquals(0, made.status(), made::toString);
        Result root = run(0, "admin.sock", work.resolve("again.out"), "--owner", "" + USER, "start", "again");
        assertEquals(1, root.status(), root::toString);
        assertTrue(root.err().contains("with the rights that it was made with"), root::err);
        ok("start", "again");
        assertEquals("" + USER, status(pid("again"), "Uid").getFirst());
        ok("delete", "--force", "again");
    }

    @Test
    @Requirement("EXT-DAEMON-01")
    void anAdministratorNamesTheContainersOfOthersByTheirOwner() {
        ok("create", "--bundle", bundle(FOREVER).text(), "theirs");
        Path out = work.resolve("named.out");
        assertEquals(1, run(0, "admin.sock", out, "state", "theirs").status());
        Result forced = run(0, "admin.sock", out, "delete", "--force", "theirs");
        assertEquals(0, forced.status());
        assertTrue(forced.err().contains("but one of user " + USER), forced::err);
        Result state = run(0, "admin.sock", out, "--owner", "" + USER, "state", "theirs");
        assertTrue(state.out().contains("\"status\" : \"created\""), state::toString);
        Result other = run(OTHER, "user.sock", out, "--owner", "" + USER, "delete", "--force", "theirs");
        assertEquals(1, other.status(), other::toString);
        assertEquals(
                2, run(0, "admin.sock", out, "--owner", "x", "state", "theirs").status());
        assertEquals(
                0,
                run(0, "admin.sock", out, "--owner", "" + USER, "delete", "--force", "theirs")
                        .status());
        assertEquals(1, as(USER, "state", "theirs").status());
    }

    @Test
    @Requirement("EXT-DAEMON-01")
    void aSandboxedProcessDoesNotLeaveItsSandboxByAsking() {
        List<String> command =
                List.of("setpriv", "--reuid", "" + USER, "--regid", "" + USER, "--clear-groups", "--no-new-privs");
        for (String socket : List.of("user.sock", "admin.sock")) {
            List<String> all = new ArrayList<>(command);
            all.addAll(List.of(client.toString(), "list"));
            Result refused = Shell.run(
                    all,
                    Path.of("/"),
                    Map.of("SLIPWAY_SOCKET", ROOT.resolve(socket).toString()),
                    work.resolve("out"));
            assertNotEquals(0, refused.status());
            assertTrue(refused.err().contains("(peer-in-sandbox)"), refused::err);
        }
    }

    private String ok(String... arguments) {
        Result result = as(USER, arguments);
        assertEquals(0, result.status(), () -> List.of(arguments) + " ended with " + result + "\n" + said());
        return result.out();
    }

    private String said() {
        return read(work.resolve("helper.log"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Bundle bundle(String script) {
        return Bundle.in(home.resolve("bundle-" + bundles++), script).defaultCgroup();
    }

    /** Gives the bundle to the user, and makes a container of it. */
    private Result create(String id, Bundle bundle) {
        Shell.output("chown", "-R", USER + ":" + USER, bundle.text());
        return run(USER, "user.sock", output(id), "create", "--bundle", bundle.text(), id);
    }

    private Path output(String id) {
        return work.resolve("output." + id);
    }

    /** What a program prints that ends by itself, both streams. */
    private String said(String id, Bundle bundle) {
        Result made = create(id, bundle);
        assertEquals(0, made.status(), made::toString);
        ok("start", id);
        Shell.await(
                "'" + id + "' ends",
                Duration.ofSeconds(20),
                () -> ok("state", id).contains("exitStatus"));
        ok("delete", id);
        return read(output(id));
    }

    private static List<String> status(long pid, String name) {
        return read(Path.of("/proc/" + pid + "/status"))
                .lines()
                .filter(line -> line.startsWith(name + ":"))
                .findFirst()
                .map(line -> List.of(line.substring(name.length() + 1).strip().split("\\s+")))
                .orElse(List.of());
    }

    private long pid(String id) {
        return new JsonMapper().readTree(ok("state", id)).path("pid").asLong();
    }

    @Test
    @Requirement({"EXT-ROOTLESS-01", "EXT-DAEMON-01", "BUN-06", "IDM-06"})
    void anOrdinaryConfigurationLivesAsItsUserAlone() {
        Bundle bundle = bundle("exec 2>&1; id -u; cat /proc/self/uid_map /proc/self/setgroups; " + FOREVER);
        for (String kind : List.of("createRuntime", "createContainer", "poststart", "poststop")) {
            String file = bundle.text() + "/" + kind;
            bundle.hook(
                    kind, "id -u > " + file + ".id; cat /etc/shadow > " + file + ".shadow 2> /dev/null; exit 0", 10);
        }
        Result made = create("whole", bundle);
        assertEquals(0, made.status(), () -> made + said());
        long pid = pid("whole");
        assertEquals(List.of("" + USER, "" + USER, "" + USER, "" + USER), status(pid, "Uid"));
        assertEquals(List.of("" + USER, "" + USER, "" + USER, "" + USER), status(pid, "Gid"));
        assertEquals(List.of("" + USER, "" + NEGATIVE), status(pid, "Groups"));
        ok("start", "whole");
        assertEquals(List.of("" + USER, "" + USER, "" + USER, "" + USER), status(pid, "Uid"));
        assertEquals(List.of("1"), status(pid, "NoNewPrivs"));
        assertEquals(List.of("2"), status(pid, "Seccomp"));
        assertTrue(read(Path.of("/proc/" + pid + "/cgroup"))
                .lines()
                .allMatch(line -> line.endsWith("/slipway/" + USER + "/whole")));
        Shell.await(
                "it speaks", Duration.ofSeconds(10), () -> read(output("whole")).contains("deny"));
        assertTrue(
                read(output("whole")).replaceAll(" +", " ").startsWith("0\n 0 " + USER + " 1\n"),
                read(output("whole")));
        ok("kill", "whole", "KILL");
        Shell.await(
                "it ends", Duration.ofSeconds(10), () -> ok("state", "whole").contains("exitStatus"));
        ok("delete", "whole");
        for (String kind : List.of("createRuntime", "poststart", "poststop")) {
            assertEquals(USER + "\n", read(bundle.path().resolve(kind + ".id")), kind);
            assertEquals("", read(bundle.path().resolve(kind + ".shadow")), kind);
        }
        // in the container's user namespace, where the user is called 0
        assertEquals("0\n", read(bundle.path().resolve("createContainer.id")));
        assertEquals("", read(bundle.path().resolve("createContainer.shadow")));
    }

    @Test
    @Requirement("EXT-DAEMON-01")
    void whatIsRootsStaysRoots() throws IOException {
        Path secret = Files.writeString(work.resolve("secret"), "treasure");
        Shell.output("chmod", "600", secret.toString());
        Path closed = Files.createDirectories(work.resolve("closed/inner"));
        Shell.output("chmod", "700", closed.getParent().toString());
        String node = Shell.output("sh", "-c", """
                for d in /dev/vda /dev/sda /dev/mem /dev/port /dev/kmsg; do
                    [ -e $d ] && [ $(stat -c %a $d | tail -c 2) = 0 ] && echo $d && exit
                done""").strip();
        Bundle bundle = bundle("exec 2>&1; cat /secret; cat " + node + " | head -c 1; echo y > /secret; echo over");
        bundle.edit(config -> {
            var mount = config.withArray("/mounts").addObject();
            mount.put("destination", "/secret").put("source", secret.toString()).put("type", "bind");
            mount.withArray("/options").add("bind");
            String[] number =
                    Shell.output("stat", "-c", "%Hr %Lr %F", node).strip().split(" ", -1);
            var device = config.withObject("/linux").withArray("/devices").addObject();
            device.put("path", node).put("type", number[2].startsWith("block") ? "b" : "c");
            device.put("major", Long.parseLong(number[0])).put("minor", Long.parseLong(number[1]));
            var rules = config.withObject("/linux/resources").putArray("devices");
            rules.addObject().put("allow", true).put("access", "rwm");
        });
        String said = said("secrets", bundle);
        assertFalse(said.contains("treasure"), said);
        assertEquals(3, said.split("Permission denied", -1).length - 1, said);
        assertTrue(said.endsWith("over\n"), said);
        assertEquals("treasure", Files.readString(secret));

        Bundle deeper = bundle("true").edit(config -> {
            var mount = config.withArray("/mounts").addObject();
            mount.put("destination", "/mnt").put("source", closed.toString()).put("type", "bind");
            mount.withArray("/options").add("bind");
        });
        Result refused = create("deeper", deeper);
        assertNotEquals(0, refused.status());
        assertTrue(refused.err().contains("EACCES") || refused.err().contains("ermission denied"), refused::toString);
        assertEquals("", ok("list", "-q"));
    }

    @Test
    @Requirement("EXT-DAEMON-01")
    void allCapabilitiesOfTheNamespaceAreNoneOfTheMachine() {
        String pattern = read(Path.of("/proc/sys/kernel/core_pattern"));
        Bundle bundle =
                bundle("exec 2>&1; echo '|/x' > /proc/sys/kernel/core_pattern; echo -900 > /proc/self/oom_score_adj;"
                        + " busybox date -s 2001-01-01 | grep -c not; busybox mknod /tmp/m b 8 0; busybox unshare -U true; busybox nice -n -5 true;"
                        + " grep CapEff /proc/self/status");
        bundle.edit(config -> {
            var sets = config.withObject("/process/capabilities");
            List<String> all = List.of(
                    "CAP_SYS_ADMIN",
                    "CAP_SYS_TIME",
                    "CAP_MKNOD",
                    "CAP_DAC_OVERRIDE",
                    "CAP_SYS_RESOURCE",
                    "CAP_SYS_NICE");
            for (String set : List.of("bounding", "permitted", "effective")) {
                sets.set(set, new JsonMapper().valueToTree(all));
            }
            config.withObject("/process").put("noNewPrivileges", false);
            config.withObject("/linux").remove("readonlyPaths");
            config.withObject("/root").put("readonly", false);
        });
        String said = said("mighty", bundle);
        assertTrue(said.contains("core_pattern: Permission denied"), said);
        assertTrue(said.contains("mknod: /tmp/m: Operation not permitted"), said);
        assertTrue(said.contains("unshare: ") && said.contains("Operation not permitted"), said);
        assertFalse(said.contains("CapEff:\t0000000000000000"), said);
        assertEquals(pattern, read(Path.of("/proc/sys/kernel/core_pattern")));
    }

    /** A30: whoever may not read a file because of a group cannot lose that group in a container (CVE-2014-8989). */
    @Test
    void aGroupThatForbidsCannotBeDropped() throws IOException {
        Bundle bundle = bundle("exec 2>&1; cat /etc/file; busybox setpriv --clear-groups cat /etc/file; echo over");
        Files.writeString(bundle.rootfs().resolve("etc/file"), "forbidden");
        Shell.output("chown", "-R", USER + ":" + USER, bundle.text());
        Shell.output(
                "chown", "0:" + NEGATIVE, bundle.rootfs().resolve("etc/file").toString());
        Shell.output("chmod", "707", bundle.rootfs().resolve("etc/file").toString());
        Result made = run(USER, "user.sock", output("group"), "create", "--bundle", bundle.text(), "group");
        assertEquals(0, made.status(), made::toString);
        ok("start", "group");
        Shell.await(
                "it ends", Duration.ofSeconds(20), () -> ok("state", "group").contains("exitStatus"));
        String said = read(output("group"));
        assertFalse(said.contains("forbidden"), said);
        assertTrue(said.contains("Permission denied"), said);
        ok("delete", "group");
    }

    @Test
    @Requirement("EXT-DAEMON-01")
    void containersOfOthersDoNotExist() {
        assertEquals(0, create("mine", bundle(FOREVER)).status());
        ok("start", "mine");
        for (String[] words :
                new String[][] {{"state", "mine"}, {"kill", "mine", "KILL"}, {"delete", "mine"}, {"start", "mine"}}) {
            Result result = as(OTHER, words);
            assertEquals(1, result.status(), result::toString);
            assertTrue(result.err().contains("container does not exist"), result::toString);
        }
        assertEquals("", as(OTHER, "list", "-q").out());
        // nor can their processes touch it
        Result shot = Shell.run("setpriv", "--reuid", "" + OTHER, "--clear-groups", "kill", "-KILL", "" + pid("mine"));
        assertNotEquals(0, shot.status());
        assertTrue(ok("state", "mine").contains("running"));
        ok("delete", "--force", "mine");
    }

    @Test
    void anAdministratorsContainerIsNotRuledFromTheUsersDoor() {
        // where this root, which may not pass by permissions, can go
        Bundle bundle = Bundle.in(work.resolve("granted"), FOREVER).defaultCgroup();
        Result made = run(USER, "admin.sock", output("granted"), "create", "--bundle", bundle.text(), "granted");
        assertEquals(0, made.status(), made::toString);
        assertEquals(List.of("0", "0", "0", "0"), status(pid("granted"), "Uid"));
        for (String[] words :
                new String[][] {{"start", "granted"}, {"kill", "granted"}, {"delete", "--force", "granted"}}) {
            Result result = as(USER, words);
            assertEquals(1, result.status(), result::toString);
            assertTrue(result.err().contains("was made by an administrator"), result::toString);
        }
        assertTrue(ok("state", "granted").contains("created"));
    }

    @Test
    void atMostSoManyAtOnceAndWhatIsRefusedLeavesNothing() {
        assertEquals(0, create("one", bundle(FOREVER)).status());
        assertEquals(0, create("two", bundle(FOREVER)).status());
        Result third = create("three", bundle(FOREVER));
        assertEquals(1, third.status());
        assertTrue(third.err().contains("more than 2 are not allowed"), third::toString);
        ok("delete", "--force", "two");
        Result odd = create("odd", bundle("true").edit(config -> {
            config.withObject("/linux").put("cgroupsPath", "/machine");
            config.withObject("/linux")
                    .withArray("/uidMappings")
                    .addObject()
                    .put("containerID", 0)
                    .put("hostID", 0)
                    .put("size", 1);
            config.withObject("/annotations").put("org.systemd.property.ExecStart", "x");
        }));
        assertEquals(1, odd.status());
        assertEquals("one\n", ok("list", "-q"));
        ok("delete", "--force", "one");
    }

    @Test
    void theTierIsAskedForAndNeverAnotherInSilence() {
        Result other = run(USER, "admin.sock", work.resolve("out"), "--tier", "confined", "list");
        assertEquals(1, other.status());
        assertTrue(other.err().contains("asked for as confined"), other::toString);
        assertEquals(0, as(USER, "--tier", "confined", "list").status());
        Result root = Shell.run(
                List.of(client.toString(), "create", "--bundle", "/", "x"),
                Path.of("/"),
                Map.of("SLIPWAY_SOCKET", ROOT.resolve("user.sock").toString()));
        assertEquals(1, root.status());
    }
}

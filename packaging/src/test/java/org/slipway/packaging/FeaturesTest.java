package org.slipway.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.slipway.model.test.Requirement;
import org.slipway.packaging.Shell.Result;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/** What {@code slipway features} prints, entry by entry: each is tried in a container, and one without a proof fails. */
class FeaturesTest extends KernelTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private interface Proof {
        void of(JsonNode printed) throws IOException;
    }

    private final Map<String, Proof> proofs = proofs();

    private Map<String, Proof> proofs() {
        Map<String, Proof> all = new LinkedHashMap<>();
        all.put("/ociVersionMin", this::version);
        all.put("/ociVersionMax", this::version);
        all.put("/hooks", this::hooks);
        all.put("/mountOptions", this::mountOptions);
        all.put("/linux/namespaces", this::namespaces);
        all.put("/linux/capabilities", this::capabilities);
        all.put("/linux/cgroup/v1", printed -> controlGroups(printed, false));
        all.put("/linux/cgroup/v2", printed -> controlGroups(printed, true));
        all.put("/linux/cgroup/systemd", this::systemd);
        all.put("/linux/cgroup/systemdUser", printed -> assertEquals("false", printed.toString()));
        all.put("/linux/cgroup/rdma", this::rdma);
        all.put("/linux/seccomp/enabled", printed -> seccomp(printed, "SCMP_ACT_ERRNO"));
        all.put("/linux/seccomp/actions", this::actions);
        all.put("/linux/seccomp/operators", this::operators);
        all.put("/linux/seccomp/archs", this::architectures);
        all.put("/linux/seccomp/knownFlags", this::flags);
        all.put("/linux/seccomp/supportedFlags", this::flags);
        all.put("/linux/apparmor/enabled", printed -> label(printed, "apparmorProfile", "SetApparmorProfile"));
        all.put("/linux/selinux/enabled", printed -> label(printed, "selinuxLabel", "SetSelinuxLabel"));
        all.put("/linux/intelRdt/enabled", printed -> intelRdt(printed, "closID", "\"group\""));
        all.put("/linux/intelRdt/schemata", printed -> intelRdt(printed, "schemata", "[\"MB:0=70\"]"));
        all.put("/linux/intelRdt/monitoring", printed -> intelRdt(printed, "enableMonitoring", "true"));
        all.put("/linux/memoryPolicy/modes", this::memoryModes);
        all.put("/linux/memoryPolicy/flags", this::memoryFlags);
        all.put("/linux/mountExtensions/idmap/enabled", printed -> {
            assertTrue(printed.asBoolean());
            mountOptions(JSON.valueToTree(List.of("idmap")));
        });
        all.put("/linux/netDevices/enabled", this::netDevices);
        all.put("/potentiallyUnsafeConfigAnnotations", printed -> assertEquals("[]", printed.toString()));
        all.put("/annotations", this::annotations);
        return all;
    }

    private JsonNode printed() {
        return JSON.readTree(helper.ok("features"));
    }

    /** The pointers of all lists and single values; annotations are one entry. */
    private static void entries(JsonNode node, String pointer, List<String> found) {
        if (node.isObject() && !pointer.equals("/annotations")) {
            node.properties().forEach(each -> entries(each.getValue(), pointer + "/" + each.getKey(), found));
        } else {
            found.add(pointer);
        }
    }

    @Test
    @Requirement("FEAT-18")
    void everyEntryHasAProof() {
        List<String> found = new ArrayList<>();
        entries(printed(), "", found);
        assertEquals(new TreeSet<>(proofs.keySet()), new TreeSet<>(found));
    }

    @TestFactory
    @Requirement({"FEAT-18", "FEAT-05", "FEAT-10"})
    Stream<DynamicTest> entriesAreProvedByContainers() {
        JsonNode printed = printed();
        return proofs.entrySet().stream()
                .map(each -> DynamicTest.dynamicTest(
                        each.getKey(), () -> each.getValue().of(printed.at(each.getKey()))));
    }

    // ---- proofs ----

    private static List<String> words(JsonNode list) {
        List<String> words = new ArrayList<>();
        list.forEach(word -> words.add(word.asString()));
        assertTrue(!words.isEmpty());
        return words;
    }

    private Result run(Bundle bundle) {
        return helper.slipway("run", "--bundle", bundle.text(), "feature");
    }

    private String ran(Bundle bundle) {
        Result result = run(bundle);
        assertEquals(0, result.status(), result::toString);
        return result.out();
    }

    private void version(JsonNode printed) {
        assertEquals("runs\n", ran(bundle("echo runs").edit(config -> config.put("ociVersion", printed.asString()))));
    }

    private void hooks(JsonNode printed) throws IOException {
        Bundle bundle = bundle("true");
        Path told = Files.createFile(work.resolve("hooks-told"));
        bundle.edit(config -> config.withObject("/root").put("readonly", false));
        for (String kind : words(printed)) {
            bundle.hook(kind, "echo " + kind + " >> " + (kind.equals("startContainer") ? "/told" : told), 10);
        }
        ran(bundle);
        List<String> all = new ArrayList<>(Files.readAllLines(told));
        all.addAll(Files.readAllLines(bundle.rootfs().resolve("told")));
        assertEquals(new TreeSet<>(words(printed)), new TreeSet<>(all));
    }

    /** A tmpfs refuses a word that it is given as data, so what is mounted was understood. */
    private void mountOptions(JsonNode printed) throws IOException {
        List<String> asked = words(printed);
        Result result = run(mounting(asked));
        if (result.err().contains("can't be id-mapped by this kernel")) { // understood, and this filesystem can't
            asked = asked.stream().filter(word -> !word.endsWith("idmap")).toList();
            result = asked.isEmpty() ? new Result(0, "0\n", "") : run(mounting(asked));
        }
        assertEquals(0, result.status(), result::toString);
        assertEquals(asked.size() + "\n", result.out());
        Bundle other = bundle("true")
                .edit(config -> config.withArray("/mounts")
                        .addObject()
                        .put("destination", "/m")
                        .put("type", "tmpfs")
                        .put("source", "tmpfs")
                        .putArray("options")
                        .add("nosuchword"));
        assertNotEquals(0, run(other).status());
    }

    private Bundle mounting(List<String> words) throws IOException {
        Path source = Files.createDirectories(work.resolve("source"));
        return bundle("grep -c ' /m/' /proc/self/mountinfo").edit(config -> {
            for (String word : words) {
                ObjectNode mount = config.withArray("/mounts").addObject();
                boolean bind = List.of("bind", "rbind", "idmap", "ridmap").contains(word);
                mount.put("destination", "/m/" + word);
                if (word.equals("remount")) { // of what is there
                    mount.put("type", "tmpfs").put("source", "tmpfs");
                    mount = config.withArray("/mounts").addObject();
                    mount.put("destination", "/m/" + word);
                }
                mount.put("type", bind ? "bind" : "tmpfs").put("source", bind ? source.toString() : "tmpfs");
                mount.putArray("options").add(word);
                if (word.endsWith("idmap")) {
                    ((tools.jackson.databind.node.ArrayNode) mount.get("options")).add("bind");
                    for (String kind : List.of("uidMappings", "gidMappings")) {
                        mount.putArray(kind)
                                .addObject()
                                .put("containerID", 0)
                                .put("hostID", 1000)
                                .put("size", 10);
                    }
                }
            }
        });
    }

    private void namespaces(JsonNode printed) {
        Map<String, String> files = Map.of("mount", "mnt", "network", "net");
        Bundle bundle = bundle("cd /proc/self/ns; for i in *; do echo $i $(readlink $i); done")
                .edit(config -> {
                    config.withObject("/linux").putArray("namespaces");
                    for (String type : words(printed)) {
                        config.withObject("/linux")
                                .withArray("/namespaces")
                                .addObject()
                                .put("type", type);
                    }
                    for (String kind : List.of("uidMappings", "gidMappings")) {
                        config.withObject("/linux")
                                .putArray(kind)
                                .addObject()
                                .put("containerID", 0)
                                .put("hostID", 0)
                                .put("size", 100);
                    }
                });
        bundle.args(
                "/bin/busybox",
                "sh",
                "-c",
                "cd /proc/self/ns; for i in *; do echo $i $(/bin/busybox readlink $i); done");
        String out = ran(bundle);
        for (String type : words(printed)) {
            String file = files.getOrDefault(type, type);
            String own = Shell.output("readlink", "/proc/self/ns/" + file).strip();
            String theirs = out.lines()
                    .filter(line -> line.startsWith(file + " "))
                    .findFirst()
                    .orElseThrow()
                    .substring(file.length() + 1);
            assertNotEquals(own, theirs, type);
        }
    }

    private void capabilities(JsonNode printed) throws IOException {
        long wanted = (1L << words(printed).size()) - 1;
        Bundle bundle = bundle("cat /proc/self/status").edit(config -> {
            for (String set : List.of("bounding", "effective", "permitted", "inheritable", "ambient")) {
                config.withObject("/process/capabilities").set(set, printed);
            }
        });
        String host = Files.readString(Path.of("/proc/" + helper.pid() + "/status"));
        for (String line : List.of("CapBnd", "CapEff", "CapPrm", "CapInh", "CapAmb")) {
            assertEquals(wanted & mask(host, "CapBnd"), mask(ran(bundle), line), line);
        }
    }

    private static long mask(String status, String name) {
        return Long.parseUnsignedLong(
                status.lines()
                        .filter(line -> line.startsWith(name + ":"))
                        .findFirst()
                        .orElseThrow()
                        .substring(name.length() + 1)
                        .strip(),
                16);
    }

    /** One version on each machine that this is run on. */
    private void controlGroups(JsonNode printed, boolean second) {
        assertTrue(printed.asBoolean());
        if (second != Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers"))) {
            return;
        }
        Bundle bundle = bundle("true").edit(config -> {
            config.withObject("/linux").put("cgroupsPath", "/slipway-feature");
            config.withObject("/linux/resources/pids").put("limit", 17);
        });
        helper.create("feature", bundle);
        Path file = Path.of("/sys/fs/cgroup/" + (second ? "" : "pids/") + "slipway-feature/pids.max");
        try {
            assertEquals("17\n", Files.readString(file));
        } catch (IOException e) {
            throw new AssertionError(e);
        } finally {
            gone("feature");
        }
    }

    /** The plan, or, where this machine has not what it takes, the sentence that says so of the member. */
    private void plannedOr(String missing, Bundle bundle, String... words) {
        Result result = helper.slipway("explain", "--format", "json", "--bundle", bundle.text());
        if (result.status() == 0) {
            for (String word : words) {
                assertTrue(result.out().contains(word), result::toString);
            }
        } else {
            assertTrue(result.err().contains(missing), result::toString);
        }
    }

    private void systemd(JsonNode printed) {
        assertTrue(printed.asBoolean());
        // the socket of a systemd that runs; the directory alone may be there without one
        if (Files.exists(Path.of("/run/systemd/private"))
                && Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers"))) {
            Bundle bundle = bundle("cat /proc/1/cgroup").edit(config -> {
                config.withObject("/linux").put("cgroupsPath", "system.slice:slipway:feature");
            });
            Result result = helper.slipway("--systemd-cgroup", "run", "--bundle", bundle.text(), "feature");
            assertEquals(0, result.status(), result::toString);
        }
    }

    private void rdma(JsonNode printed) {
        assertTrue(printed.asBoolean());
        plannedOr(
                "this host offers no cgroup controller 'rdma' (/linux/resources/rdma/mlx5_1)",
                bundle("true")
                        .edit(config -> config.withObject("/linux/resources/rdma/mlx5_1")
                                .put("hcaHandles", 3)),
                "rdma.max",
                "mlx5_1 hca_handle=3");
    }

    private Bundle filtered(String action, String script) {
        return bundle(script).edit(config -> {
            ObjectNode seccomp = config.withObject("/linux").putObject("seccomp");
            seccomp.put("defaultAction", "SCMP_ACT_ALLOW");
            ObjectNode rule = seccomp.putArray("syscalls").addObject();
            rule.putArray("names").add("sethostname");
            rule.put("action", action);
            if (action.equals("SCMP_ACT_ERRNO")) {
                rule.put("errnoRet", 38);
            }
        });
    }

    private void seccomp(JsonNode printed, String action) {
        assertTrue(printed.asBoolean());
        action(action);
    }

    private void actions(JsonNode printed) {
        words(printed).forEach(this::action);
    }

    /** Without CAP_SYS_ADMIN the call itself is refused with EPERM, so that each answer tells who gave it. */
    private void action(String action) {
        Bundle bundle = filtered(action, "hostname other 2>&1; echo $?");
        String said = action.equals("SCMP_ACT_NOTIFY") ? listened(bundle) : ran(bundle);
        switch (action) {
            case "SCMP_ACT_ALLOW", "SCMP_ACT_LOG" -> assertTrue(said.contains("not permitted"), said);
            case "SCMP_ACT_ERRNO", "SCMP_ACT_TRACE", "SCMP_ACT_NOTIFY" ->
                assertTrue(said.contains("not implemented"), action + said);
            case "SCMP_ACT_KILL", "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_KILL_THREAD", "SCMP_ACT_TRAP" ->
                assertTrue(said.endsWith("159\n"), action + said);
            default -> throw new AssertionError(action + " has no proof");
        }
    }

    /** Somebody takes the listener and lets it fall: the call is then answered with ENOSYS. */
    private String listened(Bundle bundle) {
        Path path = work.resolve("listener");
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            Files.deleteIfExists(path);
            server.bind(UnixDomainSocketAddress.of(path));
            Thread taker = Thread.ofPlatform().daemon().start(() -> {
                try (var peer = server.accept()) {
                    int count = peer.read(java.nio.ByteBuffer.allocate(4096));
                    assertTrue(count > 0);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            String said = ran(
                    bundle.edit(config -> config.withObject("/linux/seccomp").put("listenerPath", path.toString())));
            taker.join();
            return said;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void operators(JsonNode printed) {
        for (String operator : words(printed)) {
            Bundle bundle = filtered("SCMP_ACT_ERRNO", "hostname other 2>&1; hostname longer-name 2>&1; true");
            bundle.edit(config -> {
                // the length of the name: 5, and 11
                ObjectNode rule = (ObjectNode) config.at("/linux/seccomp/syscalls/0");
                rule.putArray("args")
                        .addObject()
                        .put("index", 1)
                        .put("value", 5)
                        .put("valueTwo", 5)
                        .put("op", operator);
            });
            List<Boolean> filtered = ran(bundle)
                    .lines()
                    .map(line -> line.contains("not implemented"))
                    .toList();
            assertEquals(
                    switch (operator) {
                        case "SCMP_CMP_EQ", "SCMP_CMP_LE", "SCMP_CMP_MASKED_EQ" -> List.of(true, false);
                        case "SCMP_CMP_NE", "SCMP_CMP_GT" -> List.of(false, true);
                        case "SCMP_CMP_GE" -> List.of(true, true);
                        case "SCMP_CMP_LT" -> List.of(false, false);
                        default -> throw new AssertionError(operator + " has no proof");
                    },
                    filtered,
                    operator);
        }
    }

    private void architectures(JsonNode printed) {
        Bundle bundle = filtered("SCMP_ACT_ERRNO", "hostname other 2>&1; true")
                .edit(config -> config.withObject("/linux/seccomp").set("architectures", printed));
        assertTrue(ran(bundle).contains("not implemented"));
    }

    private void flags(JsonNode printed) {
        for (String flag : words(printed)) {
            boolean receives = flag.endsWith("WAIT_KILLABLE_RECV");
            Bundle bundle = filtered(receives ? "SCMP_ACT_NOTIFY" : "SCMP_ACT_ERRNO", "hostname other 2>&1; true")
                    .edit(config -> config.withObject("/linux/seccomp")
                            .putArray("flags")
                            .add(flag));
            assertTrue((receives ? listened(bundle) : ran(bundle)).contains("not implemented"), flag);
        }
    }

    /** Most kernels have one of the two, or none: what would be done is in the plan. */
    private void label(JsonNode printed, String member, String step) {
        assertTrue(printed.asBoolean());
        plannedOr(
                "(/process/" + member + ")",
                bundle("true").edit(config -> config.withObject("/process").put(member, "feature_label")),
                "feature_label",
                step);
    }

    /** Few machines have it; what is written, and where, is tested against a directory. */
    private void intelRdt(JsonNode printed, String member, String value) {
        assertTrue(printed.asBoolean());
        Bundle bundle = bundle("true").edit(config -> {
            ObjectNode rdt = config.withObject("/linux").putObject("intelRdt");
            rdt.put("closID", "group");
            rdt.set(member, JSON.readTree(value));
        });
        Result result = helper.slipway("explain", "--format", "json", "--bundle", bundle.text());
        if (Files.exists(Path.of("/sys/fs/resctrl/schemata"))) {
            assertTrue(result.out().contains("/linux/intelRdt"), result::toString);
        } else { // understood, and told that it can't be had here
            assertTrue((result.out() + result.err()).contains("intelRdt"), result::toString);
        }
    }

    private Result policy(String mode, String nodes, String... flags) {
        return run(bundle("true").edit(config -> {
            ObjectNode policy = config.withObject("/linux").putObject("memoryPolicy");
            policy.put("mode", mode);
            if (!nodes.isEmpty()) {
                policy.put("nodes", nodes);
            }
            if (flags.length > 0) {
                policy.set("flags", JSON.valueToTree(flags));
            }
        }));
    }

    /** What this kernel is too old for, or was built without, it refuses by its own call. */
    private static void acceptedOrRefusedByTheKernel(Result result, String word) {
        assertTrue(
                (result.status() == 0 && result.err().isEmpty())
                        || result.err().contains("set_mempolicy")
                        || result.err().contains("memory policies"),
                word + ": " + result);
    }

    private void memoryModes(JsonNode printed) {
        for (String mode : words(printed)) {
            boolean nodes = !mode.equals("MPOL_DEFAULT") && !mode.equals("MPOL_LOCAL");
            acceptedOrRefusedByTheKernel(policy(mode, nodes ? "0" : ""), mode);
        }
    }

    private void memoryFlags(JsonNode printed) {
        for (String flag : words(printed)) {
            acceptedOrRefusedByTheKernel(policy("MPOL_BIND", "0", flag), flag);
        }
    }

    private void netDevices(JsonNode printed) {
        assertTrue(printed.asBoolean());
        String name = "sf" + ProcessHandle.current().pid() % 1_000_000;
        Shell.output("ip", "link", "add", name, "type", "veth", "peer", "name", name + "p");
        try {
            Bundle bundle = bundle("cat /proc/net/dev")
                    .edit(config ->
                            config.withObject("/linux/netDevices/" + name).put("name", "inner"));
            assertTrue(ran(bundle).contains("inner:"));
        } finally {
            Shell.run("ip", "link", "del", name + "p");
            Shell.await(
                    "the pair is gone",
                    java.time.Duration.ofSeconds(10),
                    () -> !Files.exists(Path.of("/sys/class/net/" + name + "p")));
        }
    }

    private void annotations(JsonNode printed) {
        String version = helper.ok("--version");
        assertTrue(version.contains(printed.path("org.slipway.version").asString()));
        assertTrue(version.contains(printed.path("org.slipway.commit").asString()));
        assertTrue(
                printed.path("org.slipway.confined.before-6.8").asString().startsWith("degraded"), printed::toString);
    }
}

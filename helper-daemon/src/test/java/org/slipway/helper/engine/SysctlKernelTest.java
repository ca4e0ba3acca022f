package org.slipway.helper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.helper.cgroup.Host;
import org.slipway.helper.lifecycle.Caller;
import org.slipway.helper.lifecycle.CreateRequest;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.lifecycle.Streams;
import org.slipway.helper.log.LogLine;
import org.slipway.helper.log.LogStream;
import org.slipway.helper.reactor.Reactor;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Owned;
import org.slipway.model.test.Requirement;
import org.slipway.model.test.Watched;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Kernel parameters of containers on the real kernel, one of each kind of namespace: needs root. */
@Tag("kernel")
@Timeout(60)
class SysctlKernelTest implements Watched {

    private static final Caller ROOT = new Caller(0, true);
    private static final Owned NAME = new Owned(0, new ContainerId("sysctl-" + Leftovers.TAG));
    private static final Map<String, String> VALUES = new LinkedHashMap<>(Map.of(
            "net.ipv4.ip_default_ttl", "77",
            "net/ipv6/conf/lo/hop_limit", "33",
            "kernel.msgmax", "12345",
            "kernel.shm_rmid_forced", "1",
            "kernel.domainname", "inner.example"));

    @TempDir
    Path temp;

    private Path state;
    private Reactor reactor;
    private Engine engine;
    private TestBundle bundle;

    @Override
    public List<Path> stateDirectories() {
        return List.of(temp.resolve("slipway-test-state"));
    }

    @BeforeEach
    void open() throws IOException {
        state = Files.createDirectories(temp.resolve("slipway-test-state"));
        bundle = TestBundle.in(Files.createDirectories(temp.resolve("bundle")));
        reactor = Reactor.start();
        engine = Engine.open(state, EngineKernelTest.launcher(), Host.facts(), reactor);
    }

    @AfterEach
    void close() throws IOException {
        engine.close();
        reactor.close();
    }

    private static Path file(String name) {
        return Path.of("/proc/sys", name.replace('.', '/'));
    }

    private static Map<String, String> host() throws IOException {
        Map<String, String> values = new LinkedHashMap<>();
        for (String name : VALUES.keySet()) {
            values.put(name, Files.readString(file(name)).strip());
        }
        return values;
    }

    private void ask(Map<String, String> values) {
        ObjectNode sysctl = bundle.linux().putObject("sysctl");
        values.forEach(sysctl::put);
        ArrayNode args = (ArrayNode) bundle.process().get("args");
        args.removeAll().add("cat");
        values.keySet().forEach(name -> args.add(file(name).toString()));
    }

    private void create() throws Failure {
        engine.create(ROOT, CreateRequest.of(NAME, bundle.path.toString(), bundle.bytes(), new Streams.Log()));
    }

    private List<String> said() throws Exception {
        create();
        engine.start(ROOT, NAME);
        engine.awaitExit(ROOT, NAME);
        StringBuilder text = new StringBuilder();
        try (LogStream log = engine.logs(ROOT, NAME, true)) {
            for (Optional<LogLine> line = log.next(); line.isPresent(); line = log.next()) {
                text.append(new String(line.get().data().bytes(), StandardCharsets.UTF_8))
                        .append('\n');
            }
        }
        engine.delete(ROOT, NAME, false);
        return text.toString().lines().toList();
    }

    private void joins(String type, String path) {
        for (var namespace : (ArrayNode) bundle.linux().get("namespaces")) {
            if (namespace.get("type").stringValue().equals(type)) {
                ((ObjectNode) namespace).remove("path");
                if (!path.isEmpty()) {
                    ((ObjectNode) namespace).put("path", path);
                }
            }
        }
    }

    @Test
    @Requirement({"SYSCTL-01", "SYSCTL-03"})
    void parametersOfEachKindAreSetInNewNamespacesAndOnlyThere() throws Exception {
        Map<String, String> before = host();
        ask(VALUES);
        assertEquals(List.copyOf(VALUES.values()), said());
        assertEquals(before, host());
    }

    @Test
    @Requirement({"SYSCTL-01", "SYSCTL-02"})
    void parametersAreSetInJoinedNamespacesUnlessTheyAreTheHosts() throws Exception {
        Map<String, String> before = host();
        Process holder = new ProcessBuilder("unshare", "-n", "-i", "-u", "sleep", "1000").start();
        try {
            Path net = Path.of("/proc/" + holder.pid() + "/ns/net");
            for (int i = 0;
                    i < 200 && Files.readSymbolicLink(net).equals(Files.readSymbolicLink(Path.of("/proc/self/ns/net")));
                    i++) {
                Thread.sleep(20);
            }
            joins("network", net.toString());
            joins("ipc", net.resolveSibling("ipc").toString());
            joins("uts", net.resolveSibling("uts").toString());
            bundle.config.remove("hostname");
            ask(VALUES);
            assertEquals(List.copyOf(VALUES.values()), said());
        } finally {
            holder.destroyForcibly().waitFor();
        }
        Map<String, String> kinds =
                Map.of("network", "net.ipv4.ip_default_ttl", "ipc", "kernel.msgmax", "uts", "kernel.domainname");
        for (Map.Entry<String, String> kind : kinds.entrySet()) {
            joins("network", "");
            joins("ipc", "");
            joins("uts", "");
            joins(kind.getKey(), "/proc/self/ns/" + kind.getKey().replace("network", "net"));
            ask(Map.of(kind.getValue(), VALUES.get(kind.getValue())));
            Failure failure = assertThrows(Failure.class, this::create);
            assertEquals("sysctl-of-the-host", failure.code(), failure::toString);
            assertEquals(
                    Optional.of("/linux/sysctl/" + kind.getValue()),
                    failure.at().orElseThrow().pointer());
        }
        assertEquals(before, host());
    }

    @Test
    @Requirement("SYSCTL-03")
    void aParameterThatTheKernelDoesNotKnowIsAnError() {
        ask(Map.of("net.ipv4.no_such_parameter", "1"));
        Failure failure = assertThrows(Failure.class, this::create);
        assertEquals("sysctl-unknown", failure.code());
        assertEquals(
                Optional.of("/linux/sysctl/net.ipv4.no_such_parameter"),
                failure.at().orElseThrow().pointer());
    }
}

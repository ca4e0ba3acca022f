package org.slipway.helper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.helper.cgroup.Host;
import org.slipway.helper.libc.Fd;
import org.slipway.helper.libc.Notifications;
import org.slipway.helper.libc.Sockets;
import org.slipway.helper.lifecycle.Caller;
import org.slipway.helper.lifecycle.CreateRequest;
import org.slipway.helper.lifecycle.ExitView;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.lifecycle.Streams;
import org.slipway.helper.log.LogLine;
import org.slipway.helper.log.LogStream;
import org.slipway.helper.reactor.Channel;
import org.slipway.helper.reactor.Reactor;
import org.slipway.model.plan.Features;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Owned;
import org.slipway.model.test.Requirement;
import org.slipway.model.test.Watched;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What filters do to programs on the real kernel, and who is told of it: needs root. Numbers of calls are those of x86-64. */
@Tag("kernel")
@Timeout(60)
class SeccompKernelTest implements Watched {

    private static final Caller ROOT = new Caller(0, true);
    private static final Owned NAME = new Owned(0, new ContainerId("seccomp-" + Leftovers.TAG));
    private static final int MKDIR = 83;

    @TempDir
    Path temp;

    private Path state;
    private Reactor reactor;
    private Engine engine;
    private TestBundle bundle;
    private Leftovers before;

    @Override
    public List<Path> stateDirectories() {
        return List.of(temp.resolve("slipway-test-state"));
    }

    @BeforeEach
    void open() throws IOException {
        state = Files.createDirectories(temp.resolve("slipway-test-state"));
        bundle = TestBundle.in(Files.createDirectories(temp.resolve("bundle")));
        Files.copy(
                Path.of("../native/target/tests/call"),
                bundle.path.resolve("rootfs/bin/call"),
                java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        reactor = Reactor.start();
        engine = Engine.open(state, EngineKernelTest.launcher(), Host.facts(), reactor);
        before = Leftovers.now(state);
    }

    @AfterEach
    void nothingIsLeft() throws IOException, InterruptedException {
        try {
            before.assertSame(state, "after the test");
        } finally {
            engine.close();
            reactor.close();
        }
    }

    private void create() throws Failure {
        engine.create(ROOT, CreateRequest.of(NAME, bundle.path.toString(), bundle.bytes(), new Streams.Log()));
    }

    private String output() throws Failure, IOException, InterruptedException {
        StringBuilder text = new StringBuilder();
        try (LogStream log = engine.logs(ROOT, NAME, true)) {
            for (Optional<LogLine> line = log.next(); line.isPresent(); line = log.next()) {
                text.append(new String(line.get().data().bytes(), StandardCharsets.UTF_8))
                        .append('\n');
            }
        }
        return text.toString();
    }

    /** Runs it from create to delete; what it said, then its exit status. */
    private String said() throws Failure, IOException, InterruptedException {
        create();
        engine.start(ROOT, NAME);
        ExitView exit = engine.awaitExit(ROOT, NAME);
        String said = output();
        engine.delete(ROOT, NAME, false);
        return said + exit.status();
    }

    private ObjectNode seccomp(String byDefault) {
        ObjectNode seccomp = bundle.linux().putObject("seccomp");
        seccomp.put("defaultAction", byDefault);
        seccomp.putArray("syscalls");
        return seccomp;
    }

    private static ObjectNode rule(ObjectNode seccomp, String action, String... names) {
        ObjectNode rule = ((tools.jackson.databind.node.ArrayNode) seccomp.get("syscalls")).addObject();
        var list = rule.putArray("names");
        List.of(names).forEach(list::add);
        return rule.put("action", action);
    }

    @Test
    @Requirement({"SEC-02", "SEC-03"})
    void everyActionHasItsEffect() throws Exception {
        ObjectNode seccomp = seccomp("SCMP_ACT_ALLOW");
        rule(seccomp, "SCMP_ACT_ERRNO", "mkdir");
        rule(seccomp, "SCMP_ACT_ERRNO", "rmdir").put("errnoRet", 77);
        rule(seccomp, "SCMP_ACT_TRAP", "link");
        rule(seccomp, "SCMP_ACT_TRACE", "symlink").put("errnoRet", 1234);
        rule(seccomp, "SCMP_ACT_LOG", "getpgid");
        rule(seccomp, "SCMP_ACT_KILL", "rename");
        rule(seccomp, "SCMP_ACT_KILL_THREAD", "mknod");
        rule(seccomp, "SCMP_ACT_KILL_PROCESS", "truncate");
        bundle.args(
                "sh",
                "-c",
                "call 83; call 84; call -trap 86; call -trace 88; call 88; call 121 99999; call -thread 82; call -thread 133;"
                        + " call 133; echo $?; call -thread 76; echo $?");
        assertEquals("""
                = -1 1
                = -1 77
                trapped 86 0
                = -1 38
                traced 1234
                = -1 38
                = -1 3
                alive
                alive
                159
                159
                0""", said().replaceAll("Bad system call\n", "").replaceAll("= -?86 0\n", "= -1 38\n"));
    }

    @Test
    @Requirement({"SEC-06", "SEC-09"})
    void callsOfAnotherInstructionSetMeetTheRulesOrDie() throws Exception {
        ObjectNode seccomp = seccomp("SCMP_ACT_ALLOW");
        seccomp.putArray("architectures").add("SCMP_ARCH_X86_64");
        ObjectNode rule = rule(seccomp, "SCMP_ACT_ERRNO", "setpgid").put("errnoRet", 88);
        rule.putArray("args")
                .addObject()
                .put("index", 1)
                .put("value", 0xf0)
                .put("valueTwo", 0x50)
                .put("op", "SCMP_CMP_MASKED_EQ");
        bundle.args("sh", "-c", "call 109 99999 0x5a; call 109 99999 0x6a; call -32 57 99999 0x5a; echo $?");
        assertEquals("= -1 88\n= -1 3\n159\n0", said().replaceAll("Bad system call\n", ""));
        seccomp.putArray("architectures").add("SCMP_ARCH_X86_64").add("SCMP_ARCH_X86");
        assertEquals("= -1 88\n= -1 3\n= -1 88\n0\n0", said());
    }

    @Test
    @Requirement({"SEC-07", "FEAT-10"})
    void everySupportedFlagIsTakenByTheKernel() throws Exception {
        List<String> flags = new ArrayList<>();
        Features.tree("", "").at("/linux/seccomp/supportedFlags").forEach(flag -> flags.add(flag.stringValue()));
        assertEquals(4, flags.size());
        ObjectNode seccomp = seccomp("SCMP_ACT_ALLOW");
        rule(seccomp, "SCMP_ACT_ERRNO", "mkdir").put("errnoRet", 55);
        bundle.args("call", "83");
        for (String flag : flags) {
            seccomp.putArray("flags").add(flag);
            assertEquals("= -1 55\n0", said(), flag);
        }
        var all = seccomp.putArray("flags");
        flags.forEach(all::add);
        assertEquals("= -1 55\n0", said());
    }

    @Test
    @Requirement("SEC-17")
    void theFilterMeetsNoCallOfTheSetUpWithOrWithoutNoNewPrivileges() throws Exception {
        ObjectNode seccomp = seccomp("SCMP_ACT_ALLOW");
        rule(
                seccomp,
                "SCMP_ACT_KILL_PROCESS",
                "setresuid",
                "setresgid",
                "setgroups",
                "capset",
                "prctl",
                "chdir",
                "close_range",
                "umask",
                "setsid",
                "dup2",
                "keyctl",
                "seccomp",
                "clock_gettime",
                "openat2");
        bundle.args("call", "39");
        for (boolean none : List.of(true, false)) {
            bundle.process().put("noNewPrivileges", none);
            String said = said();
            assertTrue(said.matches("= [0-9]+ 0\n0"), said);
        }
    }

    /** Somebody who listens: takes one connection, keeps what came, answers calls with an error of its own. */
    private final class Agent implements AutoCloseable {

        private final Channel socket;
        private final FutureTask<Integer> answered;
        private volatile String text = "";
        private volatile int descriptors;
        private volatile int after;

        Agent(Path path, int calls) throws IOException {
            socket = new Channel(reactor, Sockets.listen(Sockets.SOCK_STREAM, path.toString(), 4));
            answered = new FutureTask<>(() -> answer(calls));
            Thread.ofPlatform().daemon().start(answered);
        }

        private int answer(int calls) throws IOException, InterruptedException {
            StringBuilder all = new StringBuilder();
            int late = 0;
            List<Fd> received = new ArrayList<>();
            byte[] buffer = new byte[1 << 16];
            try (Channel connection = socket.accept()) {
                while (true) {
                    Sockets.Received part = connection.receive(buffer, null);
                    if (part.count() == 0) {
                        break;
                    }
                    late += all.isEmpty() ? 0 : part.descriptors().size();
                    received.addAll(part.descriptors());
                    all.append(new String(buffer, 0, part.count(), StandardCharsets.UTF_8));
                }
            }
            text = all.toString();
            descriptors = received.size();
            after = late;
            int last = 0;
            for (int i = 0; i < calls; i++) {
                last = Notifications.refuseOne(received.getFirst(), 66);
            }
            received.forEach(Fd::close);
            return last;
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    private ObjectNode notifying(Path path) {
        ObjectNode seccomp = seccomp("SCMP_ACT_ALLOW");
        rule(seccomp, "SCMP_ACT_NOTIFY", "mkdir");
        return seccomp.put("listenerPath", path.toString());
    }

    @Test
    @Requirement({"SEC-11", "SEC-12", "SEC-15", "SEC-16"})
    void aListenerGetsOneStateWithTheDescriptorAndAnswersCalls() throws Exception {
        Path path = temp.resolve("agent");
        notifying(path).put("listenerMetadata", "for {you} \"only\"\n");
        bundle.config.putObject("annotations").put("org.example.key", "value");
        bundle.args("sh", "-c", "call 83; call 83");
        try (Agent agent = new Agent(path, 2)) {
            create();
            engine.start(ROOT, NAME);
            int pid = engine.state(ROOT, NAME).pid().orElse(-1);
            assertEquals(MKDIR, agent.answered.get(20, TimeUnit.SECONDS));
            engine.awaitExit(ROOT, NAME);
            assertEquals("= -1 66\n= -1 66\n", output());
            engine.delete(ROOT, NAME, false);
            JsonNode sent = new JsonMapper().readTree(agent.text);
            assertEquals(1, agent.descriptors);
            assertEquals(0, agent.after);
            if (pid > 0) {
                assertEquals(pid, sent.get("pid").intValue());
            }
            JsonNode expected = new JsonMapper().readTree("""
                    {"ociVersion":"1.3.0","fds":["seccompFd"],"pid":%1$d,"metadata":"for {you} \\"only\\"\\n",
                     "state":{"ociVersion":"1.3.0","id":"%2$s","status":"creating","pid":%1$d,"bundle":"%3$s",
                      "annotations":{"org.example.key":"value"}}}""".formatted(
                            sent.get("pid").intValue(), NAME.id().value(), bundle.path));
            ((ObjectNode) expected)
                    .put("ociVersion", bundle.config.get("ociVersion").stringValue());
            ((ObjectNode) expected.get("state"))
                    .put("ociVersion", bundle.config.get("ociVersion").stringValue());
            assertEquals(expected, sent);
        }
    }

    @Test
    @Requirement({"SEC-07", "SEC-11", "SEC-18"})
    void everyFlagGoesWithAListenerAlsoWhenCallsOfTheHandOverAreNotified() throws Exception {
        Path path = temp.resolve("agent");
        ObjectNode seccomp = notifying(path);
        // none that init or the program's beginning needs, but those a clumsy hand-over would make
        rule(seccomp, "SCMP_ACT_NOTIFY", "sendto", "connect", "clock_gettime", "pidfd_getfd", "nanosleep");
        var flags = seccomp.putArray("flags");
        Features.tree("", "").at("/linux/seccomp/supportedFlags").forEach(flags::add);
        bundle.args("call", "83");
        try (Agent agent = new Agent(path, 1)) {
            assertEquals("= -1 66\n0", said());
            assertEquals(MKDIR, agent.answered.get());
        }
    }

    @Test
    @Requirement("SEC-11")
    void aListenerWithoutANotifyingRuleIsNotLookedFor() throws Exception {
        seccomp("SCMP_ACT_ALLOW").put("listenerPath", "/no/such/socket");
        bundle.args("true");
        assertEquals("0", said());
    }

    private Failure refusedListener(boolean created) throws Failure {
        Failure failure = assertThrows(Failure.class, () -> {
            if (created) {
                engine.start(ROOT, NAME);
            } else {
                create();
            }
        });
        assertEquals("listener-unreachable", failure.code());
        assertEquals(
                Optional.of("/linux/seccomp/listenerPath"),
                failure.at().orElseThrow().pointer());
        assertEquals(
                "container-unknown",
                assertThrows(Failure.class, () -> engine.state(ROOT, NAME)).code());
        return failure;
    }

    private static String errno(Failure failure) {
        return failure.at().orElseThrow().errno().orElseThrow().name();
    }

    @Test
    @Requirement("SEC-13")
    void aListenerThatIsNotThereEndsCreate() throws Exception {
        Path path = temp.resolve("agent");
        notifying(path);
        assertEquals("ENOENT", errno(refusedListener(false)));
        Sockets.listen(Sockets.SOCK_STREAM, path.toString(), 1).close();
        assertEquals("ECONNREFUSED", errno(refusedListener(false)));
        Files.delete(path);
        Files.writeString(path, "no socket");
        assertEquals("ECONNREFUSED", errno(refusedListener(false)));
    }

    @Test
    @Requirement("SEC-13")
    void aListenerThatGoesAwayEndsStartAndTheContainer() throws Exception {
        Path path = temp.resolve("agent");
        notifying(path);
        bundle.args("sleep", "1000");
        try (Fd _ = Sockets.listen(Sockets.SOCK_STREAM, path.toString(), 1)) {
            create();
        }
        assertEquals("ECONNREFUSED", errno(refusedListener(true)));
        Files.delete(path);
        try (Fd _ = Sockets.listen(Sockets.SOCK_SEQPACKET, path.toString(), 1)) {
            create();
            assertEquals("EPROTOTYPE", errno(refusedListener(true)));
        }
    }

    @Test
    @Requirement("SEC-13")
    void aListenerThatReadsNothingEndsStartAndTheContainer() throws Exception {
        Path path = temp.resolve("agent");
        notifying(path);
        bundle.config.putObject("annotations").put("large", "x".repeat(2 << 20));
        bundle.args("sleep", "1000");
        try (Fd _ = Sockets.listen(Sockets.SOCK_STREAM, path.toString(), 1)) {
            create();
            assertEquals("ETIMEDOUT", errno(refusedListener(true)));
        }
    }

    @Test
    void aFilterThatKillsAtTheProgramIsNamedAlsoWithAListener() throws Exception {
        Path path = temp.resolve("agent");
        rule(notifying(path), "SCMP_ACT_KILL_PROCESS", "execve");
        try (Agent agent = new Agent(path, 0)) {
            create();
            Failure failure = assertThrows(Failure.class, () -> engine.start(ROOT, NAME));
            assertEquals("init-died-before-exec", failure.code());
            assertFalse(agent.answered.isCancelled());
        }
    }
}

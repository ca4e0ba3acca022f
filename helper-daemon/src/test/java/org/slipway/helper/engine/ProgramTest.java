package org.slipway.helper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
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
import org.slipway.model.finding.Finding;
import org.slipway.model.plan.Blob;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Owned;
import tools.jackson.databind.node.ArrayNode;

/** What tests have in common that run one program after another and look at what it says. Nothing may be left behind. */
@Tag("kernel")
@Timeout(120)
abstract class ProgramTest {

    static final Caller ROOT = new Caller(0, true);
    static final Owned NAME = new Owned(0, new ContainerId("p1-" + Leftovers.TAG));

    @TempDir
    Path temp;

    Path state;
    Engine engine;
    TestBundle bundle;

    /** The program {@code native/tests/programs/probe.c}, in the root filesystem as {@code /bin/probe}. */
    Path probe;

    /** What the last create was told. */
    final List<Finding> doubts = new ArrayList<>();

    private Reactor reactor;
    private Leftovers before;

    @BeforeEach
    void open() throws Exception {
        state = Files.createDirectories(temp.resolve("slipway-test-state"));
        bundle = TestBundle.in(Files.createDirectories(temp.resolve("bundle")));
        probe = bundle.path.resolve("rootfs/bin/probe");
        for (String applet : List.of("tty", "ls", "wc", "busybox")) {
            Path link = bundle.path.resolve("rootfs/bin/" + applet);
            if (!Files.exists(link)) {
                Files.createSymbolicLink(link, Path.of("busybox"));
            }
        }
        for (Path folder = temp; folder.startsWith("/tmp/"); folder = folder.getParent()) {
            folder.toFile().setExecutable(true, false);
        }
        reactor = Reactor.start();
        engine = Engine.open(state, EngineKernelTest.launcher(), Host.facts(), reactor);
        before = Leftovers.now(state);
    }

    @AfterEach
    void nothingIsLeft() throws IOException, InterruptedException, Failure {
        try {
            engine.delete(ROOT, NAME, true); // so that a test that fails does not disturb the next
            before.assertSame(state, "after the test");
        } finally {
            engine.close();
            reactor.close();
        }
    }

    void environment(String... entries) {
        ArrayNode env = bundle.process().putArray("env");
        List.of(entries).forEach(env::add);
    }

    void create(Streams streams) throws Failure {
        doubts.clear();
        engine.create(
                ROOT,
                new CreateRequest(
                        NAME,
                        bundle.path.toString(),
                        Blob.of(bundle.bytes()),
                        streams,
                        List.of(),
                        0022,
                        false,
                        false,
                        org.slipway.model.plan.CgroupManager.CGROUPFS,
                        java.util.Optional.empty(),
                        java.util.Optional.empty(),
                        List.of(),
                        doubts::addAll,
                        java.util.Optional.empty()));
    }

    /** What a program says in a container of the bundle as it is now. */
    String run(String... args) throws Exception {
        bundle.args(args);
        create(new Streams.Log());
        return finish();
    }

    /** What the kernel says of the process, by the words of {@code native/tests/programs/probe.c}. */
    String probe(String... questions) throws Exception {
        if (!Files.exists(probe)) {
            compile();
        }
        List<String> args = new ArrayList<>(List.of("/bin/probe"));
        args.addAll(List.of(questions));
        return run(args.toArray(String[]::new));
    }

    void compile() throws Exception {
        java.lang.Process compiler = new ProcessBuilder(
                        "gcc", "-static", "-O1", "-o", probe.toString(), "../native/tests/programs/probe.c")
                .redirectErrorStream(true)
                .start();
        String said = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, compiler.waitFor(), said);
    }

    /** Starts what was created, and takes it away when it has ended. */
    String finish() throws Exception {
        engine.start(ROOT, NAME);
        engine.awaitExit(ROOT, NAME);
        StringBuilder text = new StringBuilder();
        try (LogStream log = engine.logs(ROOT, NAME, true)) {
            for (Optional<LogLine> line = log.next(); line.isPresent(); line = log.next()) {
                text.append(new String(line.get().data().bytes(), StandardCharsets.UTF_8))
                        .append(line.get().partial() ? "" : "\n");
            }
        }
        engine.delete(ROOT, NAME, true);
        return text.toString();
    }

    static Failure refused(Work work) {
        return assertThrows(Failure.class, work::run);
    }

    /** Something that may fail. */
    interface Work {
        void run() throws Exception;
    }

    /** Create and start end in this failure, at this member, and nothing is left. */
    Failure assertFails(String code, String pointer, String errno) {
        Failure failure = refused(() -> {
            create(new Streams.Log());
            engine.start(ROOT, NAME);
        });
        Failure.At at = failure.at().orElseThrow();
        assertEquals(
                code + " " + pointer + " " + errno,
                failure.code() + " " + at.pointer().orElse("-") + " "
                        + at.errno().map(error -> error.name()).orElse("-"));
        assertEquals(
                "container-unknown", refused(() -> engine.state(ROOT, NAME)).code());
        return failure;
    }

    /** Nothing is made of the configuration, and the first finding says why. */
    void assertRefused(String code, String pointer) {
        Failure failure = refused(() -> create(new Streams.None()));
        assertEquals(
                List.of(code + " " + pointer),
                failure.findings().stream()
                        .map(finding -> finding.code() + " " + finding.pointer())
                        .toList());
    }
}

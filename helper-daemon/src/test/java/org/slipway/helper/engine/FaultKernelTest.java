package org.slipway.helper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.helper.cgroup.Host;
import org.slipway.helper.lifecycle.Breakable;
import org.slipway.helper.lifecycle.Caller;
import org.slipway.helper.lifecycle.CreateRequest;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.lifecycle.Streams;
import org.slipway.helper.reactor.Reactor;
import org.slipway.helper.run.Permits;
import org.slipway.model.plan.KeeperOp;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Owned;
import org.slipway.model.state.Status;
import org.slipway.model.test.Requirement;
import org.slipway.model.test.Watched;

/** Things that go wrong in the middle, on the real kernel: whatever fails, nothing is left behind. */
@Tag("kernel")
@Timeout(120)
class FaultKernelTest implements Watched {

    private static final Caller ROOT = new Caller(0, true);
    private static final Owned NAME = new Owned(0, new ContainerId("fault-" + Leftovers.TAG));

    @TempDir
    Path temp;

    @Override
    public List<Path> stateDirectories() {
        return List.of(temp.resolve("slipway-test-state"));
    }

    private TestBundle bundle() throws IOException {
        return TestBundle.in(Files.createDirectories(temp.resolve("bundle"))).args("sleep", "1000");
    }

    private static CreateRequest request(TestBundle bundle) {
        return CreateRequest.of(NAME, bundle.path.toString(), bundle.bytes(), new Streams.None());
    }

    @Test
    void aFullDiskIsOneFailureAndLeavesNothing() throws Exception {
        Path state = Files.createDirectories(temp.resolve("slipway-test-state"));
        TestBundle bundle = bundle();
        run("mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", state.toString());
        try (Reactor reactor = Reactor.start();
                Engine engine = Engine.open(state, EngineKernelTest.launcher(), Host.facts(), reactor)) {
            Leftovers before = Leftovers.now(state);
            Failure failure = assertThrows(Failure.class, () -> engine.create(ROOT, request(bundle)));
            assertEquals("disk-full", failure.code());
            before.assertSame(state, "after a full disk");
        } finally {
            run("umount", state.toString());
        }
    }

    @Test
    @Requirement("ERR-01")
    void aFaultOfTheHelperInTheMiddleOfAnUndoDoesNotEndTheUndo() throws Exception {
        Path state = Files.createDirectories(temp.resolve("slipway-test-state"));
        TestBundle bundle = bundle().hook("createRuntime", "/bin/false");
        Permits faulty = (plan, step) -> {
            if (step.op() instanceof KeeperOp.KillInit) {
                throw new IllegalStateException("a fault");
            }
        };
        try (Reactor reactor = Reactor.start();
                Engine engine = Engine.open(state, EngineKernelTest.launcher(), Host.facts(), reactor, faulty)) {
            Leftovers before = Leftovers.now(state);
            Failure failure = assertThrows(Failure.class, () -> engine.create(ROOT, request(bundle)));
            assertEquals("hook-failed", failure.code());
            before.assertSame(state, "after an undo with a fault");
        }
    }

    @Test
    void anInitThatDiesInTheMiddleOfCreateLeavesNothing() throws Exception {
        Path state = Files.createDirectories(temp.resolve("slipway-test-state"));
        TestBundle bundle = bundle().hook(
                        "createRuntime",
                        "/bin/sh",
                        "sh",
                        "-c",
                        "read state; p=${state#*pid\\\":}; kill -9 ${p%%,*}; sleep 0.2");
        try (Reactor reactor = Reactor.start();
                Engine engine = Engine.open(state, EngineKernelTest.launcher(), Host.facts(), reactor)) {
            Leftovers before = Leftovers.now(state);
            Failure failure = assertThrows(Failure.class, () -> engine.create(ROOT, request(bundle)));
            assertTrue(List.of("init-died-before-exec", "step-failed").contains(failure.code()), failure.toString());
            before.assertSame(state, "after init died");
        }
    }

    @Test
    void aKeeperThatDiesInTheMiddleOfCreateLeavesNothing() throws Exception {
        Path state = Files.createDirectories(temp.resolve("slipway-test-state"));
        TestBundle bundle = bundle().hook(
                        "createRuntime",
                        "/bin/sh",
                        "sh",
                        "-c",
                        "read state; p=${state#*pid\\\":}; p=${p%%,*}; read x x x k x < /proc/$p/stat; kill -9 $k; sleep 0.2");
        try (Reactor reactor = Reactor.start();
                Engine engine = Engine.open(state, EngineKernelTest.launcher(), Host.facts(), reactor)) {
            Leftovers before = Leftovers.now(state);
            Failure failure = assertThrows(Failure.class, () -> engine.create(ROOT, request(bundle)));
            assertTrue(
                    List.of("keeper-died", "init-died-before-exec", "step-failed")
                            .contains(failure.code()),
                    failure.toString());
            before.assertSame(state, "after the keeper died");
        }
    }

    /** Whoever asked for it has gone, while a hook that has no limit hangs: one that the helper runs, and one that init runs. */
    @ParameterizedTest
    @ValueSource(strings = {"createRuntime", "createContainer"})
    @Requirement({"ERR-01", "HOOK-19"})
    void aCreateThatHangsCanBeBrokenOffAndLeavesNothing(String kind) throws Exception {
        Path state = Files.createDirectories(temp.resolve("slipway-test-state"));
        Path mark = temp.resolve("mark");
        Path after = temp.resolve("after");
        TestBundle bundle = bundle().hook(
                        kind, "/bin/sh", "sh", "-c", "sleep 987 & echo > " + mark + "; exec sleep 986")
                .hook("poststop", "/bin/sh", "sh", "-c", "echo ran > " + after);
        try (Reactor reactor = Reactor.start();
                Engine engine = Engine.open(state, EngineKernelTest.launcher(), Host.facts(), reactor)) {
            Leftovers before = Leftovers.now(state);
            CompletableFuture<Breakable> begun = new CompletableFuture<>();
            FutureTask<String> create = new FutureTask<>(() -> {
                Breakable operation = Breakable.begin();
                begun.complete(operation);
                try {
                    return assertThrows(Failure.class, () -> engine.create(ROOT, request(bundle)))
                            .code();
                } finally {
                    boolean _ = operation.end();
                }
            });
            Thread.ofVirtual().start(create);
            await(() -> Files.exists(mark));
            begun.get().breakOff();
            begun.get().breakOff();
            assertEquals("create-broken-off", create.get());
            assertEquals("ran\n", Files.readString(after));
            before.assertSame(state, "after it was broken off");
        }
    }

    /** The program runs, so start has not failed; what can't be written anew is written over. */
    @Test
    @Requirement("STATE-13")
    void aDiskThatIsFullAtStartDoesNotFailTheStart() throws Exception {
        Path state = Files.createDirectories(temp.resolve("slipway-test-state"));
        Path marks = temp.resolve("marks");
        TestBundle bundle = bundle().hook("poststart", "/bin/sh", "sh", "-c", "echo ran >> " + marks);
        run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", state.toString());
        try (Reactor reactor = Reactor.start()) {
            try (Engine engine = Engine.open(state, EngineKernelTest.launcher(), Host.facts(), reactor)) {
                engine.create(ROOT, request(bundle));
                fill(state.resolve("filler"));
                engine.start(ROOT, NAME);
                assertEquals(Status.RUNNING, engine.state(ROOT, NAME).status());
            }
            try (Engine engine = Engine.open(state, EngineKernelTest.launcher(), Host.facts(), reactor)) {
                assertEquals(Status.RUNNING, engine.state(ROOT, NAME).status());
                engine.delete(ROOT, NAME, true);
            }
            assertEquals("ran\n", Files.readString(marks));
        } finally {
            run("umount", "--lazy", state.toString()); // the page stays mapped for a while
        }
    }

    private static void fill(Path file) throws IOException {
        try (var out = Files.newOutputStream(file)) {
            byte[] page = new byte[4096];
            while (true) {
                out.write(page);
            }
        } catch (IOException e) {
            assertTrue(String.valueOf(e.getMessage()).contains("No space"), e::toString);
        }
    }

    @Test
    @Requirement({"STATE-13", "HOOK-19"})
    void aHelperKilledInTheMiddleOfCreateIsUndoneByTheNext() throws Exception {
        Path state = Files.createDirectories(temp.resolve("slipway-test-state"));
        Path mark = temp.resolve("mark");
        Path after = temp.resolve("after");
        TestBundle bundle = bundle().hook("createRuntime", "/bin/sh", "sh", "-c", "echo > " + mark + "; exec sleep 1")
                .hook("poststop", "/bin/sh", "sh", "-c", "echo ran > " + after);
        Process helper = helper(state, bundle, false);
        await(() -> Files.exists(mark));
        helper.destroyForcibly().waitFor();
        try (Reactor reactor = Reactor.start();
                Engine engine = Engine.open(state, EngineKernelTest.launcher(), Host.facts(), reactor)) {
            assertEquals(List.of(), engine.list(ROOT, Optional.empty()));
            assertEquals("ran\n", Files.readString(after));
        }
    }

    @Test
    @Requirement({"STATE-13", "LIFE-07"})
    void aHelperKilledWithARunningContainerIsFollowedByOneThatKnowsItsEnd() throws Exception {
        Path state = Files.createDirectories(temp.resolve("slipway-test-state"));
        TestBundle bundle = bundle().args("sh", "-c", "trap 'exit 7' TERM; while true; do sleep 0.05; done");
        Process helper = helper(state, bundle, true);
        assertEquals("running", helper.inputReader().readLine());
        helper.destroyForcibly().waitFor();
        try (Reactor reactor = Reactor.start();
                Engine engine = Engine.open(state, EngineKernelTest.launcher(), Host.facts(), reactor)) {
            assertEquals(Status.RUNNING, engine.state(ROOT, NAME).status());
            Thread.sleep(200);
            engine.kill(ROOT, NAME, 15, false);
            assertEquals(7, engine.awaitExit(ROOT, NAME).status());
            assertEquals(Status.STOPPED, engine.state(ROOT, NAME).status());
            engine.delete(ROOT, NAME, false);
        }
    }

    /** A helper in a process of its own, that can be killed. */
    public static final class Victim {

        private Victim() {}

        /** Creates the container of a bundle, and starts it if told so. */
        public static void main(String[] args) throws Exception {
            byte[] config = Files.readAllBytes(Path.of(args[1], "config.json"));
            Engine engine = Engine.open(Path.of(args[0]), EngineKernelTest.launcher(), Host.facts(), Reactor.start());
            engine.create(ROOT, CreateRequest.of(NAME, args[1], config, new Streams.None()));
            if (args[2].equals("true")) {
                engine.start(ROOT, NAME);
                System.out.println("running");
            }
            Thread.sleep(TimeUnit.MINUTES.toMillis(5));
        }
    }

    static Process helper(Path state, TestBundle bundle, boolean start) throws IOException {
        Files.write(bundle.path.resolve("config.json"), bundle.bytes());
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dslipway.test.tag=" + Leftovers.TAG,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        state.toString(),
                        bundle.path.toString(),
                        Boolean.toString(start))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.holds()) {
            assertTrue(System.nanoTime() < deadline, "waited too long");
            Thread.sleep(20);
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor(), String.join(" ", command));
    }
}

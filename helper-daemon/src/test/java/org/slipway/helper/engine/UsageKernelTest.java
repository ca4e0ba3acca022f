package org.slipway.helper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.helper.cgroup.Host;
import org.slipway.helper.lifecycle.Caller;
import org.slipway.helper.lifecycle.CreateRequest;
import org.slipway.helper.lifecycle.Event;
import org.slipway.helper.lifecycle.ExitView;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.lifecycle.StopRequest;
import org.slipway.helper.lifecycle.Streams;
import org.slipway.helper.lifecycle.Subscription;
import org.slipway.helper.reactor.Reactor;
import org.slipway.model.finding.Finding;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Owned;
import org.slipway.model.state.Status;
import org.slipway.model.test.Requirement;
import tools.jackson.databind.JsonNode;

/** Statistics, out-of-memory events and stop, on the real kernel. */
@Tag("kernel")
@Timeout(60)
class UsageKernelTest {

    private static final Caller ROOT = new Caller(0, true);
    private static final Owned NAME = new Owned(0, new ContainerId("usage-" + Leftovers.TAG));
    private static final String TRAPS =
            "trap 'exit 7' USR1; trap 'exit 8' TERM; echo > /tmp/ready; while true; do sleep 0.05; done";

    @TempDir
    Path temp;

    private Reactor reactor;
    private Engine engine;
    private Leftovers before;
    private Path state;
    private TestBundle bundle;

    @BeforeEach
    void open() throws Exception {
        state = Files.createDirectories(temp.resolve("slipway-test-state"));
        before = Leftovers.now(state);
        reactor = Reactor.start();
        engine = Engine.open(state, EngineKernelTest.launcher(), Host.facts(), reactor);
        bundle = TestBundle.in(Files.createDirectories(temp.resolve("bundle")));
        bundle.config.withObject("/root").put("readonly", false);
    }

    @AfterEach
    void nothingStays() throws Exception {
        engine.delete(ROOT, NAME, true);
        engine.close();
        reactor.close();
        before.assertSame(state, "after the test");
    }

    private void create(String script) throws Exception {
        bundle.args("sh", "-c", script);
        engine.create(ROOT, CreateRequest.of(NAME, bundle.path.toString(), bundle.bytes(), new Streams.None()));
    }

    private void run(String script) throws Exception {
        create(script);
        engine.start(ROOT, NAME);
        Path ready = bundle.path.resolve("rootfs/tmp/ready");
        for (int i = 0; script.contains("ready") && i < 1000 && !Files.exists(ready); i++) {
            Thread.sleep(10);
        }
    }

    private ExitView exit() throws Exception {
        return engine.find(ROOT, NAME).body().exit().get(20, TimeUnit.SECONDS);
    }

    private Optional<Finding> stop(int seconds, boolean delete) throws Failure {
        return engine.stop(ROOT, NAME, new StopRequest(OptionalInt.empty(), Duration.ofSeconds(seconds), delete));
    }

    @Test
    @Requirement("EXT-EVT-01")
    void whatItUses() throws Exception {
        bundle.linux().withObject("/resources/memory").put("limit", 64 << 20);
        bundle.linux().withObject("/resources/pids").put("limit", 100);
        run("echo > /tmp/ready; while true; do :; done");
        JsonNode first = engine.statistics(ROOT, NAME);
        assertEquals(64 << 20, first.at("/memory/usage/limit").asInt());
        assertTrue(first.at("/memory/usage/usage").asLong() > 0, first::toString);
        assertEquals(1, first.at("/pids/current").asInt());
        assertEquals(100, first.at("/pids/limit").asInt());
        assertEquals("lo", first.at("/network_interfaces/0/Name").asString());
        assertTrue(first.at("/blkio/ioServiceBytesRecursive").isArray(), first::toString);
        for (int i = 0; i < 500; i++) {
            if (engine.statistics(ROOT, NAME).at("/cpu/usage/total").asLong()
                    > first.at("/cpu/usage/total").asLong()) {
                break;
            }
            Thread.sleep(10);
        }
        assertTrue(engine.statistics(ROOT, NAME).at("/cpu/usage/total").asLong()
                > first.at("/cpu/usage/total").asLong());
        engine.kill(ROOT, NAME, 9, false);
        var _ = exit();
        assertEquals(
                "container-not-running",
                assertThrows(Failure.class, () -> engine.statistics(ROOT, NAME)).code());
    }

    @Test
    @Requirement("EXT-EVT-02")
    void outOfMemoryIsTold() throws Exception {
        bundle.linux().withObject("/resources/memory").put("limit", 24 << 20).put("swap", 24 << 20);
        create(
                "while [ ! -e /tmp/go ]; do sleep 0.05; done; head -c 200000000 /dev/zero | tail -c 150000000 > /dev/null; sleep 1000");
        engine.start(ROOT, NAME);
        CountDownLatch told = new CountDownLatch(1);
        Subscription.Listener listener = new Subscription.Listener() {
            @Override
            public void event(Event event) {
                if (event instanceof Event.OutOfMemory(Owned name) && name.equals(NAME)) {
                    told.countDown();
                }
            }

            @Override
            public void fellBehind() {}
        };
        try (Subscription _ = engine.watch(ROOT, Optional.empty(), listener)) {
            Files.createFile(bundle.path.resolve("rootfs/tmp/go"));
            assertTrue(told.await(30, TimeUnit.SECONDS));
        }
        // the kernel of v1 tells of it before it kills
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (engine.statistics(ROOT, NAME).at("/memory/oom_kill").asInt() == 0 && System.nanoTime() < deadline) {
            Thread.sleep(10);
        }
        assertTrue(engine.statistics(ROOT, NAME).at("/memory/oom_kill").asInt() > 0);
    }

    @Test
    @Requirement({"CLI-STOP-01", "ANN-07"})
    void theProgramIsAskedByTheSignalOfTheConfiguration() throws Exception {
        bundle.config.withObject("/annotations").put("org.opencontainers.image.stopSignal", "SIGUSR1");
        run(TRAPS);
        assertEquals(Optional.empty(), stop(30, false));
        assertEquals(7, exit().status());
        assertEquals(Status.STOPPED, engine.state(ROOT, NAME).status());
        assertEquals(Optional.empty(), stop(30, true));
        assertEquals(
                "container-unknown",
                assertThrows(Failure.class, () -> engine.state(ROOT, NAME)).code());
    }

    @Test
    @Requirement({"CLI-STOP-01", "ANN-07"})
    void aSignalThatIsNoneIsAWarningAndTerm() throws Exception {
        bundle.config.withObject("/annotations").put("org.opencontainers.image.stopSignal", "nonsense");
        run(TRAPS);
        engine.pause(ROOT, NAME);
        assertEquals("annotation-stop-signal", stop(30, false).orElseThrow().code());
        assertEquals(8, exit().status(), "a paused program goes on to end");
    }

    @Test
    @Requirement("CLI-STOP-01")
    void whoDoesNotEndIsKilled() throws Exception {
        run("echo > /tmp/ready; exec sleep 1000"); // the first process of a namespace ignores what it does not handle
        assertEquals(Optional.empty(), stop(1, false));
        assertEquals(9, exit().signal());
    }

    @Test
    @Requirement("CLI-STOP-01")
    void whatHasNotBegunIsKilledAtOnce() throws Exception {
        create("sleep 1000");
        assertEquals(Optional.empty(), stop(600, true));
        assertEquals(
                "container-unknown",
                assertThrows(Failure.class, () -> engine.state(ROOT, NAME)).code());
    }
}

package org.slipway.helper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.helper.cgroup.Host;
import org.slipway.helper.lifecycle.BrokenView;
import org.slipway.helper.lifecycle.Caller;
import org.slipway.helper.lifecycle.ContainerView;
import org.slipway.helper.lifecycle.CreateRequest;
import org.slipway.helper.lifecycle.ExitView;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.lifecycle.Streams;
import org.slipway.helper.reactor.Reactor;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Owned;
import org.slipway.model.state.Status;
import org.slipway.model.test.Requirement;

/** Pause and resume, on the real kernel. */
@Tag("kernel")
@Timeout(60)
class LiveKernelTest {

    private static final Caller ROOT = new Caller(0, true);
    private static final Owned NAME = new Owned(0, new ContainerId("live-" + Leftovers.TAG));

    @TempDir
    Path temp;

    private Reactor reactor;
    private Engine engine;
    private Leftovers before;
    private Path state;
    private Path count;
    private TestBundle bundle;

    @BeforeEach
    void run() throws Exception {
        state = Files.createDirectories(temp.resolve("slipway-test-state"));
        before = Leftovers.now(state);
        reactor = Reactor.start();
        engine = Engine.open(state, EngineKernelTest.launcher(), Host.facts(), reactor);
        bundle = TestBundle.in(Files.createDirectories(temp.resolve("bundle")));
        bundle.config.withObject("/root").put("readonly", false);
        bundle.args("sh", "-c", "while true; do echo x >> /tmp/count; sleep 0.01; done");
        count = bundle.path.resolve("rootfs/tmp/count");
        engine.create(ROOT, CreateRequest.of(NAME, bundle.path.toString(), bundle.bytes(), new Streams.None()));
        engine.start(ROOT, NAME);
    }

    @AfterEach
    void nothingStays() throws Exception {
        engine.delete(ROOT, NAME, true);
        engine.close();
        reactor.close();
        before.assertSame(state, "after the test");
    }

    private long counted() throws IOException {
        return Files.exists(count) ? Files.size(count) : 0;
    }

    private void awaitCounting() throws Exception {
        long now = counted();
        for (int i = 0; i < 500 && counted() == now; i++) {
            Thread.sleep(10);
        }
        assertTrue(counted() > now, "it runs");
    }

    private void assertStandsStill() throws Exception {
        long now = counted();
        Thread.sleep(200);
        assertEquals(now, counted());
    }

    private static String refused(Callable<?> work) {
        return assertThrows(Failure.class, work::call).code();
    }

    @Test
    @Requirement({"CLI-PAUSE-01", "EXT-PAUSE-01", "LIVE-FRZ-01"})
    void whatIsPausedStandsStillUntilItIsResumed() throws Exception {
        awaitCounting();
        ContainerView paused = engine.pause(ROOT, NAME);
        assertEquals(Status.PAUSED, paused.status());
        assertTrue(paused.state().contains("\"status\":\"paused\""), paused::state);
        assertStandsStill();
        assertEquals("container-paused", refused(() -> engine.pause(ROOT, NAME)));
        assertEquals("container-not-created", refused(() -> engine.start(ROOT, NAME)));
        assertEquals(Status.RUNNING, engine.resume(ROOT, NAME).status());
        awaitCounting();
        assertEquals("container-not-paused", refused(() -> engine.resume(ROOT, NAME)));
    }

    @Test
    @Requirement({"EXT-PAUSE-01", "EXT-DEL-01"})
    void whatIsPausedCanBeKilledAndDeleted() throws Exception {
        engine.pause(ROOT, NAME);
        engine.kill(ROOT, NAME, 15, false);
        assertStandsStill();
        engine.kill(ROOT, NAME, 9, false);
        ExitView exit = engine.find(ROOT, NAME).body().exit().get(20, TimeUnit.SECONDS);
        assertTrue(exit.signal() == 9 || exit.signal() == 15, exit::toString);
        assertEquals(Status.STOPPED, engine.state(ROOT, NAME).status());
        assertEquals("container-not-running", refused(() -> engine.pause(ROOT, NAME)));
    }

    @Test
    @Requirement("EXT-DEL-01")
    void whatIsPausedIsDeletedByForce() throws Exception {
        engine.pause(ROOT, NAME);
        long begin = System.nanoTime();
        engine.delete(ROOT, NAME, true);
        assertTrue(Duration.ofNanos(System.nanoTime() - begin).toSeconds() < 30);
        assertEquals("container-unknown", refused(() -> engine.state(ROOT, NAME)));
    }

    @Test
    @Requirement("EXT-PAUSE-01")
    void anotherHelperFindsItPaused() throws Exception {
        engine.pause(ROOT, NAME);
        engine.close();
        engine = Engine.open(state, EngineKernelTest.launcher(), Host.facts(), reactor);
        assertEquals(Status.PAUSED, engine.state(ROOT, NAME).status());
        assertStandsStill();
        engine.resume(ROOT, NAME);
        awaitCounting();
    }

    /** Its processes are found by what they hold, its cgroups by its plan; what is left is looked for after each test. */
    @ParameterizedTest
    @ValueSource(strings = {"running", "created"})
    @Requirement({"EXT-LIST-01", "OPS-DELETE-03"})
    void whatIsLeftOfABrokenOneIsTakenAwayByForce(String status) throws Exception {
        if (status.equals("created")) {
            engine.delete(ROOT, NAME, true);
            engine.create(ROOT, CreateRequest.of(NAME, bundle.path.toString(), bundle.bytes(), new Streams.None()));
        }
        int init = engine.state(ROOT, NAME).pid().getAsInt();
        engine.close();
        Files.writeString(state.resolve("0").resolve(NAME.id().fileName()).resolve("state.json"), "{\"version\":");
        engine = Engine.open(state, EngineKernelTest.launcher(), Host.facts(), reactor);
        assertEquals("container-unknown", refused(() -> engine.state(ROOT, NAME)));
        assertTrue(Files.exists(Path.of("/proc/" + init)), "it lives on");
        List<String> warnings = new ArrayList<>();
        engine.delete(ROOT, NAME, true, warning -> warnings.add(warning.code()));
        assertEquals(List.of(), warnings);
        assertFalse(Files.exists(Path.of("/proc/" + init)), "it is gone");
        assertEquals(List.of(), engine.broken(ROOT, Optional.empty()));
    }

    /** A cgroup that was there before create is not its own, whether the record still says so or nothing does any more. */
    @ParameterizedTest
    @ValueSource(strings = {"config.json", "state.json"})
    @Requirement("OPS-DELETE-03")
    void aCgroupThatWasThereBeforeABrokenOneStays(String damaged) throws Exception {
        engine.delete(ROOT, NAME, true);
        bundle.config.withObject("/linux").put("cgroupsPath", "/prepared-" + Leftovers.TAG);
        engine.create(ROOT, CreateRequest.of(NAME, bundle.path.toString(), bundle.bytes(), new Streams.None()));
        List<Path> prepared = engine.find(ROOT, NAME).subject().plans().cgroups().stream()
                .map(Path::of)
                .toList();
        engine.delete(ROOT, NAME, true);
        try {
            for (Path path : prepared) {
                Files.createDirectory(path);
            }
            engine.create(ROOT, CreateRequest.of(NAME, bundle.path.toString(), bundle.bytes(), new Streams.None()));
            int init = engine.state(ROOT, NAME).pid().getAsInt();
            engine.close();
            Files.writeString(state.resolve("0").resolve(NAME.id().fileName()).resolve(damaged), "{\"version\":");
            engine = Engine.open(state, EngineKernelTest.launcher(), Host.facts(), reactor);
            assertEquals(1, engine.broken(ROOT, Optional.empty()).size());
            List<String> warnings = new ArrayList<>();
            engine.delete(ROOT, NAME, true, warning -> warnings.add(warning.code()));
            assertFalse(Files.exists(Path.of("/proc/" + init)), "it is gone");
            assertTrue(prepared.stream().allMatch(Files::exists), "it is the administrator's");
            assertEquals(List.of("remains-kept"), warnings);
        } finally {
            for (Path path : prepared) {
                Files.deleteIfExists(path);
            }
        }
    }

    @Test
    @Requirement("EXT-LIST-01")
    void oneBrokenRecordDoesNotHideTheOthers() throws Exception {
        engine.close();
        Path broken = Files.createDirectories(state.resolve("0").resolve("broken"));
        Files.writeString(broken.resolve("state.json"), "{\"version\":");
        engine = Engine.open(state, EngineKernelTest.launcher(), Host.facts(), reactor);
        assertEquals(1, engine.list(ROOT, Optional.empty()).size());
        assertEquals(
                List.of(new BrokenView(new Owned(0, new ContainerId("broken")), "its record can't be read")),
                engine.broken(ROOT, Optional.empty()));
        assertEquals(List.of(), engine.broken(new Caller(7, false), Optional.empty()));
        Owned name = new Owned(0, new ContainerId("broken"));
        assertEquals(
                "container-broken",
                assertThrows(Failure.class, () -> engine.delete(ROOT, name, false))
                        .code());
        engine.delete(ROOT, name, true);
        assertFalse(Files.exists(broken));
        assertEquals(List.of(), engine.broken(ROOT, Optional.empty()));
    }
}

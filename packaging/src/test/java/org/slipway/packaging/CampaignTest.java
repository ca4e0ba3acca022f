package org.slipway.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slipway.model.test.Requirement;

/** The same thing many times and at the same time: a few rounds always, many with {@code packaging/test --full}. */
final class CampaignTest extends KernelTest {
    private static final boolean FULL = !System.getProperty("slipway.full", "").isEmpty();
    private static final int ROUNDS = FULL ? 500 : 10;
    private static final int AT_ONCE = 8;
    private static final String MARK = "slipway-test-" + ProcessHandle.current().pid();

    @Test
    void oneContainerAfterAnotherLeavesNothing() {
        var bundle = bundle("echo done");
        for (int i = 0; i < ROUNDS; i++) {
            assertEquals(
                    new Shell.Result(0, "done\n", ""), helper.slipway("run", "--bundle", bundle.text(), "round-" + i));
        }
    }

    @Test
    void containersAtOnceDoNotDisturbEachOther() {
        var bundle = bundle("echo done").defaultCgroup();
        for (int round = 0; round < ROUNDS / 5; round++) {
            var results = atOnce(i -> helper.slipway("run", "--bundle", bundle.text(), "many-" + MARK + "-" + i));
            assertEquals(
                    IntStream.range(0, AT_ONCE)
                            .mapToObj(i -> new Shell.Result(0, "done\n", ""))
                            .toList(),
                    results);
        }
    }

    @Test
    @Requirement("OPS-CREATE-03")
    void ofCreatesWithOneIdAtOnceExactlyOneSucceeds() {
        var bundle = bundle("sleep 1000");
        for (int round = 0; round < ROUNDS / 5; round++) {
            var results = atOnce(i -> helper.slipway("create", "--bundle", bundle.text(), "contested"));
            assertEquals(1, succeeded(results), results::toString);
            assertEquals("created", helper.status("contested"));
            gone("contested");
        }
    }

    @Test
    @Requirement("OPS-START-05")
    void ofStartsAtOnceExactlyOneSucceeds() {
        var bundle = bundle("sleep 1000");
        for (int round = 0; round < ROUNDS / 5; round++) {
            helper.create("contested", bundle);
            var results = atOnce(i -> helper.slipway("start", "contested"));
            assertEquals(1, succeeded(results), results::toString);
            assertEquals("running", helper.status("contested"));
            gone("contested");
        }
    }

    private static long succeeded(List<Shell.Result> results) {
        return results.stream().filter(result -> result.status() == 0).count();
    }

    private static List<Shell.Result> atOnce(IntFunction<Shell.Result> command) {
        var running = IntStream.range(0, AT_ONCE)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> command.apply(i), Thread::startVirtualThread))
                .toList();
        return running.stream().map(CompletableFuture::join).toList();
    }
}

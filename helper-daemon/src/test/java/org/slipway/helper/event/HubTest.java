package org.slipway.helper.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slipway.helper.hook.HookRun;
import org.slipway.helper.lifecycle.ContainerView;
import org.slipway.helper.lifecycle.Event;
import org.slipway.helper.lifecycle.Subscription;
import org.slipway.model.plan.Blob;
import org.slipway.model.plan.HookOp;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Owned;
import org.slipway.model.state.Status;

@Timeout(20)
class HubTest {

    private static Owned name(int uid, String id) {
        return new Owned(uid, new ContainerId(id));
    }

    private static Event.Changed changed(int uid, String id) {
        return new Event.Changed(new ContainerView(
                name(uid, id),
                Status.RUNNING,
                OptionalInt.empty(),
                "/b",
                Instant.EPOCH,
                "{}",
                Optional.empty(),
                "",
                Optional.empty()));
    }

    private static final class Heard implements Subscription.Listener {
        private final List<Event> events = new CopyOnWriteArrayList<>();
        private final CountDownLatch behind = new CountDownLatch(1);
        private final CountDownLatch stuck = new CountDownLatch(1);
        private volatile boolean slow;

        @Override
        public void event(Event event) {
            events.add(event);
            if (slow) {
                try {
                    stuck.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        @Override
        public void fellBehind() {
            behind.countDown();
        }

        void await(int count) throws InterruptedException {
            while (events.size() < count) {
                Thread.sleep(5);
            }
        }
    }

    @Test
    void whoFallsBehindIsToldAndHearsNothingOfWhatWaited() throws InterruptedException {
        Hub hub = new Hub();
        Heard heard = new Heard();
        heard.slow = true;
        try (Subscription _ = hub.listen(Optional.empty(), heard)) {
            for (int i = 0; i < 5000; i++) {
                hub.publish(new Event.Removed(name(0, "x" + i)));
            }
            assertFalse(hub.heard());
            heard.slow = false;
            heard.stuck.countDown();
            assertTrue(heard.behind.await(10, TimeUnit.SECONDS));
            assertTrue(heard.events.size() <= 1, "" + heard.events.size());
        }
    }

    @Test
    void aReaderThatStandsStillHoldsAFewMegabytesAtMost() throws InterruptedException {
        Hub hub = new Hub();
        Heard heard = new Heard();
        heard.slow = true;
        HookRun large =
                new HookRun(HookOp.Kind.CREATE_RUNTIME, 0, 0, 0, true, 1, Blob.of(new byte[1 << 20]), Blob.EMPTY);
        try (Subscription _ = hub.listen(Optional.empty(), heard)) {
            for (int i = 0; i < 6; i++) {
                assertTrue(hub.heard() || i > 3, "dropped after " + i + " MiB");
                hub.publish(new Event.HookRan(name(0, "x"), large));
            }
            assertFalse(hub.heard(), "six events of a MiB each are more than may wait");
            heard.slow = false;
            heard.stuck.countDown();
            assertTrue(heard.behind.await(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void aSingleEventLargerThanTheRoomIsToldAllTheSame() throws InterruptedException {
        Hub hub = new Hub();
        Heard heard = new Heard();
        HookRun huge =
                new HookRun(HookOp.Kind.CREATE_RUNTIME, 0, 0, 0, true, 1, Blob.of(new byte[5 << 20]), Blob.EMPTY);
        try (Subscription _ = hub.listen(Optional.empty(), heard)) {
            hub.publish(new Event.HookRan(name(0, "x"), huge));
            heard.await(1);
            assertTrue(hub.heard());
        }
    }

    @Test
    void aNewListenerHearsOfThePresentContainersFirst() throws InterruptedException {
        Hub hub = new Hub();
        hub.publish(changed(0, "a"));
        hub.publish(changed(0, "b"));
        hub.publish(new Event.Removed(name(0, "a")));
        Heard heard = new Heard();
        try (Subscription _ = hub.listen(Optional.empty(), heard)) {
            hub.publish(changed(0, "c"));
            heard.await(2);
            assertEquals(List.of(changed(0, "b"), changed(0, "c")), heard.events);
        }
    }

    @Test
    void anOwnerHearsOnlyOfTheirOwn() throws InterruptedException {
        Hub hub = new Hub();
        hub.publish(changed(1, "a"));
        Heard heard = new Heard();
        try (Subscription _ = hub.listen(Optional.of(2), heard)) {
            hub.publish(changed(1, "b"));
            hub.publish(changed(2, "c"));
            heard.await(1);
            assertEquals(List.of(changed(2, "c")), heard.events);
        }
        assertFalse(hub.heard());
    }
}

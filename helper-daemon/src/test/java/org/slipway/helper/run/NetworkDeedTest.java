package org.slipway.helper.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class NetworkDeedTest {

    /** Undo comes next, and would meet a deed that is still being done. */
    @Test
    void anInterruptedDeedHasEndedBeforeAnythingElseBegins() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        CountDownLatch last = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        AtomicBoolean seen = new AtomicBoolean();
        Thread asker = Thread.ofPlatform().start(() -> {
            assertThrows(
                    InterruptedException.class,
                    () -> NetworkDeed.apart(() -> {
                        begun.countDown();
                        try {
                            Thread.sleep(60_000);
                        } catch (InterruptedException e) {
                            told.countDown();
                        }
                        last.await(); // what cannot be broken off, such as a request that the kernel has
                        ended.set(true);
                        return true;
                    }));
            seen.set(ended.get());
        });
        begun.await();
        asker.interrupt();
        told.await();
        last.countDown();
        asker.join();
        assertTrue(seen.get());
    }

    @Test
    void whatADeedThrowsIsThrown() {
        AtomicReference<Thread> worker = new AtomicReference<>();
        assertEquals(
                "no",
                assertThrows(
                                IOException.class,
                                () -> NetworkDeed.apart(() -> {
                                    worker.set(Thread.currentThread());
                                    throw new IOException("no");
                                }))
                        .getMessage());
        assertNotSame(Thread.currentThread(), worker.get());
    }
}

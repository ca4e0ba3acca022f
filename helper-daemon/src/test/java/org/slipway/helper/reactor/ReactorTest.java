package org.slipway.helper.reactor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slipway.helper.libc.ErrnoException;
import org.slipway.helper.libc.Fd;
import org.slipway.helper.libc.Sockets;

@Timeout(20)
class ReactorTest {

    private final Reactor reactor;

    ReactorTest() throws ErrnoException {
        reactor = Reactor.start();
    }

    @AfterEach
    void stop() {
        reactor.close();
    }

    @Test
    void nothingToReadEndsAtTheTimeout() throws Exception {
        Fd[] pair = Sockets.pair(Sockets.SOCK_STREAM);
        try (Fd left = pair[0];
                Fd right = pair[1]) {
            assertFalse(reactor.awaitReadable(left, Duration.ofMillis(20)));
            assertTrue(reactor.awaitWritable(right, Duration.ofSeconds(2)));
        }
    }

    @Test
    void closingWakesWhoWaits() throws Exception {
        Fd[] pair = Sockets.pair(Sockets.SOCK_STREAM);
        try (Fd right = pair[1]) {
            FutureTask<Boolean> waiting = onVirtualThread(() -> reactor.awaitReadable(pair[0], null));
            Thread.sleep(50);
            reactor.close(pair[0]);
            ExecutionException e = assertThrows(ExecutionException.class, () -> waiting.get(5, TimeUnit.SECONDS));
            assertEquals(ClosedChannelException.class, e.getCause().getClass());
            assertTrue(right.isOpen());
        }
    }

    @Test
    void theSameFdMayBeWaitedForInBothDirections() throws Exception {
        Fd[] pair = Sockets.pair(Sockets.SOCK_STREAM);
        try (Fd left = pair[0];
                Fd right = pair[1]) {
            FutureTask<Boolean> reading = onVirtualThread(() -> reactor.awaitReadable(left, null));
            Thread.sleep(20);
            assertTrue(reactor.awaitWritable(left, Duration.ofSeconds(5)));
            assertFalse(reading.isDone());
            Sockets.send(right, new byte[] {1}, 0, 1, List.of());
            assertTrue(reading.get(5, TimeUnit.SECONDS));
        }
    }

    @Test
    void manyMoreWaitersThanCoresDoNotDelayAnAnswer() throws Exception {
        int idle = 50 * Runtime.getRuntime().availableProcessors();
        List<Channel> channels = new ArrayList<>();
        List<FutureTask<Integer>> waiting = new ArrayList<>();
        for (int i = 0; i < idle; i++) {
            Fd[] pair = Sockets.pair(Sockets.SOCK_SEQPACKET);
            Channel left = new Channel(reactor, pair[0]);
            channels.add(left);
            channels.add(new Channel(reactor, pair[1]));
            waiting.add(onVirtualThread(() -> left.receive(new byte[16], null).count()));
        }
        channels.get(2 * idle - 1).send(new byte[] {1, 2}, List.of(), null);
        assertEquals(2, waiting.get(idle - 1).get(5, TimeUnit.SECONDS));
        assertFalse(waiting.getFirst().isDone());
        channels.forEach(Channel::close);
    }

    @Test
    void aStreamLargerThanTheSocketBufferArrivesWhole() throws Exception {
        Fd[] pair = Sockets.pair(Sockets.SOCK_STREAM);
        byte[] sent = new byte[3_000_000];
        new Random(7).nextBytes(sent);
        try (Channel left = new Channel(reactor, pair[0]);
                Channel right = new Channel(reactor, pair[1])) {
            FutureTask<Void> sending = onVirtualThread(() -> {
                left.send(sent, List.of(), null);
                return null;
            });
            byte[] received = new byte[sent.length];
            byte[] buffer = new byte[65536];
            for (int done = 0; done < received.length; ) {
                int count = right.receive(buffer, Duration.ofSeconds(5)).count();
                System.arraycopy(buffer, 0, received, done, count);
                done += count;
            }
            sending.get(5, TimeUnit.SECONDS);
            assertArrayEquals(sent, received);
            assertThrows(SocketTimeoutException.class, () -> right.receive(buffer, Duration.ofMillis(10)));
        }
    }

    private static <T> FutureTask<T> onVirtualThread(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofVirtual().start(task);
        return task;
    }
}

package org.slipway.helper.engine;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slipway.helper.libc.Descriptors;
import org.slipway.helper.libc.Fd;
import org.slipway.helper.libc.Sockets;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.log.LogFile;
import org.slipway.helper.log.LogLine;
import org.slipway.helper.log.LogStream;
import org.slipway.helper.reactor.Channel;
import org.slipway.helper.reactor.Reactor;
import org.slipway.helper.run.Packet;
import org.slipway.helper.store.Folder;
import org.slipway.model.plan.Blob;

/**
 * The helper's connection to a keeper that holds a container's streams: doorbells come in, input and window sizes go out. Readers
 * of the log read the file by themselves, each at its own place, and wait here.
 */
final class Tail {

    private static final Logger LOG = LoggerFactory.getLogger(Tail.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Reactor reactor;
    private final Folder folder;
    private final Consumer<List<LogLine>> listener;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CountDownLatch connected = new CountDownLatch(1);
    private final ReentrantLock bell = new ReentrantLock();
    private final ReentrantLock sending = new ReentrantLock();
    private final Condition rung = bell.newCondition();
    private long rings;
    private boolean over;
    private volatile Optional<Channel> keeper = Optional.empty();

    /**
     * Sets up.
     *
     * @param listener hears every line that comes while this helper listens
     */
    Tail(Reactor reactor, Folder folder, Consumer<List<LogLine>> listener) {
        this.reactor = reactor;
        this.folder = folder;
        this.listener = listener;
    }

    /** Connects, on a thread of its own, once. */
    void begin(boolean fromEnd) {
        if (begun.compareAndSet(false, true)) {
            Thread.ofVirtual().name("log " + folder.path().getFileName()).start(() -> follow(fromEnd));
        }
    }

    private void follow(boolean fromEnd) {
        try (LogFile log = new LogFile(folder.path());
                Channel channel = connect()) {
            if (fromEnd) {
                log.skip();
            }
            keeper = Optional.of(channel);
            connected.countDown();
            byte[] buffer = new byte[Packet.BUFFER];
            boolean there = true;
            while (there) {
                tell(log);
                there = channel.receive(buffer, null).count() > 0;
            }
            tell(log);
        } catch (IOException e) {
            LOG.debug("keeper of {} is not heard: {}", folder.path(), e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            keeper = Optional.empty();
            connected.countDown();
            over();
        }
    }

    private void tell(LogFile log) throws IOException {
        List<LogLine> lines = log.read();
        if (!lines.isEmpty()) {
            listener.accept(lines);
            ring();
        }
    }

    /** The path may be longer than a socket address: it is reached through the directory's descriptor. */
    private Channel connect() throws IOException {
        try (Fd directory =
                Descriptors.open(folder.path().toString(), Descriptors.O_PATH | Descriptors.O_DIRECTORY, 0)) {
            return new Channel(
                    reactor,
                    Sockets.connect(Sockets.SOCK_SEQPACKET, "/proc/self/fd/" + directory.number() + "/keeper.sock"));
        }
    }

    private void ring() {
        bell.lock();
        try {
            rings++;
            rung.signalAll();
        } finally {
            bell.unlock();
        }
    }

    /** Nothing further will come. */
    void over() {
        bell.lock();
        try {
            over = true;
            rung.signalAll();
        } finally {
            bell.unlock();
        }
    }

    /** Reads the log from its beginning; when following, until the container's output ends. */
    LogStream read(boolean follow) throws IOException {
        LogFile log = new LogFile(folder.path());
        return new LogStream() {
            private List<LogLine> ready = new ArrayList<>();
            private long seen = -1;

            @Override
            public Optional<LogLine> next() throws IOException, InterruptedException {
                while (ready.isEmpty()) {
                    long before = rings();
                    boolean last = ended();
                    ready = new ArrayList<>(log.read());
                    if (ready.isEmpty()) {
                        if (!follow || last) {
                            return Optional.empty();
                        }
                        if (before == seen) {
                            awaitRing(before);
                        }
                        seen = before;
                    }
                }
                return Optional.of(ready.removeFirst());
            }

            @Override
            public void close() {
                log.close();
            }
        };
    }

    private long rings() {
        bell.lock();
        try {
            return rings;
        } finally {
            bell.unlock();
        }
    }

    private boolean ended() {
        bell.lock();
        try {
            return over;
        } finally {
            bell.unlock();
        }
    }

    private void awaitRing(long before) throws InterruptedException {
        bell.lock();
        try {
            while (rings == before && !over) {
                rung.await();
            }
        } finally {
            bell.unlock();
        }
    }

    /** Sends input in packets, and its end if asked. */
    void input(byte[] data, boolean end) throws Failure {
        for (int at = 0; at < data.length; at += Packet.TEXT) {
            byte[] part = Arrays.copyOfRange(data, at, Math.min(data.length, at + Packet.TEXT));
            send(new Packet(Packet.INPUT, 0, 0, 0, Blob.of(part)));
        }
        if (end) {
            send(Packet.of(Packet.CLOSE_INPUT, 0));
        }
    }

    void resize(int rows, int columns) throws Failure {
        send(new Packet(Packet.RESIZE, rows, 0, columns, Blob.EMPTY));
    }

    private void send(Packet packet) throws Failure {
        try {
            boolean _ = connected.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            Channel channel = keeper.orElseThrow(() -> Failure.state(
                    "streams-not-held", Map.of("id", folder.path().getFileName().toString())));
            sending.lockInterruptibly();
            try {
                channel.send(packet.encode(), List.of(), PATIENCE);
            } finally {
                sending.unlock();
            }
        } catch (IOException e) {
            throw Failure.host("keeper-not-reached", Map.of("text", String.valueOf(e.getMessage())), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.host("interrupted", Map.of(), e);
        }
    }

    /** Lets go of the connection. */
    void close() {
        keeper.ifPresent(Channel::close);
        over();
    }
}

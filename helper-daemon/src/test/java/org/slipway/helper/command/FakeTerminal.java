package org.slipway.helper.command;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slipway.helper.door.Gate;
import org.slipway.helper.door.Peer;
import org.slipway.helper.door.Tier;
import org.slipway.helper.libc.Descriptors;
import org.slipway.helper.libc.ErrnoException;
import org.slipway.helper.libc.Fd;
import org.slipway.helper.libc.Sockets;
import org.slipway.helper.lifecycle.FakeContainers;
import org.slipway.helper.reactor.Channel;
import org.slipway.helper.reactor.Reactor;
import org.slipway.model.plan.HostFacts;

/** A caller of the command line, as the program {@code slipway} would be: sends what was typed, serves files, collects output. */
final class FakeTerminal implements AutoCloseable {

    static final String ROOT = "/run/slipway-test";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Channel channel;
    final Path directory;
    final FakeContainers containers;
    final ByteArrayOutputStream out = new ByteArrayOutputStream();
    final ByteArrayOutputStream err = new ByteArrayOutputStream();
    /** What was asked of the client besides output: "OPEN config.json" … */
    final List<String> asked = new ArrayList<>();

    boolean gotConsole;

    /** Which of the streams are terminals, as HELLO says. */
    int terminals;

    /** A helper's end of a connection is served; this is the other one. */
    FakeTerminal(Reactor reactor, Path directory, FakeContainers containers, Tier tier) throws ErrnoException {
        this(reactor, directory, containers, tier, 1000);
    }

    /** The same by another person. */
    FakeTerminal(Reactor reactor, Path directory, FakeContainers containers, Tier tier, int uid) throws ErrnoException {
        this.directory = directory;
        this.containers = containers;
        Fd[] pair = Sockets.pair(Sockets.SOCK_STREAM);
        this.channel = new Channel(reactor, pair[1]);
        var theirs = new Channel(reactor, pair[0]);
        Peer peer = new Peer(uid, uid, List.of(uid), 1, Descriptors.eventfd(), "", tier);
        var service = new CommandService(reactor, ROOT, new BundleWork(HostFacts::v2));
        Thread.ofVirtual().start(() -> {
            try (theirs;
                    peer) {
                service.serve(new Gate(peer, containers), theirs, new byte[0]);
            } catch (IOException | InterruptedException e) {
                // the test hung up
            }
        });
    }

    /** Types a command and serves it to its end; the exit status. */
    int type(String... words) throws IOException, InterruptedException {
        hello(0, words);
        return serve();
    }

    /** Sends HELLO with the three streams and some more descriptors. */
    void hello(int preserved, String... words) throws IOException, InterruptedException {
        List<Fd> descriptors = new ArrayList<>();
        try {
            for (int i = 0; i < 3 + preserved; i++) {
                descriptors.add(Descriptors.open("/dev/null", Descriptors.O_RDWR, 0));
            }
            var frame = new Frame.Writer(Frame.HELLO).number(words.length);
            for (String word : words) {
                frame.string(word);
            }
            frame.number(1).string("HOME=/root").string(directory.toString());
            send(frame.number(0022).number(descriptors.size()).number(terminals), descriptors);
        } finally {
            descriptors.forEach(Fd::close);
        }
    }

    void send(Frame.Writer frame, List<Fd> descriptors) throws IOException, InterruptedException {
        channel.send(frame.done(), descriptors, PATIENCE);
    }

    void raw(byte[] bytes) throws IOException, InterruptedException {
        channel.send(bytes, List.of(), PATIENCE);
    }

    void signal(int number) throws IOException, InterruptedException {
        send(new Frame.Writer(Frame.SIGNAL).number(number), List.of());
    }

    /** Answers requests until EXIT. */
    int serve() throws IOException, InterruptedException {
        while (true) {
            ByteBuffer header = ByteBuffer.wrap(fill(5)).order(ByteOrder.LITTLE_ENDIAN);
            byte[] payload = fill(header.getInt() - 1);
            var reader = new Frame.Reader(payload);
            try {
                switch (header.get()) {
                    case Frame.OUT -> out.writeBytes(payload);
                    case Frame.ERR -> err.writeBytes(payload);
                    case Frame.EXIT -> {
                        return reader.number();
                    }
                    case Frame.OPEN -> open(reader.number(), reader.number(), reader.number(), reader.string());
                    case Frame.PUT -> put(reader.number(), reader.string(), reader.string());
                    case Frame.CONNECT -> connect(reader.number(), reader.string());
                    case Frame.CONSOLE -> gotConsole = true;
                    default -> throw new AssertionError("a frame that a helper does not send");
                }
            } catch (Frame.Malformed e) {
                throw new AssertionError(e);
            }
        }
    }

    private void open(int request, int flags, int mode, String path) throws IOException, InterruptedException {
        asked.add("OPEN " + path);
        try (Fd file = Descriptors.open(directory.resolve(path).toString(), flags, mode)) {
            done(request, 0, List.of(file));
        } catch (ErrnoException e) {
            done(request, e.errno().number(), List.of());
        }
    }

    private void put(int request, String path, String text) throws IOException, InterruptedException {
        asked.add("PUT " + path + " " + text);
        if (!Files.isDirectory(directory.resolve(path).getParent())) {
            done(request, 2, List.of());
            return;
        }
        Files.writeString(directory.resolve(path), text);
        done(request, 0, List.of());
    }

    private void connect(int request, String path) throws IOException, InterruptedException {
        asked.add("CONNECT " + path);
        if (path.contains("nobody")) {
            done(request, 111, List.of());
            return;
        }
        Fd[] pair = Sockets.pair(Sockets.SOCK_STREAM);
        done(request, 0, List.of(pair[0]));
        pair[0].close();
        pair[1].close();
    }

    private void done(int request, int errno, List<Fd> descriptors) throws IOException, InterruptedException {
        send(new Frame.Writer(Frame.DONE).number(request).number(errno), descriptors);
    }

    private byte[] fill(int count) throws IOException, InterruptedException {
        byte[] whole = new byte[count];
        int filled = 0;
        while (filled < count) {
            byte[] part = new byte[count - filled];
            Sockets.Received received = channel.receive(part, PATIENCE);
            received.descriptors().forEach(Fd::close);
            if (received.count() == 0) {
                throw new EOFException("the helper hung up");
            }
            System.arraycopy(part, 0, whole, filled, received.count());
            filled += received.count();
        }
        return whole;
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        channel.close();
    }
}

package org.slipway.helper.command;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slipway.helper.door.Peer;
import org.slipway.helper.libc.Descriptors;
import org.slipway.helper.libc.Errno;
import org.slipway.helper.libc.ErrnoException;
import org.slipway.helper.libc.Fd;
import org.slipway.helper.libc.Sockets;
import org.slipway.helper.lifecycle.Breakable;
import org.slipway.helper.lifecycle.SpawningCommand;
import org.slipway.helper.reactor.Channel;

/**
 * The caller at the other end of a connection. The thread of the command sends; a thread of its own receives and sorts: answers
 * to whoever asked, signals and sizes to a queue.
 */
final class FrameClient implements Client, SpawningCommand, AutoCloseable {

    /** Something the caller's terminal or kernel told the client. */
    sealed interface Told {
        /** A signal it received. */
        record Signal(int number) implements Told {}

        /** The new size of its terminal. */
        record Size(int rows, int columns) implements Told {}

        /** It is gone. */
        record Gone() implements Told {}
    }

    private static final int LARGEST = 4 << 20;
    private static final int CHUNK = 64 << 10;
    private static final int QUEUE = 256;

    /** HUP, INT, QUIT and TERM. */
    private static final Set<Integer> ENDING = Set.of(1, 2, 3, 15);

    /** How long a client may take for a file of its caller: a file system that never answers is not ours to wait for (P32). */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private record Done(int errno, List<Fd> descriptors) {}

    private final Channel channel;
    private final Peer peer;
    private final Hello hello;
    private final List<Fd> descriptors;
    private final Map<Integer, BlockingQueue<Done>> waiting = new ConcurrentHashMap<>();
    private final BlockingQueue<Told> told = new LinkedBlockingQueue<>(QUEUE);
    private volatile boolean gone;
    private volatile Optional<Breakable> breakable = Optional.empty();
    private int requests;

    private FrameClient(Channel channel, Peer peer, Hello hello, List<Fd> descriptors) {
        this.channel = channel;
        this.peer = peer;
        this.hello = hello;
        this.descriptors = descriptors;
    }

    /** Waits for the first frame. */
    static FrameClient greet(Channel channel, Peer peer) throws IOException, InterruptedException, Frame.Malformed {
        Received first = receive(channel, PATIENCE);
        List<Fd> descriptors = first.descriptors();
        try {
            if (first.type() != Frame.HELLO) {
                throw new Frame.Malformed("no HELLO");
            }
            var reader = first.payload();
            List<String> arguments = reader.strings();
            List<String> environment = reader.strings();
            String directory = reader.string();
            int umask = reader.number();
            int count = reader.number();
            int terminals = reader.number();
            reader.end();
            if (count < 3 || count != descriptors.size() || !directory.startsWith("/")) {
                throw new Frame.Malformed("HELLO with " + descriptors.size() + " descriptors");
            }
            var hello = new Hello(arguments, environment, directory, umask, terminals);
            var client = new FrameClient(channel, peer, hello, new ArrayList<>(descriptors));
            Thread.ofVirtual().name("command-reader").start(client::receiveAll);
            return client;
        } catch (Frame.Malformed e) {
            descriptors.forEach(Fd::close);
            throw e;
        }
    }

    @Override
    public Hello hello() {
        return hello;
    }

    @Override
    public int uid() {
        return peer.uid();
    }

    @Override
    public int gid() {
        return peer.gid();
    }

    /** Standard input, output and error, then activated and preserved ones. They stay this object's. */
    List<Fd> descriptors() {
        return List.copyOf(descriptors);
    }

    /** Lets go of the caller's descriptors, so that their other ends see the container's end and not ours. */
    void releaseDescriptors() {
        descriptors.forEach(Fd::close);
        descriptors.clear();
    }

    /** Signals and sizes as they come, at the end {@link Told.Gone}. */
    BlockingQueue<Told> told() {
        return told;
    }

    /** What the caller can break off from now on, by going away or by a signal that ends its programs. */
    void breakable(Breakable operation) {
        breakable = Optional.of(operation);
        if (gone) {
            operation.breakOff();
        }
    }

    /** It has ended. */
    void unbreakable() {
        breakable = Optional.empty();
    }

    @Override
    public void out(byte[] bytes) throws IOException {
        stream(Frame.OUT, bytes);
    }

    @Override
    public void err(byte[] bytes) throws IOException {
        stream(Frame.ERR, bytes);
    }

    private void stream(int type, byte[] bytes) throws IOException {
        for (int at = 0; at < bytes.length; at += CHUNK) {
            int count = Math.min(CHUNK, bytes.length - at);
            send(new Frame.Writer(type).rest(bytes, at, count), List.of());
        }
    }

    /** The last frame. */
    void exit(int status) throws IOException {
        send(new Frame.Writer(Frame.EXIT).number(status), List.of());
    }

    /** Hands over the master of a terminal, which stays the helper's too. */
    void console(Fd master) throws IOException {
        send(new Frame.Writer(Frame.CONSOLE), List.of(master));
    }

    /** Opens a file with the caller's rights. */
    Fd open(String path, int flags, int mode) throws FileTrouble, IOException {
        int request = ++requests;
        return descriptor(
                path,
                request,
                new Frame.Writer(Frame.OPEN)
                        .number(request)
                        .number(flags)
                        .number(mode)
                        .string(path));
    }

    /** Connects a stream socket with the caller's rights. */
    Fd connect(String path) throws FileTrouble, IOException {
        int request = ++requests;
        return descriptor(
                path, request, new Frame.Writer(Frame.CONNECT).number(request).string(path));
    }

    @Override
    public void put(String path, byte[] bytes) throws FileTrouble, IOException {
        int request = ++requests;
        var frame = new Frame.Writer(Frame.PUT).number(request).string(path).bytes(bytes);
        ask(path, request, frame).descriptors().forEach(Fd::close);
    }

    @Override
    public byte[] read(String path, int most) throws FileTrouble, IOException {
        try (Fd file = open(path, Descriptors.O_RDONLY, 0)) {
            return CallerFiles.read(path, file, most, PATIENCE);
        }
    }

    @Override
    public void make(String path, byte[] bytes) throws FileTrouble, IOException {
        write(path, Descriptors.O_WRONLY | Descriptors.O_CREAT | Descriptors.O_EXCL, bytes);
    }

    @Override
    public void append(String path, byte[] bytes) throws FileTrouble, IOException {
        write(path, Descriptors.O_WRONLY | Descriptors.O_CREAT | Descriptors.O_APPEND, bytes);
    }

    private void write(String path, int flags, byte[] bytes) throws FileTrouble, IOException {
        try (Fd file = open(path, flags, 0666)) {
            CallerFiles.write(path, file, bytes, PATIENCE);
        }
    }

    private Fd descriptor(String path, int request, Frame.Writer frame) throws FileTrouble, IOException {
        Done done = ask(path, request, frame);
        if (done.descriptors().size() != 1) {
            done.descriptors().forEach(Fd::close);
            throw new FileTrouble(path, Errno.EBADF.name());
        }
        return done.descriptors().getFirst();
    }

    private Done ask(String path, int request, Frame.Writer frame) throws FileTrouble, IOException {
        Optional<Done> done = exchange(request, frame, List.of());
        if (done.isEmpty()) {
            throw new FileTrouble(path, "ETIMEDOUT");
        }
        if (done.get().errno() != 0) {
            done.get().descriptors().forEach(Fd::close);
            throw new FileTrouble(path, new Errno(done.get().errno()).name());
        }
        return done.get();
    }

    @Override
    public Fd spawn(List<Fd> given, int preserved) throws IOException {
        int request = ++requests;
        var frame = new Frame.Writer(Frame.SPAWN).number(request).number(preserved);
        Done done = exchange(request, frame, given)
                .orElseThrow(() -> new ErrnoException("starting the launcher in the command", Errno.ETIMEDOUT));
        if (done.errno() != 0 || done.descriptors().size() != 1) {
            done.descriptors().forEach(Fd::close);
            throw new ErrnoException(
                    "starting the launcher in the command", done.errno() != 0 ? new Errno(done.errno()) : Errno.EBADF);
        }
        return done.descriptors().getFirst();
    }

    @Override
    public int pid() {
        return peer.pid();
    }

    /** Asks and waits for the answer; empty when none came in time. */
    private Optional<Done> exchange(int request, Frame.Writer frame, List<Fd> with) throws IOException {
        var answer = new LinkedBlockingQueue<Done>(1);
        waiting.put(request, answer);
        try {
            send(frame, with);
            if (gone) {
                throw new EOFException("the caller is gone");
            }
            Done done = answer.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (done != null && done.errno() < 0) {
                done.descriptors().forEach(Fd::close);
                throw new EOFException("the caller is gone");
            }
            return Optional.ofNullable(done);
        } catch (InterruptedException e) {
            throw Client.interrupted(e);
        } finally {
            waiting.remove(request);
            // an answer that came while we gave up
            Done late = answer.poll();
            if (late != null) {
                late.descriptors().forEach(Fd::close);
            }
        }
    }

    private void send(Frame.Writer frame, List<Fd> with) throws IOException {
        try {
            channel.send(frame.done(), with, PATIENCE);
        } catch (InterruptedException e) {
            throw Client.interrupted(e);
        }
    }

    private void receiveAll() {
        try {
            while (true) {
                sort(receive(channel, null));
            }
        } catch (IOException | InterruptedException | Frame.Malformed _) {
            // a client that broke off or talks nonsense is gone either way
        } finally {
            gone = true;
            waiting.values().forEach(each -> each.offer(new Done(-1, List.of())));
            breakable.ifPresent(Breakable::breakOff);
            told.clear();
            told.add(new Told.Gone());
            channel.close();
        }
    }

    private void sort(Received frame) throws Frame.Malformed {
        var reader = frame.payload();
        if (frame.type() == Frame.DONE) {
            boolean taken = false;
            try {
                int request = reader.number();
                int errno = reader.number();
                BlockingQueue<Done> answer = waiting.get(request);
                taken = answer != null && errno >= 0 && answer.offer(new Done(errno, frame.descriptors()));
            } finally {
                if (!taken) {
                    frame.descriptors().forEach(Fd::close);
                }
            }
            return;
        }
        frame.descriptors().forEach(Fd::close);
        if (!frame.descriptors().isEmpty()) {
            throw new Frame.Malformed("descriptors that nobody asked for");
        }
        // a full queue loses what comes: nobody needs the 257th of its kind
        switch (frame.type()) {
            case Frame.SIGNAL -> signal(reader.number());
            case Frame.RESIZE -> {
                boolean _ = told.offer(new Told.Size(reader.shortNumber(), reader.shortNumber()));
            }
            default -> throw new Frame.Malformed("type " + frame.type());
        }
    }

    private void signal(int number) {
        Optional<Breakable> operation = breakable;
        if (operation.isPresent() && ENDING.contains(number)) {
            operation.get().breakOff();
        } else {
            boolean _ = told.offer(new Told.Signal(number));
        }
    }

    private record Received(int type, Frame.Reader payload, List<Fd> descriptors) {}

    /** Reads the header alone, so that descriptors which come with it are this frame's and no other's. */
    private static Received receive(Channel channel, @org.jspecify.annotations.Nullable Duration first)
            throws IOException, InterruptedException, Frame.Malformed {
        List<Fd> descriptors = new ArrayList<>();
        try {
            byte[] header = fill(channel, new byte[Frame.HEADER], first, descriptors, true);
            int follow = new Frame.Reader(header).number();
            if (follow < 1 || follow > LARGEST) {
                throw new Frame.Malformed("length " + Integer.toUnsignedString(follow));
            }
            byte[] payload = fill(channel, new byte[follow - 1], PATIENCE, descriptors, false);
            return new Received(header[4], new Frame.Reader(payload), List.copyOf(descriptors));
        } catch (IOException | InterruptedException | Frame.Malformed e) {
            descriptors.forEach(Fd::close);
            throw e;
        }
    }

    private static byte[] fill(
            Channel channel,
            byte[] whole,
            @org.jspecify.annotations.Nullable Duration timeout,
            List<Fd> descriptors,
            boolean mayBring)
            throws IOException, InterruptedException, Frame.Malformed {
        int filled = 0;
        while (filled < whole.length) {
            byte[] part = new byte[Math.min(CHUNK, whole.length - filled)];
            Sockets.Received received = channel.receive(part, filled == 0 ? timeout : PATIENCE);
            descriptors.addAll(received.descriptors());
            if (received.count() == 0) {
                throw new EOFException("the caller is gone");
            }
            if (received.truncated() || (!received.descriptors().isEmpty() && !(mayBring && filled == 0))) {
                throw new Frame.Malformed("descriptors within a frame");
            }
            System.arraycopy(part, 0, whole, filled, received.count());
            filled += received.count();
        }
        return whole;
    }

    @Override
    public void close() {
        releaseDescriptors();
        channel.close();
    }

    /** An error of the kernel's as the file's trouble. */
    static FileTrouble trouble(String path, ErrnoException e) {
        return new FileTrouble(path, e.errno().name());
    }
}

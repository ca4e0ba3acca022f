package org.slipway.helper.varlink;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.slipway.helper.libc.Fd;
import org.slipway.helper.libc.Sockets;
import org.slipway.helper.reactor.Channel;
import org.slipway.helper.reactor.Reactor;

/** A peer that says exactly what a test wants, right or wrong. */
final class Talker implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Channel channel;

    Talker(Reactor reactor, Fd socket) {
        this.channel = new Channel(reactor, socket);
    }

    static Talker connect(Reactor reactor, String path) throws IOException {
        return new Talker(reactor, Sockets.connect(Sockets.SOCK_STREAM, path));
    }

    void say(String text, Fd... descriptors) throws IOException, InterruptedException {
        channel.send(text.getBytes(StandardCharsets.UTF_8), List.of(descriptors), PATIENCE);
    }

    /** A message and its NUL. */
    void ask(String message) throws IOException, InterruptedException {
        say(message + "\0");
    }

    /** A call of the interface with these parameters. */
    void call(String method, String parameters) throws IOException, InterruptedException {
        ask("{\"method\":\"org.slipway.Helper." + method + "\",\"parameters\":" + parameters + "}");
    }

    /** The next message. */
    String hear() throws IOException, InterruptedException {
        var message = new ByteArrayOutputStream();
        byte[] one = new byte[1];
        while (true) {
            if (channel.receive(one, PATIENCE).count() == 0) {
                throw new EOFException("the connection ended after '" + message + "'");
            }
            if (one[0] == 0) {
                return message.toString(StandardCharsets.UTF_8);
            }
            message.write(one[0]);
        }
    }

    /** Some bytes. */
    String raw(int count) throws IOException, InterruptedException {
        byte[] bytes = new byte[count];
        int got = channel.receive(bytes, PATIENCE).count();
        return new String(bytes, 0, got, StandardCharsets.UTF_8);
    }

    /** Whether the other side hung up and said nothing more. */
    boolean ended() throws IOException, InterruptedException {
        return channel.receive(new byte[1], PATIENCE).count() == 0;
    }

    @Override
    public void close() {
        channel.close();
    }
}

package org.slipway.model.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.slipway.model.wire.Answer;
import org.slipway.model.wire.Call;
import org.slipway.model.wire.Errors;
import org.slipway.model.wire.Fault;
import org.slipway.model.wire.Problem;
import org.slipway.model.wire.Reply;
import org.slipway.model.wire.Request;
import org.slipway.model.wire.Wire;
import org.slipway.model.wire.WireException;
import tools.jackson.databind.node.ObjectNode;

/** One connection: NUL-ended JSON messages, one call at a time. Not safe for several threads, but for {@link #close}. */
final class Connection implements AutoCloseable {

    /** Largest answer that is read, in bytes; a helper that sends more is not trusted further. */
    private static final int LARGEST = 256 << 20;

    private final Path socket;
    private final SocketChannel channel;
    private final ByteBuffer incoming = ByteBuffer.allocate(64 << 10).flip();

    private Connection(Path socket, SocketChannel channel) {
        this.socket = socket;
        this.channel = channel;
    }

    static Connection open(Path socket) throws HelperGone {
        SocketChannel channel = null;
        try {
            channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.connect(UnixDomainSocketAddress.of(socket));
            return new Connection(socket, channel);
        } catch (IOException | IllegalArgumentException e) {
            if (channel != null) {
                closeQuietly(channel);
            }
            throw new HelperGone(HelperGone.NOT_RUNNING, socket, e);
        }
    }

    /** Sends a call. */
    void send(Call<?> call, boolean more) throws HelperException {
        byte[] text = Wire.toBytes(Request.of(call, more));
        ByteBuffer message =
                ByteBuffer.allocate(text.length + 1).put(text).put((byte) 0).flip();
        try {
            while (message.hasRemaining()) {
                channel.write(message);
            }
        } catch (IOException e) {
            // a server that refuses says so before it closes: what it said is still to be read
            Optional<Answer> parting = parting();
            if (parting.isPresent()) {
                throw error(parting.get());
            }
            throw new HelperGone(HelperGone.GONE, socket, e);
        }
    }

    private Optional<Answer> parting() {
        try {
            return Optional.of(Wire.answer(message()))
                    .filter(answer -> answer.error().isPresent());
        } catch (HelperException | WireException e) {
            return Optional.empty();
        }
    }

    /** Waits for the next answer; an error answer is thrown. */
    Answer receive() throws HelperException {
        byte[] message = message();
        try {
            Answer answer = Wire.answer(message);
            if (answer.error().isPresent()) {
                throw error(answer);
            }
            return answer;
        } catch (WireException e) {
            throw nonsense(e);
        }
    }

    /** The parameters of an answer as a record. */
    <R extends Reply> R result(Answer answer, Class<R> type) throws HelperException {
        try {
            return Wire.result(answer.parameters().orElseGet(Wire::object), type);
        } catch (WireException e) {
            throw nonsense(e);
        }
    }

    private byte[] message() throws HelperException {
        var message = new ByteArrayOutputStream();
        try {
            while (true) {
                while (incoming.hasRemaining()) {
                    byte next = incoming.get();
                    if (next == 0) {
                        return message.toByteArray();
                    }
                    message.write(next);
                }
                if (message.size() > LARGEST) {
                    throw nonsense(new IOException("answer larger than " + LARGEST + " bytes"));
                }
                int count = channel.read(incoming.clear());
                incoming.flip();
                if (count < 0) {
                    throw new HelperGone(HelperGone.GONE, socket, null);
                }
            }
        } catch (IOException e) {
            incoming.position(incoming.limit());
            throw new HelperGone(HelperGone.GONE, socket, e);
        }
    }

    private HelperException nonsense(Exception e) {
        close();
        String what = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return new HelperException(Problem.of("answer-malformed", Fault.BUG, Map.of("what", what)), e);
    }

    /** An error answer as an exception. Foreign errors (org.varlink.service) keep their name as argument. */
    private static HelperException error(Answer answer) {
        String name = answer.error().orElseThrow();
        ObjectNode parameters = answer.parameters().orElseGet(Wire::object);
        Problem problem;
        try {
            problem = switch (name) {
                case Wire.INTERFACE + ".Failed" ->
                    Wire.result(parameters, Errors.Failed.class).problem();
                case Wire.INTERFACE + ".NotAllowed" ->
                    Problem.of(Wire.result(parameters, Errors.NotAllowed.class).code(), Fault.CALLER, Map.of());
                case Wire.INTERFACE + ".FellBehind" -> Problem.of("fell-behind", Fault.CALLER, Map.of());
                default ->
                    Problem.of("protocol-error", Fault.BUG, Map.of("error", name, "parameters", parameters.toString()));
            };
        } catch (WireException e) {
            problem = Problem.of("answer-malformed", Fault.BUG, Map.of("what", name));
        }
        return new HelperException(problem, null);
    }

    @Override
    public void close() {
        closeQuietly(channel);
    }

    private static void closeQuietly(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException _) {
            // nothing was asked of it any more
        }
    }
}

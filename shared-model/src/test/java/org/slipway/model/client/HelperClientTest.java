package org.slipway.model.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.model.wire.Answer;
import org.slipway.model.wire.Container;
import org.slipway.model.wire.Errors;
import org.slipway.model.wire.Event;
import org.slipway.model.wire.Fault;
import org.slipway.model.wire.Name;
import org.slipway.model.wire.Problem;
import org.slipway.model.wire.Reply;
import org.slipway.model.wire.Wire;

/** The client against a server that says what the test wants. */
class HelperClientTest {

    @TempDir
    Path directory;

    private Path socket;
    private ServerSocketChannel server;
    private final BlockingQueue<SocketChannel> accepted = new LinkedBlockingQueue<>();

    @BeforeEach
    void listen() throws IOException {
        socket = directory.resolve("s");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    accepted.add(server.accept());
                }
            } catch (IOException e) {
                // the test is over
            }
        });
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void withoutAHelperTheExceptionNamesTheSocket() {
        Path nowhere = directory.resolve("nobody");
        var gone = assertThrows(HelperGone.class, () -> HelperClient.connect(nowhere));
        assertEquals(Problem.of("helper-not-running", Fault.HOST, Map.of("path", nowhere.toString())), gone.problem());
    }

    @Test
    void aCallIsAnsweredAndItsConnectionUsedAgain() throws Exception {
        try (var client = HelperClient.connect(socket)) {
            SocketChannel peer = accepted.take();
            for (int i = 0; i < 2; i++) {
                var answering = answer(peer, List.of(Answer.last(new Reply.State(container("a")))));
                assertEquals(container("a"), client.state(Name.own("a")));
                assertEquals(
                        "{\"method\":\"org.slipway.Helper.State\",\"parameters\":{\"name\":{\"id\":\"a\"}}}",
                        answering.take());
            }
            assertTrue(accepted.isEmpty());
        }
    }

    @Test
    void aSlowCallDoesNotDelayAnother() throws Exception {
        try (var client = HelperClient.connect(socket)) {
            SocketChannel first = accepted.take();
            var slow = new LinkedBlockingQueue<Object>();
            Thread.ofVirtual().start(() -> {
                try {
                    slow.add(client.start(Name.own("slow")));
                } catch (HelperException e) {
                    slow.add(e);
                }
            });
            read(first);
            var quick = Thread.ofVirtual().start(() -> {
                try {
                    answer(accepted.take(), List.of(Answer.last(new Reply.List(List.of(), Optional.empty()))));
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            assertEquals(List.of(), client.list());
            quick.join();
            assertTrue(slow.isEmpty());
            write(first, Answer.last(new Reply.Start(container("slow"))));
            assertEquals(container("slow"), slow.poll(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void failuresCarryTheirProblem() throws Exception {
        var problem = new Problem(
                "exec-failed",
                Fault.CALLER,
                Map.of("program", "/bin/nothing"),
                Optional.of("create"),
                Optional.of(12),
                Optional.of("open"),
                Optional.of("ENOENT"),
                Optional.of("/process/args/0"),
                Optional.of("config.md §Process"),
                List.of());
        try (var client = HelperClient.connect(socket)) {
            SocketChannel peer = accepted.take();
            answer(peer, List.of(Answer.error(new Errors.Failed(problem))));
            var failure = assertThrows(HelperException.class, () -> client.start(Name.own("a")));
            assertEquals(problem, failure.problem());
            answer(peer, List.of(Answer.error(new Errors.NotAllowed("not-for-confined"))));
            var refused = assertThrows(HelperException.class, () -> client.delete(Name.own("a"), true));
            assertEquals(Problem.of("not-for-confined", Fault.CALLER, Map.of()), refused.problem());
        }
    }

    @Test
    void aHelperThatDiesUnderACallIsSaidToBeGone() throws Exception {
        try (var client = HelperClient.connect(socket)) {
            SocketChannel peer = accepted.take();
            Thread.ofVirtual().start(() -> {
                read(peer);
                closeAll(peer);
            });
            var gone = assertThrows(HelperGone.class, client::list);
            assertEquals("helper-gone", gone.problem().code());
        }
    }

    @Test
    void anAnswerThatIsNonsenseIsAnErrorAndEndsTheConnection() throws Exception {
        try (var client = HelperClient.connect(socket)) {
            SocketChannel peer = accepted.take();
            Thread.ofVirtual().start(() -> {
                read(peer);
                send(peer, "{\"parameters\":{\"containers\":7}}\0".getBytes(StandardCharsets.UTF_8));
            });
            var failure = assertThrows(HelperException.class, client::list);
            assertEquals("answer-malformed", failure.problem().code());
            assertEquals(-1, peer.read(ByteBuffer.allocate(1)));
        }
    }

    @Test
    void aWatchDeliversInOrderOnItsOwnThreadAndTellsTheEndOnce() throws Exception {
        try (var client = HelperClient.connect(socket)) {
            accepted.take();
            var heard = new LinkedBlockingQueue<Object>();
            var subscription = client.watch(
                    Optional.empty(),
                    event -> heard.add(Thread.currentThread().getName() + " " + event.sequence()),
                    end -> heard.add(end.orElseThrow()));
            SocketChannel peer = accepted.take();
            assertTrue(read(peer).contains("\"more\":true"));
            for (int i = 0; i < 3; i++) {
                write(peer, Answer.more(new Reply.Watch(event(i))));
            }
            peer.close();
            for (int i = 0; i < 3; i++) {
                assertEquals("slipway-watch " + i, heard.poll(10, TimeUnit.SECONDS));
            }
            assertInstanceOf(HelperGone.class, heard.poll(10, TimeUnit.SECONDS));
            subscription.close();
            assertTrue(heard.isEmpty());
        }
    }

    @Test
    void aClosedSubscriptionIsSilentAndTheHelperSeesItsEnd() throws Exception {
        try (var client = HelperClient.connect(socket)) {
            accepted.take();
            var ended = new CountDownLatch(1);
            var subscription = client.watch(Optional.empty(), event -> {}, end -> ended.countDown());
            SocketChannel peer = accepted.take();
            read(peer);
            subscription.close();
            assertEquals(-1, peer.read(ByteBuffer.allocate(1)));
            assertEquals(1, ended.getCount());
        }
    }

    private static Container container(String id) {
        return new Container(
                0,
                id,
                "created",
                Optional.of(77L),
                "/b",
                "2026-01-01T00:00:00Z",
                Wire.object(),
                Optional.empty(),
                Optional.empty());
    }

    private static Event event(long sequence) {
        return new Event(
                sequence,
                "removed",
                0,
                "a",
                "2026-01-01T00:00:00Z",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static BlockingQueue<String> answer(SocketChannel peer, List<Answer> answers) {
        var requests = new LinkedBlockingQueue<String>();
        Thread.ofVirtual().start(() -> {
            requests.add(read(peer));
            answers.forEach(answer -> write(peer, answer));
        });
        return requests;
    }

    private static void write(SocketChannel peer, Answer answer) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(Wire.toBytes(answer));
        bytes.write(0);
        send(peer, bytes.toByteArray());
    }

    private static void send(SocketChannel peer, byte[] bytes) {
        try {
            peer.write(ByteBuffer.wrap(bytes));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String read(SocketChannel peer) {
        var text = new ByteArrayOutputStream();
        var one = ByteBuffer.allocate(1);
        try {
            while (peer.read(one.clear()) == 1 && one.get(0) != 0) {
                text.write(one.get(0));
            }
            Wire.request(text.toByteArray());
            return text.toString(StandardCharsets.UTF_8);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void closeAll(SocketChannel peer) {
        try {
            peer.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}

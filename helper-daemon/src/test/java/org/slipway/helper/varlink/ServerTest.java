package org.slipway.helper.varlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.helper.door.Admission;
import org.slipway.helper.door.ConfinedTier;
import org.slipway.helper.door.RuntimeDirectory;
import org.slipway.helper.libc.Descriptors;
import org.slipway.helper.libc.Fd;
import org.slipway.helper.libc.Processes;
import org.slipway.helper.reactor.Reactor;

/** The server behind its two real sockets. The peer of both is whoever runs the test. */
@Timeout(30)
class ServerTest {

    private static final Limits TIGHT = new Limits(2000, 8, Duration.ofMillis(300), Duration.ofSeconds(2));

    @TempDir
    Path temporary;

    private final FakeService service = new FakeService();
    private Reactor reactor;
    private RuntimeDirectory directory;
    private Server server;

    @BeforeEach
    void open() throws Exception {
        reactor = Reactor.start();
        directory = RuntimeDirectory.take(temporary.resolve("r"));
        server = new Server(
                reactor,
                new Admission(OptionalInt.of(Processes.uid()), new ConfinedTier(ConfinedTier.Settings.USUAL, true)),
                service,
                TIGHT,
                TIGHT);
        server.serve(directory.listen("admin.sock"), false);
        server.serve(directory.listen("user.sock"), true);
    }

    @AfterEach
    void close() {
        server.close();
        directory.close();
        reactor.close();
    }

    private Talker talk() throws IOException {
        return Talker.connect(reactor, directory.path() + "/admin.sock");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "x", "{", "[]", "{\"method\":1}", "{\"method\":\"a\",\"method\":\"a\"}", "{\"metho\":\"a\"}"
            })
    void aMalformedMessageEndsItsConnectionByNameAndNoOther(String message) throws Exception {
        try (Talker broken = talk();
                Talker other = talk()) {
            broken.ask(message);
            assertTrue(broken.hear().contains("\"code\":\"message-malformed\",\"fault\":\"CALLER\""));
            assertTrue(broken.ended());
            other.call("List", "{}");
            assertEquals("{\"parameters\":{\"containers\":[],\"broken\":[]}}", other.hear());
        }
    }

    @Test
    void aMessageBeyondTheLimitIsRefusedBeforeItIsWhole() throws Exception {
        try (Talker talker = talk()) {
            talker.say("x".repeat(2001));
            assertTrue(talker.hear().contains("\"code\":\"message-too-large\""));
            assertTrue(talker.ended());
        }
    }

    @Test
    void aMessageOfExactlyTheLimitIsRead() throws Exception {
        String head = "{\"method\":\"org.slipway.Helper.State\",\"parameters\":{\"name\":{\"id\":\"";
        String tail = "\"}}}";
        try (Talker talker = talk()) {
            talker.ask(head + "a".repeat(2000 - head.length() - tail.length()) + tail);
            assertTrue(talker.hear().contains("container-id-illegal"));
        }
    }

    @Test
    void aMessageThatNeverEndsIsRefusedInTimeAndAnIdleConnectionIsNot() throws Exception {
        try (Talker half = talk();
                Talker idle = talk()) {
            half.say("{\"method\":");
            assertTrue(half.hear().contains("\"code\":\"message-too-slow\""));
            assertTrue(half.ended());
            idle.call("List", "{}");
            assertEquals("{\"parameters\":{\"containers\":[],\"broken\":[]}}", idle.hear());
        }
    }

    @Test
    void halfAMessageAndAHangUpLeavesNothing() throws Exception {
        try (Talker half = talk()) {
            half.say("{\"method\":");
        }
        while (server.connections() > 0) {
            Thread.sleep(5);
        }
        try (Talker other = talk()) {
            other.call("List", "{}");
            other.hear();
        }
    }

    @Test
    void descriptorsThatNobodyAskedForEndTheConnection() throws Exception {
        try (Talker talker = talk();
                Fd file = Descriptors.open("/dev/null", Descriptors.O_RDONLY, 0)) {
            talker.say("{}\0", file);
            assertTrue(talker.hear().contains("\"code\":\"message-with-descriptors\""));
            assertTrue(talker.ended());
        }
    }

    @Test
    void messagesThatComeTogetherAreAnsweredInOrder() throws Exception {
        try (Talker talker = talk()) {
            talker.say("{\"method\":\"org.slipway.Helper.List\"}\0{\"method\":\"org.varlink.service.GetInfo\"}\0");
            assertEquals("{\"parameters\":{\"containers\":[],\"broken\":[]}}", talker.hear());
            assertTrue(talker.hear().contains("\"version\":\"1.2.3\""));
        }
    }

    @Test
    void theInterfaceDescribesItself() throws Exception {
        try (Talker talker = talk()) {
            talker.ask("{\"method\":\"org.varlink.service.GetInfo\"}");
            assertTrue(talker.hear().contains("\"interfaces\":[\"org.varlink.service\",\"org.slipway.Helper\"]"));
            for (String name : List.of("org.varlink.service", "org.slipway.Helper")) {
                talker.ask(
                        "{\"method\":\"org.varlink.service.GetInterfaceDescription\",\"parameters\":{\"interface\":\""
                                + name + "\"}}");
                assertTrue(talker.hear().contains("interface " + name + "\\n"));
            }
        }
    }

    @Test
    void whatDoesNotExistIsNamed() throws Exception {
        try (Talker talker = talk()) {
            talker.ask("{\"method\":\"org.slipway.Helper.Explode\"}");
            assertEquals(
                    "{\"parameters\":{\"method\":\"org.slipway.Helper.Explode\"},\"error\":\"org.varlink.service.MethodNotFound\"}",
                    talker.hear());
            talker.ask("{\"method\":\"com.example.Other\"}");
            assertEquals(
                    "{\"parameters\":{\"interface\":\"com.example\"},\"error\":\"org.varlink.service.InterfaceNotFound\"}",
                    talker.hear());
            talker.ask(
                    "{\"method\":\"org.varlink.service.GetInterfaceDescription\",\"parameters\":{\"interface\":\"x\"}}");
            assertTrue(talker.hear().contains("InterfaceNotFound"));
            talker.ask("{\"method\":\"nonsense\"}");
            assertTrue(talker.hear().contains("InterfaceNotFound"));
        }
    }

    @Test
    void aParameterThatDoesNotFitIsNamedAndTheConnectionGoesOn() throws Exception {
        try (Talker talker = talk()) {
            for (String[] wrong : new String[][] {
                {"Kill", "{\"name\":{\"id\":\"a\"},\"signal\":9}", "signal"},
                {"Kill", "{\"name\":{\"id\":\"a\"},\"signal\":\"9\",\"more\":1}", "more"},
                {"Start", "{\"name\":{\"id\":\"a\",\"owner\":-1}}", "name.owner"},
                {"Create", "{\"id\":\"a\",\"bundle\":\"relative\",\"config\":\"{}\"}", "bundle"},
                {"Create", "{\"id\":\"a\",\"bundle\":\"/b\",\"config\":\"{}\",\"streams\":\"x\"}", "streams"},
                {"Input", "{\"name\":{\"id\":\"a\"},\"data\":\"!\"}", "data"},
                {"Resize", "{\"name\":{\"id\":\"a\"},\"rows\":70000,\"columns\":1}", "rows"},
                {"Resize", "{\"name\":{\"id\":\"a\"},\"rows\":1,\"columns\":-1}", "columns"},
            }) {
                talker.call(wrong[0], wrong[1]);
                assertEquals(
                        "{\"parameters\":{\"parameter\":\"" + wrong[2]
                                + "\"},\"error\":\"org.varlink.service.InvalidParameter\"}",
                        talker.hear());
            }
            for (String method : List.of("Watch", "Logs")) {
                talker.call(method, method.equals("Watch") ? "{}" : "{\"name\":{\"id\":\"a\"},\"follow\":true}");
                assertTrue(talker.hear().contains("org.varlink.service.ExpectedMore"));
            }
            assertTrue(service.containers.asked.isEmpty());
        }
    }

    @Test
    void aCallWithoutAnswerHasNone() throws Exception {
        try (Talker talker = talk()) {
            talker.ask("{\"method\":\"org.slipway.Helper.List\",\"oneway\":true}");
            talker.ask("{\"method\":\"nothing.at.all\",\"oneway\":true}");
            talker.call("Shutdown", "{\"force\":true}");
            assertEquals("{\"parameters\":{}}", talker.hear());
            assertEquals("shutdown true", service.asked.take());
        }
    }

    @Test
    void connectionsOfOnePersonAreLimitedAndTheNextIsTold() throws Exception {
        List<Talker> talkers = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                Talker talker = talk();
                talkers.add(talker);
                talker.call("List", "{}");
                talker.hear();
            }
            try (Talker surplus = talk()) {
                assertEquals(
                        "{\"parameters\":{\"code\":\"too-many-connections\"},\"error\":\"org.slipway.Helper.NotAllowed\"}",
                        surplus.hear());
                assertTrue(surplus.ended());
            }
            try (Talker elsewhere = Talker.connect(reactor, directory.path() + "/user.sock")) {
                elsewhere.call("List", "{}");
                assertTrue(elsewhere.hear().contains("containers"));
            }
            talkers.removeLast().close();
            while (server.connections() > 7) {
                Thread.sleep(5);
            }
            try (Talker again = talk()) {
                again.call("List", "{}");
                assertTrue(again.hear().contains("containers"));
            }
        } finally {
            talkers.forEach(Talker::close);
        }
    }

    @Test
    void idleConnectionsDoNotDelayAnAnswer() throws Exception {
        int many = Math.min(7, 2 * Runtime.getRuntime().availableProcessors());
        List<Talker> idle = new ArrayList<>();
        try {
            for (int i = 0; i < many; i++) {
                idle.add(talk());
            }
            for (Talker each : idle) {
                each.say("{"); // in the middle of a message, and silent
            }
            try (Talker quick = talk()) {
                long begin = System.nanoTime();
                quick.call("List", "{}");
                quick.hear();
                long millis = (System.nanoTime() - begin) / 1_000_000;
                assertTrue(millis < 250, millis + " ms"); // well before the first of the idle is given up
            }
        } finally {
            idle.forEach(Talker::close);
        }
    }

    @Test
    void commandUpgradesTheConnection() throws Exception {
        try (Talker talker = talk()) {
            talker.call("Command", "{}");
            assertTrue(talker.hear().contains("InvalidParameter"));
            talker.ask("{\"method\":\"org.slipway.Helper.Command\",\"upgrade\":true}");
            assertEquals("{\"parameters\":{}}", talker.hear());
            assertEquals("raw", talker.raw(3));
            assertTrue(talker.ended());
        }
    }

    @Test
    void theUsersSocketHasNoPrivilegedVerbEvenForRoot() throws Exception {
        try (Talker talker = Talker.connect(reactor, directory.path() + "/user.sock")) {
            talker.call("Info", "{}");
            assertTrue(talker.hear().contains("\"tier\":\"confined\""));
            talker.call("Shutdown", "{}");
            assertEquals(
                    "{\"parameters\":{\"code\":\"not-for-confined\"},\"error\":\"org.slipway.Helper.NotAllowed\"}",
                    talker.hear());
            // a helper that is not root has nobody to become
            talker.call("Create", "{\"id\":\"a\",\"bundle\":\"/b\",\"config\":\"{}\"}");
            assertTrue(talker.hear().contains("\"confined-needs-root-helper\""));
            assertTrue(service.containers.asked.isEmpty());
            assertTrue(service.asked.isEmpty());
        }
    }
}

package org.slipway.helper.varlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slipway.helper.door.Gate;
import org.slipway.helper.door.Peer;
import org.slipway.helper.door.Tier;
import org.slipway.helper.libc.Descriptors;
import org.slipway.helper.libc.ErrnoException;
import org.slipway.helper.libc.Fd;
import org.slipway.helper.libc.Sockets;
import org.slipway.helper.lifecycle.Caller;
import org.slipway.helper.lifecycle.CreateRequest;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.lifecycle.FakeContainers;
import org.slipway.helper.lifecycle.Streams;
import org.slipway.helper.reactor.Channel;
import org.slipway.helper.reactor.Reactor;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Owned;
import org.slipway.model.test.Requirement;

/** One session with a peer of any tier: calls about containers, and streams. */
@Timeout(30)
class StreamTest {

    private static final Owned MINE = new Owned(1000, new ContainerId("mine"));
    private static final Owned OTHERS = new Owned(7, new ContainerId("others"));

    private final FakeService service = new FakeService();
    private Reactor reactor;

    @BeforeEach
    void open() throws Exception {
        reactor = Reactor.start();
        for (Owned name : List.of(MINE, OTHERS)) {
            service.containers.create(Caller.HELPER, CreateRequest.of(name, "/b", new byte[0], new Streams.None()));
        }
        service.containers.asked.clear();
    }

    @AfterEach
    void close() {
        reactor.close();
    }

    private Talker talk(Tier tier) throws ErrnoException {
        Fd[] pair = Sockets.pair(Sockets.SOCK_STREAM);
        Peer peer = new Peer(1000, 1000, List.of(1000), 1, Descriptors.eventfd(), "", tier);
        var channel = new Channel(reactor, pair[0]);
        Thread.ofVirtual().start(() -> {
            try (channel;
                    peer) {
                new Session(new Gate(peer, service.containers), service, channel, Limits.CONFINED).run();
            } catch (IOException | InterruptedException e) {
                // the test hung up
            }
        });
        return new Talker(reactor, pair[1]);
    }

    @Test
    void aPetitionerGetsInformationAndNothingElse() throws Exception {
        try (Talker talker = talk(Tier.PETITIONER)) {
            talker.call("Info", "{}");
            assertTrue(talker.hear().contains("\"tier\":\"petitioner\",\"uid\":1000"));
            for (String method : List.of("List", "Create", "State", "Watch", "Logs", "Kill", "Shutdown", "Command")) {
                talker.call(method, "{}");
                assertEquals(
                        "{\"parameters\":{\"code\":\"not-an-administrator\"},\"error\":\"org.slipway.Helper.NotAllowed\"}",
                        talker.hear());
            }
            assertTrue(service.containers.asked.isEmpty());
        }
    }

    @Test
    void containersOfOthersDoNotExistForTheConfined() throws Exception {
        try (Talker talker = talk(Tier.CONFINED)) {
            talker.call("List", "{}");
            String list = talker.hear();
            assertTrue(list.contains("\"id\":\"mine\""));
            assertFalse(list.contains("others"));
            for (String method : List.of("State", "Trace", "Hooks", "Logs")) {
                talker.call(method, "{\"name\":{\"owner\":7,\"id\":\"others\"}}");
                assertTrue(talker.hear().contains("\"code\":\"container-unknown\""));
                talker.call(method, "{\"name\":{\"id\":\"mine\"}}");
                assertFalse(talker.hear().contains("error"));
            }
            talker.ask("{\"method\":\"org.slipway.Helper.Watch\",\"parameters\":{\"owner\":7},\"more\":true}");
            assertTrue(talker.hear().contains("\"code\":\"owner-not-yours\""));
        }
    }

    @Test
    @Requirement("OPS-KILL-04")
    void operationsReachTheContainerTheyName() throws Exception {
        try (Talker talker = talk(Tier.ADMINISTRATOR)) {
            talker.call("Create", "{\"id\":\"new\",\"bundle\":\"/b\",\"config\":\"{}\",\"streams\":\"terminal\"}");
            assertTrue(talker.hear().contains("\"container\":{\"owner\":1000,\"id\":\"new\",\"status\":\"created\""));
            assertEquals(new Streams.Terminal(), service.containers.lastRequest.streams());
            talker.call("Start", "{\"name\":{\"owner\":7,\"id\":\"others\"}}");
            assertTrue(talker.hear().contains("\"status\":\"running\""));
            talker.call("Kill", "{\"name\":{\"owner\":7,\"id\":\"others\"},\"signal\":\"SIGUSR1\",\"all\":true}");
            assertEquals("{\"parameters\":{}}", talker.hear());
            talker.call("Kill", "{\"name\":{\"owner\":7,\"id\":\"others\"},\"signal\":\"NONSENSE\"}");
            assertTrue(talker.hear().contains("\"code\":\"signal-unknown\""));
            talker.call("Input", "{\"name\":{\"id\":\"mine\"},\"data\":\"aGk=\",\"end\":true}");
            talker.hear();
            talker.call("Resize", "{\"name\":{\"id\":\"mine\"},\"rows\":24,\"columns\":80}");
            talker.hear();
            talker.call("Delete", "{\"name\":{\"id\":\"new\"},\"force\":true}");
            talker.hear();
            assertEquals(
                    List.of(
                            "create 1000/new",
                            "start 7/others",
                            "kill 7/others 10 all",
                            "input 1000/mine hi end",
                            "resize 1000/mine 24x80",
                            "delete 1000/new force"),
                    List.copyOf(service.containers.asked));
        }
    }

    @Test
    void aFailureComesAsItsProblem() throws Exception {
        service.containers.startFailure = Failure.state("container-not-created", Map.of("id", "mine"));
        try (Talker talker = talk(Tier.ADMINISTRATOR)) {
            talker.call("Start", "{\"name\":{\"id\":\"mine\"}}");
            assertEquals(
                    "{\"parameters\":{\"problem\":{\"code\":\"container-not-created\",\"fault\":\"STATE\","
                            + "\"arguments\":{\"id\":\"mine\"},\"findings\":[]}},\"error\":\"org.slipway.Helper.Failed\"}",
                    talker.hear());
        }
    }

    @Test
    void aWatchTellsWhatIsThereAndThenWhatHappensAndEndsWithItsReader() throws Exception {
        try (Talker talker = talk(Tier.CONFINED)) {
            talker.ask("{\"method\":\"org.slipway.Helper.Watch\",\"more\":true}");
            String first = talker.hear();
            assertTrue(first.contains("\"sequence\":0,\"kind\":\"container\",\"owner\":1000,\"id\":\"mine\""), first);
            assertTrue(first.endsWith(",\"continues\":true}"), first);
            service.containers.start(Caller.HELPER, OTHERS);
            service.containers.start(Caller.HELPER, MINE);
            String second = talker.hear();
            assertTrue(second.contains("\"sequence\":1,\"kind\":\"container\",\"owner\":1000"), second);
            assertTrue(second.contains("\"status\":\"running\""), second);
            assertEquals(1, service.containers.watchers());
        }
        while (service.containers.watchers() > 0) {
            Thread.sleep(5);
        }
    }

    @Test
    void aReaderThatFellBehindIsToldAndMayBeginAnew() throws Exception {
        try (Talker talker = talk(Tier.CONFINED)) {
            talker.ask("{\"method\":\"org.slipway.Helper.Watch\",\"more\":true}");
            talker.hear();
            service.containers.fallBehind();
            assertEquals("{\"parameters\":{},\"error\":\"org.slipway.Helper.FellBehind\"}", talker.hear());
            talker.ask("{\"method\":\"org.slipway.Helper.Watch\",\"more\":true}");
            assertTrue(talker.hear().contains("\"sequence\":0"));
        }
    }

    @Test
    void outputIsFollowedToItsEndAndTheNextCallWaitsForIt() throws Exception {
        try (Talker talker = talk(Tier.CONFINED)) {
            talker.ask(
                    "{\"method\":\"org.slipway.Helper.Logs\",\"parameters\":{\"name\":{\"id\":\"mine\"},\"follow\":true},"
                            + "\"more\":true}");
            talker.call("State", "{\"name\":{\"id\":\"mine\"}}");
            service.containers.lines.add(FakeContainers.line("hello"));
            assertTrue(talker.hear().contains("\"data\":\"aGVsbG8=\"}]},\"continues\":true}"));
            service.containers.lines.add(FakeContainers.lastLine());
            assertEquals("{\"parameters\":{\"lines\":[]}}", talker.hear());
            assertTrue(talker.hear().contains("\"container\""));
        }
    }

    @Test
    void outputSoFarComesAtOnce() throws Exception {
        service.containers.lines.add(FakeContainers.line("a"));
        service.containers.lines.add(FakeContainers.line("b"));
        try (Talker talker = talk(Tier.CONFINED)) {
            talker.call("Logs", "{\"name\":{\"id\":\"mine\"}}");
            String answer = talker.hear();
            assertTrue(answer.contains("\"data\":\"YQ==\"") && answer.contains("\"data\":\"Yg==\""), answer);
        }
    }

    @Test
    void aFollowerThatHangsUpLeavesNoReaderBehind() throws Exception {
        try (Talker talker = talk(Tier.CONFINED)) {
            talker.ask(
                    "{\"method\":\"org.slipway.Helper.Logs\",\"parameters\":{\"name\":{\"id\":\"mine\"},\"follow\":true},"
                            + "\"more\":true}");
            service.containers.lines.add(FakeContainers.line("x"));
            talker.hear();
        }
        assertEquals("logs closed", service.containers.asked.poll(10, TimeUnit.SECONDS));
    }
}

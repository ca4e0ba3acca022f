package org.slipway.helper.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.helper.door.Tier;
import org.slipway.helper.lifecycle.FakeContainers;
import org.slipway.helper.reactor.Reactor;
import tools.jackson.databind.json.JsonMapper;

/** What is recorded of a container, at a fake terminal; with real plans the end-to-end tests have it. */
@Timeout(30)
class RecordCommandsTest {

    @TempDir
    private Path directory;

    private final FakeContainers containers = new FakeContainers();
    private Reactor reactor;

    @BeforeEach
    void open() throws Exception {
        reactor = Reactor.start();
    }

    @AfterEach
    void close() {
        reactor.close();
    }

    private FakeTerminal typed(int status, String... words) throws Exception {
        FakeTerminal terminal = new FakeTerminal(reactor, directory, containers, Tier.ADMINISTRATOR);
        assertEquals(status, terminal.type(words), terminal.err());
        return terminal;
    }

    @Test
    void anUnknownContainerIsOneSentence() throws Exception {
        for (String command : List.of("trace", "hooks", "logs", "drift")) {
            try (FakeTerminal terminal = typed(1, command, "nobody")) {
                assertEquals("", terminal.out());
                assertTrue(terminal.err().contains("'nobody'"), terminal.err());
            }
        }
    }

    @Test
    void outputIsPrintedAsItWasOrWithItsTimeOrAsData() throws Exception {
        Files.writeString(directory.resolve("config.json"), "{\"process\":{\"terminal\":false}}");
        typed(0, "create", "a").close();
        containers.lines.add(FakeContainers.line("one"));
        try (FakeTerminal terminal = typed(0, "logs", "a")) {
            assertEquals("one\n", terminal.out());
        }
        containers.lines.add(FakeContainers.line("two"));
        try (FakeTerminal terminal = typed(0, "logs", "--timestamps", "a")) {
            assertTrue(terminal.out().matches("\\d{4}-\\d\\d-\\d\\dT\\S+ two\n"), terminal.out());
        }
        containers.lines.add(FakeContainers.line("three"));
        try (FakeTerminal terminal = typed(0, "logs", "--json", "a")) {
            assertEquals(
                    "dGhyZWU=",
                    new JsonMapper().readTree(terminal.out()).path("data").asString());
        }
    }
}

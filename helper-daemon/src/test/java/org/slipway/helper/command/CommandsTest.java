package org.slipway.helper.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.helper.door.Tier;
import org.slipway.helper.libc.Descriptors;
import org.slipway.helper.libc.ErrnoException;
import org.slipway.helper.libc.Fd;
import org.slipway.helper.lifecycle.BrokenView;
import org.slipway.helper.lifecycle.Configurations;
import org.slipway.helper.lifecycle.ExitView;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.lifecycle.FakeContainers;
import org.slipway.helper.lifecycle.Streams;
import org.slipway.helper.reactor.Reactor;
import org.slipway.model.finding.Finding;
import org.slipway.model.finding.Severity;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Owned;
import org.slipway.model.test.Requirement;
import org.slipway.model.wire.Wire;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Every command, typed at a fake terminal at the other end of a real socket. */
@Timeout(30)
class CommandsTest {

    private static final Owned A = new Owned(1000, new ContainerId("a"));

    @TempDir
    Path directory;

    private final FakeContainers containers = new FakeContainers();
    private Reactor reactor;

    @BeforeEach
    void open() throws Exception {
        reactor = Reactor.start();
        Files.writeString(directory.resolve("config.json"), "{\"process\":{\"terminal\":false}}");
    }

    @AfterEach
    void close() {
        reactor.close();
    }

    private FakeTerminal terminal() throws ErrnoException {
        return new FakeTerminal(reactor, directory, containers, Tier.ADMINISTRATOR);
    }

    private String fails(int status, String... words) throws Exception {
        try (FakeTerminal terminal = terminal()) {
            assertEquals(status, terminal.type(words), terminal.err());
            assertEquals("", terminal.out());
            assertTrue(terminal.err().startsWith("slipway: "), terminal.err());
            return terminal.err();
        }
    }

    private String succeeds(String... words) throws Exception {
        try (FakeTerminal terminal = terminal()) {
            assertEquals(0, terminal.type(words), terminal.err());
            assertEquals("", terminal.err());
            return terminal.out();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--nonsense",
                "explode",
                "--log-format xml list",
                "create",
                "create a b",
                "create --bundle",
                "create --preserve-fds many a",
                "create --detach a",
                "run",
                "start",
                "start a b c",
                "stop",
                "stop a b",
                "state",
                "state a b",
                "state --all a",
                "kill",
                "kill a TERM more",
                "delete",
                "delete --all a",
                "pause",
                "pause a b",
                "resume",
                "stop",
                "stop --time x a",
                "events",
                "events a b",
                "update --memory",
                "update a b",
                "list a",
                "list --format xml",
                "spec a",
                "explain --format xml",
                "features a",
                "validate a b",
                "convert a b",
                "convert --to",
                "--bundle x create a",
            })
    @Requirement("CLI-G-13")
    void whatIsNotUnderstoodShowsUsageAndDoesNothing(String typed) throws Exception {
        String said = fails(2, typed.isEmpty() ? new String[0] : typed.split(" ", -1));
        assertTrue(said.contains("\nUsage: slipway"), said);
        assertTrue(containers.asked.isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "bogus, no such command: 'bogus'",
        "--rot /x list, no such option: '--rot'",
        "list a, an argument too many: 'a'",
        "state, Missing required parameter: 'ID'"
    })
    @Requirement("CLI-G-13")
    void theFirstLineSaysWhatWasNotUnderstood(String typed, String sentence) throws Exception {
        assertEquals(
                "slipway: " + sentence,
                fails(2, typed.split(" ", -1)).lines().findFirst().orElse(""));
    }

    @Test
    @Requirement("CLI-G-07")
    void versionsComeInThreeLines() throws Exception {
        for (String option : List.of("--version", "-v")) {
            List<String> lines = succeeds(option).lines().toList();
            assertTrue(lines.get(0).matches("slipway version [0-9]+\\..*"), lines.get(0));
            assertTrue(lines.get(1).startsWith("commit: "));
            assertEquals("spec: 1.3.0", lines.get(2));
        }
    }

    @Test
    void helpIsNoError() throws Exception {
        assertTrue(succeeds("--help").contains("Usage: slipway"));
        assertTrue(succeeds("create", "--help").contains("--console-socket"));
    }

    @Test
    @Requirement({"CLI-CREATE-01", "CLI-CREATE-02", "CLI-CREATE-05", "CLI-G-01"})
    void createReadsTheBundlesConfigurationAndWritesThePid() throws Exception {
        Files.createDirectories(directory.resolve("b"));
        Files.writeString(directory.resolve("b/config.json"), "{}");
        try (FakeTerminal terminal = terminal()) {
            int status = terminal.type(
                    "--debug",
                    "--rootless=auto",
                    "create",
                    "--bundle=b",
                    "--pid-file",
                    "p",
                    "--no-pivot",
                    "--no-new-keyring",
                    "a");
            assertEquals(0, status, terminal.err());
            assertEquals(List.of("OPEN " + directory + "/b/config.json", "PUT p 4711"), terminal.asked);
        }
        var request = containers.lastRequest;
        assertEquals(A, request.name());
        assertEquals(directory + "/b", request.bundle());
        assertEquals("{}", new String(request.config().bytes(), UTF_8));
        assertInstanceOf(Streams.Inherit.class, request.streams());
        assertTrue(request.noPivot() && request.noNewKeyring());
        assertEquals("4711", Files.readString(directory.resolve("p")));
    }

    @Test
    @Requirement("CLI-CREATE-07")
    void createTakesAnotherConfiguration() throws Exception {
        Files.writeString(directory.resolve("other.json"), "{\"other\":1}");
        succeeds("create", "-f", "other.json", "a");
        assertEquals("{\"other\":1}", new String(containers.lastRequest.config().bytes(), UTF_8));
    }

    /** One byte too many, and too many values in what is as large as allowed: told by the limit, whatever the heap is. */
    @Test
    @Requirement("CFG-14")
    void aConfigurationThatIsTooLargeIsToldByItsLimit() throws Exception {
        int most = Configurations.largest();
        assertTrue(most >= 4 << 20, "what the confined tier takes is never too large: " + most);
        Path config = directory.resolve("config.json");
        try (var file = new RandomAccessFile(config.toFile(), "rw")) {
            file.setLength(most + 1L);
        }
        for (String command : List.of("create a", "validate", "explain", "start a " + directory)) {
            String said = fails(1, command.split(" ", -1));
            assertTrue(said.contains("is larger than " + most + " bytes"), command + ": " + said);
        }
        assertTrue(containers.asked.stream().noneMatch(each -> each.startsWith("create")));
        Files.writeString(config, "{\"process\":{\"terminal\":true},\"x\":[" + "[],".repeat(most / 3 - 20) + "[]]}");
        String said = fails(1, "explain");
        assertTrue(said.contains("there are more than"), said);
        assertFalse(Configurations.terminal(Files.readAllBytes(config)));
    }

    @Test
    @Requirement("CFG-14")
    void ofTheConfinedLessIsRead() throws Exception {
        try (var file = new RandomAccessFile(directory.resolve("config.json").toFile(), "rw")) {
            file.setLength((4L << 20) + 1);
        }
        try (var terminal = new FakeTerminal(reactor, directory, containers, Tier.CONFINED)) {
            assertEquals(1, terminal.type("validate"));
            assertTrue(terminal.err().contains("is larger than " + (4 << 20) + " bytes"), terminal.err());
        }
    }

    @Test
    void createWithoutAConfigurationNamesTheFile() throws Exception {
        Files.delete(directory.resolve("config.json"));
        assertTrue(fails(1, "create", "a").endsWith("config.json': no such file or directory\n"));
        assertTrue(fails(1, "create", "-b", "/etc/passwd", "a").endsWith("config.json': not a directory\n"));
        assertTrue(containers.asked.isEmpty());
    }

    /** Who the parent becomes by how create is called: an engine names a pid file and has no terminal. */
    @ParameterizedTest
    @CsvSource({
        "0, 0, create --pid-file p a, true",
        "0, 0, create a, false",
        "0, 1, create --pid-file p a, false",
        "0, 0, create --spawn keeper --pid-file p a, false",
        "0, 7, create --spawn caller a, true",
        "1000, 0, create --pid-file p a, false",
        "0, 0, run --detach --pid-file p a, false"
    })
    @Requirement("CLI-G-12")
    void theParentIsChosenByWhoCalls(int uid, int terminals, String typed, boolean byCaller) throws Exception {
        try (FakeTerminal terminal = new FakeTerminal(reactor, directory, containers, Tier.ADMINISTRATOR, uid)) {
            terminal.terminals = terminals;
            assertEquals(0, terminal.type(typed.split(" ")), terminal.err());
        }
        assertEquals(byCaller, containers.lastRequest.spawner().isPresent());
    }

    @Test
    @Requirement({"CLI-G-12", "EXT-DAEMON-01"})
    void onlyRootCanBeTheParent() throws Exception {
        String said = fails(1, "create", "--spawn", "caller", "a");
        assertTrue(said.contains("permission denied"), said);
        assertEquals(List.of(), List.copyOf(containers.asked));
    }

    @Test
    void aPidFileThatCannotBeWrittenUndoesTheCreate() throws Exception {
        String said = fails(1, "create", "--pid-file", "no/such/p", "a");
        assertTrue(said.contains("'no/such/p': no such file or directory"), said);
        assertEquals(List.of("create 1000/a", "delete 1000/a force"), List.copyOf(containers.asked));
    }

    @Test
    @Requirement("CLI-CREATE-06")
    void preservedDescriptorsAreHandedOnAndCounted() throws Exception {
        try (FakeTerminal terminal = terminal()) {
            terminal.hello(2, "create", "--preserve-fds", "2", "a");
            assertEquals(0, terminal.serve(), terminal.err());
            assertEquals(2, containers.lastRequest.preserved().size());
        }
        assertTrue(fails(1, "create", "--preserve-fds", "1", "b").contains("--preserve-fds 1"));
        assertTrue(fails(1, "create", "--preserve-fds", "-1", "b").contains("--preserve-fds -1"));
    }

    @Test
    @Requirement({"CLI-CREATE-03", "EXT-CON-03"})
    void aTerminalAndAConsoleSocketBelongTogether() throws Exception {
        assertTrue(fails(1, "create", "--console-socket", "s", "a").contains("process.terminal is not set"));
        Files.writeString(directory.resolve("config.json"), "{\"process\":{\"terminal\":true}}");
        assertTrue(fails(1, "create", "a").contains("--console-socket"));
        assertTrue(fails(1, "run", "-d", "a").contains("--console-socket"));
        assertTrue(fails(1, "create", "--console-socket", "nobody", "a").contains("'nobody': connection refused"));
        assertTrue(containers.asked.isEmpty());
        succeeds("create", "--console-socket", "s", "a");
        assertInstanceOf(Streams.ConsoleSocket.class, containers.lastRequest.streams());
    }

    @Test
    @Requirement({"CLI-START-01", "CLI-STATE-01", "CLI-KILL-01", "CLI-DELETE-01"})
    void aContainerGoesThroughItsLife() throws Exception {
        succeeds("create", "a");
        assertEquals("", succeeds("start", "a"));
        JsonNode state = Wire.tree(succeeds("state", "a").getBytes(UTF_8));
        assertEquals("running", state.at("/status").stringValue());
        for (String signal : List.of("USR1", "SIGUSR1", "10")) {
            succeeds("kill", "a", signal);
        }
        succeeds("kill", "a", "0");
        succeeds("kill", "--all", "a", "KILL");
        succeeds("delete", "a");
        assertEquals(
                List.of(
                        "create 1000/a",
                        "start 1000/a",
                        "kill 1000/a 10",
                        "kill 1000/a 10",
                        "kill 1000/a 10",
                        "kill 1000/a 0",
                        "kill 1000/a 9 all",
                        "delete 1000/a"),
                List.copyOf(containers.asked));
    }

    @Test
    @Requirement({"CLI-G-08", "CLI-G-10"})
    void refusalsAreOneLineWithThePhrasesThatCallersSearchFor() throws Exception {
        for (String[] words : new String[][] {{"state", "x"}, {"start", "x"}, {"kill", "x"}, {"delete", "x"}}) {
            assertEquals("slipway: container does not exist: 'x'\n", fails(1, words));
        }
        assertTrue(fails(1, "state", "..").contains("not a container id"));
        assertTrue(fails(1, "kill", "x", "NONSENSE").contains("not a signal: 'NONSENSE'"));
    }

    @Test
    void deleteTriesAllAndForceForgivesTheUnknown() throws Exception {
        succeeds("create", "a");
        assertTrue(fails(1, "delete", "-f", "x", "..").contains("not a container id"));
        assertTrue(containers.asked.stream().noneMatch(each -> each.startsWith("delete")));
        succeeds("delete", "--force", "x", "a");
        assertEquals("[]\n", succeeds("list", "-f", "json"));
    }

    @Test
    @Requirement("CLI-LIST-01")
    void listHasThreeForms() throws Exception {
        succeeds("create", "a");
        assertEquals("a\n", succeeds("list", "-q"));
        List<String> table = succeeds("list").lines().toList();
        assertEquals("ID PID STATUS BUNDLE CREATED OWNER", table.get(0).replaceAll(" +", " "));
        assertTrue(table.get(1).startsWith("a   4711  created  " + directory), table.get(1));
        JsonNode all = Wire.tree(succeeds("list", "--format", "json").getBytes(UTF_8));
        assertEquals("a", all.at("/0/id").stringValue());
        assertEquals(4711, all.at("/0/pid").intValue());
        assertEquals("1000", all.at("/0/owner").stringValue());
        assertTrue(all.at("/0").has("rootfs") && all.at("/0").has("annotations"));
    }

    @Test
    @Requirement({"CLI-G-09", "CLI-RUN-01"})
    void aForegroundRunEndsWithTheProgramsStatusAndDeletes() throws Exception {
        containers.exitAtStart = new ExitView(42, 0, true, true, Optional.of(Instant.EPOCH));
        try (FakeTerminal terminal = terminal()) {
            assertEquals(42, terminal.type("run", "a"), terminal.err());
        }
        assertEquals(
                List.of("create 1000/a", "start 1000/a", "await 1000/a", "delete 1000/a"),
                List.copyOf(containers.asked));
        containers.asked.clear();
        try (FakeTerminal terminal = terminal()) {
            assertEquals(42, terminal.type("run", "--keep", "a"), terminal.err());
        }
        assertFalse(containers.asked.contains("delete 1000/a"));
    }

    @Test
    void aSignalThatTheClientGotReachesTheProgram() throws Exception {
        try (FakeTerminal terminal = terminal()) {
            terminal.hello(0, "run", "a");
            var serving = new FutureTask<>(terminal::serve);
            Thread.ofVirtual().start(serving);
            while (!containers.asked.contains("await 1000/a")) {
                Thread.sleep(2);
            }
            terminal.signal(28); // the size of the window is no business of the program's process
            terminal.signal(15);
            assertEquals(128 + 15, serving.get());
        }
        assertTrue(containers.asked.contains("kill 1000/a 15"));
        assertFalse(containers.asked.contains("kill 1000/a 28"));
    }

    @Test
    @Requirement({"CLI-EXEC-01", "CLI-EXEC-03", "CLI-EXEC-04"})
    void execEndsItsOptionsAtTheContainer() throws Exception {
        containers.execs.exit = Optional.of(new ExitView(7, 0, true, true, Optional.of(Instant.EPOCH)));
        try (FakeTerminal terminal = terminal()) {
            assertEquals(
                    7,
                    terminal.type(
                            "exec",
                            "-u",
                            "5:6",
                            "-g",
                            "7",
                            "-e",
                            "A=b",
                            "-c",
                            "kill",
                            "--cgroup",
                            "sub",
                            "--cwd",
                            "/x",
                            "--no-new-privs",
                            "a",
                            "ls",
                            "-l",
                            "--",
                            "-t"),
                    terminal.err());
        }
        var asked = containers.execs.last.process();
        assertEquals(List.of("ls", "-l", "--", "-t"), asked.args());
        assertFalse(asked.terminal());
        assertEquals(Optional.of(5L), asked.uid());
        assertEquals(Optional.of(6L), asked.gid());
        assertEquals(List.of(7L), asked.additionalGids());
        assertEquals(List.of("A=b"), asked.env());
        assertEquals(List.of("CAP_KILL"), asked.capabilities());
        assertEquals(Optional.of("/x"), asked.cwd());
        assertEquals(Optional.of(true), asked.noNewPrivileges());
        assertEquals(List.of("sub"), containers.execs.last.cgroups());
        assertTrue(containers.asked.contains("exec delete made-up"));
    }

    @Test
    @Requirement({"CLI-EXEC-02", "CLI-EXEC-05", "EXT-CON-03"})
    void anExecThatFailsIsStatus255() throws Exception {
        assertTrue(fails(255, "exec", "-d", "-t", "a", "sh").contains("--console-socket"));
        assertTrue(fails(255, "exec", "-d", "--pid-file", "/nonexistent/pid", "a", "sh")
                .contains("pid file"));
        containers.execs.failure = Optional.of(Failure.caller("program-missing", Map.of("program", "x")));
        assertTrue(fails(255, "exec", "a", "x").contains("executable file not found in $PATH"));
    }

    @Test
    @Requirement("CLI-PS-01")
    void psPrintsPidsOrATable() throws Exception {
        try (FakeTerminal terminal = terminal()) {
            assertEquals(0, terminal.type("ps", "-f", "json", "a"));
            assertEquals("[17,4]\n", terminal.out());
        }
        try (FakeTerminal terminal = terminal()) {
            assertEquals(0, terminal.type("ps", "a", "-e", "-o", "pid"));
            assertEquals("table of 1000/a [-e, -o, pid]\n", terminal.out());
        }
    }

    /** What begins with @ is a word: the helper opens no file that somebody names, least of all with its own rights. */
    @Test
    @Requirement("EXT-DAEMON-01")
    void noArgumentIsAFileToBeRead() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), "treasure");
        assertFalse(fails(1, "state", "@" + secret).contains("treasure"));
    }

    @Test
    void aRunThatCannotStartLeavesNothing() throws Exception {
        containers.startFailure = Failure.host("keeper-died", Map.of("text", "x"), null);
        for (String[] words : new String[][] {{"run", "a"}, {"run", "--detach", "a"}}) {
            fails(1, words);
            assertEquals("delete 1000/a force", List.copyOf(containers.asked).getLast());
        }
    }

    @Test
    void anExitThatNobodySawIsNotMadeUp() throws Exception {
        containers.exitAtStart = ExitView.UNKNOWN;
        assertTrue(fails(1, "run", "a").contains("nobody saw how"));
    }

    @Test
    @Requirement("CLI-SPEC-01")
    void specWritesAConfigurationOnceAndItIsValid() throws Exception {
        Path config = directory.resolve("config.json");
        Files.delete(config);
        succeeds("spec");
        String text = Files.readString(config);
        assertTrue(text.contains("\"ociVersion\""));
        assertEquals("", succeeds("validate"));
        assertTrue(succeeds("explain").startsWith("create, by the rules of 1.3\n"));
        assertTrue(new ObjectMapper()
                .readTree(succeeds("explain", "--format=json"))
                .at("/plans/0/steps/0")
                .has("call"));
        String bundle = directory.toString();
        assertEquals(succeeds("explain"), succeeds("explain", bundle));
        assertEquals(succeeds("explain", "--format=json"), succeeds("explain", "--json", bundle));
        assertEquals(succeeds("validate", "--format=json"), succeeds("validate", "--json", bundle));
        assertEquals(succeeds("convert"), succeeds("convert", bundle));
        assertTrue(fails(1, "explain", bundle + "/nowhere").contains(bundle + "/nowhere/config.json"));
        assertTrue(fails(2, "explain", "-b", bundle, bundle).contains("too many"));
        Files.writeString(config, "mine");
        assertTrue(fails(1, "spec").contains("will not overwrite"));
        assertEquals("mine", Files.readString(config));
    }

    @Test
    @Requirement({"ERR-04", "CFG-07"})
    void validatePrintsFindingsAsDataWithTheEditThatMends() throws Exception {
        Files.writeString(
                directory.resolve("config.json"),
                "{\"ociVersion\":\"1.3\",\"root\":{\"path\":\"r\"},"
                        + "\"linux\":{\"namespaces\":[{\"type\":\"mount\"}],\"resources\":{\"unified\":{\"no.such\":\"1\"}}}}");
        try (FakeTerminal terminal = terminal()) {
            assertEquals(1, terminal.type("validate", "--format=json"));
            JsonNode first = new ObjectMapper().readTree(terminal.out()).at("/findings/1");
            assertEquals("version-malformed", first.path("code").asString());
            assertEquals("1:15", first.path("line") + ":" + first.path("column"));
            assertEquals("config.md §Specification version", first.path("rule").asString());
            assertEquals(
                    "{\"edit\":\"set\",\"pointer\":\"/ociVersion\",\"value\":\"1.3.0\"}",
                    first.path("fix").toString());
        }
    }

    @Test
    @Requirement({"CLI-START-01", "DRAFT-0.3-16", "DRAFT-0.4-04", "DRAFT-0.4-05"})
    void startWithABundleMakesAndRunsInVersionsThatHaveIt() throws Exception {
        Path config = directory.resolve("config.json");
        Files.writeString(config, old("RLIMIT_CORE"));
        succeeds("start", "old", directory.toString());
        assertEquals(
                List.of("create 1000/old", "start 1000/old"),
                List.copyOf(containers.asked).subList(0, 2));
        assertEquals(directory.toString(), containers.lastRequest.bundle());
        assertTrue(fails(1, "start", "old", directory.toString()).contains("old"), "an id that is taken");

        containers.asked.clear();
        Files.writeString(config, "{\"ociVersion\":\"1.3.0\"}");
        assertTrue(fails(1, "start", "new", directory.toString()).contains("by create and start"));
        assertTrue(containers.asked.isEmpty(), containers.asked::toString);
        assertTrue(fails(1, "start", "nobody").contains("does not exist"));
    }

    private static String old(String limit) {
        String arch = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        return """
            {
              "ociVersion": "0.3.0",
              "platform": { "os": "linux", "arch": "%s" },
              "process": { "user": { "uid": 0, "gid": 0 }, "args": ["sh"], "env": ["PATH=/bin"], "cwd": "/" },
              "root": { "path": "rootfs" },
              "linux": {
                "namespaces": [ { "type": "mount" } ],
                "capabilities": [ "CAP_KILL" ],
                "rlimits": [ { "type": "%s", "hard": 9, "soft": 9 } ]
              }
            }
            """.formatted(arch, limit);
    }

    @Test
    @Requirement({"CLI-VALID-01", "DRAFT-03", "WB-08"})
    void convertPrintsTheNewConfigurationOrTheReportAndNeverLosesInSilence() throws Exception {
        Path config = directory.resolve("config.json");
        Files.writeString(config, old("RLIMIT_CORE"));
        try (FakeTerminal terminal = terminal()) {
            assertEquals(0, terminal.type("convert", "--to", "1.3"));
            assertEquals(
                    "1.3.0",
                    new ObjectMapper()
                            .readTree(terminal.out())
                            .path("ociVersion")
                            .asString());
            assertTrue(terminal.err().contains("warning: /platform: "), terminal.err());
        }
        String report = succeeds("convert", "--report");
        assertTrue(
                report.startsWith("from 0.3 to 1.3\n  moved /linux/capabilities: moved to /process/capabilities"),
                report);
        assertTrue(report.contains("\n! dropped /platform: "), report);
        JsonNode first =
                new ObjectMapper().readTree(succeeds("convert", "--json")).at("/changes/0");
        assertEquals(
                "moved /linux/capabilities /process/capabilities 0.4 false",
                first.path("kind").asString() + " " + first.path("from").asString() + " "
                        + first.path("to").asString() + " "
                        + first.path("profile").asString() + " "
                        + first.path("loss").asBoolean());
        assertEquals(old("RLIMIT_CORE"), Files.readString(config), "nothing is written");
        assertTrue(containers.asked.isEmpty());
        assertTrue(fails(1, "convert", "--to", "0.2").contains("which is older"));
        assertTrue(fails(1, "convert", "--to", "7").contains("there is no profile '7': there are 0.2, 0.3, "));
    }

    @Test
    @Requirement({"CFG-04", "DRAFT-0.2-01", "DRAFT-1.X-03", "CLI-VALID-01"})
    void oldVersionsAreJudgedByTheirRulesAtTheirOwnPlaces() throws Exception {
        Path config = directory.resolve("config.json");
        Files.writeString(config, old("RLIMIT_NONSENSE"));
        try (FakeTerminal terminal = terminal()) {
            assertEquals(1, terminal.type("validate"));
            assertTrue(terminal.out().contains("config.json:9:28: error: "), terminal.out());
            assertTrue(terminal.out().contains("(/linux/rlimits/0/type)"), terminal.out());
        }
        Files.writeString(config, old("RLIMIT_CORE"));
        assertTrue(succeeds("explain").startsWith("create, by the rules of 0.3\n"), succeeds("explain"));
        assertTrue(fails(1, "explain", "--profile", "0.2").contains("second file, runtime.json"));

        Files.writeString(
                config,
                "{\"version\":\"0.2.0\",\"platform\":{\"os\":\"linux\",\"arch\":\"z80\"},"
                        + "\"root\":{\"path\":\"r\"},\"process\":{\"user\":{\"uid\":0,\"gid\":0},\"args\":[\"a\"],\"cwd\":\"/\"}}");
        assertTrue(fails(1, "validate").contains("runtime.json"));
        Files.writeString(
                directory.resolve("runtime.json"),
                "{\n  \"linux\": { \"namespaces\": [ { \"type\": \"mount\" } ],\n  \"sysctl\": 7 }\n}");
        try (FakeTerminal terminal = terminal()) {
            assertEquals(1, terminal.type("validate"));
            assertTrue(terminal.out().contains("runtime.json:3:13: error: "), terminal.out());
        }
        Files.writeString(directory.resolve("runtime.json"), "{\"linux\":{\"namespaces\":[{\"type\":\"mount\"}]}}");
        try (FakeTerminal terminal = terminal()) {
            assertEquals(1, terminal.type("validate"));
            assertTrue(terminal.out().contains("this is for z80, and this machine is "), terminal.out());
        }
    }

    /** What this machine can't do is told beside what the text says. */
    @Test
    @Requirement({"OPS-CREATE-10", "CG2-UNI-02"})
    void validateAsksTheMachineToo() throws Exception {
        Files.writeString(
                directory.resolve("config.json"),
                "{\"ociVersion\":\"1.3.0\",\"root\":{\"path\":\"r\"},"
                        + "\"linux\":{\"namespaces\":[{\"type\":\"mount\"}],\"resources\":{\"unified\":{\"no.such\":\"1\"}}}}");
        try (FakeTerminal terminal = terminal()) {
            assertEquals(1, terminal.type("validate"));
            assertTrue(terminal.out().contains("error: this host offers no cgroup controller 'no'"), terminal.out());
        }
    }

    @Test
    void validateSaysWhereAndExplainRefuses() throws Exception {
        Files.writeString(directory.resolve("config.json"), "{\n  \"ociVersion\": 7\n}");
        try (FakeTerminal terminal = terminal()) {
            assertEquals(1, terminal.type("validate"));
            assertTrue(terminal.out().contains("config.json:2:17: error: "), terminal.out());
            assertTrue(terminal.out().contains("(/ociVersion) [config.md §Specification version]"), terminal.out());
        }
        assertTrue(fails(1, "explain").contains("config.json"));
    }

    @Test
    @Requirement("CLI-FEAT-01")
    void featuresAreJson() throws Exception {
        JsonNode features = Wire.tree(succeeds("features").getBytes(UTF_8));
        assertEquals("1.3.0", features.at("/ociVersionMax").stringValue());
    }

    @Test
    @Requirement("CLI-G-03")
    void errorsAreLoggedWhereTheyAreWanted() throws Exception {
        fails(1, "--log", "log", "--log-format", "json", "state", "x");
        fails(1, "--log", "log", "--log-format=json", "state", "y");
        List<String> lines = Files.readAllLines(directory.resolve("log"));
        assertEquals(2, lines.size());
        JsonNode last = Wire.tree(lines.getLast().getBytes(UTF_8));
        assertEquals("error", last.at("/level").stringValue());
        assertEquals("container does not exist: 'y'", last.at("/msg").stringValue());
        assertTrue(Instant.parse(last.at("/time").stringValue()).isAfter(Instant.EPOCH));
        assertTrue(fails(1, "--log", "no/such", "state", "x").contains("container does not exist"));
    }

    @ParameterizedTest
    @CsvSource({"--debug, true", "--log-level debug, true", "--log-level=info, false", "--log-level error, false"})
    @Requirement("CLI-G-04")
    void theLevelSaysWhatIsLogged(String level, boolean debug) throws Exception {
        succeeds(("--log log --log-format json " + level + " create a").split(" "));
        Path log = directory.resolve("log");
        List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
        assertEquals(debug ? 1 : 0, lines.size());
        for (String line : lines) {
            JsonNode only = Wire.tree(line.getBytes(UTF_8));
            assertEquals("debug", only.at("/level").stringValue());
            assertTrue(only.at("/msg").stringValue().endsWith(" create a"), line);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--rootless=true", "--rootless false", "--rootless auto"})
    @Requirement("CLI-G-06")
    void rootlessIsAcceptedAndChangesNothing(String option) throws Exception {
        succeeds((option + " create a").split(" "));
        assertEquals(List.of("create 1000/a"), List.copyOf(containers.asked));
    }

    @Test
    @Requirement("CLI-G-03")
    void theLogAsTextIsOneQuotedLineForEachError() throws Exception {
        fails(1, "--log", "log", "state", "x");
        fails(1, "--log", "log", "--log-format", "text", "kill", "y", "NO\"SUCH");
        List<String> lines = Files.readAllLines(directory.resolve("log"));
        assertEquals(2, lines.size());
        String time = "time=\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ\" ";
        assertTrue(
                lines.getFirst().matches(time + "level=error msg=\"container does not exist: 'x'\""), lines::toString);
        assertTrue(lines.getLast().matches(time + "level=error msg=\".*'NO\\\\\"SUCH'.*\""), lines::toString);
    }

    @Test
    @Requirement({"CLI-G-03", "CLI-G-13"})
    void whatIsNotUnderstoodIsLoggedTooOnceALogIsNamed() throws Exception {
        fails(2, "--log", "log", "--log-format", "json", "state", "x", "--nonsense");
        fails(2, "--log", "log", "--log-format", "json", "state");
        fails(2, "--log", "log", "--log-format", "json");
        fails(2, "--nonsense", "--log", "other", "state", "x");
        List<String> lines = Files.readAllLines(directory.resolve("log"));
        List<String> said = new ArrayList<>();
        for (String line : lines) {
            JsonNode each = Wire.tree(line.getBytes(UTF_8));
            assertEquals("error", each.at("/level").stringValue());
            said.add(each.at("/msg").stringValue());
        }
        assertEquals(
                List.of("no such option: '--nonsense'", "Missing required parameter: 'ID'", "a command is missing"),
                said);
    }

    @Test
    @Requirement({"CAP-03", "ERR-02"})
    void doubtsAreWarningsInTheLogOrOnStandardErrorAndNoFailures() throws Exception {
        containers.doubts = List.of(new Finding(
                "capability-not-grantable",
                Severity.WARNING,
                "/process/capabilities/bounding/0",
                1,
                1,
                Map.of("capability", "CAP_BPF"),
                "",
                Optional.empty()));
        String sentence = "CAP_BPF can't be granted here, continuing without it (/process/capabilities/bounding/0)";
        try (FakeTerminal terminal = terminal()) {
            assertEquals(0, terminal.type("create", "a"));
            assertEquals("slipway: warning: " + sentence + "\n", terminal.err());
        }
        succeeds("--log", "log", "--log-format", "json", "create", "b");
        succeeds("--log", "log", "--log-level", "error", "create", "c");
        List<String> lines = Files.readAllLines(directory.resolve("log"));
        assertEquals(1, lines.size());
        JsonNode only = Wire.tree(lines.getLast().getBytes(UTF_8));
        assertEquals("warning", only.at("/level").stringValue());
        assertEquals(sentence, only.at("/msg").stringValue());
    }

    @Test
    @Requirement("CLI-G-02")
    void anotherStateDirectoryIsAnotherSetOfContainers() throws Exception {
        succeeds("create", "a");
        assertEquals("a\n", succeeds("--root", FakeTerminal.ROOT + "/", "list", "-q"));
        assertEquals("", succeeds("--root", "/elsewhere", "list", "-q"));
        assertTrue(fails(1, "--root", "/elsewhere", "state", "a").contains("container does not exist"));
        assertTrue(fails(1, "--root", "/elsewhere", "kill", "a").contains("container does not exist"));
        succeeds("--root", "/elsewhere", "delete", "--force", "a");
        assertEquals(List.of("create 1000/a"), List.copyOf(containers.asked));
        succeeds("--root", "/elsewhere", "create", "b");
        assertEquals(Optional.of("/elsewhere"), containers.lastRequest.set());
        succeeds("--root", FakeTerminal.ROOT, "create", "c");
        assertEquals(Optional.empty(), containers.lastRequest.set());
    }

    @Test
    void theConfinedMakeNothingUnlessItBecomesThem() throws Exception {
        for (String[] words : new String[][] {{"create", "a"}, {"run", "a"}}) {
            try (var terminal = new FakeTerminal(reactor, directory, containers, Tier.CONFINED)) {
                assertEquals(1, terminal.type(words));
                assertTrue(terminal.err().startsWith("slipway: permission denied: "), terminal.err());
            }
        }
        assertTrue(containers.asked.isEmpty());
        try (var terminal = new FakeTerminal(reactor, directory, containers, Tier.CONFINED)) {
            assertEquals(0, terminal.type("list", "-q"));
        }
    }

    @Test
    void framesAgainstTheProtocolEndTheConnection() throws Exception {
        byte[][] wrong = {
            {0, 0, 0, 0, 0}, // no type
            {1, 0, 0, 0, 2}, // not HELLO
            {-1, -1, -1, -1, 1}, // longer than anything
            {5, 0, 0, 0, 1, -1, -1, -1, -1}, // a count that cannot be
            {5, 0, 0, 0, 1, 1, 0, 0, 0}, // cut short
        };
        for (byte[] bytes : wrong) {
            try (FakeTerminal terminal = terminal()) {
                terminal.raw(bytes);
                assertEquals(
                        "the helper hung up",
                        assertThrows(IOException.class, terminal::serve).getMessage());
            }
        }
        assertTrue(containers.asked.isEmpty());
    }

    @Test
    void whatComesWithAFrameThatIsCutShortIsClosed() throws Exception {
        Fd[] pipe = Descriptors.pipe(Descriptors.O_NONBLOCK);
        try (FakeTerminal terminal = terminal();
                Fd reading = pipe[0]) {
            terminal.hello(0, "create", "--bundle", "b", "a"); // which asks for a file, and waits for the answer
            terminal.send(new Frame.Writer(Frame.DONE), List.of(pipe[1]));
            pipe[1].close();
            assertTrue(reactor.awaitReadable(reading, Duration.ofSeconds(5)), "the writing end is still held");
        }
    }

    private String asked(String word) {
        return containers.asked.stream()
                .filter(line -> line.startsWith(word + " "))
                .reduce((_, last) -> last)
                .orElse("");
    }

    @Test
    @Requirement("EXT-LIST-01")
    void aBrokenContainerIsListedWithTheReason() throws Exception {
        assertEquals("", succeeds("create", "a"));
        containers.broken = List.of(new BrokenView(new Owned(1000, new ContainerId("b")), "its record is cut off"));
        try (FakeTerminal terminal = terminal()) {
            assertEquals(0, terminal.type("list"));
            assertTrue(
                    terminal.out().contains("\na   ") && terminal.out().contains("\nb   0     unknown"),
                    terminal.out());
            assertEquals(
                    "slipway: warning: the record of container 'b' can't be used: its record is cut off\n",
                    terminal.err());
        }
        try (FakeTerminal terminal = terminal()) {
            assertEquals(0, terminal.type("list", "--format", "json"));
            JsonNode list = new ObjectMapper().readTree(terminal.out());
            assertEquals(2, list.size());
            assertEquals("its record is cut off", list.at("/1/problem").asString());
        }
    }

    @Test
    @Requirement({"CLI-PAUSE-01", "CLI-STOP-01"})
    void pauseResumeAndStopReachTheContainer() throws Exception {
        assertEquals("", succeeds("create", "a"));
        assertEquals("", succeeds("start", "a"));
        assertEquals("", succeeds("pause", "a"));
        assertEquals("pause 1000/a", asked("pause"));
        assertEquals("", succeeds("resume", "a"));
        assertEquals("", succeeds("stop", "--signal", "USR1", "--time", "3", "--delete", "a"));
        assertEquals("stop 1000/a 10 3 delete", asked("stop"));
        assertTrue(fails(1, "stop", "--signal", "NONE", "a").contains("NONE"));
        assertTrue(fails(1, "stop", "--time", "-1", "a").contains("--time"));
        assertTrue(fails(1, "resume", "a").contains("a"));
    }

    @Test
    @Requirement({"CLI-UPDATE-01", "CLI-UPDATE-02", "CLI-UPDATE-03"})
    void updateByAFileOrByOptions() throws Exception {
        assertEquals("", succeeds("create", "a"));
        Files.writeString(directory.resolve("r.json"), "{\"pids\":{\"limit\":5},\"devices\":[],\"unified\":{}}");
        assertEquals("", succeeds("update", "-r", "r.json", "a"));
        assertEquals(
                "update 1000/a {\"linux\":{\"resources\":{\"pids\":{\"limit\":5},\"devices\":[],\"unified\":{}}}}",
                asked("update"));
        assertEquals(
                "",
                succeeds(
                        "update",
                        "--blkio-weight",
                        "10",
                        "--cpu-period",
                        "1",
                        "--cpu-quota",
                        "-1",
                        "--cpu-burst",
                        "2",
                        "--cpu-share",
                        "3",
                        "--cpu-rt-period",
                        "4",
                        "--cpu-rt-runtime",
                        "5",
                        "--cpu-idle",
                        "1",
                        "--cpuset-cpus",
                        "0-1",
                        "--cpuset-mems",
                        "0",
                        "--memory",
                        "1.5g",
                        "--memory-reservation=64MiB",
                        "--memory-swap",
                        "-1",
                        "--pids-limit",
                        "7",
                        "--l3-cache-schema",
                        "L3:0=f",
                        "--mem-bw-schema",
                        "MB:0=50",
                        "a"));
        assertEquals(
                "update 1000/a {\"linux\":{\"resources\":{\"blockIO\":{\"weight\":10},\"cpu\":{\"period\":1,\"quota\":-1,"
                        + "\"burst\":2,\"shares\":3,\"realtimePeriod\":4,\"realtimeRuntime\":5,\"idle\":1,\"cpus\":\"0-1\","
                        + "\"mems\":\"0\"},\"memory\":{\"limit\":1610612736,\"reservation\":67108864,\"swap\":-1},"
                        + "\"pids\":{\"limit\":7}},\"intelRdt\":{\"l3CacheSchema\":\"L3:0=f\",\"memBwSchema\":\"MB:0=50\"}}}",
                asked("update"));
        Files.writeString(directory.resolve("c.json"), "{\"process\":{\"oomScoreAdj\":5}}");
        assertEquals("", succeeds("update", "--changes", "c.json", "a"));
        assertEquals("update 1000/a {\"process\":{\"oomScoreAdj\":5}}", asked("update"));
        containers.asked.clear();
        assertTrue(fails(1, "update", "--memory", "many", "a").contains("many"));
        assertTrue(fails(1, "update", "--pids-limit", "5x", "a").contains("5x"));
        assertTrue(fails(1, "update", "--memory", "99999999999g", "a").contains("no size"));
        assertTrue(fails(1, "update", "-r", "nowhere.json", "a").contains("nowhere.json"));
        assertTrue(fails(1, "update", "-r", "r.json", "--memory", "5m", "a").contains("two ways"));
        assertTrue(fails(1, "update", "--memory", "5m").contains("id"));
        Files.writeString(directory.resolve("broken.json"), "{\"pids\":");
        assertTrue(fails(1, "update", "-r", "broken.json", "a").contains("nothing was changed"));
        assertEquals("", asked("update"), "none of these reached the containers");
    }

    @Test
    @Requirement({"LIVE-R-04", "LIVE-R-06", "CLI-UPDATE-01"})
    void whatTheKernelMadeOfAValueIsAWarningAndTheTableIsPrinted() throws Exception {
        assertEquals("", succeeds("create", "a"));
        containers.notices = List.of(new Finding(
                "live-differs",
                Severity.WARNING,
                "/linux/resources/memory/limit",
                0,
                0,
                Map.of("member", "/linux/resources/memory/limit", "value", "5", "found", "4"),
                "config-linux.md",
                Optional.empty()));
        try (FakeTerminal terminal = terminal()) {
            assertEquals(0, terminal.type("update", "--pids-limit", "5", "a"));
            assertTrue(terminal.err().startsWith("slipway: warning: "), terminal.err());
            assertTrue(terminal.err().contains("the kernel made '4' of '5'"), terminal.err());
        }
        containers.notices = List.of();
        JsonNode table = new ObjectMapper().readTree(succeeds("update", "--explain"));
        assertEquals("LIVE-MEM-01", table.at("/rows/0/id").asString());
        JsonNode planned = new ObjectMapper().readTree(succeeds("update", "--explain", "--pids-limit", "5", "a"));
        assertTrue(planned.at("/plan/steps/0/call").asString().contains("freeze"), planned::toString);
        assertTrue(asked("update").endsWith(" explain"));
    }

    @Test
    @Requirement("CLI-EVENTS-01")
    void statisticsAndEventsAreLinesOfJson() throws Exception {
        assertEquals("", succeeds("create", "a"));
        assertEquals("{\"type\":\"stats\",\"id\":\"a\",\"data\":{\"pids\":7}}\n", succeeds("events", "--stats", "a"));
        assertTrue(fails(1, "events", "--interval", "5", "a").contains("'5'"));
        assertTrue(fails(1, "events", "--interval", "0s", "a").contains("'0s'"));
        assertEquals(Duration.ofMillis(90_500), EventsCommand.duration("1m30.5s"));
        containers.asked.clear();
        var typed = new FutureTask<>(() -> succeeds("events", "--interval", "1h", "a"));
        Thread.ofVirtual().start(typed);
        while (containers.watchers() == 0 || asked("statistics").isEmpty()) {
            Thread.sleep(5);
        }
        containers.tell(new org.slipway.helper.lifecycle.Event.OutOfMemory(A));
        containers.tell(new org.slipway.helper.lifecycle.Event.OutOfMemory(new Owned(1000, new ContainerId("b"))));
        containers.end(A, ExitView.UNKNOWN);
        assertEquals(
                "{\"type\":\"stats\",\"id\":\"a\",\"data\":{\"pids\":7}}\n{\"type\":\"oom\",\"id\":\"a\"}\n",
                typed.get());
    }
}

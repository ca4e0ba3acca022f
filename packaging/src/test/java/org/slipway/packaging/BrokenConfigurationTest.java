package org.slipway.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.model.test.Requirement;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The rules' own table of broken configurations, handed to the real command line and helper: each is refused with the pointer
 * of what is wrong, before anything is made.
 */
final class BrokenConfigurationTest extends KernelTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CLEAN = """
            {"ociVersion":"1.3.0",
             "process":{"user":{"uid":0,"gid":0},"args":["sh"],"env":["PATH=/bin"],"cwd":"/"},
             "root":{"path":"rootfs"},"hostname":"box",
             "mounts":[{"destination":"/proc","type":"proc","source":"proc"}],
             "linux":{"namespaces":[{"type":"pid"},{"type":"mount"},{"type":"uts"}]}}
            """;

    /** A line of the table: what is changed, and the pointers of the errors that follow. */
    private record Case(String line, ObjectNode config, List<String> pointers) {}

    @AfterEach
    void helperIsAlive() {
        assertTrue(helper.alive(), helper::said);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "structure",
                "version",
                "process",
                "scheduling",
                "memory-policy",
                "names",
                "mounts",
                "hooks",
                "annotations",
                "namespaces",
                "devices",
                "resources",
                "sysctl",
                "seccomp",
                "paths"
            })
    @Requirement({"CFG-07", "CFG-08", "ERR-01", "OPS-CREATE-09"})
    void eachIsRefusedAtItsPlaceBeforeAnythingIsMade(String table) throws Exception {
        Path bundle = Files.createDirectories(work.resolve("broken-" + table));
        List<String> wrong = new ArrayList<>();
        int refused = 0;
        for (Case broken : broken(table)) {
            Files.writeString(bundle.resolve("config.json"), broken.config().toString());
            var result = helper.slipway("create", "--bundle", bundle.toString(), "broken");
            boolean told =
                    broken.pointers().stream().anyMatch(pointer -> result.err().contains("(" + pointer + ")"));
            if (result.status() != 1
                    || !told
                    || result.complaints().size() != 1
                    || !result.out().isEmpty()) {
                wrong.add(broken.line() + " gave " + result);
            }
            if (Files.exists(helper.record("broken"))) {
                wrong.add(broken.line() + " left a record");
            }
            refused++;
        }
        assertEquals(List.of(), wrong);
        assertTrue(refused > 0, "the table has no broken configuration");
    }

    /** What the schema lets pass is refused, and what it does not know is taken (a container is not started here). */
    @Test
    @Requirement({"CFG-13", "CFG-06", "CFG-11", "CFG-10"})
    void unknownMembersAndOtherPlatformsAreTaken() {
        var bundle = bundle("true").edit(config -> {
            config.put("x-mine", 1);
            config.withObject("/windows").put("layerFolders", 7);
            config.withObject("/process").put("x-odd", "a").putNull("oomScoreAdj");
            config.withObject("/linux").putNull("seccomp").withObject("/x-new").putArray("y");
        });
        helper.create("extended", bundle);
        gone("extended");
    }

    @Test
    @Requirement({"CFG-01", "CFG-02", "BUN-01"})
    void textThatIsNoConfigurationIsRefusedByItsLine() throws Exception {
        Path bundle = Files.createDirectories(work.resolve("no-text"));
        for (byte[] text : List.of(
                new byte[0],
                "[]".getBytes(StandardCharsets.UTF_8),
                "{\n\"a\":1,\n\"a\":2}".getBytes(StandardCharsets.UTF_8),
                "{\n\"a\":{\"b\":1,\n\"b\":2}}".getBytes(StandardCharsets.UTF_8),
                "{\"a\":1}}".getBytes(StandardCharsets.UTF_8),
                "{\"a\":\"\\ud800\"}".getBytes(StandardCharsets.UTF_8),
                new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'},
                new byte[] {(byte) 0xef, (byte) 0xbb, (byte) 0xbf, '{', '}'})) {
            Files.write(bundle.resolve("config.json"), text);
            var result = helper.slipway("create", "--bundle", bundle.toString(), "textless");
            assertEquals(1, result.status(), result::toString);
            assertEquals(1, result.complaints().size(), result::err);
            assertTrue(result.err().contains("(line "), result::err);
            assertFalse(Files.exists(helper.record("textless")));
        }
    }

    /** Big, deep, long and wide: an error each, from a helper with a heap of 256 MiB, which then still works. */
    @Test
    @Requirement("CFG-14")
    void hostileTextEndsWithAnErrorAndTheHelperGoesOn() throws Exception {
        Path bundle = Files.createDirectories(work.resolve("hostile"));
        String big = "x".repeat(10 << 20);
        List<String> texts = List.of(
                CLEAN.replace("\"box\"", "\"" + big + "\""),
                CLEAN.replace("\"box\"", "\"box\",\"x\":" + "[".repeat(10_000) + "]".repeat(10_000)),
                CLEAN.replace("\"box\"", "\"box\",\"x\":" + "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000)),
                CLEAN.replace("[\"sh\"]", "[" + "\"a\",".repeat(1_000_000) + "\"a\"]"),
                CLEAN.replace("\"uid\":0", "\"uid\":1e999999999"),
                CLEAN.replace("\"uid\":0", "\"uid\":" + "9".repeat(100_000)),
                "{\"a\":\"" + big,
                "\n".repeat(20 << 20) + "{}");
        for (String text : texts) {
            Files.writeString(bundle.resolve("config.json"), text);
            var result = helper.slipway("create", "--bundle", bundle.toString(), "hostile");
            assertEquals(1, result.status(), () -> result.toString().substring(0, 500));
            assertEquals(1, result.complaints().size());
            assertTrue(result.err().length() < 4096, "the complaint is as long as what it is about");
            assertTrue(helper.alive(), helper::said);
        }
        helper.create("after", bundle("true"));
        gone("after");
    }

    private static List<Case> broken(String table) {
        List<Case> cases = new ArrayList<>();
        for (String line : lines(table)) {
            String[] columns = line.split(" \\| ?", -1);
            List<String> pointers = Arrays.stream(columns.length < 3 ? new String[0] : columns[2].split("; ", -1))
                    .filter(finding -> finding.contains(" E "))
                    .map(finding ->
                            finding.substring(finding.indexOf(" E ") + 3).strip())
                    .toList();
            // who asks for a terminal is asked for a console first
            boolean terminal = columns[0].contains("/process/terminal");
            if (!line.startsWith("#") && !pointers.isEmpty() && !terminal) {
                cases.add(new Case(line, changed(columns[0].split(" ", -1), columns[1].split(" & ", -1)), pointers));
            }
        }
        return cases;
    }

    private static List<String> lines(String table) {
        try (InputStream file = BrokenConfigurationTest.class.getResourceAsStream("/rules/" + table + ".csv")) {
            if (file == null) {
                throw new IllegalStateException("no table " + table);
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectNode changed(String[] pointers, String[] values) {
        var config = (ObjectNode) JSON.readTree(CLEAN);
        for (int i = 0; i < pointers.length; i++) {
            set(config, pointers[i].substring(1).split("/", -1), values[i]);
        }
        return config;
    }

    /** Sets what a pointer leads to; objects on the way are made, {@code -} appends to a list, and as a value takes away. */
    private static void set(ObjectNode config, String[] way, String value) {
        JsonNode at = config;
        for (int i = 0; i < way.length - 1; i++) {
            at = at instanceof ArrayNode list
                    ? list.get(Integer.parseInt(way[i]))
                    : at.has(way[i]) ? at.get(way[i]) : ((ObjectNode) at).putObject(way[i]);
        }
        String last = way[way.length - 1];
        switch (at) {
            case ArrayNode list when value.equals("-") -> list.remove(Integer.parseInt(last));
            case ArrayNode list when last.equals("-") -> list.add(JSON.readTree(value));
            case ArrayNode list -> list.set(Integer.parseInt(last), JSON.readTree(value));
            default -> {
                if (value.equals("-")) {
                    ((ObjectNode) at).remove(last);
                } else {
                    ((ObjectNode) at).set(last, JSON.readTree(value));
                }
            }
        }
    }
}

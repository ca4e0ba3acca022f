package org.slipway.model.conformance;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slipway.model.json.Document;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The configuration of a run on several servers: a JSON object with the keys {@code Port}, {@code ServerListFile} and {@code Debug}.
 *
 * @param port where workers find the scheduler, 1 to 65535; with a list of servers there has to be one
 * @param serverListFile path of a file with a server a line
 * @param debug whether each case is told on the screen while it runs
 */
public record Settings(Optional<Integer> port, Optional<String> serverListFile, boolean debug) {

    private static final int LAST_PORT = 65535;

    /** What came of reading. */
    public sealed interface Read {}

    /** They are good. */
    public record Good(Settings settings) implements Read {}

    /**
     * They are not.
     *
     * @param code of the sentence
     * @param arguments of the sentence
     */
    public record Bad(String code, Map<String, String> arguments) implements Read {
        public Bad {
            arguments = Map.copyOf(arguments);
        }
    }

    /** Reads the bytes of a configuration. Never throws for what they hold. */
    public static Read read(byte[] bytes) {
        return switch (Document.parse(bytes)) {
            case Document.Good good -> of(good.document().tree());
            case Document.Broken broken ->
                new Bad(
                        "conformance-settings-broken",
                        Map.of(
                                "line", "" + broken.line(),
                                "column", "" + broken.column(),
                                "reason", broken.reason().code()));
        };
    }

    private static Read of(ObjectNode tree) {
        for (Map.Entry<String, JsonNode> member : tree.properties()) {
            Optional<Bad> bad = judge(member.getKey(), member.getValue());
            if (bad.isPresent()) {
                return bad.get();
            }
        }
        Settings settings = new Settings(
                tree.optional("Port").map(JsonNode::intValue),
                tree.optional("ServerListFile").map(JsonNode::stringValue),
                tree.optional("Debug").map(JsonNode::booleanValue).orElse(false));
        return settings.serverListFile.isPresent() && settings.port.isEmpty()
                ? new Bad("conformance-port-missing", Map.of())
                : new Good(settings);
    }

    private static Optional<Bad> judge(String key, JsonNode value) {
        return switch (key) {
            case "Port" ->
                value.isIntegralNumber()
                                && value.canConvertToInt()
                                && value.intValue() >= 1
                                && value.intValue() <= LAST_PORT
                        ? Optional.empty()
                        : wrong(key, "a whole number from 1 to " + LAST_PORT, value);
            case "ServerListFile" ->
                value.isString() && !value.stringValue().isEmpty() ? Optional.empty() : wrong(key, "a path", value);
            case "Debug" -> value.isBoolean() ? Optional.empty() : wrong(key, "true or false", value);
            default -> Optional.of(new Bad("conformance-setting-unknown", Map.of("key", key)));
        };
    }

    private static Optional<Bad> wrong(String key, String expected, JsonNode value) {
        return Optional.of(new Bad(
                "conformance-setting-wrong", Map.of("key", key, "expected", expected, "found", value.toString())));
    }

    /** The servers that a list names, one a line; empty lines and those that begin with {@code #} name none. */
    public static List<String> servers(String list) {
        return list.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    }
}

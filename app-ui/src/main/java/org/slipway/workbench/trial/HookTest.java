package org.slipway.workbench.trial;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slipway.model.json.Document;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Status;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is run when a hook is tested: its own program, arguments, environment and timeout, and the state on its standard input that a
 * runtime would have written there (config.md, POSIX-platform Hooks).
 *
 * @param args the whole argv; empty: the path alone
 * @param env the whole environment, {@code NAME=value}
 * @param timeoutSeconds absent: until it ends or is cancelled
 * @param folder where it runs
 */
public record HookTest(
        String path, List<String> args, List<String> env, Optional<Long> timeoutSeconds, String state, Path folder) {

    /** What no container is called, so that a hook that acts on the id finds nothing. */
    private static final String FALLBACK_ID = "test";

    public HookTest {
        args = List.copyOf(args);
        env = List.copyOf(env);
    }

    /**
     * The test of the hook at a pointer such as {@code /hooks/poststop/0}; empty if the document has no hook there that names a
     * program.
     *
     * @param pid of a live process, for hooks that look at {@code /proc}
     */
    static Optional<HookTest> of(Document document, String pointer, Path bundle, long pid) {
        String[] parts = pointer.split("/", -1);
        Optional<JsonNode> hook =
                parts.length == 4 && parts[1].equals("hooks") ? document.at(pointer) : Optional.empty();
        return hook.filter(node -> node.path("path").isString())
                .map(node -> new HookTest(
                        node.path("path").asString(),
                        texts(node.path("args")),
                        texts(node.path("env")),
                        node.path("timeout").isIntegralNumber()
                                ? Optional.of(node.path("timeout").asLong())
                                : Optional.empty(),
                        state(document, parts[2], bundle, pid),
                        bundle));
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(element -> texts.add(element.asString("")));
        return texts;
    }

    /** The state of a container of this bundle at the moment of a life in which hooks of that kind run. */
    private static String state(Document document, String kind, Path bundle, long pid) {
        Status status = status(kind);
        ObjectNode state = JsonNodeFactory.instance.objectNode();
        state.put(
                "ociVersion", document.at("/ociVersion").map(JsonNode::asString).orElse("1.3.0"));
        state.put(
                "id",
                Optional.ofNullable(bundle.getFileName())
                        .flatMap(name -> ContainerId.parse(name.toString()))
                        .map(id -> FALLBACK_ID + "-" + id.value().toLowerCase(Locale.ROOT))
                        .orElse(FALLBACK_ID));
        state.put("status", status.word());
        if (status != Status.STOPPED) {
            state.put("pid", pid);
        }
        state.put("bundle", bundle.toString());
        document.at("/annotations").filter(JsonNode::isObject).ifPresent(notes -> state.set("annotations", notes));
        return state.toString();
    }

    /** Which state a hook of a kind is told (runtime.md, Lifecycle). */
    private static Status status(String kind) {
        return switch (kind) {
            case "startContainer" -> Status.CREATED;
            case "poststart" -> Status.RUNNING;
            case "poststop" -> Status.STOPPED;
            default -> Status.CREATING;
        };
    }
}

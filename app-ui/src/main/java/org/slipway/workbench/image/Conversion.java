package org.slipway.workbench.image;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.slipway.model.spec.DefaultSpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The configuration of an image as one of a bundle (image-spec, conversion.md). */
final class Conversion {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String PREFIX = "org.opencontainers.image.";

    private Conversion() {}

    /**
     * The text of the bundle's config.json.
     *
     * @param uid whose bundle it is; anybody but root gets a user namespace in which they are root
     * @param passwd of the image, or empty
     * @param group of the image, or empty
     */
    static String config(Optional<JsonNode> image, int uid, int gid, String passwd, String group) throws ImageFailure {
        ObjectNode config = (ObjectNode) JSON.readTree(uid == 0 ? DefaultSpec.text() : DefaultSpec.rootless(uid, gid));
        ((ObjectNode) config.path("root")).put("readonly", false);
        if (image.isPresent()) {
            JsonNode run = image.get().path("config");
            ObjectNode process = (ObjectNode) config.path("process");
            process(process, run);
            user(process, run.path("User").asString(""), passwd, group);
            annotations(config.putObject("annotations"), image.get(), run);
        }
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(config) + "\n";
    }

    private static void process(ObjectNode process, JsonNode run) {
        String directory = run.path("WorkingDir").asString("");
        process.put("cwd", directory.startsWith("/") ? directory : "/" + directory);
        if (!run.path("Env").isEmpty()) {
            process.set("env", run.path("Env"));
        }
        ArrayNode arguments = JSON.createArrayNode();
        run.path("Entrypoint").forEach(arguments::add);
        run.path("Cmd").forEach(arguments::add);
        if (!arguments.isEmpty()) {
            process.set("args", arguments);
        }
    }

    private static void user(ObjectNode process, String user, String passwd, String group) throws ImageFailure {
        if (user.isEmpty()) {
            return;
        }
        int colon = user.indexOf(':');
        String name = colon < 0 ? user : user.substring(0, colon);
        Optional<List<String>> line = passwd.lines()
                .map(Conversion::columns)
                .filter(columns -> columns.size() > 3
                        && (columns.getFirst().equals(name) || columns.get(2).equals(name)))
                .findFirst();
        long uid = number(name)
                .or(() -> line.flatMap(columns -> number(columns.get(2))))
                .orElseThrow(() -> new ImageFailure("user", user));
        ObjectNode made = (ObjectNode) process.path("user");
        made.put("uid", uid);
        if (colon < 0) {
            made.put("gid", line.flatMap(columns -> number(columns.get(3))).orElse(0L));
            return;
        }
        String wanted = user.substring(colon + 1);
        made.put(
                "gid",
                number(wanted)
                        .or(() -> group.lines()
                                .map(Conversion::columns)
                                .filter(columns ->
                                        columns.size() > 2 && columns.getFirst().equals(wanted))
                                .findFirst()
                                .flatMap(columns -> number(columns.get(2))))
                        .orElseThrow(() -> new ImageFailure("user", user)));
    }

    private static List<String> columns(String line) {
        return List.of(line.split(":", -1));
    }

    private static Optional<Long> number(String text) {
        return text.matches("\\d{1,10}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
    }

    /** Labels come last: what the image's author wrote goes before what is derived. */
    private static void annotations(ObjectNode annotations, JsonNode image, JsonNode run) {
        for (String name : List.of("os", "architecture", "variant", "author", "created")) {
            image.path(name)
                    .asStringOpt()
                    .filter(value -> !value.isEmpty())
                    .ifPresent(value -> annotations.put(PREFIX + name, value));
        }
        run.path("StopSignal")
                .asStringOpt()
                .filter(value -> !value.isEmpty())
                .ifPresent(value -> annotations.put(PREFIX + "stopSignal", value));
        if (!run.path("ExposedPorts").isEmpty()) {
            annotations.put(
                    PREFIX + "exposedPorts",
                    String.join(",", new TreeSet<>(run.path("ExposedPorts").propertyNames())));
        }
        run.path("Labels").properties().forEach(label -> annotations.set(label.getKey(), label.getValue()));
    }
}

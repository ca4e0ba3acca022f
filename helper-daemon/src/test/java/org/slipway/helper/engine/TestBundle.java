package org.slipway.helper.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A bundle of static busybox and the default configuration, to be changed by each test. */
final class TestBundle {

    private static final JsonMapper JSON = new JsonMapper();

    final Path path;
    final ObjectNode config;

    private TestBundle(Path path, ObjectNode config) {
        this.path = path;
        this.config = config;
    }

    static TestBundle in(Path folder) throws IOException {
        Path rootfs = Files.createDirectories(folder.resolve("rootfs"));
        for (String name : List.of("bin", "proc", "sys", "dev", "etc", "tmp")) {
            Files.createDirectories(rootfs.resolve(name));
        }
        Files.copy(Path.of("/bin/busybox"), rootfs.resolve("bin/busybox"));
        rootfs.resolve("bin/busybox").toFile().setExecutable(true);
        for (String name : List.of("sh", "true", "false", "sleep", "echo", "cat", "kill", "trap", "env", "id", "ps")) {
            Files.createSymbolicLink(rootfs.resolve("bin/" + name), Path.of("busybox"));
        }
        try (var text = org.slipway.model.spec.Spec.class.getResourceAsStream("default.json")) {
            ObjectNode config = (ObjectNode) JSON.readTree(text);
            process(config).put("terminal", false);
            return new TestBundle(folder, config);
        }
    }

    private static ObjectNode process(ObjectNode config) {
        return (ObjectNode) config.get("process");
    }

    TestBundle args(String... args) {
        ArrayNode array = process(config).putArray("args");
        List.of(args).forEach(array::add);
        return this;
    }

    TestBundle hook(String kind, String path, String... args) {
        ObjectNode hooks = config.has("hooks") ? (ObjectNode) config.get("hooks") : config.putObject("hooks");
        ArrayNode list = hooks.has(kind) ? (ArrayNode) hooks.get(kind) : hooks.putArray(kind);
        ObjectNode hook = list.addObject();
        hook.put("path", path);
        ArrayNode array = hook.putArray("args");
        List.of(args).forEach(array::add);
        return this;
    }

    TestBundle hookTimeout(String kind, int seconds) {
        ((ObjectNode) config.get("hooks").get(kind).get(0)).put("timeout", seconds);
        return this;
    }

    ObjectNode linux() {
        return (ObjectNode) config.get("linux");
    }

    ObjectNode process() {
        return process(config);
    }

    byte[] bytes() {
        return config.toString().getBytes(StandardCharsets.UTF_8);
    }
}

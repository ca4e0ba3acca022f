package org.slipway.workbench.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is imported: an archive of {@code docker save}, an OCI image layout, or a root filesystem without a configuration.
 *
 * @param layers lowest first
 * @param configuration of the image, if it has one
 */
record Image(List<Layer> layers, Optional<JsonNode> configuration) {

    private static final int MOST_LAYERS = 512;
    private static final int MOST_INDEXES = 4;
    private static final JsonMapper JSON = new JsonMapper();

    /** Finds out what a file or folder is, and reads its documents. */
    static Image of(Path source, String architecture, Bounds bounds, Watch watch) throws IOException {
        if (Files.isDirectory(source)) {
            Blobs folder = new Blobs.Folder(source);
            if (!folder.has("oci-layout")) {
                throw new ImageFailure("unknown", source);
            }
            return layout(folder, architecture, bounds);
        }
        Blobs blobs = Blobs.Archive.of(source, bounds, watch);
        if (blobs.has("manifest.json")) {
            return docker(blobs, source, bounds);
        }
        if (blobs.has("oci-layout")) {
            return layout(blobs, architecture, bounds);
        }
        Layer only = new Layer(source.toString(), () -> Files.newInputStream(source), List.of(), List.of());
        return new Image(List.of(only), Optional.empty());
    }

    private static Image docker(Blobs blobs, Path source, Bounds bounds) throws IOException {
        JsonNode images = json(blobs.document("manifest.json", bounds), "manifest.json");
        if (images.size() != 1) {
            throw new ImageFailure("several", source, images.size());
        }
        String name = images.path(0).path("Config").asString("");
        JsonNode configuration = json(blobs.document(name, bounds), name);
        List<String> layers = new ArrayList<>();
        images.path(0).path("Layers").forEach(layer -> layers.add(layer.asString("")));
        return new Image(layers(blobs, layers, List.of(), configuration), Optional.of(configuration));
    }

    private static Image layout(Blobs blobs, String architecture, Bounds bounds) throws IOException {
        JsonNode document = json(blobs.document("index.json", bounds), "index.json");
        for (int depth = 0; document.path("manifests").isArray(); depth++) {
            if (depth >= MOST_INDEXES) {
                throw new ImageFailure(
                        "several", "index.json", document.path("manifests").size());
            }
            document = described(blobs, choose(document.path("manifests"), architecture), bounds);
        }
        JsonNode configuration = described(blobs, document.path("config"), bounds);
        List<String> names = new ArrayList<>();
        List<String> digests = new ArrayList<>();
        for (JsonNode layer : document.path("layers")) {
            String digest = layer.path("digest").asString("");
            names.add(blob(digest));
            digests.add(digest);
        }
        return new Image(layers(blobs, names, digests, configuration), Optional.of(configuration));
    }

    private static JsonNode choose(JsonNode manifests, String architecture) throws ImageFailure {
        List<JsonNode> fitting = new ArrayList<>();
        for (JsonNode each : manifests) {
            String wanted = each.path("platform").path("architecture").asString(architecture);
            if (wanted.equals(architecture)
                    && each.path("platform").path("os").asString("linux").equals("linux")) {
                fitting.add(each);
            }
        }
        if (fitting.size() != 1) {
            throw new ImageFailure("platform", architecture, fitting.size());
        }
        return fitting.getFirst();
    }

    private static JsonNode described(Blobs blobs, JsonNode descriptor, Bounds bounds) throws IOException {
        String digest = descriptor.path("digest").asString("");
        String name = blob(digest);
        byte[] bytes = blobs.document(name, bounds);
        Layer.check(digest, Layer.algorithm(digest).digest(bytes), name);
        return json(bytes, name);
    }

    /** Where a layout keeps what has a digest; a digest is letters, digits and one colon, and thus no way out. */
    private static String blob(String digest) throws ImageFailure {
        if (!digest.matches("[a-z0-9]+:[0-9a-f]+")) {
            throw new ImageFailure("digest-unknown", digest);
        }
        return "blobs/" + digest.replace(':', '/');
    }

    private static List<Layer> layers(Blobs blobs, List<String> names, List<String> packed, JsonNode configuration)
            throws ImageFailure {
        JsonNode unpacked = configuration.path("rootfs").path("diff_ids");
        if (names.size() > MOST_LAYERS || unpacked.size() != names.size()) {
            throw new ImageFailure("layers", names.size(), unpacked.size());
        }
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (!blobs.has(name)) {
                throw new ImageFailure("lacks", name);
            }
            layers.add(new Layer(
                    name,
                    () -> blobs.open(name),
                    packed.isEmpty() ? List.of() : List.of(packed.get(i)),
                    List.of(unpacked.path(i).asString(""))));
        }
        return List.copyOf(layers);
    }

    private static JsonNode json(byte[] bytes, String name) throws ImageFailure {
        try {
            return JSON.readTree(bytes);
        } catch (JacksonException e) {
            throw new ImageFailure("json", name, e.getOriginalMessage()).because(e);
        }
    }
}

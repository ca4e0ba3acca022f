package org.slipway.workbench.memory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The folder for what should outlive the window: {@code $XDG_STATE_HOME/slipway}, or {@code ~/.local/state/slipway} (XDG Base
 * Directory Specification). Only its owner may read it. What can't be written is forgotten, with a line in the log: nothing
 * here may stand in the way of editing.
 */
public record StateFolder(Path path) {

    private static final Logger LOG = LoggerFactory.getLogger(StateFolder.class);
    private static final long LARGEST = 32L << 20;

    /** Everything outside ASCII is escaped, so that even half of a surrogate pair comes back as it was. */
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    /** The folder of the person; a relative {@code XDG_STATE_HOME} counts for nothing. */
    public static StateFolder ofPerson(UnaryOperator<String> environment, String home) {
        Optional<Path> chosen = Optional.ofNullable(environment.apply("XDG_STATE_HOME"))
                .filter(value -> !value.isEmpty())
                .map(Path::of)
                .filter(Path::isAbsolute);
        return new StateFolder(
                chosen.orElseGet(() -> Path.of(home, ".local", "state")).resolve("slipway"));
    }

    /** What stands in a file of this folder; empty if there is none, or none that can be read. */
    public Optional<ObjectNode> read(String name) {
        Path file = path.resolve(name);
        try {
            if (Files.size(file) > LARGEST) {
                return Optional.empty();
            }
            return JSON.readTree(Files.readString(file)) instanceof ObjectNode node
                    ? Optional.of(node)
                    : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | JacksonException e) {
            LOG.warn("'{}' can't be read, continuing without it", file, e);
            return Optional.empty();
        }
    }

    /** Writes a file in one go; a reader sees the old one or the new one. */
    public boolean write(String name, ObjectNode content) {
        Path file = path.resolve(name);
        try {
            Path folder = make(file);
            Path draft = Files.createTempFile(folder, ".", ".tmp");
            try {
                Files.writeString(draft, JSON.writeValueAsString(content), StandardCharsets.US_ASCII);
                Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(draft);
            }
            return true;
        } catch (IOException | JacksonException e) {
            LOG.warn("'{}' can't be written, continuing without it", file, e);
            return false;
        }
    }

    private Path make(Path file) throws IOException {
        if (!Files.isDirectory(path)) {
            Files.createDirectories(path);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
        }
        Path parent = file.getParent();
        return Files.createDirectories(parent == null ? path : parent);
    }

    /** Takes a file away, if it is there. */
    public void remove(String name) {
        try {
            Files.deleteIfExists(path.resolve(name));
        } catch (IOException e) {
            LOG.warn("'{}' can't be removed, continuing", path.resolve(name), e);
        }
    }

    /** The names, as {@link #read} takes them, of the files in a folder below this one. */
    public List<String> names(String folder) {
        Path below = path.resolve(folder);
        if (!Files.isDirectory(below)) {
            return List.of();
        }
        try (var files = Files.list(below)) {
            return files.map(file -> path.relativize(file).toString())
                    .filter(name -> name.endsWith(".json"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            LOG.warn("'{}' can't be listed, continuing without it", below, e);
            return List.of();
        }
    }

    /** An object to fill. */
    public static ObjectNode object() {
        return JSON.createObjectNode();
    }
}

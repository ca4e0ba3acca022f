package org.slipway.workbench.bundle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.slipway.model.json.Limits;

/**
 * A bundle on disk: a folder with a {@code config.json} (bundle.md). The text inside the window always has plain line feeds;
 * a file written with carriage returns keeps them.
 */
final class BundleFolder {

    /** More than that no helper takes from the person at the window, and no form could be made of it in time. */
    private static final long LARGEST = Limits.CONFINED.bytes();

    private BundleFolder() {}

    /**
     * What was read.
     *
     * @param folder absolute
     * @param carriageReturns whether every line of the file ends in CR LF
     * @param stamp of the file just before it was read
     */
    record Opened(Path folder, String text, boolean carriageReturns, Stamp stamp) {

        Path config() {
            return folder.resolve("config.json");
        }

        /** A text of the window as it stands in this bundle's file. */
        String asInFile(String windowText) {
            return carriageReturns ? windowText.replace("\n", "\r\n") : windowText;
        }
    }

    /** Reads a bundle; the path may name the folder or its {@code config.json}. */
    static Opened open(Path path) throws IOException {
        Path folder = path.toAbsolutePath().normalize();
        if (folder.endsWith("config.json") && Files.isRegularFile(folder) && folder.getParent() != null) {
            folder = folder.getParent();
        }
        if (!Files.isDirectory(folder)) {
            throw new BundleFailure(Files.exists(folder) ? "no-folder" : "missing", folder);
        }
        Path config = folder.resolve("config.json");
        Stamp stamp = Stamp.of(config);
        String text = read(config);
        boolean carriageReturns =
                text.contains("\r\n") && !text.replace("\r\n", "").contains("\n");
        return new Opened(folder, text.replace("\r\n", "\n"), carriageReturns, stamp);
    }

    /** What tells a file from what it was before, without reading it: every program that writes changes one of them. */
    record Stamp(long inode, long size, long changedNanos) {

        /** There is no file. */
        static final Stamp NONE = new Stamp(-1, -1, -1);

        static Stamp of(Path file) {
            try {
                var attributes = Files.readAttributes(file, "unix:ino,size,ctime");
                FileTime changed = (FileTime) Objects.requireNonNull(attributes.get("ctime"));
                return new Stamp(
                        (Long) Objects.requireNonNull(attributes.get("ino")),
                        (Long) Objects.requireNonNull(attributes.get("size")),
                        changed.to(TimeUnit.NANOSECONDS));
            } catch (IOException e) {
                return NONE;
            }
        }
    }

    private static String read(Path config) throws IOException {
        try {
            if (Files.exists(config) && !Files.isRegularFile(config)) {
                throw new BundleFailure("not-a-file", config);
            }
            if (Files.size(config) > LARGEST) {
                throw new BundleFailure("too-large", config);
            }
            byte[] bytes = Files.readAllBytes(config);
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw withCause(new BundleFailure("not-utf8", config), e);
        } catch (NoSuchFileException e) {
            throw withCause(new BundleFailure("no-config", config), e);
        } catch (IOException e) {
            throw BundleFailure.of(config, e);
        }
    }

    /**
     * Writes the text if the file holds something else, in one go: a reader sees the old file or the new one.
     *
     * @param expected what the file should hold by now, as far as this window knows; what somebody else wrote meanwhile is
     *     overwritten only if {@code force} is set
     */
    static void save(Opened bundle, String expected, String text, boolean force) throws IOException {
        Path config = bundle.config();
        try {
            byte[] bytes = bytes(bundle, text);
            byte[] present = Files.exists(config) ? Files.readAllBytes(config) : null;
            if (present != null && Arrays.equals(present, bytes)) {
                return;
            }
            if (!Files.isDirectory(bundle.folder())) {
                throw new BundleFailure("vanished", bundle.folder());
            }
            if (!force && (present == null || !Arrays.equals(present, bytes(bundle, expected)))) {
                throw new BundleFailure("changed-outside", config);
            }
            write(config, bytes);
        } catch (IOException e) {
            throw BundleFailure.of(config, e);
        }
    }

    /** Writes a text to another place than the bundle's own file. */
    static void saveCopy(Opened bundle, String text, Path file) throws IOException {
        try {
            write(file.toAbsolutePath(), bytes(bundle, text));
        } catch (IOException e) {
            throw BundleFailure.of(file, e);
        }
    }

    /** In one go: a reader sees the old file or the new one, which keeps the permissions of the old. */
    private static void write(Path file, byte[] bytes) throws IOException {
        Path folder = Objects.requireNonNull(file.getParent(), "a folder");
        Path draft = Files.createTempFile(folder, "." + file.getFileName() + ".", ".tmp");
        try {
            Files.write(draft, bytes);
            Files.setPosixFilePermissions(
                    draft,
                    Files.exists(file)
                            ? Files.getPosixFilePermissions(file)
                            : PosixFilePermissions.fromString("rw-r--r--"));
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /** Half of a surrogate pair can't be written, and must not become a question mark in silence. */
    private static byte[] bytes(Opened bundle, String text) throws CharacterCodingException {
        ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(bundle.asInFile(text)));
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        return bytes;
    }

    private static BundleFailure withCause(BundleFailure failure, IOException cause) {
        failure.initCause(cause);
        return failure;
    }
}

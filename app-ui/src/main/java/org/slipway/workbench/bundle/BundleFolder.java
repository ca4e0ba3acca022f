package org.slipway.workbench.bundle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;

/**
 * A bundle on disk: a folder with a {@code config.json} (bundle.md). The text inside the window always has plain line feeds;
 * a file written with carriage returns keeps them.
 */
final class BundleFolder {

    private static final long LARGEST = 64L << 20;

    private BundleFolder() {}

    /**
     * What was read.
     *
     * @param folder absolute
     * @param carriageReturns whether every line of the file ends in CR LF
     */
    record Opened(Path folder, String text, boolean carriageReturns) {

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
        String text = read(config);
        boolean carriageReturns =
                text.contains("\r\n") && !text.replace("\r\n", "").contains("\n");
        return new Opened(folder, text.replace("\r\n", "\n"), carriageReturns);
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
        } catch (AccessDeniedException e) {
            throw withCause(new BundleFailure("denied", config), e);
        }
    }

    /**
     * Writes the text if the file holds something else, in one go: a reader sees the old file or the new one.
     *
     * @param expected what the file should hold by now, as far as this window knows; what somebody else wrote meanwhile is
     *     overwritten only if {@code force} is set
     */
    static void save(Opened bundle, String expected, String text, boolean force) throws IOException {
        Path config = bundle.folder().resolve("config.json");
        byte[] bytes = bytes(bundle, text);
        try {
            byte[] present = Files.exists(config) ? Files.readAllBytes(config) : null;
            if (present != null && Arrays.equals(present, bytes)) {
                return;
            }
            if (!force && (present == null || !Arrays.equals(present, bytes(bundle, expected)))) {
                throw new BundleFailure("changed-outside", config);
            }
            Path draft = Files.createTempFile(bundle.folder(), ".config.json.", ".tmp");
            try {
                Files.write(draft, bytes);
                if (present != null) {
                    Files.setPosixFilePermissions(draft, Files.getPosixFilePermissions(config));
                } else {
                    Files.setPosixFilePermissions(
                            draft, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
                }
                Files.move(draft, config, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(draft);
            }
        } catch (AccessDeniedException e) {
            throw withCause(new BundleFailure("denied", config), e);
        }
    }

    private static byte[] bytes(Opened bundle, String text) {
        return bundle.asInFile(text).getBytes(StandardCharsets.UTF_8);
    }

    private static BundleFailure withCause(BundleFailure failure, IOException cause) {
        failure.initCause(cause);
        return failure;
    }
}

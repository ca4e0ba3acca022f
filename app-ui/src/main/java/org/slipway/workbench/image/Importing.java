package org.slipway.workbench.image;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slipway.workbench.text.Texts;

/**
 * Makes a bundle out of an image. Everything happens in a folder beside the new bundle, which gets the bundle's name when all of it
 * is there: an import that fails or is cancelled leaves nothing.
 */
public final class Importing {

    private static final int MOST_NAMES = 1 << 20;

    private Importing() {}

    /**
     * What was made.
     *
     * @param special devices and pipes that were left out
     * @param owned whether users and groups are those of the image
     */
    public record Made(Path bundle, int special, boolean owned) {}

    /**
     * Imports.
     *
     * @param source an archive of docker save, an OCI layout as folder or archive, or an archive of a root filesystem
     * @param bundle must not exist
     * @throws ImageFailure with a sentence, after which nothing is left of the bundle
     */
    public static Made run(Path source, Path bundle, Watch watch) throws IOException {
        Path target = bundle.toAbsolutePath().normalize();
        Path parent = target.getParent();
        if (parent == null || Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new ImageFailure("exists", target);
        }
        if (!Files.isReadable(source)) {
            throw new ImageFailure("unreadable", source);
        }
        if (!Files.isDirectory(parent) || !Files.isWritable(parent)) {
            throw new ImageFailure("unwritable", parent);
        }
        Path draft = Files.createTempDirectory(parent, ".slipway-import-");
        try {
            Bounds bounds = Bounds.of(Files.getFileStore(parent).getUsableSpace());
            Made made = make(source, draft, target, bounds, watch);
            Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
            return made;
        } catch (ImageFailure e) {
            throw e;
        } catch (IOException e) {
            throw new ImageFailure("io", target, ImageFailure.why(e)).because(e);
        } finally {
            remove(draft);
        }
    }

    static Made make(Path source, Path draft, Path target, Bounds bounds, Watch watch) throws IOException {
        Path plain = plain(source, draft, bounds, watch);
        Image image = Image.of(plain, architecture(), bounds, watch);
        Tree tree = new Tree();
        long[] sums = new long[2];
        for (int i = 0; i < image.layers().size(); i++) {
            int layer = i;
            image.layers().get(i).read(bounds.bytes(), watch, (ordinal, entry, _) -> {
                sums[0] += entry.size();
                if (++sums[1] > bounds.entries()) {
                    throw new ImageFailure("entries", bounds.entries());
                }
                if (sums[0] > bounds.bytes()) {
                    throw new ImageFailure("too-large", bounds.bytes());
                }
                tree.add(layer, ordinal, entry);
            });
        }
        if (tree.root().children.isEmpty()) {
            throw new ImageFailure("empty", source);
        }
        int uid = (Integer) Objects.requireNonNull(Files.getAttribute(draft, "unix:uid"));
        int gid = (Integer) Objects.requireNonNull(Files.getAttribute(draft, "unix:gid"));
        Path root = draft.resolve("rootfs");
        String config = Conversion.config(
                image.configuration(), uid, gid, names(tree, "etc/passwd", image), names(tree, "etc/group", image));
        new Unpack(root, uid == 0, sums[0], watch).write(tree, image.layers(), bounds);
        if (!plain.equals(source)) {
            Files.delete(plain);
        }
        // last, so that a folder without it is known to be half made
        Files.writeString(draft.resolve("config.json"), config);
        return new Made(target, tree.special(), uid == 0);
    }

    /** The archive without compression: layers are looked up inside it. */
    private static Path plain(Path source, Path draft, Bounds bounds, Watch watch) throws IOException {
        if (Files.isDirectory(source)) {
            return source;
        }
        Path unpacked = draft.resolve("archive.tar");
        try (InputStream stored = Files.newInputStream(source);
                InputStream in = Layer.unpack(stored, source.toString())) {
            if (in instanceof BufferedInputStream) {
                return source;
            }
            try (OutputStream out = Files.newOutputStream(unpacked)) {
                copy(new Counted(in, bounds.bytes(), watch), out, source);
            }
            return unpacked;
        }
    }

    /** What can't be read is the source's fault, what can't be written the disk's. */
    private static void copy(InputStream in, OutputStream out, Path source) throws IOException {
        byte[] buffer = new byte[1 << 16];
        while (true) {
            int length;
            try {
                length = in.read(buffer);
            } catch (ImageFailure e) {
                throw e;
            } catch (IOException e) {
                throw new ImageFailure("broken", source, ImageFailure.why(e)).because(e);
            }
            if (length < 0) {
                return;
            }
            out.write(buffer, 0, length);
        }
    }

    /** The text of a file of the image, read from its layer: on the disk a link could lead anywhere. */
    private static String names(Tree tree, String path, Image image) throws IOException {
        StringBuilder text = new StringBuilder();
        if (tree.lookup(path).map(Tree.Located::node).orElse(null) instanceof Tree.File file) {
            image.layers().get(file.from()).read(Long.MAX_VALUE, Watch.NOBODY, (ordinal, _, bytes) -> {
                if (ordinal == file.ordinal()) {
                    text.append(new String(bytes.readNBytes(MOST_NAMES), StandardCharsets.UTF_8));
                }
            });
        }
        return text.toString();
    }

    private static String architecture() {
        String name = System.getProperty("os.arch", "");
        return Map.of("x86_64", "amd64", "aarch64", "arm64").getOrDefault(name, name);
    }

    /** Takes away a folder, also where a mode of the image would forbid it. */
    private static void remove(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                // its own mode forbids to list it; walk it again with the right to
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
                remove(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Words for the command line and the window: what was not kept. */
    public static List<String> notes(Made made) {
        List<String> notes = new ArrayList<>();
        if (made.special() > 0) {
            notes.add(Texts.of("image.note.special", made.special()));
        }
        if (!made.owned()) {
            notes.add(Texts.of("image.note.owners"));
        }
        return notes;
    }
}

package org.slipway.workbench.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/** Writes a tree into a folder that nobody else can reach meanwhile; directories, then files, then links, then modes. */
final class Unpack {

    private static final int USUAL = 0755;

    private final Path root;
    private final boolean owners;
    private final Watch watch;
    private final long all;
    private long written;

    /**
     * Into one folder.
     *
     * @param owners whether users and groups are those of the image, which only root can give
     * @param all bytes that will be written
     */
    Unpack(Path root, boolean owners, long all, Watch watch) {
        this.root = root;
        this.owners = owners;
        this.all = all;
        this.watch = watch;
    }

    void write(Tree tree, List<Layer> layers, Bounds bounds) throws IOException {
        directories(tree.root(), root);
        Map<Integer, Map<Integer, List<String>>> contents = tree.contents();
        for (int i = 0; i < layers.size(); i++) {
            Map<Integer, List<String>> wanted = contents.getOrDefault(i, Map.of());
            if (!wanted.isEmpty()) {
                layers.get(i).read(bounds.bytes(), watch, (ordinal, _, bytes) -> {
                    List<String> names = wanted.get(ordinal);
                    if (names != null) {
                        file(names, bytes);
                    }
                });
            }
        }
        finish(tree.root(), root);
    }

    private void directories(Tree.Directory directory, Path at) throws IOException {
        Files.createDirectory(at, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        for (Map.Entry<String, Tree.Node> child : directory.children.entrySet()) {
            if (child.getValue() instanceof Tree.Directory inner) {
                directories(inner, at.resolve(child.getKey()));
            }
        }
    }

    private void file(List<String> names, InputStream bytes) throws IOException {
        Path first = root.resolve(names.getFirst());
        try (OutputStream out = Files.newOutputStream(
                first, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW, LinkOption.NOFOLLOW_LINKS)) {
            byte[] buffer = new byte[1 << 16];
            for (int read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
                write(first, out, buffer, read);
            }
        } catch (FileSystemException e) {
            throw new ImageFailure("io", first, String.valueOf(e.getReason())).because(e);
        }
        for (String other : names.subList(1, names.size())) {
            Files.createLink(root.resolve(other), first);
        }
    }

    /** A full disk is not the archive's fault. */
    private void write(Path file, OutputStream out, byte[] buffer, int length) throws IOException {
        try {
            out.write(buffer, 0, length);
        } catch (IOException e) {
            throw new ImageFailure("io", file, ImageFailure.why(e)).because(e);
        }
        written += length;
        watch.bytes(written, all);
    }

    /** Innermost first: a directory that may not be written to gets its mode when everything is in it. */
    private void finish(Tree.Directory directory, Path at) throws IOException {
        for (Map.Entry<String, Tree.Node> child : directory.children.entrySet()) {
            Path path = at.resolve(child.getKey());
            switch (child.getValue()) {
                case Tree.Directory inner -> finish(inner, path);
                case Tree.File file -> attributes(path, file.entry());
                case Tree.Symlink link -> {
                    Files.createSymbolicLink(path, Path.of(link.entry().link()));
                    owner(path, link.entry());
                }
            }
        }
        if (directory.entry == null) {
            Files.setAttribute(at, "unix:mode", USUAL);
        } else {
            attributes(at, directory.entry);
        }
    }

    private void attributes(Path path, Entry entry) throws IOException {
        // before the mode: a new owner takes away set-user-id
        owner(path, entry);
        Files.setAttribute(path, "unix:mode", entry.mode());
        Files.setLastModifiedTime(path, FileTime.from(entry.modified()));
    }

    private void owner(Path path, Entry entry) throws IOException {
        if (owners) {
            Files.setAttribute(path, "unix:uid", entry.uid(), LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(path, "unix:gid", entry.gid(), LinkOption.NOFOLLOW_LINKS);
        }
    }
}

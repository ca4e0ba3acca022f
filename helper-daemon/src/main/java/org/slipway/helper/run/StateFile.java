package org.slipway.helper.run;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import org.slipway.helper.store.Folder;
import org.slipway.model.plan.RecordOp.RemoveStateFile;
import org.slipway.model.plan.RecordOp.WriteStateFile;

/** The state where version 0.3 keeps it: in a file that anybody may read. */
final class StateFile {

    private static final String NAME = "state.json";

    /** In the container's own record: which directory it made. Another create of the same id may have made the one that is there. */
    private static final String MADE = "state-directory";

    private StateFile() {}

    /** Writes the file wholly or not at all; a directory that is there already is another container's. */
    static void write(WriteStateFile step, int pid, Folder folder) throws IOException {
        Path directory = Path.of(step.directory());
        parents(directory);
        Files.createDirectory(directory);
        boolean whole = false;
        try {
            Files.writeString(folder.file(MADE), identity(directory));
            Path fresh = directory.resolve(NAME + ".new");
            Files.writeString(fresh, step.stateHead() + pid + step.stateTail() + "\n");
            readable(fresh, "rw-r--r--");
            readable(directory, "rwxr-xr-x");
            Files.move(fresh, directory.resolve(NAME));
            parents(Path.of(step.link()));
            link(Path.of(step.link()), directory);
            whole = true;
        } finally {
            if (!whole) {
                clear(directory);
            }
        }
    }

    /** A link that points to where we write is one that was left behind. */
    private static void link(Path link, Path directory) throws IOException {
        try {
            Files.createSymbolicLink(link, directory);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isSymbolicLink(link) || !Files.readSymbolicLink(link).equals(directory)) {
                throw e;
            }
        }
    }

    private static void parents(Path path) throws IOException {
        Files.createDirectories(
                path.resolveSibling(""),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    }

    private static void readable(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    /** Takes it away, if it is there and ours. */
    static void remove(RemoveStateFile step, Folder folder) throws IOException {
        Path directory = Path.of(step.directory());
        Path link = Path.of(step.link());
        if (!made(directory, folder)) {
            return;
        }
        if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(directory)) {
            Files.delete(link);
        }
        clear(directory);
        Files.delete(folder.file(MADE));
        empty(link.getParent());
        empty(directory.getParent());
    }

    private static boolean made(Path directory, Folder folder) throws IOException {
        Path made = folder.file(MADE);
        return Files.exists(made)
                && Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                && Files.readString(made).equals(identity(directory));
    }

    /** Device, inode and birth; the number of an inode alone is soon another's. */
    private static String identity(Path directory) throws IOException {
        BasicFileAttributes about =
                Files.readAttributes(directory, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return about.fileKey() + " " + about.creationTime();
    }

    private static void clear(Path directory) throws IOException {
        Files.deleteIfExists(directory.resolve(NAME));
        Files.deleteIfExists(directory.resolve(NAME + ".new"));
        Files.deleteIfExists(directory);
    }

    /** The directory and the one that holds it, as long as nobody else is in them. */
    private static void empty(@Nullable Path directory) throws IOException {
        for (Path at = directory; at != null && at.getNameCount() > 1; at = at.getParent()) {
            try {
                Files.deleteIfExists(at);
            } catch (DirectoryNotEmptyException e) {
                return;
            }
        }
    }
}

package org.slipway.helper.door;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.slipway.helper.libc.Descriptors;
import org.slipway.helper.libc.Fd;
import org.slipway.helper.libc.Processes;
import org.slipway.helper.libc.Sockets;
import org.slipway.helper.lifecycle.Failure;

/**
 * The directory of one helper, held by a lock on its file {@code lock} for as long as the helper lives. Whoever holds the lock may
 * replace the sockets that an earlier helper left behind.
 */
public final class RuntimeDirectory implements AutoCloseable {

    private static final int BACKLOG = 128;

    private final Path path;
    private final FileChannel lock;

    private RuntimeDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Makes the directory if it is not there, and takes its lock.
     *
     * @throws Failure {@code helper-already-running}, or the directory is not ours alone to write
     */
    public static RuntimeDirectory take(Path path) throws Failure {
        try {
            make(path);
            FileChannel lock = FileChannel.open(
                    path.resolve("lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS);
            try {
                if (lock.tryLock() != null) {
                    return new RuntimeDirectory(path, lock);
                }
            } catch (OverlappingFileLockException _) {
                // another one in this very process
            }
            lock.close();
            throw Failure.state("helper-already-running", Map.of("path", path.toString()));
        } catch (IOException e) {
            throw Failure.host("runtime-directory-unusable", Map.of("path", path.toString(), "why", "" + e), e);
        }
    }

    private static void make(Path path) throws IOException, Failure {
        try {
            Files.createDirectory(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        } catch (FileAlreadyExistsException _) {
            // judged below, whoever made it
        }
        Map<String, Object> facts = Files.readAttributes(path, "unix:uid,mode", LinkOption.NOFOLLOW_LINKS);
        int mode = (int) facts.getOrDefault("mode", 0);
        if ((mode & 0170000) != 0040000
                || (mode & 022) != 0
                || !facts.getOrDefault("uid", -1).equals(Processes.uid())) {
            throw Failure.host("runtime-directory-not-ours", Map.of("path", path.toString()), null);
        }
    }

    /** Its path. */
    public Path path() {
        return path;
    }

    /** Listens at a name in it; what an earlier helper left there goes away. Anyone may connect. */
    public Fd listen(String name) throws IOException {
        Path socket = path.resolve(name);
        Files.deleteIfExists(socket);
        Fd listener = Sockets.listen(Sockets.SOCK_STREAM, socket.toString(), BACKLOG);
        Descriptors.chmod(socket.toString(), 0666);
        return listener;
    }

    /** Removes a socket when the helper ends. */
    public void remove(String name) {
        try {
            Files.deleteIfExists(path.resolve(name));
        } catch (IOException _) {
            // the next helper replaces it
        }
    }

    /** Lets go of the lock. */
    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException _) {
            // the kernel lets go when we end
        }
    }
}

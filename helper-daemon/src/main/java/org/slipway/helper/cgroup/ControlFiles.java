package org.slipway.helper.cgroup;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slipway.helper.libc.Descriptors;
import org.slipway.helper.libc.Errno;
import org.slipway.helper.libc.ErrnoException;
import org.slipway.helper.libc.Fd;

/** The files by which a kernel filesystem is told what to do, by libc: a path is bytes here, whatever the locale. */
final class ControlFiles {

    private ControlFiles() {}

    static boolean exists(String path) {
        try (Fd _ = Descriptors.open(path, Descriptors.O_PATH, 0)) {
            return true;
        } catch (ErrnoException e) {
            return false;
        }
    }

    static void write(String path, String value) throws ErrnoException {
        try (Fd file = Descriptors.open(path, Descriptors.O_WRONLY, 0)) {
            Descriptors.writeAll(file, value.getBytes(StandardCharsets.UTF_8));
        }
    }

    static String read(String path) throws ErrnoException {
        try (Fd file = Descriptors.open(path, Descriptors.O_RDONLY, 0)) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            byte[] buffer = new byte[8192];
            for (int count = Descriptors.read(file, buffer); count > 0; count = Descriptors.read(file, buffer)) {
                all.write(buffer, 0, count);
            }
            return all.toString(StandardCharsets.UTF_8);
        }
    }

    static Optional<String> readIfThere(String path) throws ErrnoException {
        try {
            return Optional.of(read(path));
        } catch (ErrnoException e) {
            if (e.is(Errno.ENOENT) || e.is(Errno.ENODEV) || e.is(Errno.EOPNOTSUPP)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** A directory with two links has none in it; what counts them differently is looked through. */
    static List<String> directories(String path) {
        if (links(path) == 2) {
            return List.of();
        }
        File[] found = new File(path).listFiles(File::isDirectory);
        return found == null
                ? List.of()
                : Arrays.stream(found).map(File::getName).toList();
    }

    private static int links(String path) {
        try {
            return (Integer) Files.getAttribute(Path.of(path), "unix:nlink");
        } catch (IOException | InvalidPathException e) {
            return 0; // looking through it will tell
        }
    }
}

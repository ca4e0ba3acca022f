package org.slipway.helper.door;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.helper.libc.Fd;
import org.slipway.helper.lifecycle.Failure;

class RuntimeDirectoryTest {

    @TempDir
    Path temporary;

    @Test
    void aSecondHelperIsRefusedAndTheFirstOneGoesOn() throws Exception {
        Path path = temporary.resolve("r");
        try (RuntimeDirectory first = RuntimeDirectory.take(path);
                Fd socket = first.listen("admin.sock")) {
            Failure refused = assertThrows(Failure.class, () -> RuntimeDirectory.take(path));
            assertEquals("helper-already-running", refused.code());
            assertEquals(path.toString(), refused.arguments().get("path"));
            assertEquals(true, socket.isOpen() && Files.exists(path.resolve("admin.sock")));
        }
        RuntimeDirectory.take(path).close();
    }

    @Test
    void aDirectoryThatOthersCanWriteToIsRefused() throws Exception {
        Path path = Files.createDirectory(temporary.resolve("r"));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertEquals(
                "runtime-directory-not-ours",
                assertThrows(Failure.class, () -> RuntimeDirectory.take(path)).code());
    }

    @Test
    void aLinkInPlaceOfTheDirectoryIsRefused() throws Exception {
        Path real = Files.createDirectory(temporary.resolve("real"));
        Path link = Files.createSymbolicLink(temporary.resolve("r"), real);
        assertEquals(
                "runtime-directory-not-ours",
                assertThrows(Failure.class, () -> RuntimeDirectory.take(link)).code());
    }

    @Test
    void aLinkInPlaceOfTheLockIsRefusedAndWhatItNamesIsLeftAlone() throws Exception {
        Path path = Files.createDirectory(temporary.resolve("r"));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createSymbolicLink(path.resolve("lock"), temporary.resolve("elsewhere"));
        assertEquals(
                "runtime-directory-unusable",
                assertThrows(Failure.class, () -> RuntimeDirectory.take(path)).code());
        assertFalse(Files.exists(temporary.resolve("elsewhere")));
    }

    @Test
    void whatLiesInTheSocketsPlaceIsReplacedAndNotFollowed() throws Exception {
        Path canary = Files.writeString(temporary.resolve("canary"), "untouched");
        try (RuntimeDirectory directory = RuntimeDirectory.take(temporary.resolve("r"))) {
            Path socket = directory.path().resolve("user.sock");
            Files.createSymbolicLink(socket, canary);
            directory.listen("user.sock").close();
            assertEquals("untouched", Files.readString(canary));
            assertEquals(0140666, (int) Files.getAttribute(socket, "unix:mode", LinkOption.NOFOLLOW_LINKS));
            directory.listen("user.sock").close(); // a stale socket as well
            directory.remove("user.sock");
            assertFalse(Files.exists(socket, LinkOption.NOFOLLOW_LINKS));
        }
    }
}

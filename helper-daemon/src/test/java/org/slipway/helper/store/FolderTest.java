package org.slipway.helper.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.helper.libc.Errno;
import org.slipway.helper.libc.ErrnoException;
import org.slipway.model.plan.PlanKind;
import org.slipway.model.state.Status;
import org.slipway.model.test.Requirement;
import org.slipway.model.trace.StepRecord;

class FolderTest {

    @TempDir
    Path root;

    private Folder folder() {
        return Folder.at(root.resolve("0/a"));
    }

    @Test
    void aTakenIdIsRefused() throws IOException {
        folder().reserve();
        assertEquals(
                Errno.EEXIST,
                assertThrows(ErrnoException.class, () -> folder().reserve()).errno());
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder().path())));
    }

    @Test
    void brokenFilesAreAsGoodAsNone() throws IOException {
        folder().reserve();
        for (String file : List.of("state.json", "plan", "exit.json")) {
            Files.writeString(folder().file(file), "{\"broken");
        }
        assertEquals(Optional.empty(), folder().entry());
        assertEquals(Optional.empty(), folder().intent());
        assertEquals(Optional.empty(), folder().exit());
    }

    @Test
    void aRecordIsReadAsItWasWritten() throws IOException {
        folder().reserve();
        Entry entry = new Entry(
                Entry.VERSION,
                -2,
                "a",
                "1.3.0",
                "/b",
                "/b/rootfs",
                Map.of("k", "v"),
                "2026-01-31T12:00:00Z",
                Status.CREATED,
                Optional.of(new Identity(7, 4711)),
                Optional.empty(),
                List.of("/sys/fs/cgroup/x"),
                List.of(),
                "1.3",
                false,
                Optional.of("/run/engine"));
        folder().record(entry);
        assertEquals(Optional.of(entry), folder().entry());
    }

    @Test
    void aTraceThatWasCutOffKeepsItsBeginning() throws IOException {
        folder().reserve();
        StepRecord record = new StepRecord(PlanKind.CREATE, 3, StepRecord.Result.FAILED, 2, 1, 5, "/x");
        folder().trace(List.of(record, record));
        Path file = folder().file("trace.jsonl");
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 5));
        assertEquals(List.of(record), folder().trace());
    }

    @Test
    void onlyDirectoriesOfOwnersAreLookedThrough() throws IOException {
        folder().reserve();
        Files.createDirectories(root.resolve("not-a-uid/b"));
        Files.writeString(root.resolve("0/file"), "");
        assertEquals(
                List.of(folder().path()),
                Folder.all(root).stream().map(Folder::path).toList());
        folder().remove();
        assertFalse(Files.exists(folder().path()));
        folder().remove();
    }

    /** With the owner's last container the directory goes too, and comes back with the next; no other directory is taken along. */
    @Test
    @Requirement("OPS-DELETE-03")
    void theOwnersDirectoryGoesWithTheLastContainer(@TempDir Path root) throws Exception {
        Folder one = Folder.at(root.resolve("1000").resolve("one"));
        Folder two = Folder.at(root.resolve("1000").resolve("two"));
        one.reserve();
        two.reserve();
        one.remove();
        assertTrue(Files.exists(two.path()));
        two.remove();
        assertFalse(Files.exists(root.resolve("1000")));
        two.remove();
        one.reserve();
        assertTrue(Files.exists(one.path()));
        Folder elsewhere = Folder.at(root.resolve("other").resolve("one"));
        elsewhere.reserve();
        elsewhere.remove();
        assertTrue(Files.exists(root.resolve("other")));
    }
}

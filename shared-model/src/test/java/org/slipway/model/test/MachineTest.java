package org.slipway.model.test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the comparison of the machine before and after a test sees; none of it needs root. */
class MachineTest {

    private static final long SELF = ProcessHandle.current().pid();

    @TempDir
    Path state;

    private Machine now() {
        return Machine.now(List.of(state), () -> List.of(SELF));
    }

    @Test
    void aStateDirectoryThatIsLeftIsSeen() throws Exception {
        Machine before = now();
        Path left = Files.createDirectories(state.resolve("0/left"));
        assertEquals(List.of("+state directory " + left), before.different());
        Files.delete(left);
        before.assertSame("after it was removed");
    }

    @Test
    void aFileThatIsOpenIsSeen() throws Exception {
        Path file = Files.createFile(state.resolve("page"));
        Machine before = now();
        try (var _ = Files.newInputStream(file)) {
            assertEquals(List.of("open in helper " + SELF + ": " + file + " 0 -> 1"), before.different());
        }
        before.assertSame("after it was closed");
    }

    @Test
    void aProcessThatIsLeftIsSeen() throws Exception {
        Machine before = now();
        Process child = new ProcessBuilder("sleep", "1000").start();
        try {
            assertTrue(
                    before.different().stream().anyMatch(line -> line.startsWith("+process " + child.pid() + " sleep")),
                    () -> before.different().toString());
        } finally {
            child.destroyForcibly().waitFor();
        }
        before.assertSame("after it ended");
    }
}

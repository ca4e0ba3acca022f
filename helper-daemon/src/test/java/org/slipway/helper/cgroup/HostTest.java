package org.slipway.helper.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What is found out about this machine. */
class HostTest {

    @Test
    void theNumberOfTheLastCapabilityIsReadWhole() throws IOException {
        try (BufferedReader reader = Files.newBufferedReader(Path.of("/proc/sys/kernel/cap_last_cap"))) {
            assertEquals(reader.readLine(), String.valueOf(Host.look().lastCapability()));
        }
    }

    @Test
    void whoOnlyLooksIsShownWhatRootsHelperWouldDo() throws IOException {
        assertFalse(Host.look().rootless());
    }
}

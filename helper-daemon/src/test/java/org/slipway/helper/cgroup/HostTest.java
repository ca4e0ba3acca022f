package org.slipway.helper.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.slipway.model.plan.HostFacts;
import org.slipway.model.test.Requirement;

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

    @Test
    @Requirement({"PROC-12", "PROC-13", "CAP-03"})
    void guardsAreReadFromTheKernelsFiles() {
        String status = "Name:\tx\nCapBnd:\t000001fffeffffff\n";
        assertEquals(
                new HostFacts.Security(true, false, 0x1fffeffffffL),
                Host.security(status, "Y\n", "nodev\tproc\n\text4\n"));
        assertEquals(
                new HostFacts.Security(false, true, 0x1fffeffffffL), Host.security(status, "N", "nodev\tselinuxfs\n"));
        assertEquals(new HostFacts.Security(false, false, -1L), Host.security("", "", ""));
    }
}

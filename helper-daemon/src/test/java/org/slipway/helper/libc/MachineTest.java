package org.slipway.helper.libc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slipway.model.test.Requirement;

/** Numbers that depend on the architecture: those of both, in one place, against what the kernel's headers say. */
class MachineTest {

    /** From arch/arm64/include/uapi/asm/fcntl.h, include/uapi/asm-generic/fcntl.h and the tables of system calls. */
    @Test
    @Requirement("CFG-15")
    void bothMachinesHaveTheNumbersOfTheirHeaders() {
        assertEquals(new Machine("x86_64", 0x10000, 0x20000, 321, 314, 251, 12), Machine.of("amd64"));
        assertEquals(new Machine("aarch64", 0x4000, 0x8000, 280, 274, 30, 16), Machine.of("aarch64"));
    }

    @Test
    @Requirement("CFG-15")
    void anotherArchitectureIsRefusedByName() {
        String why = assertThrows(IllegalArgumentException.class, () -> Machine.of("riscv64"))
                .getMessage();
        assertTrue(why.contains("riscv64"), why);
    }

    /** The numbers of this machine work: what they ask for is what the kernel does. */
    @Test
    @Requirement("CFG-15")
    void theNumbersOfThisMachineAreTheKernels() {
        ErrnoException notDirectory = assertThrows(
                ErrnoException.class, () -> Descriptors.open("/proc/self/stat", Descriptors.O_DIRECTORY, 0));
        assertEquals("ENOTDIR", notDirectory.errno().name());
        ErrnoException link =
                assertThrows(ErrnoException.class, () -> Descriptors.open("/proc/self/exe", Descriptors.O_NOFOLLOW, 0));
        assertEquals("ELOOP", link.errno().name());
    }

    /** Nobody else asks which architecture it is, so that there is one place to look at for the next one. */
    @Test
    @Requirement("CFG-15")
    void nobodyElseAsksForTheArchitecture() throws IOException {
        Pattern asks = Pattern.compile("\"os\\.arch\"");
        List<String> askers = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                if (asks.matcher(Files.readString(file)).find()) {
                    askers.add(file.getFileName().toString());
                }
            }
        }
        assertEquals(List.of("Machine.java"), askers);
    }
}

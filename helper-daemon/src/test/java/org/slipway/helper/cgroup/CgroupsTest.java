package org.slipway.helper.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.helper.libc.Descriptors;
import org.slipway.helper.libc.Errno;
import org.slipway.helper.libc.ErrnoException;
import org.slipway.helper.libc.Processes;
import org.slipway.model.test.Requirement;

/** What is done with cgroups, in directories that stand for them. */
class CgroupsTest {

    @TempDir
    Path root;

    private String path(String name) {
        return root.resolve(name).toString();
    }

    private Path file(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.resolveSibling(""));
        return Files.writeString(file, text);
    }

    private static Errno errno(Executable deed) {
        return assertThrows(ErrnoException.class, deed).errno();
    }

    @Test
    @Requirement("CG-06")
    void aParentOfOursGoesWithWhoeverLeavesItEmpty() throws Exception {
        assertTrue(Cgroups.makeParent(path("shared")));
        assertFalse(Cgroups.makeParent(path("shared")), "the second finds it");
        Files.createDirectories(root.resolve("shared/one"));
        assertTrue(Cgroups.removeParent(path("shared")));
        assertTrue(Files.exists(root.resolve("shared")), "somebody is in it");
        Files.delete(root.resolve("shared/one"));
        // another helper than the one that made it: there is nothing but the mark to tell
        assertTrue(Cgroups.removeParent(path("shared")));
        assertFalse(Files.exists(root.resolve("shared")));
        assertFalse(Cgroups.removeParent(path("shared")), "and once gone it is gone");
    }

    @Test
    @Requirement("CG-06")
    void aParentOfSomebodyElsesStays() throws Exception {
        Files.createDirectory(root.resolve("theirs"));
        assertFalse(Cgroups.makeParent(path("theirs")));
        assertFalse(Cgroups.removeParent(path("theirs")));
        assertTrue(Files.exists(root.resolve("theirs")));
    }

    /** Whoever a cgroup was handed to can put the mark of those who are not root on it. */
    @Test
    @Requirement("CG-06")
    void aMarkThatSomebodyElseMadeIsNoMark() throws Exception {
        Assumptions.assumeTrue(Processes.uid() == 0, "needs root, to give a directory away");
        Files.createDirectory(root.resolve("theirs"));
        Descriptors.setAttribute(path("theirs"), "user.slipway", new byte[] {'1'});
        Descriptors.chown(path("theirs"), 1000, 1000);
        assertFalse(Cgroups.removeParent(path("theirs")));
        assertFalse(Cgroups.removeUnmarked(path("theirs")));
        assertTrue(Files.exists(root.resolve("theirs")));
        Descriptors.chown(path("theirs"), 0, 0);
        assertTrue(Cgroups.removeParent(path("theirs")));
        assertFalse(Files.exists(root.resolve("theirs")));
    }

    @ParameterizedTest
    @CsvSource({
        "cgroup.procs, '', OK",
        "cgroup.procs, '1234\n', EEXIST",
        "freezer.state, 'THAWED\n', OK",
        "freezer.state, 'FROZEN\n', EBUSY",
        "freezer.state, 'FREEZING\n', EBUSY",
        "cgroup.freeze, '1\n', EBUSY",
        "cgroup.freeze, '0\n', OK",
        "cgroup.events, 'populated 0\nfrozen 1\n', EBUSY",
        "child/cgroup.procs, '', EEXIST"
    })
    @Requirement("CG-07")
    void aCgroupThatIsInUseOrFrozenIsAnError(String name, String text, String expected) throws Exception {
        if (name.equals("cgroup.freeze")) {
            file("c/cgroup.events", "populated 0\nfrozen 0\n"); // the kernel makes both or neither
        }
        file("c/" + name, text.replace("\\n", "\n"));
        Executable make = () -> Cgroups.make(path("c"));
        if (expected.equals("OK")) {
            Cgroups.make(path("c"));
        } else {
            assertEquals(expected, errno(make).name());
        }
        assertTrue(Files.exists(root.resolve("c")), "it stays in any case");
    }

    @Test
    @Requirement("CG2-UNI-02")
    void aControllerThatCannotBeEnabledIsNamed() {
        ErrnoException failure =
                assertThrows(ErrnoException.class, () -> Cgroups.enable(path("none"), List.of("cpu", "io")));
        assertEquals("'cpu' below \"" + path("none") + "\"", failure.call());
        assertEquals(Errno.ENOENT, failure.errno());
    }

    @Test
    @Requirement("CG2-UNI-02")
    void controllersAreEnabledInOneWrite() throws Exception {
        Path control = file("c/cgroup.subtree_control", "");
        Cgroups.enable(path("c"), List.of("cpu", "io"));
        assertEquals("+cpu +io", Files.readString(control));
    }

    @Test
    @Requirement({"CG1-IO-01", "CG2-IO-03", "CG1-HTLB-01", "CG2-HTLB-01"})
    void theFirstFileThatIsThereIsWritten() throws Exception {
        List<String> files = List.of(path("bfq"), path("plain"));
        assertFalse(Cgroups.writeFirst(files, List.of("500", "4950")));
        Path plain = file("plain", "");
        assertTrue(Cgroups.writeFirst(files, List.of("500", "4950")));
        assertEquals("4950", Files.readString(plain));
        Path bfq = file("bfq", "");
        assertTrue(Cgroups.writeFirst(files, List.of("500", "1")));
        assertEquals("500", Files.readString(bfq));
        assertEquals("4950", Files.readString(plain));
    }

    @Test
    @Requirement("CG1-MEM-09")
    void aLimitBelowThePresentUseIsRefused() throws Exception {
        file("memory.current", "4096\n");
        Cgroups.checkUsage(path("memory.current"), 4096);
        assertEquals(Errno.EBUSY, errno(() -> Cgroups.checkUsage(path("memory.current"), 4095)));
    }

    @Test
    @Requirement("CG1-CPU-04")
    void aParentWithoutRealtimeGetsSome() throws Exception {
        Path runtime = file("cpu.rt_runtime_us", "0\n");
        Path period = file("cpu.rt_period_us", "");
        assertTrue(Cgroups.raiseRealtime(root.toString(), 1000000, 5000));
        assertEquals("5000", Files.readString(runtime).strip());
        assertEquals("1000000", Files.readString(period));
        assertFalse(Cgroups.raiseRealtime(root.toString(), 9, 9), "one that has some keeps it");
        assertEquals("5000", Files.readString(runtime).strip());
    }

    @Test
    @Requirement({"CG-12", "CG-13"})
    void onlyWhatTheKernelListsIsHandedOver() throws Exception {
        Path list = file("delegate", "cgroup.procs\nmemory.reclaim\n../list\n");
        file("c/cgroup.procs", "");
        file("c/memory.max", "");
        int before = owner("c/memory.max");
        Cgroups.handOver(path("c"), anybody(), list.toString());
        assertEquals(List.of(anybody(), anybody(), before), owners("c", "c/cgroup.procs", "c/memory.max"));
    }

    @Test
    @Requirement("CG-14")
    void withoutTheKernelsListThereIsOne() throws Exception {
        for (String name : List.of("cgroup.procs", "cgroup.subtree_control", "cgroup.threads", "memory.reclaim")) {
            file("c/" + name, "");
        }
        int before = owner("c/memory.reclaim");
        Cgroups.handOver(path("c"), anybody(), path("no-list"));
        assertEquals(
                List.of(anybody(), anybody(), anybody(), anybody(), before),
                owners("c", "c/cgroup.procs", "c/cgroup.subtree_control", "c/cgroup.threads", "c/memory.reclaim"));
    }

    /** Root can give to anybody; anyone else to nobody but themselves. */
    private int anybody() throws IOException {
        int own = owner(".");
        return own == 0 ? 12345 : own;
    }

    private int owner(String name) throws IOException {
        return (int) Optional.ofNullable(Files.getAttribute(root.resolve(name), "unix:uid"))
                .orElseThrow();
    }

    private List<Integer> owners(String... names) throws IOException {
        List<Integer> owners = new java.util.ArrayList<>();
        for (String name : names) {
            owners.add(owner(name));
        }
        return owners;
    }

    @Test
    @Requirement({"CG2-RDMA-01", "CG1-RDMA-01", "CG2-UNI-03"})
    void aLimitGoesToItsFileAndAMissingFileIsAnError() throws Exception {
        Path file = file("rdma.max", "");
        Cgroups.write(path("rdma.max"), "mlx4_0 hca_handle=3");
        assertEquals("mlx4_0 hca_handle=3", Files.readString(file));
        assertEquals(Errno.ENOENT, errno(() -> Cgroups.write(path("odd.max"), "1")));
        assertFalse(Descriptors.hasAttribute(path("odd.max"), "user.slipway"));
    }
}

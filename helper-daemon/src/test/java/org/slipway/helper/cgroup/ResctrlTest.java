package org.slipway.helper.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.helper.libc.Descriptors;
import org.slipway.helper.libc.ErrnoException;
import org.slipway.model.plan.Features;
import org.slipway.model.plan.ResctrlOp.Group;
import org.slipway.model.plan.ResctrlOp.MakeResctrlGroup;
import org.slipway.model.test.Requirement;
import tools.jackson.databind.JsonNode;

/** Groups of resource control in a directory that stands for the filesystem. */
class ResctrlTest {

    @TempDir
    Path root;

    /** What the kernel does at mkdir: the files are there at once. */
    private static void mkdir(String path) throws ErrnoException {
        Descriptors.mkdir(path, 0755);
        try {
            Files.writeString(Path.of(path, "schemata"), "");
            Files.writeString(Path.of(path, "tasks"), "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path make(String name, Group kind, String... schemata) throws ErrnoException {
        Path path = root.resolve(name);
        Resctrl.make(new MakeResctrlGroup(path.toString(), kind, List.of(schemata)), ResctrlTest::mkdir);
        return path;
    }

    private String errno(String name, Group kind, String... schemata) {
        return assertThrows(ErrnoException.class, () -> make(name, kind, schemata))
                .errno()
                .name();
    }

    @Test
    @Requirement({"RDT-04", "RDT-08"})
    void aGroupOfOnesOwnIsMadeAndAnothersIsNotTaken() throws Exception {
        Path made = make("web", Group.OWN);
        assertEquals("", Files.readString(made.resolve("schemata")));
        assertEquals("EEXIST", errno("web", Group.OWN));
    }

    /** What the features structure promises, done in the directory as its plan has it. */
    @Test
    @Requirement("FEAT-13")
    void schemataAndMonitoringGroupsAreMade() throws Exception {
        JsonNode promised = Features.tree("1", "2").at("/linux/intelRdt");
        assertTrue(promised.path("enabled").booleanValue());
        assertTrue(promised.path("schemata").booleanValue());
        Path made = make("web", Group.OWN, "L3:0=f", "L2:0=3");
        String written = Files.readString(made.resolve("schemata"));
        assertTrue(written.contains("L2:0=3\n"), written);
        assertTrue(promised.path("monitoring").booleanValue());
        Files.createDirectory(made.resolve("mon_groups"));
        Path counted = make("web/mon_groups/web", Group.OWN);
        assertTrue(Files.exists(counted.resolve("tasks")));
        assertEquals("", Files.readString(counted.resolve("schemata")));
    }

    @Test
    @Requirement({"RDT-06", "RDT-07"})
    void schemataAreWrittenLineByLine() throws Exception {
        Path made = make("web", Group.OWN, "MB:0=20");
        assertEquals("MB:0=20\n", Files.readString(made.resolve("schemata")));
    }

    @Test
    @Requirement("RDT-10")
    void withoutSchemataTheGroupMustBeThere() throws Exception {
        assertEquals("ENOENT", errno("gold", Group.FOREIGN));
        Files.createDirectory(root.resolve("gold"));
        make("gold", Group.FOREIGN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"L3:0=ff;1=f", "L3:1=0f", "MB:0=20", "L3:0=0xFF"})
    @Requirement("RDT-09")
    void aSharedGroupWithTheSameValuesIsTaken(String asked) throws Exception {
        Path there = Files.createDirectory(root.resolve("gold"));
        String kernel = "    MB:0= 20;1=100\n    L3:0=000ff;1=0000f\n";
        Files.writeString(there.resolve("schemata"), kernel);
        make("gold", Group.SHARED, asked);
        assertEquals(kernel, Files.readString(there.resolve("schemata")), "nothing is written");
    }

    @ParameterizedTest
    @ValueSource(strings = {"L3:0=f", "L3:2=ff", "MB:0=30", "L2:0=ff", "nonsense", "L3:0=x"})
    @Requirement("RDT-09")
    void aSharedGroupWithOtherValuesIsAnError(String asked) throws Exception {
        Path there = Files.createDirectory(root.resolve("gold"));
        Files.writeString(there.resolve("schemata"), "L3:0=ff;1=f\nMB:0=20\n");
        assertEquals("EINVAL", errno("gold", Group.SHARED, asked));
    }

    @Test
    @Requirement("RDT-09")
    void aSharedGroupThatIsMissingIsMade() throws Exception {
        Path made = make("gold", Group.SHARED, "L3:0=f");
        assertEquals("L3:0=f\n", Files.readString(made.resolve("schemata")));
    }

    @Test
    @Requirement("RDT-12")
    void aMonitoringGroupThatCannotBeMadeIsAnError() {
        assertEquals("ENOENT", errno("gold/mon_groups/web", Group.OWN));
    }

    @Test
    @Requirement("RDT-11")
    void removingIsThorough() throws Exception {
        Path there = Files.createDirectory(root.resolve("web"));
        Resctrl.remove(there.toString());
        assertFalse(Files.exists(there));
        Resctrl.remove(there.toString());
    }

    @Test
    @Requirement("RDT-02")
    void theMountIsFoundInMountinfo() {
        String line = "40 25 0:35 / /sys/fs/res\\040ctrl rw,relatime shared:9 - resctrl resctrl rw\n";
        assertEquals("/sys/fs/res ctrl", Layout.mountOf("resctrl", line).orElseThrow());
        assertTrue(Layout.mountOf("resctrl", "40 25 0:35 / /x rw - tmpfs tmpfs rw\n")
                .isEmpty());
    }
}

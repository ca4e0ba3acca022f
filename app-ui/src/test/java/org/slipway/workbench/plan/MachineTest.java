package org.slipway.workbench.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javafx.beans.property.SimpleObjectProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.model.plan.HostFacts;
import org.slipway.model.plan.PlanJson;
import org.slipway.workbench.bundle.Bundles;
import org.slipway.workbench.bundle.Session;
import org.slipway.workbench.task.Tasks;

/** The plan of the same text for another machine, or for somebody else. */
class MachineTest {

    @TempDir
    private Path folder;

    private static String plans(PlanModel model) {
        return model.plans().stream()
                .map(plan -> PlanJson.tree(plan).toString())
                .collect(Collectors.joining());
    }

    @Test
    void thePlanIsThatOfTheMachineThatIsChosen() throws IOException {
        Session session = Bundles.open(folder.resolve("web"), Bundles.SMALL);
        var target = new SimpleObjectProperty<>(new PlanModel.Target("web", Optional.empty()));
        PlanModel model = new PlanModel(session, Tasks.immediate(), new Explain(), target);
        model.machine().set(Machine.CGROUP_V2);
        assertTrue(plans(model).contains("memory.max"));
        model.machine().set(Machine.CGROUP_V1);
        assertTrue(plans(model).contains("memory.limit_in_bytes"));
        assertFalse(plans(model).contains("memory.max"));
        assertTrue(model.changed().get().isEmpty(), "the saved text is planned for the same machine");
        String administrator = plans(model);
        model.machine().set(Machine.ROOTLESS);
        assertFalse(plans(model).equals(administrator) && model.reason().get().isEmpty());
    }

    private void write(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    @Test
    void withoutAHelperTheMachineIsReadAsFarAsItCanBe() throws IOException {
        write("proc/sys/kernel/osrelease", "6.18.1-test\n");
        write("proc/sys/kernel/cap_last_cap", "39\n");
        write("sys/fs/cgroup/unified/cgroup.controllers", "\n");
        write("proc/self/mounts", """
                proc /proc proc rw 0 0
                cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,nosuid,nodev,noexec,relatime,cpu,cpuacct 0 0
                cgroup2 /sys/fs/cgroup/unified cgroup2 rw,nosuid 0 0
                short line
                """);
        HostFacts facts = new OwnHost(folder).facts();
        assertEquals("6.18.1-test", facts.kernel());
        assertEquals(39, facts.lastCapability());
        assertEquals(
                new HostFacts.Hybrid(
                        List.of(new HostFacts.Hierarchy(List.of("cpu", "cpuacct"), "/sys/fs/cgroup/cpu,cpuacct", "/")),
                        new HostFacts.V2("/sys/fs/cgroup/unified", List.of(), "/")),
                facts.cgroups());
    }

    @Test
    void aMachineThatTellsNothingIsTakenToBeUsual() {
        HostFacts facts = new OwnHost(folder).facts();
        assertEquals(HostFacts.v2().cgroups(), facts.cgroups());
        assertEquals(HostFacts.v2().kernel(), facts.kernel());
    }

    @Test
    void aUnifiedMachineHasItsControllers() throws IOException {
        write("proc/self/mounts", "cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n");
        write("sys/fs/cgroup/cgroup.controllers", "cpu memory pids\n");
        assertEquals(
                new HostFacts.V2("/sys/fs/cgroup", List.of("cpu", "memory", "pids"), "/"),
                new OwnHost(folder).facts().cgroups());
    }
}

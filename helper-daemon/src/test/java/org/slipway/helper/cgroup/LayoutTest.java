package org.slipway.helper.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.slipway.model.plan.HostFacts;

class LayoutTest {

    private static final String V2 =
            "30 24 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot\n";

    @Test
    void noMountAtAllIsAVersionOneWithoutHierarchies() {
        assertEquals(new HostFacts.V1(List.of()), Layout.of("nonsense\n\n - \n", "", List.of()));
    }

    @Test
    void versionTwoHasItsControllersAndOurPlace() {
        assertEquals(
                new HostFacts.V2("/sys/fs/cgroup", List.of("cpu", "pids"), "/system.slice/slipwayd.service"),
                Layout.of(V2, "0::/system.slice/slipwayd.service\n", List.of("cpu", "pids")));
    }

    @Test
    void aHybridHasBoth() {
        String mountinfo = """
                41 40 0:33 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct
                42 40 0:34 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,name=systemd,release_agent=/x
                43 40 0:35 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
                """;
        String self = "3:cpu,cpuacct:/a\n2:name=systemd:/b\n0::/c\n";
        assertEquals(
                new HostFacts.Hybrid(
                        List.of(
                                new HostFacts.Hierarchy(List.of("cpu", "cpuacct"), "/sys/fs/cgroup/cpu,cpuacct", "/a"),
                                new HostFacts.Hierarchy(List.of("name=systemd"), "/sys/fs/cgroup/systemd", "/b")),
                        new HostFacts.V2("/sys/fs/cgroup/unified", List.of(), "/c")),
                Layout.of(mountinfo, self, List.of()));
    }

    @Test
    void aMountThatShowsAPartOfTheHierarchyCountsFromThere() {
        String mountinfo = "30 24 0:26 /docker/x /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n";
        assertEquals(
                new HostFacts.V2("/sys/fs/cgroup", List.of(), "/leaf"),
                Layout.of(mountinfo, "0::/docker/x/leaf\n", List.of()));
        assertEquals(
                new HostFacts.V2("/sys/fs/cgroup", List.of(), "/"), Layout.of(mountinfo, "0::/elsewhere\n", List.of()));
    }

    @Test
    void anEscapedSpaceInAPathIsASpace() {
        assertEquals(
                new HostFacts.V2("/sys/my cgroups", List.of(), "/"),
                Layout.of("30 24 0:26 / /sys/my\\040cgroups rw - cgroup2 none rw\n", "0::/\n", List.of()));
    }
}

package org.slipway.helper.cgroup;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.slipway.helper.libc.ErrnoException;
import org.slipway.helper.libc.Machine;
import org.slipway.helper.libc.Processes;
import org.slipway.model.plan.HostFacts;

/** Finds out what plans must know of this machine. */
public final class Host {

    private static final String LEAF = "helper";
    private static final Path APPARMOR = Path.of("/sys/module/apparmor/parameters/enabled");

    private Host() {}

    /**
     * Looks at the machine once. On cgroup v2 this process moves into a leaf below its own cgroup if it is alone there, because
     * controllers cannot be enabled below a cgroup that holds processes; if it is not alone, containers go below the root.
     */
    public static HostFacts facts() throws IOException {
        HostFacts.Cgroups cgroups = cgroups();
        if (cgroups instanceof HostFacts.V2 v2) {
            cgroups = withRoom(v2);
        }
        return facts(cgroups, Processes.uid() != 0);
    }

    private static HostFacts facts(HostFacts.Cgroups cgroups, boolean rootless) throws IOException {
        return new HostFacts(
                cgroups,
                read("/proc/sys/kernel/osrelease"),
                arch(),
                Integer.parseInt(read("/proc/sys/kernel/cap_last_cap")),
                rootless,
                Files.exists(Path.of("/proc/sys/kernel/seccomp")),
                security(
                        read("/proc/self/status"),
                        Files.exists(APPARMOR) ? read(APPARMOR.toString()) : "N",
                        read("/proc/filesystems")),
                Layout.mountOf("resctrl", read("/proc/self/mountinfo")));
    }

    /**
     * What guards the machine.
     *
     * @param status of a process that the bounding set of all containers comes from
     * @param apparmor the module's parameter {@code enabled}
     * @param filesystems the kernel registers selinuxfs only when SELinux is enabled
     */
    static HostFacts.Security security(String status, String apparmor, String filesystems) {
        long grantable = status.lines()
                .filter(line -> line.startsWith("CapBnd:"))
                .map(line -> Long.parseUnsignedLong(
                        line.substring("CapBnd:".length()).strip(), 16))
                .findFirst()
                .orElse(-1L);
        boolean selinux = filesystems.lines().anyMatch(line -> line.strip().endsWith("selinuxfs"));
        return new HostFacts.Security(apparmor.startsWith("Y"), selinux, grantable);
    }

    /**
     * Looks at the machine and changes nothing, without any native code: for a plan that is only shown. Whoever looks, the
     * plan is the one that root's helper would carry out.
     */
    public static HostFacts look() throws IOException {
        return facts(cgroups(), false);
    }

    private static HostFacts.Cgroups cgroups() throws IOException {
        String mountinfo = read("/proc/self/mountinfo");
        String self = read("/proc/self/cgroup");
        HostFacts.Cgroups first = Layout.of(mountinfo, self, List.of());
        return switch (first) {
            case HostFacts.V1 v1 -> v1;
            case HostFacts.V2 v2 -> Layout.of(mountinfo, self, controllers(directory(v2)));
            case HostFacts.Hybrid hybrid ->
                Layout.of(mountinfo, self, controllers(hybrid.unified().mountpoint()));
        };
    }

    private static HostFacts.V2 withRoom(HostFacts.V2 v2) throws IOException {
        if (v2.base().equals("/")) {
            return v2;
        }
        String own = directory(v2);
        List<Integer> others = Cgroups.everyone(own);
        int self = (int) ProcessHandle.current().pid();
        if (v2.base().endsWith("/" + LEAF)) {
            // moved by a helper before, or by this one: the room is one above
            String parent = v2.base().substring(0, v2.base().length() - LEAF.length() - 1);
            return new HostFacts.V2(v2.mountpoint(), v2.controllers(), parent.isEmpty() ? "/" : parent);
        }
        if (others.equals(List.of(self))) {
            try {
                Cgroups.makeParent(own + "/" + LEAF);
                Cgroups.move(own + "/" + LEAF + "/cgroup.procs", self);
                return v2;
            } catch (ErrnoException e) {
                // not ours to divide: the root has room
            }
        }
        return new HostFacts.V2(v2.mountpoint(), controllers(v2.mountpoint()), "/");
    }

    private static String directory(HostFacts.V2 v2) {
        return v2.base().equals("/") ? v2.mountpoint() : v2.mountpoint() + v2.base();
    }

    private static List<String> controllers(String directory) throws IOException {
        Path file = Path.of(directory, "cgroup.controllers");
        return Files.exists(file)
                ? Arrays.stream(Files.readString(file).strip().split(" ", -1))
                        .filter(word -> !word.isEmpty())
                        .toList()
                : List.of();
    }

    private static String arch() {
        return Machine.own().name();
    }

    /** In one read: Files.readString asks a file of size 0 for a single byte first, and a number of sysctl ends after that. */
    private static String read(String file) throws IOException {
        try (FileInputStream in = new FileInputStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }
}

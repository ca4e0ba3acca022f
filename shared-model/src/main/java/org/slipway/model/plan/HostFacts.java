package org.slipway.model.plan;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Optional;

/**
 * What the compiler must know of the machine: found out by the helper, sent to whoever explains a plan.
 *
 * @param kernel its release, such as {@code 6.1.0-18-amd64}
 * @param arch as {@code uname -m} says it
 * @param lastCapability number of the last capability that this kernel has
 * @param rootless whether the helper is not root: no device nodes, no cgroup v1, ids mapped for one person
 * @param seccomp whether the kernel has seccomp filters
 * @param security what guards the machine, and what the helper may grant
 * @param resctrl where the resource control filesystem is mounted, if it is
 */
public record HostFacts(
        Cgroups cgroups,
        String kernel,
        String arch,
        int lastCapability,
        boolean rootless,
        boolean seccomp,
        Security security,
        Optional<String> resctrl) {

    /** A machine without security modules, whose root may grant everything. */
    public HostFacts(
            Cgroups cgroups, String kernel, String arch, int lastCapability, boolean rootless, boolean seccomp) {
        this(cgroups, kernel, arch, lastCapability, rootless, seccomp, Security.PLAIN, Optional.empty());
    }

    /**
     * Security modules, and the rights that can be passed on.
     *
     * @param apparmor whether AppArmor is enabled
     * @param selinux whether SELinux is enabled
     * @param grantable bit set of the capabilities that the helper has to give outside of new user namespaces: a service or a
     *     container that it runs in may lack some
     */
    public record Security(boolean apparmor, boolean selinux, long grantable) {

        /** No module, every capability. */
        public static final Security PLAIN = new Security(false, false, -1L);
    }

    /** The same machine with other guards. */
    HostFacts with(Security guards) {
        return new HostFacts(cgroups, kernel, arch, lastCapability, rootless, seccomp, guards, resctrl);
    }

    /** The same machine with resource control mounted there. */
    public HostFacts withResctrl(Optional<String> mountpoint) {
        return new HostFacts(cgroups, kernel, arch, lastCapability, rootless, seccomp, security, mountpoint);
    }

    /** A usual machine with cgroup v2, for plans that are only shown. */
    public static HostFacts v2() {
        return new HostFacts(
                new V2("/sys/fs/cgroup", List.of("cpuset", "cpu", "io", "memory", "hugetlb", "pids", "rdma"), "/"),
                "6.8.0",
                "x86_64",
                40,
                false,
                true);
    }

    /** A machine with cgroup v1 controllers and a unified hierarchy without any, for plans that are only shown. */
    public static HostFacts hybrid() {
        List<Hierarchy> hierarchies = List.of(
                hierarchy("cpuset"),
                hierarchy("cpu", "cpuacct"),
                hierarchy("memory"),
                hierarchy("devices"),
                hierarchy("freezer"),
                hierarchy("blkio"),
                hierarchy("pids"),
                new Hierarchy(List.of("name=systemd"), "/sys/fs/cgroup/systemd", "/"));
        return new HostFacts(
                new Hybrid(hierarchies, new V2("/sys/fs/cgroup/unified", List.of(), "/")),
                "6.8.0",
                "x86_64",
                40,
                false,
                true);
    }

    private static Hierarchy hierarchy(String... controllers) {
        return new Hierarchy(List.of(controllers), "/sys/fs/cgroup/" + String.join(",", controllers), "/");
    }

    /** Whether the kernel is that version or newer; a release that cannot be read counts as new. */
    public boolean kernelAtLeast(int major, int minor) {
        String[] parts = kernel.split("[.-]", 3);
        try {
            int found = Integer.parseInt(parts[0]);
            return found != major ? found > major : Integer.parseInt(parts[1]) >= minor;
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            return true;
        }
    }

    /** How control groups are mounted. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "layout")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = V1.class, name = "v1"),
        @JsonSubTypes.Type(value = Hybrid.class, name = "hybrid"),
        @JsonSubTypes.Type(value = V2.class, name = "v2")
    })
    public sealed interface Cgroups {}

    /** Only hierarchies of version 1. */
    public record V1(List<Hierarchy> hierarchies) implements Cgroups {
        public V1 {
            hierarchies = List.copyOf(hierarchies);
        }
    }

    /** Hierarchies of version 1, and one of version 2 beside them. */
    public record Hybrid(List<Hierarchy> hierarchies, V2 unified) implements Cgroups {
        public Hybrid {
            hierarchies = List.copyOf(hierarchies);
        }
    }

    /**
     * The one hierarchy of version 2.
     *
     * @param controllers those that can be enabled below {@code base}
     * @param base the cgroup below which containers without an absolute path go, from the mount point; {@code /} or no slash at its end
     */
    public record V2(String mountpoint, List<String> controllers, String base) implements Cgroups {
        public V2 {
            controllers = List.copyOf(controllers);
        }
    }

    /**
     * A hierarchy of version 1.
     *
     * @param controllers its options in mountinfo: names of controllers, or {@code name=systemd}
     * @param base as for {@link V2}
     */
    public record Hierarchy(List<String> controllers, String mountpoint, String base) {
        public Hierarchy {
            controllers = List.copyOf(controllers);
        }
    }
}

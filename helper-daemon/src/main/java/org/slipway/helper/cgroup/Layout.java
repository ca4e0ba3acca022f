package org.slipway.helper.cgroup;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slipway.model.plan.HostFacts;

/** Reads from mountinfo and {@code /proc/self/cgroup} how control groups are mounted, and where this process stands in them. */
final class Layout {

    private static final List<String> NOT_CONTROLLERS =
            List.of("rw", "ro", "xattr", "noprefix", "clone_children", "cpuset_v2_mode", "nsdelegate");

    private Layout() {}

    /**
     * One mount of a hierarchy.
     *
     * @param root which part of the hierarchy is mounted there
     */
    private record Mount(String mountpoint, String root, String type, List<String> controllers) {}

    /**
     * The layout.
     *
     * @param mountinfo proc_pid_mountinfo(5)
     * @param self cgroups(7), {@code /proc/PID/cgroup}
     * @param v2Controllers what the file {@code cgroup.controllers} of the unified hierarchy lists
     */
    static HostFacts.Cgroups of(String mountinfo, String self, List<String> v2Controllers) {
        Map<String, String> own = own(self);
        List<HostFacts.Hierarchy> hierarchies = new ArrayList<>();
        Optional<HostFacts.V2> unified = Optional.empty();
        for (Mount mount : mounts(mountinfo)) {
            if (mount.type().equals("cgroup2")) {
                if (unified.isEmpty()) {
                    unified = Optional.of(new HostFacts.V2(
                            mount.mountpoint(), v2Controllers, below(mount, own.getOrDefault("", "/"))));
                }
            } else if (!mount.controllers().isEmpty()
                    && hierarchies.stream()
                            .noneMatch(known -> known.controllers().equals(mount.controllers()))) {
                String path = own.getOrDefault(mount.controllers().getFirst(), "/");
                hierarchies.add(new HostFacts.Hierarchy(mount.controllers(), mount.mountpoint(), below(mount, path)));
            }
        }
        if (hierarchies.isEmpty() && unified.isPresent()) {
            return unified.get();
        }
        return unified.isPresent() ? new HostFacts.Hybrid(hierarchies, unified.get()) : new HostFacts.V1(hierarchies);
    }

    /** Where the first filesystem of a type is mounted. */
    static Optional<String> mountOf(String type, String mountinfo) {
        return mountinfo
                .lines()
                .filter(line -> line.contains(" - " + type + " "))
                .map(line -> line.split(" ", -1))
                .filter(fields -> fields.length > 4)
                .map(fields -> unescaped(fields[4]))
                .findFirst();
    }

    /** The path of a cgroup as seen below a mount that may show only a part of its hierarchy. */
    private static String below(Mount mount, String path) {
        if (mount.root().equals("/")) {
            return path;
        }
        if (path.equals(mount.root())) {
            return "/";
        }
        return path.startsWith(mount.root() + "/") ? path.substring(mount.root().length()) : "/";
    }

    /** Controller to path; the empty name is the unified hierarchy. */
    private static Map<String, String> own(String self) {
        Map<String, String> own = new TreeMap<>();
        self.lines().forEach(line -> {
            String[] fields = line.split(":", 3);
            if (fields.length == 3) {
                for (String controller : fields[1].split(",", -1)) {
                    own.put(controller, fields[2]);
                }
            }
        });
        return own;
    }

    private static List<Mount> mounts(String mountinfo) {
        List<Mount> mounts = new ArrayList<>();
        mountinfo.lines().forEach(line -> {
            int separator = line.indexOf(" - ");
            if (separator < 0) {
                return;
            }
            String[] before = line.substring(0, separator).split(" ", -1);
            String[] after = line.substring(separator + 3).split(" ", -1);
            if (before.length > 4 && after.length > 2 && after[0].startsWith("cgroup")) {
                List<String> controllers = Arrays.stream(after[2].split(",", -1))
                        .filter(option -> !NOT_CONTROLLERS.contains(option) && !option.startsWith("release_agent="))
                        .collect(Collectors.toList());
                mounts.add(new Mount(unescaped(before[4]), unescaped(before[3]), after[0], List.copyOf(controllers)));
            }
        });
        return mounts;
    }

    /** Undoes the octal escapes of mountinfo. */
    private static String unescaped(String text) {
        return text.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }
}

package org.slipway.workbench.plan;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slipway.model.plan.HostFacts;

/**
 * What the window can see of this machine by itself, for the plan that is shown while no helper tells its facts: kernel,
 * capabilities, and how control groups are mounted (proc(5), cgroups(7)). What can't be read is taken to be usual.
 */
final class OwnHost {

    private static final Set<String> FLAGS = Set.of("rw", "ro", "nosuid", "nodev", "noexec", "relatime", "noatime");

    private final Path root;

    OwnHost(Path root) {
        this.root = root;
    }

    /** The facts of this machine. */
    static HostFacts read() {
        return new OwnHost(Path.of("/")).facts();
    }

    HostFacts facts() {
        HostFacts usual = HostFacts.v2();
        return new HostFacts(
                cgroups(usual.cgroups()),
                first("proc/sys/kernel/osrelease", usual.kernel()),
                arch(),
                number(first("proc/sys/kernel/cap_last_cap", ""), usual.lastCapability()),
                false,
                true);
    }

    private HostFacts.Cgroups cgroups(HostFacts.Cgroups usual) {
        List<HostFacts.Hierarchy> hierarchies = new ArrayList<>();
        HostFacts.V2 unified = null;
        for (String line : lines("proc/self/mounts")) {
            String[] words = line.split(" ", -1);
            if (words.length < 4) {
                continue;
            }
            if (words[2].equals("cgroup")) {
                hierarchies.add(new HostFacts.Hierarchy(controllers(words[3]), words[1], "/"));
            } else if (words[2].equals("cgroup2") && unified == null) {
                String list = first(words[1].substring(1) + "/cgroup.controllers", "");
                unified = new HostFacts.V2(words[1], list.isEmpty() ? List.of() : List.of(list.split(" ")), "/");
            }
        }
        if (unified == null) {
            return hierarchies.isEmpty() ? usual : new HostFacts.V1(hierarchies);
        }
        return hierarchies.isEmpty() ? unified : new HostFacts.Hybrid(hierarchies, unified);
    }

    private static List<String> controllers(String options) {
        return Stream.of(options.split(","))
                .filter(option -> !FLAGS.contains(option))
                .filter(option -> !option.startsWith("release_agent=") && !option.equals("xattr"))
                .toList();
    }

    private static String arch() {
        String arch = System.getProperty("os.arch", "");
        return arch.equals("amd64") ? "x86_64" : arch;
    }

    private static int number(String text, int otherwise) {
        return text.matches("\\d{1,3}") ? Integer.parseInt(text) : otherwise;
    }

    private String first(String file, String otherwise) {
        List<String> lines = lines(file);
        return lines.isEmpty() || lines.getFirst().isBlank()
                ? otherwise
                : lines.getFirst().strip();
    }

    private List<String> lines(String file) {
        try {
            return Files.readAllLines(root.resolve(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return List.of();
        }
    }
}

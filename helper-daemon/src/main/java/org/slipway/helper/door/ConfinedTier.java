package org.slipway.helper.door;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slipway.model.plan.Confinement;
import org.slipway.model.plan.Confinement.Caps;
import org.slipway.model.plan.Confinement.Limit;

/** What a caller of the confined tier becomes, found out when they connect; or why there is no such tier for them. */
public final class ConfinedTier {

    /** What the host may have taken from its users, which is then not given back: each switch, its value, and the code of the refusal. */
    private static final List<Switch> SWITCHES = List.of(
            new Switch("user/max_user_namespaces", "0", "confined-off-no-namespaces"),
            new Switch("kernel/unprivileged_userns_clone", "0", "confined-off-unprivileged"),
            new Switch("kernel/apparmor_restrict_unprivileged_userns", "1", "confined-off-apparmor"));

    /** The names in /proc/PID/limits, in the order of their numbers. */
    private static final List<String> LIMITS = List.of(
            "Max cpu time",
            "Max file size",
            "Max data size",
            "Max stack size",
            "Max core file size",
            "Max resident set",
            "Max processes",
            "Max open files",
            "Max locked memory",
            "Max address space",
            "Max file locks",
            "Max pending signals",
            "Max msgqueue size",
            "Max nice priority",
            "Max realtime priority",
            "Max realtime timeout");

    private record Switch(String path, String off, String code) {}

    /**
     * What one person may have.
     *
     * @param containers at once
     * @param caps of their cgroup
     */
    public record Settings(int containers, Caps caps) {
        /** As the helper has them when it is told nothing. */
        public static final Settings USUAL = new Settings(64, new Caps(4096, 0));
    }

    private final Settings settings;
    private final boolean rootless;
    private final Path proc;
    private final Subordinates subordinates;

    /**
     * The tier of this machine.
     *
     * @param rootless whether the helper is not root
     */
    public ConfinedTier(Settings settings, boolean rootless) {
        this(settings, rootless, Path.of("/proc"), new Subordinates());
    }

    ConfinedTier(Settings settings, boolean rootless, Path proc, Subordinates subordinates) {
        this.settings = settings;
        this.rootless = rootless;
        this.proc = proc;
        this.subordinates = subordinates;
    }

    /** What the settings allow. */
    public Settings settings() {
        return settings;
    }

    /** The code of the sentence that says why nobody, or not this one, may make containers here. */
    Optional<String> off(int uid) throws IOException {
        if (rootless) {
            return Optional.of("confined-needs-root-helper");
        } else if (uid == 0) {
            return Optional.of("confined-for-root");
        }
        for (Switch each : SWITCHES) {
            Path file = proc.resolve("sys").resolve(each.path());
            if (Files.exists(file) && text(file).equals(each.off())) {
                return Optional.of(each.code());
            }
        }
        return Optional.empty();
    }

    /**
     * The caller behind a process that lives; whoever calls makes sure afterwards that it still does.
     *
     * @param groups all of them, the primary one too
     */
    Confinement caller(int uid, int gid, List<Integer> groups, int pid) throws IOException {
        Path process = proc.resolve(Integer.toString(pid));
        return new Confinement(
                uid,
                gid,
                groups.stream().distinct().toList(),
                subordinates.uids(uid),
                subordinates.gids(uid, gid),
                nice(text(process.resolve("stat"))),
                Integer.parseInt(text(process.resolve("oom_score_adj"))),
                lower(text(process.resolve("limits")), text(proc.resolve("self/limits"))),
                settings.caps());
    }

    /** Field 19 of proc_pid_stat(5); the name before it may hold anything. */
    private static int nice(String stat) throws IOException {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
        if (fields.length < 17) {
            throw new IOException("no nice value in stat");
        }
        return Integer.parseInt(fields[16]);
    }

    /** Theirs, never above ours; those that are no lower are left out. Unlimited is the largest number, unsigned. */
    static List<Limit> lower(String theirs, String ours) throws IOException {
        List<Limit> limits = new ArrayList<>();
        Map<Integer, Limit> own = limits(ours);
        for (Map.Entry<Integer, Limit> each : limits(theirs).entrySet()) {
            Limit mine = own.get(each.getKey());
            if (mine == null) {
                throw new IOException("limit " + each.getKey() + " is not known of ourselves");
            }
            long soft = least(each.getValue().soft(), mine.soft());
            long hard = least(each.getValue().hard(), mine.hard());
            if (soft != mine.soft() || hard != mine.hard()) {
                limits.add(new Limit(each.getKey(), soft, hard));
            }
        }
        return limits;
    }

    private static long least(long left, long right) {
        return Long.compareUnsigned(left, right) <= 0 ? left : right;
    }

    private static Map<Integer, Limit> limits(String text) throws IOException {
        Map<Integer, Limit> limits = new java.util.TreeMap<>();
        for (String line : text.split("\n", -1)) {
            for (int i = 0; i < LIMITS.size(); i++) {
                if (line.startsWith(LIMITS.get(i) + " ")) {
                    String[] words =
                            line.substring(LIMITS.get(i).length()).strip().split("\\s+", -1);
                    limits.put(i, new Limit(i, number(words[0]), number(words[1])));
                }
            }
        }
        if (limits.size() != LIMITS.size()) {
            throw new IOException("limits of a process are not all there");
        }
        return limits;
    }

    private static long number(String word) {
        return word.equals("unlimited") ? -1 : Long.parseUnsignedLong(word);
    }

    private static String text(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1).strip();
        }
    }
}

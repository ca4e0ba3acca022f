package org.slipway.model.finding;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The options of a mount that the specification gives a meaning (config.md, section Linux mount options). */
final class MountOptions {

    /** Pairs that set and clear one flag; each has a recursive form with {@code r} before it where marked. */
    private static final List<String[]> PAIRS = List.of(
            pair("ro", "rw"),
            pair("nosuid", "suid"),
            pair("nodev", "dev"),
            pair("noexec", "exec"),
            pair("noatime", "atime"),
            pair("nodiratime", "diratime"),
            pair("relatime", "norelatime"),
            pair("strictatime", "nostrictatime"),
            pair("nosymfollow", "symfollow"));

    private static final List<String[]> PLAIN_PAIRS = List.of(
            pair("sync", "async"),
            pair("lazytime", "nolazytime"),
            pair("iversion", "noiversion"),
            pair("silent", "loud"),
            pair("mand", "nomand"));

    private static final List<String> SINGLE = List.of(
            "defaults",
            "dirsync",
            "remount",
            "bind",
            "rbind",
            "private",
            "rprivate",
            "shared",
            "rshared",
            "slave",
            "rslave",
            "unbindable",
            "runbindable",
            "tmpcopyup",
            "idmap",
            "ridmap");

    /** A mount has one kind of propagation. */
    private static final List<String> PROPAGATION =
            List.of("private", "rprivate", "shared", "rshared", "slave", "rslave", "unbindable", "runbindable");

    private static final Map<String, String> OPPOSITES = opposites();

    private MountOptions() {}

    /** Every option with a meaning of its own; any other goes to the filesystem as it is. */
    static List<String> known() {
        List<String> all = new ArrayList<>(OPPOSITES.keySet().stream().sorted().toList());
        all.addAll(SINGLE);
        return List.copyOf(all);
    }

    static boolean isKnown(String option) {
        return OPPOSITES.containsKey(option) || SINGLE.contains(option);
    }

    /** The options that have no effect when this one follows them. */
    static Stream<String> excluded(String option) {
        return PROPAGATION.contains(option)
                ? PROPAGATION.stream().filter(other -> !other.equals(option))
                : Stream.ofNullable(OPPOSITES.get(option));
    }

    private static Map<String, String> opposites() {
        Map<String, String> found = new HashMap<>();
        for (String[] pair : PAIRS) {
            found.put(pair[0], pair[1]);
            found.put(pair[1], pair[0]);
            found.put("r" + pair[0], "r" + pair[1]);
            found.put("r" + pair[1], "r" + pair[0]);
        }
        for (String[] pair : PLAIN_PAIRS) {
            found.put(pair[0], pair[1]);
            found.put(pair[1], pair[0]);
        }
        return Map.copyOf(found);
    }

    private static String[] pair(String set, String clear) {
        return new String[] {set, clear};
    }
}

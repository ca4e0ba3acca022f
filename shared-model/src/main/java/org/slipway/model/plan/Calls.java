package org.slipway.model.plan;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Words for flags, as {@code strace} would print them. */
final class Calls {

    private static final Map<Long, String> MOUNT_ATTRIBUTES = Map.ofEntries(
            Map.entry(MountOp.RDONLY, "MOUNT_ATTR_RDONLY"),
            Map.entry(MountOp.NOSUID, "MOUNT_ATTR_NOSUID"),
            Map.entry(MountOp.NODEV, "MOUNT_ATTR_NODEV"),
            Map.entry(MountOp.NOEXEC, "MOUNT_ATTR_NOEXEC"),
            Map.entry(MountOp.NOATIME, "MOUNT_ATTR_NOATIME"),
            Map.entry(MountOp.STRICTATIME, "MOUNT_ATTR_STRICTATIME"),
            Map.entry(MountOp.NODIRATIME, "MOUNT_ATTR_NODIRATIME"),
            Map.entry(MountOp.NOSYMFOLLOW, "MOUNT_ATTR_NOSYMFOLLOW"));

    private Calls() {}

    static String attributes(long set) {
        String words = MOUNT_ATTRIBUTES.entrySet().stream()
                .filter(entry -> (set & entry.getKey()) != 0)
                .sorted(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue)
                .collect(Collectors.joining("|"));
        return words.isEmpty() ? "0" : words;
    }

    static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    static String argv(List<String> args) {
        return args.stream().map(Calls::quoted).collect(Collectors.joining(", ", "[", "]"));
    }
}

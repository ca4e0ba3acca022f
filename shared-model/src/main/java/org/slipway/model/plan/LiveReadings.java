package org.slipway.model.plan;

import java.util.List;
import java.util.Optional;

/** What the kernel says of a container's inside, compared with what a plan wanted. */
public final class LiveReadings {

    private LiveReadings() {}

    /**
     * Where the inside differs from what a step has set.
     *
     * @return what is found instead; empty if it is as wanted, or if the step sets nothing that can be read
     */
    public static Optional<String> difference(Op op, Inside inside) {
        return switch (op) {
            case NamespaceOp.SetHostname set -> parameter(inside, "kernel/hostname", set.name());
            case NamespaceOp.SetDomainname set -> parameter(inside, "kernel/domainname", set.name());
            case NamespaceOp.WriteSysctl write -> parameter(inside, write.path(), write.value());
            case MountOp.MountFilesystem mount -> mounted(inside, mount.target(), mount.attributes(), 0);
            case MountOp.Attach attach -> mounted(inside, attach.target(), attach.set(), attach.clear());
            case MountOp.ChangeAttributes change -> mounted(inside, change.target(), change.set(), change.clear());
            default -> Optional.empty();
        };
    }

    /** What a step wanted, as a person reads it. */
    public static String wanted(Op op) {
        return op instanceof NamespaceOp.WriteSysctl write
                ? write.value()
                : op instanceof NamespaceOp.SetHostname set
                        ? set.name()
                        : op instanceof NamespaceOp.SetDomainname set ? set.name() : op.call();
    }

    private static Optional<String> parameter(Inside inside, String path, String value) {
        return inside.parameter(path).filter(found -> !same(found, value));
    }

    private static Optional<String> mounted(Inside inside, String target, long set, long clear) {
        Optional<List<String>> options = options(inside.mounts(), target);
        if (options.isEmpty()) {
            return Optional.of("no mount");
        }
        long found = attributes(options.get());
        boolean differs = (found & set & ~MountOp.ATIME_FIELD) != (set & ~MountOp.ATIME_FIELD)
                || (found & clear & ~set & ~MountOp.ATIME_FIELD) != 0;
        return differs ? Optional.of(String.join(",", options.get())) : Optional.empty();
    }

    /** Whether two texts of a parameter are the same: the kernel separates numbers by tabulators. */
    static boolean same(String found, String value) {
        return found.strip().replaceAll("\\s+", " ").equals(value.strip().replaceAll("\\s+", " "));
    }

    /** MOUNT_ATTR_… bits of a mount's own options. */
    static long attributes(List<String> options) {
        return MountOptions.parse(options).own.set;
    }

    /** The own options of the topmost mount on a target; empty if nothing is mounted there. */
    static Optional<List<String>> options(String mountinfo, String target) {
        return mountinfo
                .lines()
                .map(line -> line.split(" "))
                .filter(fields -> fields.length > 5 && unescaped(fields[4]).equals(target))
                .reduce((_, last) -> last)
                .map(fields -> List.of(fields[5].split(",")));
    }

    /** Spaces and the like are written as three octal digits, see proc_pid_mountinfo(5). */
    static String unescaped(String field) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < field.length(); i++) {
            if (field.charAt(i) == '\\' && i + 3 < field.length()) {
                text.append((char) Integer.parseInt(field.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                text.append(field.charAt(i));
            }
        }
        return text.toString();
    }
}

package org.slipway.model.plan;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The kernel's capabilities, by number; see capabilities(7). */
public final class Capability {

    /** Names in the order of their numbers, from CAP_CHOWN (0) to CAP_CHECKPOINT_RESTORE (40). */
    public static final List<String> NAMES = List.of(
            "CAP_CHOWN",
            "CAP_DAC_OVERRIDE",
            "CAP_DAC_READ_SEARCH",
            "CAP_FOWNER",
            "CAP_FSETID",
            "CAP_KILL",
            "CAP_SETGID",
            "CAP_SETUID",
            "CAP_SETPCAP",
            "CAP_LINUX_IMMUTABLE",
            "CAP_NET_BIND_SERVICE",
            "CAP_NET_BROADCAST",
            "CAP_NET_ADMIN",
            "CAP_NET_RAW",
            "CAP_IPC_LOCK",
            "CAP_IPC_OWNER",
            "CAP_SYS_MODULE",
            "CAP_SYS_RAWIO",
            "CAP_SYS_CHROOT",
            "CAP_SYS_PTRACE",
            "CAP_SYS_PACCT",
            "CAP_SYS_ADMIN",
            "CAP_SYS_BOOT",
            "CAP_SYS_NICE",
            "CAP_SYS_RESOURCE",
            "CAP_SYS_TIME",
            "CAP_SYS_TTY_CONFIG",
            "CAP_MKNOD",
            "CAP_LEASE",
            "CAP_AUDIT_WRITE",
            "CAP_AUDIT_CONTROL",
            "CAP_SETFCAP",
            "CAP_MAC_OVERRIDE",
            "CAP_MAC_ADMIN",
            "CAP_SYSLOG",
            "CAP_WAKE_ALARM",
            "CAP_BLOCK_SUSPEND",
            "CAP_AUDIT_READ",
            "CAP_PERFMON",
            "CAP_BPF",
            "CAP_CHECKPOINT_RESTORE");

    private Capability() {}

    /** The bit of a capability, or empty for a name the kernel headers do not know. */
    public static Optional<Long> bit(String name) {
        int number = NAMES.indexOf(name);
        return number < 0 ? Optional.empty() : Optional.of(1L << number);
    }

    /** The names of a set, joined by {@code |}; {@code none} for the empty set. */
    public static String names(long set) {
        String names = IntStream.range(0, NAMES.size())
                .filter(number -> (set & (1L << number)) != 0)
                .mapToObj(NAMES::get)
                .collect(Collectors.joining("|"));
        return names.isEmpty() ? "none" : names;
    }
}

package org.slipway.model.spec;

import java.util.Optional;
import java.util.Set;

/** Kernel parameters by their paths below {@code /proc/sys}: which namespace holds one, see namespaces(7). */
public final class Sysctl {

    private static final Set<String> OF_IPC = Set.of(
            "kernel/auto_msgmni",
            "kernel/msg_next_id",
            "kernel/msgmax",
            "kernel/msgmnb",
            "kernel/msgmni",
            "kernel/sem",
            "kernel/sem_next_id",
            "kernel/shm_next_id",
            "kernel/shm_rmid_forced",
            "kernel/shmall",
            "kernel/shmmax",
            "kernel/shmmni");

    private Sysctl() {}

    /** As sysctl(8): if the first separator is a dot, dots separate and slashes stand for dots; else the other way round. */
    public static String path(String name) {
        int dot = name.indexOf('.');
        int slash = name.indexOf('/');
        if (slash >= 0 && (dot < 0 || slash < dot)) {
            return name;
        }
        return name.replace('.', '\0').replace('/', '.').replace('\0', '/');
    }

    /** The kind of namespace that a parameter belongs to; empty: it is the whole machine's. */
    public static Optional<NamespaceType> owner(String path) {
        if (OF_IPC.contains(path) || path.startsWith("fs/mqueue/")) {
            return Optional.of(NamespaceType.IPC);
        } else if (path.startsWith("net/")) {
            return Optional.of(NamespaceType.NETWORK);
        } else if (path.equals("kernel/hostname") || path.equals("kernel/domainname")) {
            return Optional.of(NamespaceType.UTS);
        } else if (path.startsWith("user/")) {
            return Optional.of(NamespaceType.USER);
        }
        return Optional.empty();
    }
}

package org.slipway.model.spec;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The eight kinds of namespaces, in the order of the specification. */
public enum NamespaceType {
    PID,
    NETWORK,
    MOUNT,
    IPC,
    UTS,
    USER,
    CGROUP,
    TIME;

    /** Its name in {@code config.json}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The type of that name, or empty. */
    public static Optional<NamespaceType> parse(String word) {
        return Arrays.stream(values()).filter(type -> type.word().equals(word)).findFirst();
    }
}

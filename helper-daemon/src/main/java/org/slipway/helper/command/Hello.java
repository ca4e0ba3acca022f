package org.slipway.helper.command;

import java.util.List;

/**
 * What was typed, and where.
 *
 * @param arguments without the program's own name
 * @param environment as {@code NAME=value}
 * @param directory the caller's working directory, absolute
 * @param terminals bit set: which of 0–2 are terminals
 */
public record Hello(List<String> arguments, List<String> environment, String directory, int umask, int terminals) {

    public Hello {
        arguments = List.copyOf(arguments);
        environment = List.copyOf(environment);
    }

    /** An absolute path, as the caller would understand this one. */
    public String absolute(String path) {
        String joined = path.startsWith("/") ? path : directory + "/" + path;
        // ".." stays: behind a symbolic link it does not mean the directory before it
        String plain =
                joined.replaceAll("/(\\./)+", "/").replaceAll("/{2,}", "/").replaceAll("/\\.?$", "");
        return plain.isEmpty() ? "/" : plain;
    }

    /**
     * What the program is told of activated descriptors (sd_listen_fds(3)); its LISTEN_PID is only known inside.
     *
     * @param count how many the client handed over, which it does only if LISTEN_PID named it
     */
    public List<String> activation(int count) {
        if (count <= 0) {
            return List.of();
        }
        String names = variable("LISTEN_FDNAMES", "");
        return names.isEmpty()
                ? List.of("LISTEN_FDS=" + count)
                : List.of("LISTEN_FDS=" + count, "LISTEN_FDNAMES=" + names);
    }

    /** A variable's value, or the other one. */
    public String variable(String name, String otherwise) {
        return environment.stream()
                .filter(each -> each.startsWith(name + "="))
                .map(each -> each.substring(name.length() + 1))
                .findFirst()
                .orElse(otherwise);
    }
}

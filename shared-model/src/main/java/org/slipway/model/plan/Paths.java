package org.slipway.model.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Paths as text: nothing here looks at a filesystem. */
public final class Paths {

    private Paths() {}

    /** An absolute path without empty parts, {@code .} and {@code ..}; a relative one counts from {@code /}. */
    public static String clean(String path) {
        List<String> parts = new ArrayList<>();
        for (String part : parts(path)) {
            if (!part.equals("..")) {
                parts.add(part);
            } else if (!parts.isEmpty()) {
                parts.removeLast();
            }
        }
        return "/" + String.join("/", parts);
    }

    /** The parts of a path, without empty ones and {@code .}. */
    static List<String> parts(String path) {
        return Arrays.stream(path.split("/", -1))
                .filter(part -> !part.isEmpty() && !part.equals("."))
                .toList();
    }

    /** A path below a directory; {@code /} below it is the directory. */
    static String join(String directory, String below) {
        String base = directory.equals("/") ? "" : directory;
        return below.equals("/") ? directory : base + below;
    }

    /** The last part, or {@code /}. */
    static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }
}

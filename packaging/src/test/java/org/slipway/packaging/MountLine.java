package org.slipway.packaging;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A line of {@code /proc/PID/mountinfo}, see proc_pid_mountinfo(5).
 *
 * @param shows what of its filesystem is mounted
 * @param tags about propagation, without their numbers
 * @param system the options of the filesystem
 */
record MountLine(String shows, String place, Set<String> options, Set<String> tags, String type, Set<String> system) {

    /** The mounts of a table by their places; of two at one place the later, which is the one to be seen. */
    static Map<String, MountLine> table(String text) {
        return text.lines()
                .filter(line -> line.contains(" - "))
                .map(MountLine::parse)
                .collect(Collectors.toMap(MountLine::place, Function.identity(), (_, later) -> later));
    }

    private static MountLine parse(String line) {
        List<String> fields = List.of(line.split(" ", -1));
        int dash = fields.indexOf("-");
        Set<String> tags = fields.subList(6, dash).stream()
                .map(tag -> tag.replaceFirst(":.*", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        return new MountLine(
                fields.get(3),
                fields.get(4),
                words(fields.get(5)),
                tags,
                fields.get(dash + 1),
                words(fields.get(dash + 3)));
    }

    private static Set<String> words(String text) {
        return new TreeSet<>(Arrays.asList(text.split(",", -1)));
    }
}

package org.slipway.model.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lists of processors or memory nodes, such as {@code 0-3,7}; see "List format" in cpuset(7). */
public final class NumberList {

    /** More processors than any kernel is built for (CONFIG_NR_CPUS is at most 8192). */
    public static final int PROCESSORS = 8192;

    /** More memory nodes than any kernel is built for (CONFIG_NODES_SHIFT is at most 10). */
    public static final int NODES = 1024;

    private static final Pattern RANGE = Pattern.compile("\\s*(\\d{1,9})(?:\\s*-\\s*(\\d{1,9}))?\\s*");

    private NumberList() {}

    /**
     * The numbers in a list, each once and in order; of a blank text none. Empty when the text is no such list, counts down, or names a
     * number that no machine has.
     *
     * @param limit above the largest number
     */
    public static Optional<List<Integer>> parse(String text, int limit) {
        if (text.isBlank()) {
            return Optional.of(List.of());
        }
        TreeSet<Integer> numbers = new TreeSet<>();
        for (String part : text.split(",", -1)) {
            Matcher range = RANGE.matcher(part);
            if (!range.matches()) {
                return Optional.empty();
            }
            int first = Integer.parseInt(range.group(1));
            int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
            if (first > last || last >= limit) {
                return Optional.empty();
            }
            for (int number = first; number <= last; number++) {
                numbers.add(number);
            }
        }
        return Optional.of(List.copyOf(new ArrayList<>(numbers)));
    }
}

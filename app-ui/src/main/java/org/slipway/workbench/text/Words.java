package org.slipway.workbench.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A list of words on one line: blanks part them, double quotes keep blanks, a backslash keeps a quote or a backslash. */
public final class Words {

    private Words() {}

    /** The words on one line. */
    public static String join(List<String> words) {
        return words.stream().map(Words::quote).collect(Collectors.joining(" "));
    }

    private static String quote(String word) {
        boolean plain = !word.isEmpty() && word.chars().noneMatch(c -> c <= ' ' || c == '"' || c == '\\');
        return plain
                ? word
                : "\"" + word.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }

    /** The words of a line, or empty if a quote is left open. */
    public static Optional<List<String>> split(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        boolean inQuotes = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\' && inQuotes && i + 1 < line.length()) {
                char next = line.charAt(++i);
                word.append(next == 'n' ? '\n' : next);
            } else if (c == '"') {
                inQuotes = !inQuotes;
                inWord = true;
            } else if (c <= ' ' && !inQuotes) {
                if (inWord) {
                    words.add(word.toString());
                }
                word.setLength(0);
                inWord = false;
            } else {
                word.append(c);
                inWord = true;
            }
        }
        if (inQuotes) {
            return Optional.empty();
        }
        if (inWord) {
            words.add(word.toString());
        }
        return Optional.of(words);
    }
}

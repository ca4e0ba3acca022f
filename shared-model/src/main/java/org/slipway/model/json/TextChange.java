package org.slipway.model.json;

/**
 * One replacement in a text. An editor that applies it keeps its caret and its scroll position.
 *
 * @param from offset of the first character replaced
 * @param to offset behind the last one; equal to {@code from} for an insertion
 * @param replacement what stands there afterwards
 */
public record TextChange(int from, int to, String replacement) {

    public TextChange {
        if (from < 0 || to < from) {
            throw new IllegalArgumentException(from + " to " + to);
        }
    }

    /** The smallest change that makes one text the other, never cutting a surrogate pair or a CRLF in two. */
    public static TextChange between(String before, String after) {
        int shorter = Math.min(before.length(), after.length());
        int head = 0;
        while (head < shorter && before.charAt(head) == after.charAt(head)) {
            head++;
        }
        while (head > 0 && (cuts(before, head) || cuts(after, head))) {
            head--;
        }
        int tail = 0;
        while (tail < shorter - head
                && before.charAt(before.length() - 1 - tail) == after.charAt(after.length() - 1 - tail)) {
            tail++;
        }
        while (tail > 0 && (cuts(before, before.length() - tail) || cuts(after, after.length() - tail))) {
            tail--;
        }
        return new TextChange(head, before.length() - tail, after.substring(head, after.length() - tail));
    }

    /** The text after this change. */
    public String apply(String text) {
        return text.substring(0, from) + replacement + text.substring(to);
    }

    /**
     * What takes this change back.
     *
     * @param before the text as it was
     */
    public TextChange inverse(String before) {
        return new TextChange(from, from + replacement.length(), before.substring(from, to));
    }

    private static boolean cuts(String text, int offset) {
        if (offset <= 0 || offset >= text.length()) {
            return false;
        }
        char left = text.charAt(offset - 1);
        char right = text.charAt(offset);
        return Character.isSurrogatePair(left, right) || (left == '\r' && right == '\n');
    }
}

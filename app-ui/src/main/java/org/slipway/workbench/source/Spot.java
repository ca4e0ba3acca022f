package org.slipway.workbench.source;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slipway.model.json.Pointer;

/**
 * What is being typed at a place of a text that is JSON, or will be once the person has finished: quotes and braces may still be
 * open, so this reads on where the document's own reader stops.
 *
 * @param pointer of the object or list around it for a name; of the value itself for a value
 * @param name whether it is a member's name, rather than a value
 * @param typed what stands between its beginning and the caret, without the quotation mark
 * @param from where it begins, its quotation mark counted in
 * @param to where it ends, its quotation mark counted in
 * @param quoted whether it stands in quotation marks
 * @param colon whether a colon follows, so that a name has its value already
 * @param taken the names that the object has already, this one not counted in
 */
record Spot(
        String pointer,
        boolean name,
        String typed,
        int from,
        int to,
        boolean quoted,
        boolean colon,
        Set<String> taken) {

    /** An object or list that is open. */
    private static final class Frame {
        final boolean object;
        final String pointer;
        final Set<String> names = new HashSet<>();
        boolean named;
        boolean filled;

        @Nullable String name;

        int index;

        Frame(boolean object, String pointer) {
            this.object = object;
            this.pointer = pointer;
        }

        String child() {
            return object ? Pointer.child(pointer, name == null ? "" : name) : Pointer.child(pointer, index);
        }

        boolean wantsName() {
            return object && !named;
        }
    }

    /** The place at a caret; empty outside the outermost braces. */
    static Optional<Spot> at(String text, int caret) {
        return new Scan(text).spot(caret);
    }

    /** Reads a text from its beginning, forgiving everything. */
    private static final class Scan {
        private final String text;
        private final Deque<Frame> open = new ArrayDeque<>();

        Scan(String text) {
            this.text = text;
        }

        Optional<Spot> spot(int caret) {
            int at = 0;
            while (at < caret) {
                int end = end(at);
                boolean open = text.charAt(at) == '"' && close(at) < 0;
                if (end > caret || (end == caret && (open || isWord(text.charAt(at))))) {
                    return found(at, end, caret);
                }
                take(at, end);
                at = end;
            }
            return found(caret, caret, caret);
        }

        private Optional<Spot> found(int from, int to, int caret) {
            Frame frame = open.peek();
            if (frame == null) {
                return Optional.empty();
            }
            boolean quoted = to > from && text.charAt(from) == '"';
            if (!quoted && to > from && !isWord(text.charAt(from))) {
                return Optional.empty();
            }
            if (from == to && frame.filled) {
                return Optional.empty();
            }
            boolean name = frame.wantsName();
            String typed = text.substring(Math.min(from + (quoted ? 1 : 0), caret), caret);
            int after = skip(to);
            boolean colon = after < text.length() && text.charAt(after) == ':';
            String pointer = name ? frame.pointer : frame.child();
            Set<String> taken = new HashSet<>(frame.names);
            if (name) {
                taken.addAll(rest(frame, to));
            }
            return Optional.of(new Spot(pointer, name, typed, from, to, quoted, colon, taken));
        }

        /** The names that stand in the same object further on. */
        private Set<String> rest(Frame frame, int from) {
            frame.named = true;
            for (int at = from; at < text.length() && open.contains(frame); ) {
                int end = end(at);
                take(at, end);
                at = end;
            }
            return frame.names;
        }

        /** Where the piece that begins here ends. A string that is not closed ends with its word, or its line. */
        private int end(int at) {
            char c = text.charAt(at);
            if (c == '"') {
                int close = close(at);
                return close > 0 ? close : word(at + 1);
            }
            return isWord(c) ? word(at) : at + 1;
        }

        private int close(int at) {
            for (int i = at + 1; i < text.length() && text.charAt(i) != '\n'; i++) {
                if (text.charAt(i) == '\\') {
                    i++;
                } else if (text.charAt(i) == '"') {
                    int after = skip(i + 1);
                    boolean ends = after == text.length() || ":,]}\"".indexOf(text.charAt(after)) >= 0;
                    return ends || text.substring(i + 1, after).contains("\n") ? i + 1 : -1;
                }
            }
            return -1;
        }

        private int skip(int from) {
            int at = from;
            while (at < text.length() && text.charAt(at) <= ' ') {
                at++;
            }
            return at;
        }

        private int word(int from) {
            int at = from;
            while (at < text.length() && isWord(text.charAt(at))) {
                at++;
            }
            return at;
        }

        private static boolean isWord(char c) {
            return c > ' ' && "{}[]:,\"".indexOf(c) < 0;
        }

        private void take(int from, int end) {
            char c = text.charAt(from);
            Frame frame = open.peek();
            switch (c) {
                case '{', '[' -> open.push(new Frame(c == '{', frame == null ? "" : frame.child()));
                case '}', ']' -> {
                    open.poll();
                    if (open.peek() != null) {
                        open.element().filled = true;
                    }
                }
                case ':' -> {
                    if (frame != null) {
                        frame.named = true;
                        frame.filled = false;
                    }
                }
                case ',' -> {
                    if (frame != null) {
                        frame.named = false;
                        frame.filled = false;
                        frame.index++;
                    }
                }
                default -> {
                    if (frame != null && c > ' ') {
                        frame.filled = true;
                    }
                    if (frame != null && frame.wantsName() && c == '"') {
                        int last = text.charAt(end - 1) == '"' ? end - 1 : end;
                        frame.name = text.substring(Math.min(from + 1, last), last);
                        frame.names.add(frame.name);
                    }
                }
            }
        }
    }
}

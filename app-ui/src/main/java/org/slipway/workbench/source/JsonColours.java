package org.slipway.workbench.source;

import java.util.ArrayList;
import java.util.List;

/** Cuts one line of JSON into coloured pieces. A JSON string never spans lines, so a line needs no other to be understood. */
final class JsonColours {

    /** What a piece of a line is. */
    enum Kind {
        NAME,
        TEXT,
        NUMBER,
        WORD,
        MARK,
        BLANK;

        String styleClass() {
            return "json-" + name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** Characters {@code from} (inclusive) to {@code to} (exclusive) of a line. */
    record Piece(Kind kind, int from, int to) {}

    private JsonColours() {}

    /** The pieces of a line, without gaps, in order; text that is no JSON is a {@code WORD}. */
    static List<Piece> pieces(String line) {
        List<Piece> pieces = new ArrayList<>();
        int at = 0;
        while (at < line.length()) {
            char c = line.charAt(at);
            int end;
            Kind kind;
            if (c == '"') {
                end = endOfString(line, at);
                kind = followedByColon(line, end) ? Kind.NAME : Kind.TEXT;
            } else if (c <= ' ') {
                end = at + 1;
                kind = Kind.BLANK;
            } else if ("{}[]:,".indexOf(c) >= 0) {
                end = at + 1;
                kind = Kind.MARK;
            } else {
                end = at;
                while (end < line.length() && " \t{}[]:,\"".indexOf(line.charAt(end)) < 0) {
                    end++;
                }
                end = Math.max(end, at + 1);
                kind = c == '-' || Character.isDigit(c) ? Kind.NUMBER : Kind.WORD;
            }
            pieces.add(new Piece(kind, at, end));
            at = end;
        }
        return pieces;
    }

    private static int endOfString(String line, int start) {
        for (int i = start + 1; i < line.length(); i++) {
            if (line.charAt(i) == '\\') {
                i++;
            } else if (line.charAt(i) == '"') {
                return i + 1;
            }
        }
        return line.length();
    }

    private static boolean followedByColon(String line, int from) {
        int i = from;
        while (i < line.length() && line.charAt(i) <= ' ') {
            i++;
        }
        return i < line.length() && line.charAt(i) == ':';
    }
}

package org.slipway.model.json;

import java.util.Arrays;

/** Offsets to lines and columns, from 1. A line ends with LF, CR LF or CR. */
final class Lines {

    private final int[] starts;

    Lines(String text) {
        int[] found = new int[64];
        int count = 1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean ends = c == '\n' || (c == '\r' && (i + 1 == text.length() || text.charAt(i + 1) != '\n'));
            if (ends) {
                if (count == found.length) {
                    found = Arrays.copyOf(found, count * 2);
                }
                found[count++] = i + 1;
            }
        }
        starts = Arrays.copyOf(found, count);
    }

    int line(int offset) {
        int at = Arrays.binarySearch(starts, offset);
        return at >= 0 ? at + 1 : -at - 1;
    }

    int column(int offset) {
        return offset - starts[line(offset) - 1] + 1;
    }

    /** Offset at which the line of an offset begins. */
    int lineStart(int offset) {
        return starts[line(offset) - 1];
    }
}

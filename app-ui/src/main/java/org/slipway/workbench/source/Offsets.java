package org.slipway.workbench.source;

import java.util.Arrays;
import jfx.incubator.scene.control.richtext.TextPos;

/** Places in a text, as offsets and as lines with columns, both from 0. */
final class Offsets {

    private final int[] starts;
    private final int length;

    Offsets(String text) {
        length = text.length();
        int lines = 1 + (int) text.chars().filter(c -> c == '\n').count();
        starts = new int[lines];
        int line = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\n') {
                starts[++line] = i + 1;
            }
        }
    }

    int line(int offset) {
        int found = Arrays.binarySearch(starts, Math.clamp(offset, 0, length));
        return found >= 0 ? found : -found - 2;
    }

    TextPos position(int offset) {
        int line = line(offset);
        return TextPos.ofLeading(line, Math.clamp(offset, 0, length) - starts[line]);
    }

    int offset(TextPos position) {
        int line = Math.min(position.index(), starts.length - 1);
        return Math.min(starts[line] + position.offset(), length);
    }

    /** Where a line ends, its line feed not counted in. */
    int end(int line) {
        return line + 1 < starts.length ? starts[line + 1] - 1 : length;
    }

    int start(int line) {
        return starts[line];
    }
}

package org.slipway.model.wire;

import java.util.Map;

/**
 * A finding about a configuration; its sentence is made from code and arguments by whoever shows it.
 *
 * @param severity {@code error}, {@code warning} or {@code note}
 * @param pointer JSON pointer into config.json
 * @param line counts from 1, 0 when the place is not known
 * @param column counts from 1
 * @param rule the specification's file and section that asks for it, such as {@code config.md §Mounts}
 */
public record Finding(
        String code,
        String severity,
        String pointer,
        int line,
        int column,
        Map<String, String> arguments,
        String rule) {

    public Finding {
        arguments = Map.copyOf(arguments);
    }
}

package org.slipway.model.finding;

import java.util.Map;
import java.util.Optional;
import org.slipway.model.json.Edit;

/**
 * One problem of a configuration. The sentence is made of code and arguments by {@code org.slipway.model.text}.
 *
 * @param code the stable code, such as {@code hostname-needs-uts}
 * @param pointer JSON pointer of the member concerned; for one that is missing, of where it would stand
 * @param line where that is in the text, from 1; for a missing member that of the object which lacks it
 * @param column the same, from 1, in UTF-16 units
 * @param rule what asks for it, such as {@code config.md §Mounts}
 * @param fix an edit that removes the finding, where one is certain enough to offer
 */
public record Finding(
        String code,
        Severity severity,
        String pointer,
        int line,
        int column,
        Map<String, String> arguments,
        String rule,
        Optional<Edit> fix) {

    public Finding {
        arguments = Map.copyOf(arguments);
    }
}

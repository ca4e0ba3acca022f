package org.slipway.model.profile;

import java.util.Map;
import java.util.Optional;

/**
 * One change on the way from a configuration's own shape to a later one.
 *
 * @param code which change, such as {@code capabilities-split}; its sentence is made by {@code org.slipway.model.text}
 * @param profile the profile in which it became so
 * @param from where the value stands in the configuration as it was read; empty for what is added
 * @param to where it stands afterwards; empty for what is dropped
 * @param loss whether something that the configuration said is not said any more, or means something else
 */
public record Converted(
        Kind kind,
        String code,
        String profile,
        Optional<String> from,
        Optional<String> to,
        boolean loss,
        Map<String, String> arguments) {

    /** What happened to the value. */
    public enum Kind {
        MOVED,
        RENAMED,
        SPLIT,
        ADDED,
        DROPPED,
        REINTERPRETED;

        /** Its name in a report. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    public Converted {
        arguments = Map.copyOf(arguments);
    }
}

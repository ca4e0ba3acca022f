package org.slipway.model.conformance;

/**
 * One thing that a version of the specification asks of a runtime.
 *
 * @param id stable, such as {@code 0.4-stop-frees-id}
 * @param profile the version of the specification that asks, as {@code --profile} names it
 * @param source document and section
 * @param text what is asked, in our words
 */
public record Rule(String id, String profile, String source, String text, Level level, Status status) {

    /** How strongly it is asked (RFC 2119). */
    public enum Level {
        MUST,
        SHOULD,
        MAY
    }

    /** Whether it is checked. */
    public enum Status {
        PLANNED("Planned"),
        WIP("WIP"),
        INCLUDED("Included");

        private final String word;

        Status(String word) {
            this.word = word;
        }

        /** How catalogues write it. */
        public String word() {
            return word;
        }

        /** Reads a status; {@code Planed}, a spelling of old lists, is {@code Planned}. Other words are an {@link IllegalArgumentException}. */
        static Status of(String word) {
            if (word.equals("Planed")) {
                return PLANNED;
            }
            for (Status status : values()) {
                if (status.word.equals(word)) {
                    return status;
                }
            }
            throw new IllegalArgumentException("not a status: '" + word + "'");
        }
    }
}

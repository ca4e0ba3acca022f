package org.slipway.model.finding;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/**
 * One member that the specification defines: what may stand there. Rules, completion and field help read the same one.
 *
 * @param pattern its JSON pointer, with {@code *} for an element's index or a name in a map
 * @param required whether the object that holds it must have it
 * @param nonempty whether a list needs an element, or a string a character
 * @param min smallest number, for number types
 * @param max largest number, for number types
 * @param orZero whether 0 is taken too, for absence, as many programs write it
 * @param oneOf the only words allowed; empty if any are
 * @param known words to offer, if {@code oneOf} is empty
 * @param unit what a number counts, such as {@code bytes}
 * @param standard the value that absence means, as JSON would write it without quotation marks
 * @param section where the specification defines it, such as {@code config.md §Mounts}
 */
public record Member(
        String pattern,
        Type type,
        boolean required,
        boolean nonempty,
        BigInteger min,
        BigInteger max,
        boolean orZero,
        List<String> oneOf,
        List<String> known,
        Optional<String> unit,
        Optional<String> standard,
        String section) {

    /** What kind of value a member has. */
    public enum Type {
        OBJECT,
        LIST,
        MAP,
        STRING,
        PATH,
        CPUS,
        BOOLEAN,
        INT32,
        INT64,
        UINT16,
        UINT32,
        UINT64;

        boolean number() {
            return compareTo(INT32) >= 0;
        }

        boolean text() {
            return this == STRING || this == PATH || this == CPUS;
        }

        BigInteger smallest() {
            return switch (this) {
                case INT32 -> BigInteger.valueOf(Integer.MIN_VALUE);
                case INT64 -> BigInteger.valueOf(Long.MIN_VALUE);
                default -> BigInteger.ZERO;
            };
        }

        BigInteger largest() {
            return switch (this) {
                case INT32 -> BigInteger.valueOf(Integer.MAX_VALUE);
                case INT64 -> BigInteger.valueOf(Long.MAX_VALUE);
                case UINT16 -> BigInteger.valueOf(65535);
                case UINT32 -> BigInteger.valueOf(4294967295L);
                default -> BigInteger.TWO.pow(64).subtract(BigInteger.ONE);
            };
        }

        /** The word for it in the table and in sentences: {@code uint32}. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** Its own name, or {@code *} for an element. */
    public String name() {
        return pattern.substring(pattern.lastIndexOf('/') + 1);
    }

    /** The key of its one-sentence explanation in the sentences: {@code member.process.args}. */
    public String helpKey() {
        return "member" + pattern.replace('/', '.');
    }
}

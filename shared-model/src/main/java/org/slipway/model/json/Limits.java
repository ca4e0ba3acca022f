package org.slipway.model.json;

/**
 * How much text is read before giving up (CFG-14).
 *
 * @param bytes most bytes of UTF-8
 * @param depth most objects and arrays inside one another, the outermost counted; at most 500
 * @param values most objects, arrays and scalars altogether
 */
public record Limits(int bytes, int depth, int values) {

    /** What anyone may hand to the helper, and what the window opens. */
    public static final Limits CONFINED = new Limits(4 << 20, 64, 250_000);

    /** What an administrator may hand to the helper. */
    public static final Limits ADMINISTRATOR = new Limits(64 << 20, 64, 4_000_000);

    public Limits {
        if (depth < 1 || depth > 500) {
            throw new IllegalArgumentException("depth " + depth);
        }
    }
}

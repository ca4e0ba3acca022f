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

    /** What an administrator may hand to the helper, if it has the memory for it: {@link #within}. */
    public static final Limits ADMINISTRATOR = new Limits(64 << 20, 64, 4_000_000);

    /** What this program takes from an administrator: as much of that as its heap has room for. */
    public static Limits here() {
        return ADMINISTRATOR.within(Runtime.getRuntime().maxMemory());
    }

    /** Bytes of memory that one byte of text takes for a moment while it is read, and that one value takes with its place. */
    private static final int A_BYTE = 16;

    private static final int A_VALUE = 800;

    /**
     * These limits, or what a program can hold that has that much memory: reading one text must never end it.
     *
     * @param memory the most that its heap can grow to, in bytes
     */
    public Limits within(long memory) {
        return new Limits((int) Math.min(bytes, memory / A_BYTE), depth, (int) Math.min(values, memory / A_VALUE));
    }

    public Limits {
        if (depth < 1 || depth > 500) {
            throw new IllegalArgumentException("depth " + depth);
        }
    }
}

package org.slipway.workbench.image;

/**
 * What an image may be at most, so that a small archive can't fill a disk or the memory.
 *
 * @param bytes of everything unpacked
 * @param entries of all layers together
 * @param document bytes of one JSON document of an image
 */
record Bounds(long bytes, int entries, int document) {

    /** As much as the disk has room for; the tree of the names has to fit into the memory of the window. */
    static Bounds of(long room) {
        return new Bounds(room, 500_000, 4 << 20);
    }
}

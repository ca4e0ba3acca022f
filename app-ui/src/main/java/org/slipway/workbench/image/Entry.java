package org.slipway.workbench.image;

import java.time.Instant;

/**
 * One entry of a layer, as its archive names it.
 *
 * @param name as it stands there, not to be trusted
 * @param link where a link points to, else empty
 * @param mode the lower twelve bits
 */
record Entry(Kind kind, String name, String link, int mode, int uid, int gid, Instant modified, long size) {

    /** What an entry is. */
    enum Kind {
        DIRECTORY,
        FILE,
        SYMLINK,
        HARD_LINK,
        /** A device or a pipe: no person can make a device, and a container gets its own. */
        SPECIAL
    }
}

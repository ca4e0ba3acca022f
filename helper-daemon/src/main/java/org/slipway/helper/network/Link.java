package org.slipway.helper.network;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.slipway.helper.libc.ErrnoException;

/**
 * An interface, as rtnetlink(7) tells of it.
 *
 * @param flags IFF_… bits
 */
record Link(int index, String name, int flags) {

    static final int UP = 1;
    static final int LOOPBACK = 8;

    static final int IFNAME = 3;
    static final int NET_NS_FD = 28;
    static final int NEW_IFINDEX = 49;

    /** Reads a message of type RTM_NEWLINK, without its header. */
    static Link read(ByteBuffer body) throws ErrnoException {
        int at = body.position();
        Link link = new Link(body.getInt(at + 4), "", body.getInt(at + 8));
        body.position(at + 16);
        return new Link(link.index, Attributes.read(body).text(IFNAME).orElse(""), link.flags);
    }

    boolean up() {
        return (flags & UP) != 0;
    }

    /** struct ifinfomsg: flags are set where change says so. */
    static byte[] fixed(int index, int flags, int change) {
        return ByteBuffer.allocate(16)
                .order(ByteOrder.nativeOrder())
                .putInt(4, index)
                .putInt(8, flags)
                .putInt(12, change)
                .array();
    }
}

package org.slipway.helper.network;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.slipway.helper.libc.ErrnoException;

/**
 * An interface, as rtnetlink(7) tells of it.
 *
 * @param flags IFF_… bits
 * @param traits by which it is known again
 */
record Link(int index, String name, int flags, Traits traits) {

    static final int UP = 1;
    static final int LOOPBACK = 8;

    static final int IFNAME = 3;
    static final int NET_NS_FD = 28;
    static final int NEW_IFINDEX = 49;

    /** Reads a message of type RTM_NEWLINK, without its header. */
    static Link read(ByteBuffer body) throws ErrnoException {
        int at = body.position();
        body.position(at + 16);
        Attributes attributes = Attributes.read(body);
        return new Link(
                body.getInt(at + 4),
                attributes.text(IFNAME).orElse(""),
                body.getInt(at + 8),
                Traits.of(attributes, body.order()));
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

package org.slipway.helper.network;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slipway.helper.libc.ErrnoException;

/**
 * An address of an interface: struct ifaddrmsg with its attributes, as rtnetlink(7) tells them.
 *
 * @param attributes IFA_… to their bytes; IFA_FLAGS apart, which is {@code flags}
 */
record Address(int family, int prefix, int flags, int scope, int index, Map<Integer, byte[]> attributes) {

    private static final int INET6 = 10;
    private static final int LABEL = 3;
    private static final int CACHEINFO = 6;
    private static final int FLAGS = 8;
    private static final int TARGET_NETNSID = 10;

    private static final int TEMPORARY = 1; // of IPv6; the same bit says "secondary" for IPv4
    private static final int PERMANENT = 0x80;
    private static final int KEPT =
            0x02 | 0x10 | 0x100 | 0x200 | 0x400; // NODAD HOMEADDRESS MANAGETEMPADDR NOPREFIXROUTE MCAUTOJOIN
    private static final int LONGEST_LABEL = 15;

    /** Reads a message of type RTM_NEWADDR, without its header. */
    static Address read(ByteBuffer body) throws ErrnoException {
        int at = body.position();
        body.position(at + 8);
        Map<Integer, byte[]> all = new LinkedHashMap<>(Attributes.read(body).all());
        byte[] wide = all.remove(FLAGS);
        all.remove(TARGET_NETNSID);
        return new Address(
                body.get(at),
                Byte.toUnsignedInt(body.get(at + 1)),
                wide != null && wide.length == 4
                        ? ByteBuffer.wrap(wide).order(ByteOrder.nativeOrder()).getInt()
                        : Byte.toUnsignedInt(body.get(at + 2)),
                Byte.toUnsignedInt(body.get(at + 3)),
                body.getInt(at + 4),
                all);
    }

    /** Whether it goes with its interface: permanent, of global scope, and no temporary one of IPv6 (NETDEV-06). */
    boolean moves() {
        return scope == 0 && (flags & PERMANENT) != 0 && !(family == INET6 && (flags & TEMPORARY) != 0);
    }

    /**
     * The request that adds it to an interface.
     *
     * @param former the name of the interface that labels begin with
     * @param now the name that they get
     */
    Message adding(int type, int requestFlags, int to, String former, String now) {
        byte[] fixed = ByteBuffer.allocate(8)
                .order(ByteOrder.nativeOrder())
                .put(0, (byte) family)
                .put(1, (byte) prefix)
                .put(2, (byte) (flags & KEPT))
                .put(3, (byte) scope)
                .putInt(4, to)
                .array();
        Message message = new Message(type, requestFlags, fixed).attribute(FLAGS, flags & KEPT);
        attributes.forEach((attribute, value) -> {
            if (attribute == LABEL) {
                message.attribute(LABEL, label(value, former, now));
            } else if (attribute != CACHEINFO) { // permanent: its times say nothing
                message.attribute(attribute, value);
            }
        });
        return message;
    }

    private static String label(byte[] value, String former, String now) {
        String text = new String(value, StandardCharsets.UTF_8).replace("\0", "");
        String moved =
                text.equals(former) || text.startsWith(former + ":") ? now + text.substring(former.length()) : text;
        return moved.length() > LONGEST_LABEL ? now : moved;
    }
}

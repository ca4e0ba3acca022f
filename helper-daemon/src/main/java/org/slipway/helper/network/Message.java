package org.slipway.helper.network;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A request to rtnetlink in the making: netlink(7). Lengths are 16 bits wide; what does not fit is refused, never cut off
 * (CVE-2021-43784).
 */
final class Message {

    static final int HEADER = 16;
    private static final int LARGEST = 1 << 16;

    private final ByteBuffer bytes = ByteBuffer.allocate(LARGEST).order(ByteOrder.nativeOrder());

    /**
     * Begins one.
     *
     * @param fixed what follows the header: struct ifinfomsg or struct ifaddrmsg
     */
    Message(int type, int flags, byte[] fixed) {
        bytes.putShort(4, (short) type).putShort(6, (short) flags);
        bytes.position(HEADER);
        put(fixed);
    }

    /** Adds an attribute: its length with the header of four bytes, its type, its bytes, and padding to four. */
    Message attribute(int type, byte[] value) {
        if (value.length > 0xffff - 4) {
            throw new IllegalArgumentException("an attribute of " + value.length + " bytes");
        }
        if (bytes.remaining() < 4 + aligned(value.length)) {
            throw new IllegalArgumentException("a message of more than " + LARGEST + " bytes");
        }
        bytes.putShort((short) (4 + value.length)).putShort((short) type);
        put(value);
        return this;
    }

    Message attribute(int type, int value) {
        return attribute(
                type,
                ByteBuffer.allocate(4)
                        .order(ByteOrder.nativeOrder())
                        .putInt(value)
                        .array());
    }

    /** A string with the NUL at its end. */
    Message attribute(int type, String value) {
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        return attribute(type, Arrays.copyOf(text, text.length + 1));
    }

    private void put(byte[] value) {
        bytes.put(value).position(HEADER + aligned(bytes.position() - HEADER));
    }

    /** The whole, with a number that the answer repeats. */
    byte[] encode(int sequence) {
        bytes.putInt(0, bytes.position()).putInt(8, sequence);
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    static int aligned(int length) {
        return (length + 3) & ~3;
    }
}

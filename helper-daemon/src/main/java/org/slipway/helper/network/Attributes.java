package org.slipway.helper.network;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slipway.helper.libc.Errno;
import org.slipway.helper.libc.ErrnoException;

/** The attributes of an answer by type, in their order. */
record Attributes(Map<Integer, byte[]> all) {

    private static final int TYPE = 0x3fff; // without NLA_F_NESTED and NLA_F_NET_BYTEORDER

    /** Reads what is left of a message; EBADMSG for lengths that lead out of it. */
    static Attributes read(ByteBuffer bytes) throws ErrnoException {
        Map<Integer, byte[]> all = new LinkedHashMap<>();
        while (bytes.remaining() >= 4) {
            int length = Short.toUnsignedInt(bytes.getShort());
            int type = Short.toUnsignedInt(bytes.getShort()) & TYPE;
            if (length < 4 || length - 4 > bytes.remaining()) {
                throw new ErrnoException("an attribute of " + length + " bytes", Errno.EBADMSG);
            }
            byte[] value = new byte[length - 4];
            bytes.get(value);
            all.put(type, value);
            bytes.position(bytes.position() + Math.min(bytes.remaining(), Message.aligned(length) - length));
        }
        return new Attributes(all);
    }

    Optional<String> text(int type) {
        return Optional.ofNullable(all.get(type)).map(bytes -> {
            int end = 0;
            while (end < bytes.length && bytes[end] != 0) {
                end++;
            }
            return new String(bytes, 0, end, StandardCharsets.UTF_8);
        });
    }
}

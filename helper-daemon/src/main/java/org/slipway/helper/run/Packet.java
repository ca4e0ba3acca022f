package org.slipway.helper.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.slipway.model.plan.Blob;

/**
 * One packet on the control socket or on keeper.sock; {@code docs/protocols.md} sections 3 and 6.
 *
 * @param value its meaning depends on the kind
 * @param errno of a failure
 * @param step the failed step
 * @param text at most {@link #TEXT} bytes
 */
public record Packet(int kind, int value, int errno, int step, Blob text) {

    public static final int SIGNAL = 1;
    public static final int FAILED = 2;
    public static final int CLONED = 3;
    public static final int UNSHARED = 4;
    public static final int GO = 16;
    public static final int LOG = 32;
    public static final int INPUT = 33;
    public static final int CLOSE_INPUT = 34;
    public static final int RESIZE = 35;

    /** The most text a packet carries. */
    public static final int TEXT = 1008;

    /** The size of the largest packet, and a little more, so that a longer one is noticed. */
    public static final int BUFFER = 16 + TEXT + 16;

    private static final int HEADER = 16;

    /** A packet without text. */
    public static Packet of(int kind, int value) {
        return new Packet(kind, value, 0, 0, Blob.EMPTY);
    }

    /** Reads the first {@code count} bytes of a buffer. */
    static Packet decode(byte[] buffer, int count) throws IOException {
        if (count < HEADER || count > HEADER + TEXT) {
            throw new IOException("a packet of " + count + " bytes");
        }
        ByteBuffer in = ByteBuffer.wrap(buffer).order(ByteOrder.LITTLE_ENDIAN);
        return new Packet(
                in.getInt(), in.getInt(), in.getInt(), in.getInt(), Blob.of(Arrays.copyOfRange(buffer, HEADER, count)));
    }

    /** The bytes of the packet. */
    public byte[] encode() {
        return ByteBuffer.allocate(HEADER + text.size())
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(kind)
                .putInt(value)
                .putInt(errno)
                .putInt(step)
                .put(text.bytes())
                .array();
    }

    String words() {
        return new String(text.bytes(), StandardCharsets.UTF_8);
    }
}

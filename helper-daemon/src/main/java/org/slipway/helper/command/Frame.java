package org.slipway.helper.command;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One frame of the command line (docs/protocols.md, section 8): a type and a payload of numbers, strings and bytes. */
final class Frame {

    static final int HELLO = 1;
    static final int OUT = 2;
    static final int ERR = 3;
    static final int EXIT = 4;
    static final int OPEN = 5;
    static final int DONE = 6;
    static final int SIGNAL = 7;
    static final int RESIZE = 8;
    static final int CONSOLE = 9;
    static final int PUT = 10;
    static final int CONNECT = 11;
    static final int SPAWN = 20;

    /** Bytes before the payload: u32 how many follow, u8 type. */
    static final int HEADER = 5;

    private Frame() {}

    /** Puts a frame together. */
    static final class Writer {

        private ByteBuffer bytes =
                ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).position(4);

        Writer(int type) {
            bytes.put((byte) type);
        }

        Writer number(int value) {
            room(4).putInt(value);
            return this;
        }

        Writer string(String text) {
            return bytes(text.getBytes(StandardCharsets.UTF_8));
        }

        Writer bytes(byte[] value) {
            room(4 + value.length).putInt(value.length).put(value);
            return this;
        }

        /** Bytes that fill the rest of the payload, so that they need no length. */
        Writer rest(byte[] value, int from, int count) {
            room(count).put(value, from, count);
            return this;
        }

        private ByteBuffer room(int more) {
            if (bytes.remaining() < more) {
                bytes = ByteBuffer.allocate(2 * (bytes.position() + more))
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .put(bytes.flip());
            }
            return bytes;
        }

        byte[] done() {
            bytes.putInt(0, bytes.position() - 4);
            byte[] frame = new byte[bytes.position()];
            bytes.get(0, frame);
            return frame;
        }
    }

    /** Takes a payload apart; whatever does not fit is {@link Malformed}. */
    static final class Reader {

        private final ByteBuffer payload;

        Reader(byte[] payload) {
            this.payload = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
        }

        int number() throws Malformed {
            need(4);
            return payload.getInt();
        }

        int shortNumber() throws Malformed {
            need(2);
            return payload.getShort() & 0xffff;
        }

        String string() throws Malformed {
            int count = number();
            need(count);
            byte[] text = new byte[count];
            payload.get(text);
            for (byte b : text) {
                if (b == 0) {
                    throw new Malformed("NUL in a string");
                }
            }
            return new String(text, StandardCharsets.UTF_8);
        }

        List<String> strings() throws Malformed {
            int count = number();
            // each string costs at least its length: a count that cannot be true reserves nothing
            if (count < 0 || count > payload.remaining() / 4) {
                throw new Malformed("count of strings");
            }
            List<String> strings = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                strings.add(string());
            }
            return strings;
        }

        void end() throws Malformed {
            if (payload.hasRemaining()) {
                throw new Malformed("bytes left over");
            }
        }

        private void need(int count) throws Malformed {
            if (count < 0 || count > payload.remaining()) {
                throw new Malformed("payload too short");
            }
        }
    }

    /** A frame against the protocol: the connection ends. */
    static final class Malformed extends Exception {
        Malformed(String message) {
            super(message);
        }
    }
}

package org.slipway.model.plan;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The byte format in which a plan reaches the launcher; {@code docs/protocols.md} section 1 describes it.
 *
 * <p>A component's type decides its encoding: {@code int} and enums are {@code u}, {@code long} is {@code q},
 * {@code String} is {@code s}, {@link Blob} is {@code b}, {@code List<String>} is {@code l}, {@code List<Integer>} is
 * {@code n}, {@code boolean} is {@code u} (0 or 1).
 */
public final class PlanCodec {

    public static final int MAGIC = 0x50574c53; // "SLWP"
    public static final int VERSION = 1;

    private static final ClassValue<Field[]> FIELDS = new ClassValue<>() {
        @Override
        protected Field[] computeValue(Class<?> op) {
            return Field.of(op);
        }
    };

    private PlanCodec() {}

    /** An enum that stands in a plan with a number of its own. */
    public interface Numbered {
        int number();
    }

    /** Encodes a plan. Strings must not contain NUL: the launcher hands them to the kernel as they are. */
    public static byte[] encode(Plan plan) {
        Frame out = new Frame();
        out.u32(MAGIC);
        out.u32(VERSION);
        out.u32(plan.kind().number());
        out.u32(plan.steps().size());
        int total = out.hole();
        for (Step step : plan.steps()) {
            int length = out.hole();
            out.u16(step.op().number());
            out.u8(step.actor().number());
            out.u8(step.phase().number());
            out.u32(step.index());
            for (Field field : FIELDS.get(step.op().getClass())) {
                field.encode(out, step.op());
            }
            out.fill(length, out.size() - length - Integer.BYTES);
        }
        out.fill(total, out.size());
        return out.bytes();
    }

    /** The signature of an operation, one letter a component: the same as in {@code native/src/steps.def}. */
    public static String signature(Class<? extends Op> op) {
        return Arrays.stream(op.getRecordComponents())
                .map(component -> String.valueOf(letter(component)))
                .collect(Collectors.joining());
    }

    private static char letter(RecordComponent component) {
        Class<?> type = component.getType();
        if (type == int.class || type == boolean.class || type.isEnum()) {
            return 'u';
        } else if (type == long.class) {
            return 'q';
        } else if (type == String.class) {
            return 's';
        } else if (type == Blob.class) {
            return 'b';
        } else if (type == List.class) {
            return component.getGenericType().getTypeName().contains("Integer") ? 'n' : 'l';
        }
        throw new IllegalStateException("no encoding for " + component);
    }

    /** One component of an operation. Looked up once for each operation: reflection would else be most of an encoding's time. */
    private record Field(char letter, Method accessor) {

        static Field[] of(Class<?> op) {
            return Arrays.stream(op.getRecordComponents())
                    .map(component -> new Field(PlanCodec.letter(component), component.getAccessor()))
                    .toArray(Field[]::new);
        }

        void encode(Frame out, Op op) {
            Object value = value(op);
            out.u8(letter);
            switch (letter) {
                case 'u' ->
                    out.u32(
                            switch (value) {
                                case Boolean flag -> flag ? 1 : 0;
                                case Numbered numbered -> numbered.number();
                                case Integer number -> number;
                                default -> throw new IllegalStateException("no number: " + accessor);
                            });
                case 'q' -> out.u64((Long) value);
                case 's' -> out.string((String) value);
                case 'b' -> out.blob(((Blob) value).bytes());
                case 'n' -> {
                    List<?> numbers = (List<?>) value;
                    out.u32(numbers.size());
                    numbers.forEach(number -> out.u32((Integer) number));
                }
                default -> {
                    List<?> strings = (List<?>) value;
                    out.u32(strings.size());
                    strings.forEach(string -> out.string((String) string));
                }
            }
        }

        private Object value(Op op) {
            try {
                return accessor.invoke(op);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("cannot read " + accessor, e);
            }
        }
    }

    /** A growing little-endian buffer with lengths that are filled in later. */
    private static final class Frame {

        private ByteBuffer buffer = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);

        void u8(int value) {
            room(1).put((byte) value);
        }

        void u16(int value) {
            room(2).putShort((short) value);
        }

        void u32(int value) {
            room(4).putInt(value);
        }

        void u64(long value) {
            room(8).putLong(value);
        }

        void string(String value) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            for (byte b : bytes) {
                if (b == 0) {
                    throw new IllegalArgumentException("a string of a plan contains NUL");
                }
            }
            u32(bytes.length);
            room(bytes.length + 1).put(bytes).put((byte) 0);
        }

        void blob(byte[] bytes) {
            u32(bytes.length);
            room(bytes.length).put(bytes);
        }

        int hole() {
            int place = buffer.position();
            u32(0);
            return place;
        }

        void fill(int place, int value) {
            buffer.putInt(place, value);
        }

        int size() {
            return buffer.position();
        }

        byte[] bytes() {
            return Arrays.copyOf(buffer.array(), buffer.position());
        }

        private ByteBuffer room(int count) {
            if (buffer.remaining() < count) {
                int capacity = Math.max(buffer.capacity() * 2, buffer.position() + count);
                ByteBuffer larger = ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
                buffer.flip();
                buffer = larger.put(buffer);
            }
            return buffer;
        }
    }
}

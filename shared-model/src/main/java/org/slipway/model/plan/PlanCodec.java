package org.slipway.model.plan;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.lang.reflect.RecordComponent;
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
    private record Field(char letter, MethodHandle accessor) {

        static Field[] of(Class<?> op) {
            return Arrays.stream(op.getRecordComponents())
                    .map(component -> new Field(PlanCodec.letter(component), accessor(component)))
                    .toArray(Field[]::new);
        }

        private static MethodHandle accessor(RecordComponent component) {
            try {
                return MethodHandles.lookup()
                        .unreflect(component.getAccessor())
                        .asType(MethodType.methodType(Object.class, Object.class));
            } catch (IllegalAccessException e) {
                throw new IllegalStateException("cannot read " + component, e);
            }
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
                return accessor.invokeExact((Object) op);
            } catch (Error | RuntimeException e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException("cannot read " + accessor, e);
            }
        }
    }

    /** Growing little-endian bytes with lengths that are filled in later. */
    private static final class Frame {

        private static final VarHandle U16 =
                MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
        private static final VarHandle U32 = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
        private static final VarHandle U64 =
                MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

        private byte[] bytes = new byte[16 << 10];
        private int size;

        void u8(int value) {
            int at = room(1); // first: it may be another array then
            bytes[at] = (byte) value;
        }

        void u16(int value) {
            int at = room(Short.BYTES);
            U16.set(bytes, at, (short) value);
        }

        void u32(int value) {
            int at = room(Integer.BYTES);
            U32.set(bytes, at, value);
        }

        void u64(long value) {
            int at = room(Long.BYTES);
            U64.set(bytes, at, value);
        }

        void string(String value) {
            if (value.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("a string of a plan contains NUL");
            }
            blob(value.getBytes(StandardCharsets.UTF_8));
            u8(0);
        }

        void blob(byte[] value) {
            u32(value.length);
            int at = room(value.length);
            System.arraycopy(value, 0, bytes, at, value.length);
        }

        int hole() {
            int place = size;
            u32(0);
            return place;
        }

        void fill(int place, int value) {
            U32.set(bytes, place, value);
        }

        int size() {
            return size;
        }

        byte[] bytes() {
            return Arrays.copyOf(bytes, size);
        }

        /** Where so many bytes go. */
        private int room(int count) {
            int at = size;
            size = Math.addExact(at, count);
            if (size > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size));
            }
            return at;
        }
    }
}

package org.slipway.model.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slipway.model.plan.NamespaceOp.SetHostname;

/** What stands in a plan's bytes is what stands in its steps, for every operation. */
class PlanCodecTest {

    /** One step of every operation, with arguments that differ from each other. */
    private static Plan everything() {
        List<Step> steps = new ArrayList<>();
        OpNames.all().values().stream()
                .sorted(Comparator.comparing(Class::getSimpleName))
                .forEach(type -> steps.add(new Step(
                        steps.size(),
                        Actor.values()[steps.size() % 4],
                        Phase.values()[steps.size() % Phase.values().length],
                        steps.size() % 2 == 0 ? new Origin.Field("/a~1b/" + steps.size()) : new Origin.Default("rule"),
                        make(type, steps.size()),
                        steps.size() % 3 == 0 ? Optional.of(new CgroupOp.RemoveCgroup("/x")) : Optional.empty())));
        return new Plan(PlanKind.START, "1.3", steps);
    }

    private static Op make(Class<? extends Op> type, int seed) {
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(components[i], seed * 10 + i);
        }
        try {
            var constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class[]::new));
            constructor.setAccessible(true);
            return (Op) constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(type.toString(), e);
        }
    }

    private static Object value(RecordComponent component, int seed) {
        Class<?> type = component.getType();
        if (type == int.class) {
            return seed % 2 == 0 ? seed : -seed - 1;
        } else if (type == long.class) {
            return (1L << 63) + seed;
        } else if (type == boolean.class) {
            return seed % 2 == 0;
        } else if (type == String.class) {
            return "text " + seed + " äß";
        } else if (type == Blob.class) {
            return Blob.of(new byte[] {0, -1, (byte) seed});
        } else if (type.isEnum()) {
            return type.getEnumConstants()[seed % type.getEnumConstants().length];
        }
        Class<?> element = (Class<?>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
        return element == Integer.class ? List.of(seed, -1) : List.of("", "entry " + seed);
    }

    @Test
    void everyOperationIsEncodedAsItsSignatureSays() {
        Plan plan = everything();
        List<String> expected = new ArrayList<>();
        for (Step step : plan.steps()) {
            expected.add(step.op().number() + " " + step.actor().number() + " "
                    + step.phase().number() + " " + step.index() + " " + fields(step.op()));
        }
        assertEquals(expected, decode(PlanCodec.encode(plan), PlanKind.START));
    }

    @Test
    void everyOperationComesBackFromJson() {
        Plan plan = everything();
        assertEquals(plan, PlanJson.read(PlanJson.write(plan)));
    }

    @Test
    void aStringWithNulIsRefused() {
        Step step = new Step(
                0,
                Actor.INIT,
                Phase.IDENTITY,
                new Origin.Field("/hostname"),
                new SetHostname("a\0b"),
                Optional.empty());
        Plan plan = new Plan(PlanKind.CREATE, "1.3", List.of(step));
        assertEquals(
                "a string of a plan contains NUL",
                assertThrows(IllegalArgumentException.class, () -> PlanCodec.encode(plan))
                        .getMessage());
    }

    private static String fields(Op op) {
        List<String> fields = new ArrayList<>();
        for (RecordComponent component : op.getClass().getRecordComponents()) {
            try {
                component.getAccessor().setAccessible(true);
                Object value = component.getAccessor().invoke(op);
                fields.add(
                        switch (value) {
                            case Boolean flag -> flag ? "1" : "0";
                            case PlanCodec.Numbered numbered -> String.valueOf(numbered.number());
                            default -> value.toString();
                        });
            } catch (ReflectiveOperationException e) {
                throw new LinkageError(component.toString(), e);
            }
        }
        return fields.toString();
    }

    /** Reads the format as docs/protocols.md section 1 describes it, and nothing else. */
    private static List<String> decode(byte[] bytes, PlanKind kind) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(0x50574c53, in.getInt());
        assertEquals(1, in.getInt());
        assertEquals(kind.number(), in.getInt());
        int count = in.getInt();
        assertEquals(bytes.length, in.getInt());
        List<String> steps = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int end = in.getInt() + in.position();
            String head = in.getShort() + " " + in.get() + " " + in.get() + " " + in.getInt();
            List<String> fields = new ArrayList<>();
            while (in.position() < end) {
                fields.add(field(in));
            }
            assertEquals(end, in.position());
            steps.add(head + " " + fields);
        }
        assertEquals(bytes.length, in.position());
        return steps;
    }

    private static String field(ByteBuffer in) {
        return switch (in.get()) {
            case 'u' -> String.valueOf(in.getInt());
            case 'q' -> String.valueOf(in.getLong());
            case 's' -> string(in);
            case 'b' -> Blob.of(take(in, in.getInt())).toString();
            case 'l' -> {
                List<String> list = new ArrayList<>();
                for (int left = in.getInt(); left > 0; left--) {
                    list.add(string(in));
                }
                yield list.toString();
            }
            case 'n' -> {
                List<Integer> list = new ArrayList<>();
                for (int left = in.getInt(); left > 0; left--) {
                    list.add(in.getInt());
                }
                yield list.toString();
            }
            default -> throw new AssertionError("no such letter before " + in.position());
        };
    }

    private static String string(ByteBuffer in) {
        String text = new String(take(in, in.getInt()), StandardCharsets.UTF_8);
        assertEquals(0, in.get());
        return text;
    }

    private static byte[] take(ByteBuffer in, int count) {
        byte[] bytes = new byte[count];
        in.get(bytes);
        return bytes;
    }

    /** Wherever a field ends when the bytes have to grow. */
    @Test
    void aPlanMayBeLongerThanWasThought() {
        for (int length = (16 << 10) - 100; length < (16 << 10) + 20; length++) {
            String name = "n".repeat(length);
            Step step = new Step(
                    0, Actor.INIT, Phase.MOUNTS, new Origin.Default("rule"), new SetHostname(name), Optional.empty());
            ByteBuffer bytes = ByteBuffer.wrap(
                            PlanCodec.encode(new Plan(PlanKind.CREATE, "1.3", List.of(step, next(name)))))
                    .order(ByteOrder.LITTLE_ENDIAN);
            int one = Integer.BYTES + 8 + 1 + Integer.BYTES + length + 1;
            assertEquals(5 * Integer.BYTES + 2 * one, bytes.limit());
            assertEquals(bytes.limit(), bytes.getInt(4 * Integer.BYTES));
            assertEquals(one - Integer.BYTES, bytes.getInt(5 * Integer.BYTES + one));
            assertEquals(length, bytes.getInt(bytes.limit() - 1 - length - Integer.BYTES));
            assertEquals('s', bytes.get(bytes.limit() - 1 - length - Integer.BYTES - 1));
        }
    }

    private static Step next(String name) {
        return new Step(
                1, Actor.INIT, Phase.MOUNTS, new Origin.Default("rule"), new SetHostname(name), Optional.empty());
    }
}

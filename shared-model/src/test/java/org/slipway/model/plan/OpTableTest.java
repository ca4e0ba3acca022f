package org.slipway.model.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Java's records and the native programs' table of steps are one list. */
class OpTableTest {

    private static final Pattern ROW = Pattern.compile("STEP\\((\\d+), (\\w+), \\w+, \"(\\w*)\"\\)");

    @Test
    void recordsAndNativeTableAreTheSameList() throws IOException {
        Map<String, String> natives = new TreeMap<>();
        ROW.matcher(Files.readString(Path.of("../native/src/steps.def")))
                .results()
                .forEach(row -> natives.put(row.group(2), row.group(1) + " " + row.group(3)));
        Map<String, String> records = new TreeMap<>();
        OpNames.all().forEach((name, type) -> records.put(name, number(type) + " " + PlanCodec.signature(type)));
        assertEquals(records, natives);
    }

    /** The number is a constant of the record; any instance tells it. */
    private static int number(Class<? extends Op> type) {
        try {
            var constructor = type.getDeclaredConstructors()[0];
            Object[] arguments = new Object[constructor.getParameterCount()];
            for (int i = 0; i < arguments.length; i++) {
                Class<?> parameter = constructor.getParameterTypes()[i];
                arguments[i] = parameter == int.class
                        ? (Object) 0
                        : parameter == long.class
                                ? (Object) 0L
                                : parameter == boolean.class
                                        ? (Object) false
                                        : parameter == java.util.List.class ? java.util.List.of() : null;
            }
            return ((Op) constructor.newInstance(arguments)).number();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(type.toString(), e);
        }
    }
}

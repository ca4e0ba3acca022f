package org.slipway.model.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** The records and the interface file say the same. */
class InterfaceFileTest {

    private static final List<Class<?>> TYPES = List.of(
            Name.class,
            Container.class,
            Exit.class,
            Finding.class,
            Problem.class,
            Event.class,
            Executed.class,
            Log.class);

    @Test
    void theFileNamesTheInterface() throws IOException {
        assertEquals(Wire.INTERFACE, InterfaceFile.read().name());
    }

    @Test
    void typesAreTheRecords() throws IOException {
        assertEquals(new TreeMap<>(InterfaceFile.read().types()), described(TYPES));
    }

    @Test
    void errorsAreTheRecords() throws IOException {
        assertEquals(
                new TreeMap<>(InterfaceFile.read().errors()),
                described(List.of(Errors.class.getPermittedSubclasses())));
    }

    @Test
    void methodsAreTheRecordsOfCallAndReply() throws IOException {
        Map<String, List<String>> parameters = new TreeMap<>();
        Map<String, List<String>> answers = new TreeMap<>();
        InterfaceFile.read().methods().forEach((name, method) -> {
            parameters.put(name, method.parameters());
            answers.put(name, method.answer());
        });
        assertEquals(parameters, described(List.of(Call.class.getPermittedSubclasses())));
        assertEquals(answers, described(List.of(Reply.class.getPermittedSubclasses())));
    }

    @Test
    void aFileThatIsNoInterfaceIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> InterfaceFile.parse("interface a.b method X(1) -> ()"));
        assertThrows(IllegalArgumentException.class, () -> InterfaceFile.parse("interface a.b nonsense"));
        assertThrows(IllegalArgumentException.class, () -> InterfaceFile.parse("interface a.b type A () type A ()"));
    }

    private static Map<String, List<String>> described(List<Class<?>> records) {
        Map<String, List<String>> described = new TreeMap<>();
        for (Class<?> type : records) {
            described.put(
                    type.getSimpleName(),
                    Arrays.stream(type.getRecordComponents())
                            .map(part -> part.getName() + ": " + word(part.getGenericType()))
                            .toList());
        }
        return described;
    }

    /** How Varlink writes a Java type. */
    private static String word(Type type) {
        if (type instanceof ParameterizedType generic) {
            Type last = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
            if (generic.getRawType() == Optional.class) {
                return "?" + word(last);
            }
            return generic.getRawType() == List.class ? "[]" + word(last) : "[string]" + word(last);
        }
        if (type == int.class || type == long.class || type == Integer.class || type == Long.class) {
            return "int";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "bool";
        }
        if (type == String.class || type == Fault.class) {
            return "string";
        }
        return type == ObjectNode.class ? "object" : ((Class<?>) type).getSimpleName();
    }
}

package org.slipway.model.plan;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.DatabindContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.jsontype.impl.TypeIdResolverBase;

/** The names of all operations: the simple names of their records. */
public final class OpNames {

    private static final Map<String, Class<? extends Op>> BY_NAME =
            records(Op.class).collect(Collectors.toUnmodifiableMap(Class::getSimpleName, Function.identity()));

    private OpNames() {}

    /** The record classes of all operations, by name. */
    public static Map<String, Class<? extends Op>> all() {
        return BY_NAME;
    }

    private static Stream<Class<? extends Op>> records(Class<? extends Op> type) {
        if (type.isRecord()) {
            return Stream.of(type);
        }
        return Arrays.stream(type.getPermittedSubclasses()).flatMap(sub -> records(sub.asSubclass(Op.class)));
    }

    /** Writes and reads an operation's name in JSON as the member {@code op}. */
    static final class Resolver extends TypeIdResolverBase {

        @Override
        public String idFromValue(DatabindContext context, Object value) {
            return value.getClass().getSimpleName();
        }

        @Override
        public String idFromValueAndType(DatabindContext context, Object value, Class<?> type) {
            return type.getSimpleName();
        }

        @Override
        public JavaType typeFromId(DatabindContext context, String id) {
            Class<? extends Op> type = BY_NAME.get(id);
            if (type == null) {
                throw new IllegalArgumentException("unknown operation '" + id + "'");
            }
            return context.constructType(type);
        }

        @Override
        public JsonTypeInfo.Id getMechanism() {
            return JsonTypeInfo.Id.CUSTOM;
        }
    }
}

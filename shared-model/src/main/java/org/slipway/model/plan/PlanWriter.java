package org.slipway.model.plan;

import java.io.ByteArrayOutputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.SerializableString;
import tools.jackson.core.io.SerializedString;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes plans as JSON in one go, for the record of a create, which waits for it: the same text as the mapper's, which looks up
 * how to write each value anew.
 */
final class PlanWriter implements AutoCloseable {

    private static final JsonFactory JSON = new JsonFactory();

    /** How the operations of each class are written; looked up once. */
    private static final ClassValue<Shape> SHAPES = new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> op) {
            return Shape.of(op);
        }
    };

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(32 << 10);
    private final JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out);

    private PlanWriter() {}

    static byte[] bytes(Compiled.Ready plans) {
        var writer = new PlanWriter();
        try (writer) {
            writer.ready(plans);
        }
        return writer.out.toByteArray();
    }

    @Override
    public void close() {
        json.close();
    }

    private void ready(Compiled.Ready plans) {
        json.writeStartObject();
        json.writeName("create");
        plan(plans.create());
        json.writeName("start");
        plans.start().ifPresentOrElse(this::plan, json::writeNull);
        json.writeName("cgroups");
        list(plans.cgroups());
        text("killable", plans.killable());
        text("freezer", plans.freezer());
        json.writeEndObject();
    }

    private void text(String name, Optional<String> value) {
        json.writeName(name);
        value.ifPresentOrElse(json::writeString, json::writeNull);
    }

    private void plan(Plan plan) {
        json.writeStartObject();
        json.writeStringProperty("kind", plan.kind().name());
        json.writeStringProperty("profile", plan.profile());
        json.writeName("steps");
        json.writeStartArray();
        for (Step step : plan.steps()) {
            step(step);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void step(Step step) {
        json.writeStartObject();
        json.writeNumberProperty("index", step.index());
        json.writeStringProperty("actor", step.actor().name());
        json.writeStringProperty("phase", step.phase().name());
        json.writeName("origin");
        json.writeStartObject();
        switch (step.origin()) {
            case Origin.Field(String pointer) -> json.writeStringProperty("pointer", pointer);
            case Origin.Default(String rule) -> json.writeStringProperty("rule", rule);
        }
        json.writeEndObject();
        json.writeName("op");
        op(step.op());
        json.writeName("undo");
        step.undo().ifPresentOrElse(this::op, json::writeNull);
        json.writeEndObject();
    }

    private void op(Op op) {
        Shape shape = SHAPES.get(op.getClass());
        json.writeStartObject();
        json.writeStringProperty("op", shape.name());
        for (Part part : shape.parts()) {
            json.writeName(part.name());
            switch (part.of(op)) {
                case String text -> json.writeString(text);
                case Integer number -> json.writeNumber(number);
                case Long number -> json.writeNumber(number);
                case Boolean flag -> json.writeBoolean(flag);
                case Enum<?> word -> json.writeString(word.name());
                case Blob blob -> json.writeString(blob.toString());
                case List<?> values -> list(values);
                case Object other -> throw new IllegalStateException("a plan has no " + other.getClass());
            }
        }
        json.writeEndObject();
    }

    private void list(List<?> values) {
        json.writeStartArray();
        for (Object value : values) {
            if (value instanceof Integer number) {
                json.writeNumber(number);
            } else {
                json.writeString((String) value);
            }
        }
        json.writeEndArray();
    }

    private record Shape(String name, List<Part> parts) {

        static Shape of(Class<?> op) {
            return new Shape(
                    op.getSimpleName(),
                    Arrays.stream(op.getRecordComponents()).map(Part::of).toList());
        }
    }

    /** One component of an operation. */
    private record Part(SerializableString name, MethodHandle accessor) {

        static Part of(RecordComponent component) {
            try {
                return new Part(
                        new SerializedString(component.getName()),
                        MethodHandles.lookup()
                                .unreflect(component.getAccessor())
                                .asType(MethodType.methodType(Object.class, Object.class)));
            } catch (IllegalAccessException e) {
                throw new IllegalStateException("cannot read " + component, e);
            }
        }

        Object of(Op op) {
            try {
                return accessor.invokeExact((Object) op);
            } catch (Error | RuntimeException e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException("cannot read " + name, e);
            }
        }
    }
}

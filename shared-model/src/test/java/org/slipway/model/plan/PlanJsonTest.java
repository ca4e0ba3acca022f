package org.slipway.model.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Plans and facts come back from JSON as they were. */
class PlanJsonTest {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    @Test
    void plansOfTheDefaultConfigurationComeBack() {
        for (HostFacts facts : new HostFacts[] {HostFacts.v2(), HostFacts.hybrid()}) {
            Compiled compiled = Planner.compile(PlanRequest.explain(Specs.standard(), "/bundle", "web", facts));
            Compiled.Ready ready = assertInstanceOf(Compiled.Ready.class, compiled);
            assertEquals(ready.create(), PlanJson.read(PlanJson.write(ready.create())));
            assertEquals(
                    ready.start().orElseThrow(),
                    PlanJson.read(PlanJson.tree(ready.start().orElseThrow())));
        }
    }

    /** The record of a create is written by hand, for its speed, and read by the mapper. */
    @Test
    void bothPlansAreWrittenAsTheMapperWritesThem() {
        for (HostFacts facts : new HostFacts[] {HostFacts.v2(), HostFacts.hybrid()}) {
            writtenAsByTheMapper(Plans.ready(Specs.standard(), facts));
        }
        writtenAsByTheMapper(Plans.ready("{\"ociVersion\": \"1.3.0\", \"root\": {\"path\": \"r\"}}", HostFacts.v2()));
    }

    @Test
    void everyOperationIsWrittenAsTheMapperWritesIt() {
        List<Step> steps = new ArrayList<>();
        OpNames.all().values().forEach(type -> {
            Op op = any(type);
            steps.add(new Step(
                    steps.size(),
                    Actor.INIT,
                    Phase.MOUNTS,
                    new Origin.Field("/a~1\"b"),
                    op,
                    steps.size() % 2 == 0 ? Optional.empty() : Optional.of(op)));
        });
        writtenAsByTheMapper(new Compiled.Ready(
                new Plan(PlanKind.CREATE, "1.3", steps),
                Optional.empty(),
                List.of("/a", "/b"),
                Optional.of("/a"),
                Optional.empty()));
    }

    private static void writtenAsByTheMapper(Compiled.Ready plans) {
        String written = new String(PlanJson.bytes(plans), StandardCharsets.UTF_8);
        assertEquals(MAPPER.writeValueAsString(plans), written);
        assertEquals(plans, MAPPER.readValue(written, Compiled.Ready.class));
    }

    /** An operation with some value in each component. */
    private static Op any(Class<? extends Op> type) {
        try {
            RecordComponent[] components = type.getRecordComponents();
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            Object[] values = Arrays.stream(components).map(PlanJsonTest::value).toArray();
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(type.toString(), e);
        }
    }

    private static Object value(RecordComponent component) {
        Class<?> type = component.getType();
        if (type.isEnum()) {
            return type.getEnumConstants()[0];
        } else if (type == List.class) {
            return component.getGenericType().getTypeName().contains("Integer")
                    ? List.of(7, -1)
                    : List.of("\u00e4\u2028\ud83d\udc33", "");
        }
        return Map.<Class<?>, Object>of(
                        int.class,
                        -7,
                        long.class,
                        1L << 40,
                        boolean.class,
                        true,
                        String.class,
                        "\"q\"\n\t\\/\u0001\u00e9",
                        Blob.class,
                        Blob.of(new byte[] {0, 1, -1}))
                .get(type);
    }

    @Test
    void factsComeBack() {
        assertEquals(HostFacts.v2(), PlanJson.facts(PlanJson.tree(HostFacts.v2())));
        assertEquals(HostFacts.hybrid(), PlanJson.facts(PlanJson.tree(HostFacts.hybrid())));
    }
}

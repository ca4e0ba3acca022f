package org.slipway.model.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.type.LogicalType;

/**
 * The mapper between the records of this package and JSON.
 *
 * <p>What arrives is judged strictly (D25): UTF-8 only, no member twice, at most {@link #DEPTH} levels, nothing after the
 * value, no number where a string belongs. A server refuses members it does not know, so that no wish is silently
 * ignored; a client passes over them, so that a newer server can say more.
 */
public final class Wire {

    /** The name of the interface. */
    public static final String INTERFACE = "org.slipway.Helper";

    /** Nesting of objects and arrays that is still read. */
    public static final int DEPTH = 64;

    /** Longest string in a message, in characters: a configuration of 64 MiB. */
    private static final int LONGEST = 64 << 20;

    private static final JsonMapper STRICT = mapper(true);
    private static final JsonMapper LENIENT = mapper(false);

    private Wire() {}

    private static JsonMapper mapper(boolean refuseUnknown) {
        var factory = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(DEPTH)
                        .maxStringLength(LONGEST)
                        .build())
                .build();
        return JsonMapper.builder(factory)
                .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .withCoercionConfig(
                        LogicalType.Textual,
                        text -> text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
                .annotationIntrospector(new PlainNumbersAreRequired())
                .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, refuseUnknown)
                .changeDefaultPropertyInclusion(all -> all.withValueInclusion(JsonInclude.Include.NON_ABSENT))
                .build();
    }

    /** Without it a missing number would be read as 0. */
    private static final class PlainNumbersAreRequired extends JacksonAnnotationIntrospector {
        @Override
        public Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
            return member.getRawType().isPrimitive();
        }
    }

    /** The JSON object of a record. */
    public static ObjectNode toNode(Object value) {
        return STRICT.valueToTree(value);
    }

    /** An empty object. */
    public static ObjectNode object() {
        return STRICT.createObjectNode();
    }

    /** The JSON text of a record, as UTF-8 without the closing NUL. */
    public static byte[] toBytes(Object value) {
        return STRICT.writeValueAsBytes(value);
    }

    /** A request as a server reads it. */
    public static Request request(byte[] message) throws WireException {
        return read(STRICT, message, Request.class);
    }

    /** An answer as a client reads it. */
    public static Answer answer(byte[] message) throws WireException {
        return read(LENIENT, message, Answer.class);
    }

    /** The parameters of a call as a server reads them. */
    public static <T> T parameters(ObjectNode parameters, Class<T> type) throws WireException {
        return convert(STRICT, parameters, type);
    }

    /** The parameters of an answer or error as a client reads them. */
    public static <T> T result(ObjectNode parameters, Class<T> type) throws WireException {
        return convert(LENIENT, parameters, type);
    }

    /** Any JSON text as a tree, judged as strictly as a message. */
    public static JsonNode tree(byte[] text) throws WireException {
        return read(STRICT, text, JsonNode.class);
    }

    private static <T> T read(JsonMapper mapper, byte[] message, Class<T> type) throws WireException {
        // decoded here: given bytes, the parser would also take UTF-16 and UTF-32
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(message))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new WireException("", "not UTF-8");
        }
        try {
            T value = mapper.readValue(text, type);
            if (value == null) {
                throw new WireException("", "null");
            }
            return value;
        } catch (JacksonException e) {
            throw failure(e);
        }
    }

    private static <T> T convert(JsonMapper mapper, ObjectNode parameters, Class<T> type) throws WireException {
        try {
            return mapper.treeToValue(parameters, type);
        } catch (JacksonException e) {
            throw failure(e);
        }
    }

    private static WireException failure(JacksonException e) {
        List<JacksonException.Reference> path = e instanceof DatabindException bound ? bound.getPath() : List.of();
        var member = new StringBuilder();
        for (JacksonException.Reference part : path) {
            member.append(member.isEmpty() ? "" : ".")
                    .append(part.getPropertyName() == null ? "" + part.getIndex() : part.getPropertyName());
        }
        return new WireException(member.toString(), e.getOriginalMessage());
    }
}

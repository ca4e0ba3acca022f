package org.slipway.model.json;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slipway.model.json.Document.Broken.Reason;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Text to nodes. Jackson splits the text into tokens and says where each begins; ends are found in the text itself,
 * because the parser has often read on when it is asked. Repeated members are looked for here and not by the parser's
 * own check, so that the complaint stands at the second one.
 */
final class Reader {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final String text;
    private final Limits limits;
    private int values;

    Reader(String text, Limits limits) {
        this.text = text;
        this.limits = limits;
    }

    /** Why reading stopped, and where. */
    static final class Stop extends RuntimeException {
        private static final long serialVersionUID = 1L;

        final transient Reason reason;
        final int offset;
        final transient Map<String, String> arguments;

        Stop(Reason reason, int offset, Map<String, String> arguments) {
            super(reason.code(), null, false, false);
            this.reason = reason;
            this.offset = offset;
            this.arguments = arguments;
        }
    }

    Node read() {
        refuseLoneSurrogates(text, 0);
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(limits.depth() + 1)
                        .maxStringLength(Math.max(1, limits.bytes()))
                        .maxNameLength(Math.max(1, limits.bytes()))
                        .build())
                .build();
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), text)) {
            return root(parser);
        }
    }

    private Node root(JsonParser parser) {
        JsonToken first = next(parser);
        if (first == null) {
            throw new Stop(Reason.EMPTY, 0, Map.of());
        }
        int start = offset(parser);
        if (first != JsonToken.START_OBJECT) {
            throw new Stop(Reason.NOT_AN_OBJECT, start, Map.of());
        }
        Node root = value(parser, first, start, 1);
        for (int i = root.end(); i < text.length(); i++) {
            if (" \t\r\n".indexOf(text.charAt(i)) < 0) {
                throw new Stop(Reason.TRAILING_TEXT, i, Map.of());
            }
        }
        return root;
    }

    private Node value(JsonParser parser, JsonToken token, int keyStart, int depth) {
        int start = offset(parser);
        if (++values > limits.values()) {
            throw new Stop(Reason.TOO_MANY_VALUES, start, Map.of("limit", String.valueOf(limits.values())));
        }
        return switch (token) {
            case START_OBJECT -> object(parser, start, keyStart, depth);
            case START_ARRAY -> array(parser, start, keyStart, depth);
            case VALUE_STRING -> {
                String string = string(parser);
                refuseLoneSurrogates(string, start);
                yield scalar(start, stringEnd(start), keyStart, NODES.stringNode(string));
            }
            case VALUE_NUMBER_INT -> scalar(start, numberEnd(start), keyStart, integer(parser, start));
            case VALUE_NUMBER_FLOAT -> scalar(start, numberEnd(start), keyStart, fraction(parser, start));
            case VALUE_TRUE -> scalar(start, start + 4, keyStart, NODES.booleanNode(true));
            case VALUE_FALSE -> scalar(start, start + 5, keyStart, NODES.booleanNode(false));
            case VALUE_NULL -> scalar(start, start + 4, keyStart, NODES.nullNode());
            default -> throw new Stop(Reason.SYNTAX, start, Map.of("detail", "unexpected " + token));
        };
    }

    private Node object(JsonParser parser, int start, int keyStart, int depth) {
        refuseDepth(start, depth);
        ObjectNode tree = NODES.objectNode();
        List<Node> children = new ArrayList<>();
        Map<String, Integer> names = new HashMap<>();
        while (required(parser, start) != JsonToken.END_OBJECT) {
            int memberStart = offset(parser);
            String name = parser.currentName();
            refuseLoneSurrogates(name, memberStart);
            if (names.putIfAbsent(name, children.size()) != null) {
                throw new Stop(Reason.DUPLICATE_MEMBER, memberStart, Map.of("member", name));
            }
            Node child = value(parser, required(parser, start), memberStart, depth + 1);
            children.add(child);
            tree.set(name, child.value());
        }
        return new Node(start, offset(parser) + 1, keyStart, tree, children, names);
    }

    private Node array(JsonParser parser, int start, int keyStart, int depth) {
        refuseDepth(start, depth);
        ArrayNode tree = NODES.arrayNode();
        List<Node> children = new ArrayList<>();
        JsonToken token;
        while ((token = required(parser, start)) != JsonToken.END_ARRAY) {
            Node child = value(parser, token, offset(parser), depth + 1);
            children.add(child);
            tree.add(child.value());
        }
        return new Node(start, offset(parser) + 1, keyStart, tree, children, Map.of());
    }

    private static Node scalar(int start, int end, int keyStart, JsonNode value) {
        return new Node(start, end, keyStart, value, List.of(), Map.of());
    }

    private static JsonNode integer(JsonParser parser, int start) {
        try {
            return switch (parser.getNumberType()) {
                case INT -> NODES.numberNode(parser.getIntValue());
                case LONG -> NODES.numberNode(parser.getLongValue());
                default -> NODES.numberNode(parser.getBigIntegerValue());
            };
        } catch (JacksonException e) {
            throw new Stop(Reason.NUMBER_TOO_LONG, start, Map.of());
        }
    }

    private static JsonNode fraction(JsonParser parser, int start) {
        try {
            return NODES.numberNode(parser.getDecimalValue());
        } catch (JacksonException | NumberFormatException e) {
            throw new Stop(Reason.NUMBER_TOO_LONG, start, Map.of());
        }
    }

    private static JsonToken required(JsonParser parser, int start) {
        JsonToken token = next(parser);
        if (token == null) {
            throw new Stop(Reason.SYNTAX, start, Map.of("detail", "not closed"));
        }
        return token;
    }

    private static @Nullable JsonToken next(JsonParser parser) {
        try {
            return parser.nextToken();
        } catch (JacksonException e) {
            throw stop(e);
        }
    }

    private static String string(JsonParser parser) {
        try {
            return parser.getString();
        } catch (JacksonException e) {
            throw stop(e);
        }
    }

    /** Depth and lengths are checked before the parser does, so the only limit of its own is that of numbers. */
    private static Stop stop(JacksonException e) {
        Reason reason = e instanceof StreamConstraintsException ? Reason.NUMBER_TOO_LONG : Reason.SYNTAX;
        long offset = e.getLocation() == null ? 0 : e.getLocation().getCharOffset();
        return new Stop(reason, (int) Math.max(0, offset), Map.of("detail", detail(e.getOriginalMessage())));
    }

    /** Where the unclosed thing began the parser tells by a source and an offset that mean nothing to a reader. */
    private static String detail(String message) {
        int place = message.indexOf(" (start marker at ");
        return place < 0 ? message : message.substring(0, place);
    }

    private void refuseDepth(int start, int depth) {
        if (depth > limits.depth()) {
            throw new Stop(Reason.TOO_DEEP, start, Map.of("limit", String.valueOf(limits.depth())));
        }
    }

    private static void refuseLoneSurrogates(String string, int start) {
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c)
                        && i + 1 < string.length()
                        && Character.isLowSurrogate(string.charAt(i + 1));
                if (!pair) {
                    throw new Stop(Reason.LONE_SURROGATE, start, Map.of("unit", "U+%04X".formatted((int) c)));
                }
                i++;
            }
        }
    }

    private static int offset(JsonParser parser) {
        return (int) parser.currentTokenLocation().getCharOffset();
    }

    private int stringEnd(int start) {
        int at = start + 1;
        while (text.charAt(at) != '"') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        return at + 1;
    }

    private int numberEnd(int start) {
        int at = start;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return at;
    }
}

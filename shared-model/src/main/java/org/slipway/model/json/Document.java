package org.slipway.model.json;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A JSON object with its text. Immutable: an edit gives a new document in which every byte that it does not concern
 * is as before, order, indentation and line ends included.
 */
public final class Document {

    private final String text;
    private final Limits limits;
    private final Lines lines;
    private final Node root;

    private Document(String text, Limits limits, Lines lines, Node root) {
        this.text = text;
        this.limits = limits;
        this.lines = lines;
        this.root = root;
    }

    /** What came of reading a text. */
    public sealed interface Parsed {}

    /** It is a JSON object within the limits. */
    public record Good(Document document) implements Parsed {}

    /**
     * It is not.
     *
     * @param line where, from 1
     * @param column where, from 1, in UTF-16 units (in bytes if the text is not UTF-8)
     * @param offset where, from 0, in the same units
     * @param arguments for the sentence: {@code member}, {@code limit}, {@code detail}, {@code unit}
     */
    public record Broken(Reason reason, int line, int column, int offset, Map<String, String> arguments)
            implements Parsed {

        public Broken {
            arguments = Map.copyOf(arguments);
        }

        /** Why a text can't be read. */
        public enum Reason {
            NOT_UTF8,
            EMPTY,
            NOT_AN_OBJECT,
            SYNTAX,
            DUPLICATE_MEMBER,
            TRAILING_TEXT,
            LONE_SURROGATE,
            NUMBER_TOO_LONG,
            TOO_DEEP,
            TOO_LARGE,
            TOO_MANY_VALUES;

            /** The stable code, such as {@code json-duplicate-member}. */
            public String code() {
                return "json-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
            }
        }
    }

    /** Reads a text within the limits of {@link Limits#CONFINED}. Never throws for what the text holds. */
    public static Parsed parse(String text) {
        return parse(text, Limits.CONFINED);
    }

    /** Reads a text. Never throws for what the text holds. */
    public static Parsed parse(String text, Limits limits) {
        if (text.length() > limits.bytes() || utf8Length(text) > limits.bytes()) {
            return tooLarge(limits);
        }
        Lines lines = new Lines(text);
        try {
            return new Good(new Document(text, limits, lines, new Reader(text, limits).read()));
        } catch (Reader.Stop stop) {
            int at = Math.clamp(stop.offset, 0, text.length());
            return new Broken(stop.reason, lines.line(at), lines.column(at), at, stop.arguments);
        }
    }

    /** Reads the bytes of a file within the limits of {@link Limits#CONFINED}; they must be UTF-8. */
    public static Parsed parse(byte[] bytes) {
        return parse(bytes, Limits.CONFINED);
    }

    /** Reads the bytes of a file; they must be UTF-8. Never throws for what they hold. */
    public static Parsed parse(byte[] bytes, Limits limits) {
        if (bytes.length > limits.bytes()) {
            return tooLarge(limits);
        }
        int valid = validUtf8(bytes);
        String text = new String(bytes, 0, valid, StandardCharsets.UTF_8);
        if (valid < bytes.length) {
            Lines lines = new Lines(text);
            int at = text.length();
            return new Broken(Broken.Reason.NOT_UTF8, lines.line(at), lines.column(at), valid, Map.of());
        }
        return parse(text, limits);
    }

    /** How many bytes from the first on are UTF-8; decoded piece by piece, so that nothing of the length is held twice. */
    private static int validUtf8(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer piece = CharBuffer.allocate(1 << 14);
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CoderResult result;
        do {
            result = decoder.decode(in, piece.clear(), true);
        } while (result.isOverflow());
        return in.position();
    }

    private static Broken tooLarge(Limits limits) {
        return new Broken(Broken.Reason.TOO_LARGE, 1, 1, 0, Map.of("limit", String.valueOf(limits.bytes())));
    }

    private static long utf8Length(String text) {
        return text.chars()
                .mapToLong(c -> c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate((char) c) ? 2 : 3)
                .sum();
    }

    /** The text, exactly as it was read or edited. */
    public String text() {
        return text;
    }

    /** What the text says, as a copy that the caller may change. Numbers are exact. */
    public ObjectNode tree() {
        return (ObjectNode) root.value().deepCopy();
    }

    /** A copy of the value at a JSON pointer, if there is one. */
    public Optional<JsonNode> at(String pointer) {
        Node node = find(pointer);
        return node == null ? Optional.empty() : Optional.of(node.value().deepCopy());
    }

    /** Where the value at a JSON pointer stands, if there is one. */
    public Optional<Place> place(String pointer) {
        Node node = find(pointer);
        return node == null
                ? Optional.empty()
                : Optional.of(new Place(
                        node.start(),
                        node.end(),
                        node.keyStart(),
                        lines.line(node.start()),
                        lines.column(node.start())));
    }

    /**
     * The innermost value that holds an offset, its name and the colon counted in, its end too. Outside the outermost
     * braces there is none.
     */
    public Optional<String> pointerAt(int offset) {
        if (offset < root.start() || offset > root.end()) {
            return Optional.empty();
        }
        String pointer = "";
        Node node = root;
        while (true) {
            int at = childAt(node.children(), offset);
            if (at < 0) {
                return Optional.of(pointer);
            }
            Node child = node.children().get(at);
            if (node.isObject()) {
                pointer = Pointer.child(pointer, nameOf(node, at));
            } else {
                pointer = Pointer.child(pointer, at);
            }
            node = child;
        }
    }

    private static int childAt(List<Node> children, int offset) {
        int low = 0;
        int high = children.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Node child = children.get(middle);
            if (offset < child.keyStart()) {
                high = middle - 1;
            } else if (offset > child.end()) {
                low = middle + 1;
            } else {
                return middle;
            }
        }
        return -1;
    }

    private static String nameOf(Node object, int index) {
        return object.names().entrySet().stream()
                .filter(entry -> entry.getValue() == index)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    /** This document with a value set, see {@link Edit.Set}. */
    public Document set(String pointer, JsonNode value) {
        return new Edit.Set(pointer, value).apply(this);
    }

    /** This document without a member or element, see {@link Edit.Remove}. */
    public Document remove(String pointer) {
        return new Edit.Remove(pointer).apply(this);
    }

    /** This document with one element more, see {@link Edit.Insert}. */
    public Document insert(String array, int index, JsonNode value) {
        return new Edit.Insert(array, index, value).apply(this);
    }

    /** This document with an element at another place, see {@link Edit.Move}. */
    public Document move(String array, int from, int to) {
        return new Edit.Move(array, from, to).apply(this);
    }

    /** This document saying what a tree says; whatever it says already keeps its bytes. */
    public Document saying(ObjectNode tree) {
        return switch (parse(new Rewrite(this).to(tree), limits)) {
            case Good good -> good.document();
            case Broken broken ->
                throw new IllegalArgumentException(
                        "the tree gives no document: " + broken.reason().code() + " " + broken.arguments());
        };
    }

    /** This document after a change of its text; the result must be a document within the same limits. */
    Document changed(TextChange change) {
        return switch (parse(change.apply(text), limits)) {
            case Good good -> good.document();
            case Broken broken ->
                throw new IllegalArgumentException(
                        "the edit gives no document: " + broken.reason().code() + " " + broken.arguments());
        };
    }

    Node root() {
        return root;
    }

    @Nullable Node find(String pointer) {
        return root.find(Pointer.names(pointer));
    }

    /** White space at the beginning of the line that an offset stands in. */
    String indentAt(int offset) {
        int from = lines.lineStart(offset);
        int to = from;
        while (to < text.length() && (text.charAt(to) == ' ' || text.charAt(to) == '\t')) {
            to++;
        }
        return text.substring(from, to);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Document document && text.equals(document.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}

package org.slipway.workbench.form;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.slipway.model.finding.Member;
import org.slipway.model.finding.SpecTable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Where each member stands in the form, read from {@code fields.table}; the table itself says how it is written. */
final class FieldTable {

    private static final JsonMapper JSON = new JsonMapper();

    /** A page of the form. */
    record Page(String key, List<Group> groups) {}

    /** Fields below one heading; the first group of a page has no name and no heading. */
    record Group(String name, List<Entry> entries) {}

    /** How a member is edited. */
    enum Kind {
        LINE,
        LINES,
        TABLE,
        MAP,
        NAMESPACES,
        CAPABILITIES
    }

    /**
     * One field.
     *
     * @param codec how a line is written; for other kinds without meaning
     * @param columns what each row of a table or map shows
     * @param fresh what a new row holds
     * @param name what a new member of a map is called
     */
    record Entry(
            String key,
            String pointer,
            Kind kind,
            Codec codec,
            List<RowsField.Column> columns,
            Optional<JsonNode> fresh,
            String name) {

        /** What the specification says of the member. */
        Member member() {
            return FieldTable.member(pointer);
        }
    }

    private FieldTable() {}

    /** What the specification says of the member at a pattern. */
    static Member member(String pattern) {
        return SpecTable.get()
                .at(pattern)
                .orElseThrow(() -> new IllegalStateException("fields.table: no member " + pattern));
    }

    /** The pages, from top to bottom. */
    static List<Page> read() {
        List<Page> pages = new ArrayList<>();
        List<String> lines = text().lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.startsWith("[")) {
                pages.add(new Page(line.substring(1, line.length() - 1), new ArrayList<>()));
                pages.getLast().groups().add(new Group("", new ArrayList<>()));
            } else if (line.startsWith("-- ")) {
                pages.getLast().groups().add(new Group(line.substring(3).strip(), new ArrayList<>()));
            } else {
                int end = i + 1;
                while (end < lines.size() && lines.get(end).startsWith(" ")) {
                    end++;
                }
                pages.getLast().groups().getLast().entries().add(entry(line, lines.subList(i + 1, end)));
                i = end - 1;
            }
        }
        return pages;
    }

    private static Entry entry(String line, List<String> details) {
        String[] words = line.strip().split(" +", -1);
        String[] how = (words.length > 2 ? words[2] : "line").split(":", -1);
        Kind kind = Kind.valueOf(how[0].toUpperCase(Locale.ROOT));
        String pointer = words[1];
        List<RowsField.Column> columns = new ArrayList<>();
        Optional<JsonNode> fresh = Optional.empty();
        String name = "";
        if (kind == Kind.LINES) {
            columns.add(new RowsField.Column(words[0], "", Codec.TEXT, true, 1, RowsField.Line.FIRST));
        }
        for (String detail : details) {
            String[] parts = detail.strip().split(" +", 2);
            switch (parts[0]) {
                case "fresh" -> fresh = Optional.of(JSON.readTree(parts[1]));
                case "name" -> name = parts[1];
                default -> columns.add(column(words[0], pointer, parts[0], parts[1]));
            }
        }
        Codec codec = how.length > 1 ? Codec.valueOf(how[1]) : kind == Kind.LINE ? codec(member(pointer)) : Codec.TEXT;
        return new Entry(words[0], pointer, kind, codec, List.copyOf(columns), fresh, name);
    }

    private static RowsField.Column column(String key, String pointer, String place, String rest) {
        String[] parts = rest.split("[ :]", -1);
        String name = parts[0].equals(".") ? "" : parts[0];
        Member member = member(name.isEmpty() ? pointer + "/*" : pointer + "/*/" + name);
        boolean first = place.equals("col");
        int codecAt = first ? 2 : 1;
        Codec codec = parts.length > codecAt ? Codec.valueOf(parts[codecAt]) : codec(member);
        double width = first ? Double.parseDouble(parts[1]) : 1;
        RowsField.Line line = first ? RowsField.Line.FIRST : RowsField.Line.valueOf(place.toUpperCase(Locale.ROOT));
        return new RowsField.Column(key, name, codec, member.required() && codec == Codec.TEXT, width, line);
    }

    /** How a scalar is written as one line. */
    private static Codec codec(Member member) {
        return switch (member.type()) {
            case STRING, PATH, CPUS -> Codec.TEXT;
            case BOOLEAN -> Codec.FLAG;
            case INT32, INT64, UINT16, UINT32, UINT64 ->
                member.unit().filter("bytes"::equals).isPresent() ? Codec.SIZE : Codec.NUMBER;
            case OBJECT, LIST, MAP ->
                throw new IllegalStateException("fields.table: how is " + member.pattern() + " shown?");
        };
    }

    private static String text() {
        try (InputStream in = Objects.requireNonNull(FieldTable.class.getResourceAsStream("fields.table"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

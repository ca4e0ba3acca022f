package org.slipway.model.plan;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What of a configuration can change on a live container, read from {@code live.table}. */
public final class LiveTable {

    private static final LiveTable ONLY = new LiveTable();

    private final List<Row> rows = new ArrayList<>();

    /** Whether a member can change. */
    public enum Live {
        /** On both versions of control groups. */
        YES,
        /** On version 1; version 2 has no counterpart. */
        V1,
        /** Offered beyond {@code linux.resources}. */
        EXTRA,
        /** The container has to be created again. */
        NO;

        /** Its name in the table and in JSON. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One line.
     *
     * @param id of the requirement
     * @param members patterns of pointers; what lies below one belongs to it
     * @param v1 the file or call on cgroup v1; empty if there is none
     * @param v2 the same on v2
     * @param note the key of a sentence below {@code live.}; empty if there is nothing to say
     */
    public record Row(String id, List<String> members, Live live, String v1, String v2, String note) {

        public Row {
            members = List.copyOf(members);
        }

        /** What it comes to on one version of control groups. */
        public Live on(boolean v2) {
            return live == Live.V1 ? (v2 ? Live.NO : Live.YES) : live;
        }

        /** Why it cannot change on that version, as a key of a sentence below {@code live.}. */
        public String reason(boolean v2) {
            return live == Live.V1 && v2 ? "no-counterpart" : note;
        }
    }

    private LiveTable() {
        for (String line : text().lines().toList()) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            List<String> cells = List.of(line.split(" \\| ", -1));
            String v1 = cell(cells.get(3));
            rows.add(new Row(
                    cells.get(0),
                    cell(cells.get(1)).isEmpty()
                            ? List.of()
                            : List.of(cells.get(1).split(",", -1)),
                    Live.valueOf(cells.get(2).toUpperCase(Locale.ROOT)),
                    v1,
                    cells.get(4).equals("=") ? v1 : cell(cells.get(4)),
                    cell(cells.get(5))));
        }
    }

    /** The table. */
    public static LiveTable get() {
        return ONLY;
    }

    /** All lines, in the order of the requirements. */
    public List<Row> rows() {
        return List.copyOf(rows);
    }

    /** The table as JSON, with what it comes to on one version of control groups. */
    public ObjectNode json(boolean v2) {
        ObjectNode table = JsonNodeFactory.instance.objectNode();
        table.put("cgroup", v2 ? "v2" : "v1");
        ArrayNode array = table.putArray("rows");
        for (Row row : rows) {
            ObjectNode node = array.addObject();
            node.put("id", row.id());
            ArrayNode members = node.putArray("members");
            row.members().forEach(members::add);
            node.put("live", row.live().word());
            node.put("here", row.on(v2).word());
            node.put("v1", row.v1());
            node.put("v2", row.v2());
            node.put("note", row.reason(v2));
        }
        return table;
    }

    /** The line that a member belongs to, by itself or by what it lies in. */
    public Optional<Row> at(String pointer) {
        return rows.stream()
                .filter(row -> row.members().stream().anyMatch(member -> covers(member, pointer)))
                .findFirst();
    }

    private static boolean covers(String member, String pointer) {
        return pointer.equals(member) || pointer.startsWith(member + "/");
    }

    private static String cell(String text) {
        return text.strip().equals("-") ? "" : text.strip();
    }

    private static String text() {
        try (InputStream in = LiveTable.class.getResourceAsStream("live.table")) {
            if (in == null) {
                throw new IllegalStateException("live.table is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

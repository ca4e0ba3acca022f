package org.slipway.workbench.form;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.slipway.model.finding.Finding;
import org.slipway.model.json.Document;
import org.slipway.model.json.Edit;
import org.slipway.model.json.Pointer;
import org.slipway.workbench.bundle.Session;
import tools.jackson.databind.JsonNode;

/** A list, or an object used as a map, one row an element: arguments, mounts, annotations. */
public final class RowsField extends Field {

    /** Where in a row a cell stands. */
    enum Line {
        /** Side by side with others. */
        FIRST,
        /** On a line of its own. */
        SECOND,
        /** The same, while it is set or asked for. */
        FOLDED
    }

    /**
     * A cell of each row.
     *
     * @param key the key of the field that it belongs to
     * @param member the member of the element, or empty when the element itself is the value
     * @param width its share of the first line
     */
    record Column(String key, String member, Codec codec, boolean required, double width, Line line) {}

    /**
     * One element.
     *
     * @param name its name in a map; in a list its index
     * @param cells a field for each column
     */
    public record Row(String pointer, String name, List<ValueField> cells) {}

    private final List<Column> columns;
    private final boolean map;
    private final JsonNode fresh;
    private final String freshName;
    private final ObservableList<Row> rows = FXCollections.observableArrayList();

    /** A field without rows until the first refresh. */
    RowsField(Session session, FieldTable.Entry entry) {
        super(session, entry.key(), entry.pointer());
        this.columns = entry.columns();
        this.map = entry.kind() == FieldTable.Kind.MAP;
        this.fresh = entry.fresh().orElseThrow(() -> new IllegalStateException("no fresh row for " + entry.key()));
        this.freshName = entry.name();
    }

    @Override
    void refresh(Document document) {
        super.refresh(document);
        List<String> names = document.at(pointer()).map(this::names).orElse(List.of());
        int same = 0;
        while (same < Math.min(names.size(), rows.size())
                && rows.get(same).name().equals(names.get(same))) {
            same++;
        }
        if (same < rows.size()) {
            rows.remove(same, rows.size());
        }
        List<Row> added =
                names.subList(same, names.size()).stream().map(this::row).toList();
        Stream.concat(rows.stream(), added.stream())
                .forEach(row -> row.cells().forEach(cell -> cell.refresh(document)));
        rows.addAll(added);
    }

    private List<String> names(JsonNode value) {
        if (map) {
            return value.isObject() ? List.copyOf(value.propertyNames()) : List.of();
        }
        return value.isArray()
                ? IntStream.range(0, value.size()).mapToObj(String::valueOf).toList()
                : List.of();
    }

    private Row row(String name) {
        String element = Pointer.child(pointer(), name);
        List<ValueField> cells = new ArrayList<>();
        for (Column column : columns) {
            String at = column.member().isEmpty() ? element : Pointer.child(element, column.member());
            cells.add(new ValueField(session, key(), at, column.codec(), column.required()));
        }
        return new Row(element, name, cells);
    }

    @Override
    void judge(List<Finding> all) {
        super.judge(all);
        rows.forEach(row -> row.cells().forEach(cell -> cell.judge(all)));
    }

    /** The elements, in order. */
    public ObservableList<Row> rows() {
        return rows;
    }

    List<Column> columns() {
        return columns;
    }

    /** Whether the elements have names instead of an order. */
    boolean isMap() {
        return map;
    }

    /** Adds an element at the end. */
    public void add() {
        session.edit(new Edit.Set(Pointer.child(pointer(), map ? freeName() : "-"), fresh));
    }

    private String freeName() {
        List<String> taken = rows.stream().map(Row::name).toList();
        return Stream.concat(
                        Stream.of(freshName), IntStream.iterate(2, i -> i + 1).mapToObj(i -> freshName + "-" + i))
                .filter(name -> !taken.contains(name))
                .findFirst()
                .orElseThrow();
    }

    /** Takes an element away. */
    public void remove(int index) {
        session.edit(new Edit.Remove(rows.get(index).pointer()));
    }

    /** Moves an element of a list one place up ({@code -1}) or down ({@code 1}), if there is such a place. */
    public void move(int index, int by) {
        moveTo(index, index + by);
    }

    /** Moves an element of a list to another place, if there is such a place. */
    public void moveTo(int index, int to) {
        if (!map && to >= 0 && to < rows.size() && to != index) {
            session.edit(new Edit.Move(pointer(), index, to));
        }
    }

    /** Gives an element of a map another name; one that is taken, or none, changes nothing. */
    public void rename(int index, String name) {
        if (!name.isEmpty() && rows.stream().noneMatch(row -> row.name().equals(name))) {
            session.edit(new Edit.Rename(rows.get(index).pointer(), name));
        }
    }
}

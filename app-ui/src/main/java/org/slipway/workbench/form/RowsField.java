package org.slipway.workbench.form;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.slipway.model.finding.Finding;
import org.slipway.model.json.Document;
import org.slipway.model.json.Edit;
import org.slipway.model.json.Pointer;
import org.slipway.workbench.bundle.Session;
import tools.jackson.databind.JsonNode;

/** An array, one row an element: arguments, mounts, hooks. */
public final class RowsField extends Field {

    /**
     * A cell of each row.
     *
     * @param member the member of the element, or empty when the element itself is the value
     * @param width its share of the row
     */
    record Column(String key, String member, Codec codec, boolean required, double width) {}

    /** One element: its pointer and a field for each column. */
    public record Row(String pointer, List<ValueField> cells) {}

    private final List<Column> columns;
    private final Supplier<JsonNode> fresh;
    private final ObservableList<Row> rows = FXCollections.observableArrayList();

    /** A field without rows until the first refresh; {@code fresh} makes what a new row holds. */
    RowsField(Session session, String key, String pointer, List<Column> columns, Supplier<JsonNode> fresh) {
        super(session, key, pointer);
        this.columns = columns;
        this.fresh = fresh;
    }

    @Override
    void refresh(Document document) {
        int count = document.at(pointer())
                .filter(JsonNode::isArray)
                .map(JsonNode::size)
                .orElse(0);
        // rows keep their fields, so that the one that is being typed in keeps the keyboard
        if (rows.size() > count) {
            rows.remove(count, rows.size());
        }
        List<Row> added = new ArrayList<>();
        for (int i = rows.size(); i < count; i++) {
            added.add(row(i));
        }
        added.forEach(row -> row.cells().forEach(cell -> cell.refresh(document)));
        rows.forEach(row -> row.cells().forEach(cell -> cell.refresh(document)));
        rows.addAll(added);
    }

    private Row row(int index) {
        String element = Pointer.child(pointer(), index);
        return new Row(
                element,
                columns.stream()
                        .map(column -> new ValueField(
                                session,
                                column.key(),
                                column.member().isEmpty() ? element : Pointer.child(element, column.member()),
                                column.codec(),
                                column.required()))
                        .toList());
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

    /** Adds an element at the end. */
    public void add() {
        session.edit(new Edit.Set(Pointer.child(pointer(), "-"), fresh.get()));
    }

    /** Takes an element away. */
    public void remove(int index) {
        session.edit(new Edit.Remove(Pointer.child(pointer(), index)));
    }

    /** Moves an element one place up ({@code -1}) or down ({@code 1}), if there is such a place. */
    public void move(int index, int by) {
        int to = index + by;
        if (to >= 0 && to < rows.size()) {
            session.edit(new Edit.Move(pointer(), index, to));
        }
    }
}

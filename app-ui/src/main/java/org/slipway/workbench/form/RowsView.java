package org.slipway.workbench.form;

import java.util.ArrayList;
import java.util.List;
import javafx.collections.ListChangeListener.Change;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.slipway.model.finding.Finding;
import org.slipway.workbench.bundle.Selected;
import org.slipway.workbench.text.Texts;

/** An array as rows that can be added, removed and moved; one column looks like a list, several like a table. */
final class RowsView extends VBox {

    private final RowsField field;
    private final FieldViews views;
    private final Places places;
    private final VBox rows = new VBox();
    private final VBox general = new VBox();
    private final List<VBox> messages = new ArrayList<>();

    RowsView(RowsField field, FieldViews views, Places places) {
        this.field = field;
        this.views = views;
        this.places = places;
        rows.getStyleClass().add("rows");
        Button add = new Button(Texts.of("form." + field.key() + ".add"));
        add.setId("add-" + field.key());
        add.getStyleClass().addAll("flat", "small", "accent", "add");
        add.setOnAction(_ -> {
            field.add();
            focusLast();
        });
        if (field.columns().size() == 1) {
            VBox list = new VBox(rows, add);
            getChildren().add(FieldViews.labelled(field, list, general));
        } else {
            getStyleClass().add("field-table");
            Label label = new Label(Texts.of("form." + field.key()));
            label.getStyleClass().add("table-label");
            label.setMinWidth(USE_PREF_SIZE);
            Label help = new Label(Texts.of("form." + field.key() + ".help"));
            help.getStyleClass().add("field-help");
            help.setWrapText(true);
            HBox.setHgrow(help, Priority.ALWAYS);
            // a section of one table has said its name already
            HBox title = field.key().startsWith("hook-") ? new HBox(label, help) : new HBox(help);
            title.getStyleClass().add("table-title");
            HBox header = header();
            header.visibleProperty().bind(javafx.beans.binding.Bindings.isNotEmpty(field.rows()));
            header.managedProperty().bind(header.visibleProperty());
            getChildren().addAll(title, header, rows, add, general);
        }
        added(0, field.rows());
        field.rows().addListener(this::changed);
        field.findings().subscribe(_ -> judge());
    }

    private HBox header() {
        HBox header = new HBox();
        header.getStyleClass().addAll("row", "table-header");
        Label number = new Label("#");
        number.getStyleClass().add("row-number");
        header.getChildren().add(number);
        for (RowsField.Column column : field.columns()) {
            Label name = new Label(Texts.of("form." + column.key()));
            share(name, column.width());
            header.getChildren().add(name);
        }
        Region end = new Region();
        end.getStyleClass().add("row-end");
        header.getChildren().add(end);
        return header;
    }

    /** A share of the row's width, whatever the content would like. */
    private static void share(Region cell, double width) {
        cell.setPrefWidth(width * 48);
        cell.setMinWidth(0);
        cell.setMaxWidth(width * 480);
        HBox.setHgrow(cell, Priority.ALWAYS);
    }

    private void changed(Change<? extends RowsField.Row> change) {
        while (change.next()) {
            for (int i = change.getRemovedSize() - 1; i >= 0; i--) {
                places.remove(change.getRemoved().get(i).pointer());
                rows.getChildren().remove(change.getFrom() + i);
                messages.remove(change.getFrom() + i);
            }
            added(change.getFrom(), change.getAddedSubList());
        }
        judge();
    }

    private void added(int from, List<? extends RowsField.Row> added) {
        for (int i = 0; i < added.size(); i++) {
            RowsField.Row row = added.get(i);
            VBox message = new VBox();
            message.getStyleClass().add("row-messages");
            VBox node = new VBox(cells(row, from + i), message);
            node.getStyleClass().add("row-box");
            places.put(row.pointer(), node);
            rows.getChildren().add(from + i, node);
            messages.add(from + i, message);
        }
    }

    private HBox cells(RowsField.Row row, int index) {
        HBox box = new HBox();
        box.getStyleClass().add("row");
        box.setAlignment(Pos.CENTER_LEFT);
        Label number = new Label(String.valueOf(index));
        number.getStyleClass().add("row-number");
        box.getChildren().add(number);
        for (int c = 0; c < row.cells().size(); c++) {
            RowsField.Column column = field.columns().get(c);
            TextField cell = views.line(row.cells().get(c), field.key() + "-" + name(column) + index);
            share(cell, column.width());
            cell.setOnKeyPressed(event -> {
                if (event.isAltDown() && (event.getCode() == KeyCode.UP || event.getCode() == KeyCode.DOWN)) {
                    field.move(index, event.getCode() == KeyCode.UP ? -1 : 1);
                    event.consume();
                }
            });
            box.getChildren().add(cell);
        }
        Button remove = new Button("✕");
        remove.setId("remove-" + field.key() + "-" + index);
        remove.getStyleClass().addAll("flat", "small", "row-end");
        remove.setAccessibleText(Texts.of("form.remove", index));
        remove.setTooltip(new javafx.scene.control.Tooltip(Texts.of("form.remove", index)));
        remove.setOnAction(_ -> field.remove(index));
        box.getChildren().add(remove);
        return box;
    }

    private static String name(RowsField.Column column) {
        return column.member().isEmpty() ? "" : column.member() + "-";
    }

    private void judge() {
        List<Finding> all = field.findings().get();
        for (int i = 0; i < messages.size(); i++) {
            String pointer = field.rows().get(i).pointer();
            fill(
                    messages.get(i),
                    all.stream()
                            .filter(f -> Selected.within(f.pointer(), pointer))
                            .toList());
        }
        fill(
                general,
                all.stream()
                        .filter(f ->
                                field.rows().stream().noneMatch(row -> Selected.within(f.pointer(), row.pointer())))
                        .toList());
    }

    private static void fill(VBox box, List<Finding> findings) {
        box.getChildren().clear();
        FieldViews.show(box, findings);
    }

    private void focusLast() {
        if (!rows.getChildren().isEmpty()) {
            Node last = rows.getChildren().getLast();
            places.focus(last);
        }
    }
}

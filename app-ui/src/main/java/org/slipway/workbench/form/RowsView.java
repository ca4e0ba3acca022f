package org.slipway.workbench.form;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.collections.ListChangeListener.Change;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.input.ClipboardContent;
import javafx.scene.input.DataFormat;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.TransferMode;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.slipway.model.finding.Finding;
import org.slipway.workbench.bundle.Selected;
import org.slipway.workbench.text.Texts;
import org.slipway.workbench.trial.HookTestModel;
import org.slipway.workbench.trial.HookTestView;

/**
 * A list or map as rows that can be added, removed and, in a list, moved by drag or Alt+Up and Alt+Down. One column looks like a
 * list, several like a table; what is too wide for a column has a line of its own.
 */
final class RowsView extends VBox {

    private static final DataFormat ROW = new DataFormat("application/x-slipway-row");

    private final RowsField field;
    private final FieldViews views;
    private final Places places;
    private final String pageTitle;
    private final List<RowsField.Column> first;
    private final VBox rows = new VBox();
    private final VBox general = new VBox();
    private final List<VBox> messages = new ArrayList<>();
    private final Map<String, HookTestModel> tests = new HashMap<>();

    RowsView(RowsField field, FieldViews views, Places places, String pageTitle) {
        this.field = field;
        this.pageTitle = pageTitle;
        this.views = views;
        this.places = places;
        this.first = field.columns().stream()
                .filter(column -> column.line() == RowsField.Line.FIRST)
                .toList();
        rows.getStyleClass().add("rows");
        String words = "form." + field.key() + ".add";
        Button add = new Button(Texts.of(Texts.has(words) ? words : "form.add"));
        add.setId("add-" + field.key());
        add.getStyleClass().addAll("flat", "small", "accent", "add");
        add.setOnAction(_ -> {
            field.add();
            focusLast();
        });
        if (field.columns().size() == 1 && !field.isMap()) {
            getChildren().add(FieldViews.labelled(field, new VBox(rows, add), general));
        } else {
            table(add);
        }
        added(0, field.rows());
        field.rows().addListener(this::changed);
        field.findings().subscribe(_ -> judge());
    }

    private void table(Button add) {
        getStyleClass().add("field-table");
        Label label = FieldViews.label(field);
        label.getStyleClass().add("table-label");
        label.setMinWidth(USE_PREF_SIZE);
        Label help = new Label(field.help());
        help.getStyleClass().add("field-help");
        help.setWrapText(true);
        HBox.setHgrow(help, Priority.ALWAYS);
        // a page whose first field has its name has said it already
        boolean said = Texts.of("form." + field.key()).equals(pageTitle);
        HBox title = said ? new HBox(help) : new HBox(label, help);
        title.getStyleClass().add("table-title");
        HBox header = header();
        header.visibleProperty().bind(javafx.beans.binding.Bindings.isNotEmpty(field.rows()));
        header.managedProperty().bind(header.visibleProperty());
        getChildren().addAll(title, header, rows, add, general);
    }

    private HBox header() {
        HBox header = new HBox();
        header.getStyleClass().addAll("row", "table-header");
        if (field.isMap()) {
            header.getChildren().add(title(Texts.of("form.name"), 2));
        } else {
            Label number = new Label("#");
            number.getStyleClass().add("row-number");
            header.getChildren().add(number);
        }
        first.forEach(column -> header.getChildren().add(title(words(column), column.width())));
        Region end = new Region();
        end.getStyleClass().add(hasFolded() ? "row-ends" : "row-end");
        header.getChildren().add(end);
        return header;
    }

    private static Label title(String words, double width) {
        Label name = new Label(words);
        share(name, width);
        return name;
    }

    private static String words(RowsField.Column column) {
        String member = column.member().isEmpty() ? "value" : column.member();
        return Texts.of("form.column." + member);
    }

    private boolean hasFolded() {
        return field.columns().stream().anyMatch(column -> column.line() == RowsField.Line.FOLDED);
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
                Optional.ofNullable(tests.remove(change.getRemoved().get(i).pointer()))
                        .ifPresent(HookTestModel::close);
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
            VBox node = new VBox();
            node.getStyleClass().add("row-box");
            BooleanProperty open = new SimpleBooleanProperty();
            node.getChildren().add(cells(row, from + i, open));
            addLines(node, row, from + i, open);
            if (field.pointer().startsWith("/hooks/")) {
                HookTestModel test = new HookTestModel(field.session, row.pointer());
                tests.put(row.pointer(), test);
                node.getChildren().add(new HookTestView(test, field.key() + "-" + (from + i)));
            }
            node.getChildren().add(message);
            if (!field.isMap()) {
                dragged(node, from + i);
            }
            places.put(row.pointer(), node);
            rows.getChildren().add(from + i, node);
            messages.add(from + i, message);
        }
    }

    private HBox cells(RowsField.Row row, int index, BooleanProperty open) {
        HBox box = new HBox();
        box.getStyleClass().add("row");
        box.setAlignment(Pos.CENTER_LEFT);
        if (field.isMap()) {
            box.getChildren().add(name(row, index));
        } else {
            Label number = new Label(String.valueOf(index));
            number.getStyleClass().add("row-number");
            number.setTooltip(new Tooltip(Texts.of("form.drag")));
            box.getChildren().add(number);
        }
        for (RowsField.Column column : first) {
            Region cell = cell(row, column, index);
            share(cell, column.width());
            box.getChildren().add(cell);
        }
        if (hasFolded()) {
            ToggleButton more = new ToggleButton("…");
            more.setId("more-" + field.key() + "-" + index);
            more.getStyleClass().addAll("flat", "small", "row-end");
            more.setAccessibleText(Texts.of("form.more"));
            more.setTooltip(new Tooltip(Texts.of("form.more")));
            more.selectedProperty().bindBidirectional(open);
            box.getChildren().add(more);
        }
        String words = Texts.of("form.remove", field.isMap() ? row.name() : index);
        box.getChildren()
                .add(FieldViews.remover("remove-" + field.key() + "-" + index, words, () -> field.remove(index)));
        return box;
    }

    private Region cell(RowsField.Row row, RowsField.Column column, int index) {
        ValueField value = row.cells().get(field.columns().indexOf(column));
        String member = column.member().isEmpty() ? "" : column.member() + "-";
        Region cell = views.cell(value, field.key() + "-" + member + index);
        cell.addEventFilter(KeyEvent.KEY_PRESSED, event -> {
            if (event.isAltDown() && (event.getCode() == KeyCode.UP || event.getCode() == KeyCode.DOWN)) {
                field.move(index, event.getCode() == KeyCode.UP ? -1 : 1);
                event.consume();
            }
        });
        return cell;
    }

    /** The name of an element of a map; taken over with Enter or on leaving, because each name in between would be one of its own. */
    private TextField name(RowsField.Row row, int index) {
        TextField name = new TextField(row.name());
        name.setId(field.key() + "-name-" + index);
        name.getStyleClass().add("mono");
        name.setAccessibleText(Texts.of("form.name"));
        share(name, 2);
        name.setOnAction(_ -> field.rename(index, name.getText().strip()));
        name.focusedProperty().subscribe(focused -> {
            if (focused) {
                field.session.select(row.pointer(), Selected.Where.FORM);
            } else if (!name.getText().strip().equals(row.name())
                    && index < field.rows().size()) {
                field.rename(index, name.getText().strip());
            }
        });
        return name;
    }

    private void addLines(VBox node, RowsField.Row row, int index, BooleanProperty open) {
        for (RowsField.Column column : field.columns()) {
            if (column.line() == RowsField.Line.FIRST) {
                continue;
            }
            Label label = new Label(words(column));
            label.getStyleClass().add("line-label");
            Region cell = cell(row, column, index);
            cell.setMaxWidth(Double.MAX_VALUE);
            ValueField value = row.cells().get(field.columns().indexOf(column));
            BorderPane line = new BorderPane(cell);
            line.setLeft(label);
            BorderPane.setAlignment(cell, Pos.TOP_LEFT);
            line.getStyleClass().add("row-line");
            if (column.line() == RowsField.Line.FOLDED) {
                line.visibleProperty().bind(value.present().or(open));
                line.managedProperty().bind(line.visibleProperty());
            }
            node.getChildren().add(line);
        }
    }

    /** A row is taken by its number and let go on the row whose place it gets. */
    private void dragged(VBox node, int index) {
        node.setOnDragDetected(event -> {
            if (isNumber(event.getPickResult().getIntersectedNode())) {
                node.startDragAndDrop(TransferMode.MOVE).setContent(content(index));
                event.consume();
            }
        });
        node.setOnDragOver(event -> {
            if (event.getDragboard().getContent(ROW) instanceof String from && from.startsWith(field.pointer() + " ")) {
                event.acceptTransferModes(TransferMode.MOVE);
                event.consume();
            }
        });
        node.setOnDragDropped(event -> {
            if (event.getDragboard().getContent(ROW) instanceof String from) {
                field.moveTo(Integer.parseInt(from.substring(from.lastIndexOf(' ') + 1)), index);
                event.setDropCompleted(true);
                event.consume();
            }
        });
    }

    private ClipboardContent content(int index) {
        ClipboardContent content = new ClipboardContent();
        content.putAll(Map.of(ROW, field.pointer() + " " + index));
        return content;
    }

    private static boolean isNumber(@Nullable Node hit) {
        for (Node node = hit; node != null; node = node.getParent()) {
            if (node.getStyleClass().contains("row-number")) {
                return true;
            }
        }
        return false;
    }

    private void judge() {
        List<Finding> all = field.findings().get();
        for (int i = 0; i < messages.size() && i < field.rows().size(); i++) {
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

    private void fill(VBox box, List<Finding> findings) {
        box.getChildren().clear();
        FieldViews.show(box, field, findings);
    }

    private void focusLast() {
        if (!rows.getChildren().isEmpty()) {
            places.focus(rows.getChildren().getLast());
        }
    }
}

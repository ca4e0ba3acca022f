package org.slipway.workbench.compare;

import javafx.beans.property.SimpleStringProperty;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.BorderPane;
import org.slipway.model.json.Comparison;
import org.slipway.workbench.text.Texts;
import tools.jackson.databind.JsonNode;

/** The differences as a table: field, mine, theirs, and a button that takes theirs. */
public final class CompareView extends BorderPane {

    /** The view of a comparison. */
    public CompareView(CompareModel model) {
        getStyleClass().add("compare");
        TableView<Comparison.Difference> table = new TableView<>();
        table.setId("compare");
        table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_ALL_COLUMNS);
        table.setPlaceholder(new Label(model.reason().isEmpty() ? Texts.of("compare.same") : model.reason()));
        TableColumn<Comparison.Difference, String> field = column("compare.field", difference -> difference.pointer());
        TableColumn<Comparison.Difference, String> mine = column(
                "compare.mine",
                difference -> difference.mine().map(JsonNode::toString).orElse("—"));
        TableColumn<Comparison.Difference, String> theirs = column(
                "compare.theirs",
                difference -> difference.theirs().map(JsonNode::toString).orElse("—"));
        theirs.setText(model.name());
        TableColumn<Comparison.Difference, String> take = new TableColumn<>("");
        take.setCellFactory(_ -> new Take(model));
        take.setMinWidth(100);
        take.setMaxWidth(100);
        take.setSortable(false);
        table.getColumns().add(field);
        table.getColumns().add(mine);
        table.getColumns().add(theirs);
        table.getColumns().add(take);
        table.setOnMouseClicked(event -> {
            Comparison.Difference chosen = table.getSelectionModel().getSelectedItem();
            if (event.getClickCount() == 2 && chosen != null) {
                model.goTo(chosen);
            }
        });
        Label count = new Label();
        count.setId("compare-count");
        count.getStyleClass().add("pane-title");
        model.differences().subscribe(differences -> {
            table.getItems().setAll(differences);
            count.setText(Texts.of(
                    differences.size() == 1 ? "compare.one" : "compare.count", differences.size(), model.name()));
        });
        setTop(count);
        setCenter(table);
    }

    private static TableColumn<Comparison.Difference, String> column(
            String key, java.util.function.Function<Comparison.Difference, String> text) {
        TableColumn<Comparison.Difference, String> column = new TableColumn<>(Texts.of(key));
        column.setCellValueFactory(row -> new SimpleStringProperty(text.apply(row.getValue())));
        column.setCellFactory(_ -> new Value());
        column.setSortable(false);
        return column;
    }

    private static final class Value extends TableCell<Comparison.Difference, String> {

        Value() {
            getStyleClass().add("mono");
        }

        @Override
        protected void updateItem(String text, boolean empty) {
            super.updateItem(text, empty);
            setText(empty ? "" : text);
            if (!empty && text != null) {
                Tooltip whole = new Tooltip(text);
                whole.setWrapText(true);
                whole.setMaxWidth(600);
                setTooltip(whole);
            }
        }
    }

    private static final class Take extends TableCell<Comparison.Difference, String> {
        private final CompareModel model;

        Take(CompareModel model) {
            this.model = model;
        }

        @Override
        protected void updateItem(String text, boolean empty) {
            super.updateItem(text, empty);
            setGraphic(null);
            Comparison.Difference difference =
                    getTableRow() == null ? null : getTableRow().getItem();
            if (!empty && difference != null) {
                Button take = new Button(Texts.of("compare.take"));
                take.getStyleClass().add("small");
                take.setTooltip(new Tooltip(Texts.of("compare.take.help")));
                take.setOnAction(_ -> model.take(difference));
                setGraphic(take);
            }
        }
    }
}

package org.slipway.workbench.portability;

import javafx.beans.property.SimpleStringProperty;
import javafx.scene.control.Label;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.BorderPane;
import org.slipway.workbench.text.Texts;

/** The members as rows, the runtimes as columns. */
public final class PortabilityView extends BorderPane {

    /** The view of a model. */
    public PortabilityView(PortabilityModel model) {
        TableView<PortabilityModel.Row> table = new TableView<>();
        table.setId("portability");
        table.getStyleClass().add("edge-to-edge");
        table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        table.setPlaceholder(new Label(Texts.of("portability.empty")));
        TableColumn<PortabilityModel.Row, String> field = new TableColumn<>(Texts.of("compare.field"));
        field.setCellValueFactory(row -> new SimpleStringProperty(row.getValue().pointer()));
        field.setSortable(false);
        table.getColumns().add(field);
        for (int i = 0; i < Portability.RUNTIMES.size(); i++) {
            table.getColumns().add(column(i));
        }
        table.setOnMouseClicked(event -> choose(model, table, event.getClickCount() == 2));
        table.setOnKeyPressed(event -> choose(model, table, event.getCode() == KeyCode.ENTER));
        model.rows().subscribe(rows -> table.getItems().setAll(rows));
        Label dated = new Label();
        dated.getStyleClass().addAll("field-help", "pane-title");
        model.known().subscribe(known -> dated.setText(Texts.of("portability.dated", known.date())));
        setTop(dated);
        setCenter(table);
    }

    private static void choose(PortabilityModel model, TableView<PortabilityModel.Row> table, boolean really) {
        PortabilityModel.Row row = table.getSelectionModel().getSelectedItem();
        if (really && row != null) {
            model.choose(row);
        }
    }

    private static TableColumn<PortabilityModel.Row, Portability.Answer> column(int index) {
        TableColumn<PortabilityModel.Row, Portability.Answer> column =
                new TableColumn<>(Portability.RUNTIMES.get(index));
        column.setCellValueFactory(row -> new javafx.beans.property.SimpleObjectProperty<>(
                row.getValue().answers().get(index)));
        column.setCellFactory(_ -> new AnswerCell());
        column.setSortable(false);
        return column;
    }

    /** A sign and words, so that colour carries nothing alone. */
    private static final class AnswerCell extends TableCell<PortabilityModel.Row, Portability.Answer> {

        @Override
        protected void updateItem(Portability.Answer answer, boolean empty) {
            super.updateItem(answer, empty);
            if (empty || answer == null) {
                setText(null);
                setTooltip(null);
                return;
            }
            String sign = switch (answer.verdict()) {
                case YES -> "✓ ";
                case NO -> "✗ ";
                case DEPENDS -> "◐ ";
                case UNKNOWN -> "? ";
            };
            setText(sign + answer.words());
            setTooltip(new Tooltip(answer.source()));
        }
    }
}

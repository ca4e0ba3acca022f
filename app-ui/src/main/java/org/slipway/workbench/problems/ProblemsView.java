package org.slipway.workbench.problems;

import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import org.slipway.model.finding.Finding;
import org.slipway.workbench.text.FindingText;
import org.slipway.workbench.text.Texts;

/** The problems as a list; a click, or Enter, goes to the field. */
public final class ProblemsView extends BorderPane {

    /** The view of the problems. */
    public ProblemsView(ProblemsModel model) {
        ListView<ProblemsModel.Entry> list = new ListView<>();
        list.setId("problems");
        list.getStyleClass().add("edge-to-edge");
        list.setPlaceholder(new Label(Texts.of("problems.none")));
        list.setCellFactory(_ -> new Cell(model));
        list.setOnMouseClicked(_ -> goTo(model, list));
        list.setOnKeyPressed(event -> {
            if (event.getCode() == KeyCode.ENTER) {
                goTo(model, list);
            }
        });
        model.entries().subscribe(entries -> list.getItems().setAll(entries));
        setCenter(list);
    }

    private static void goTo(ProblemsModel model, ListView<ProblemsModel.Entry> list) {
        ProblemsModel.Entry entry = list.getSelectionModel().getSelectedItem();
        if (entry != null) {
            model.goTo(entry);
        }
    }

    private static final class Cell extends ListCell<ProblemsModel.Entry> {
        private final ProblemsModel model;

        Cell(ProblemsModel model) {
            this.model = model;
            setPrefWidth(0);
        }

        @Override
        protected void updateItem(ProblemsModel.Entry entry, boolean empty) {
            super.updateItem(entry, empty);
            if (empty || entry == null) {
                setGraphic(null);
                return;
            }
            Label mark = new Label(FindingText.mark(entry.severity()));
            mark.getStyleClass().addAll("finding", FindingText.styleClass(entry.severity()));
            Label sentence = new Label(entry.sentence());
            sentence.setWrapText(true);
            sentence.setMaxWidth(Double.MAX_VALUE);
            HBox.setHgrow(sentence, Priority.ALWAYS);
            Label place = new Label(Texts.of("problems.place", entry.pointer(), entry.line()));
            place.getStyleClass().addAll("mono", "field-help");
            place.setMinWidth(USE_PREF_SIZE);
            HBox row = new HBox(mark, sentence, place);
            row.setAlignment(Pos.CENTER_LEFT);
            row.getStyleClass().add("problem-row");
            if (entry.fix().isPresent()) {
                Button fix = new Button(Texts.of("problems.fix"));
                fix.getStyleClass().addAll("small");
                fix.setMinWidth(USE_PREF_SIZE);
                entry.fix().flatMap(Finding::fix).ifPresent(edit -> fix.setTooltip(new Tooltip(FindingText.fix(edit))));
                fix.setOnAction(_ -> model.fix(entry));
                row.getChildren().add(fix);
            }
            setGraphic(row);
        }
    }
}

package org.slipway.workbench.console;

import javafx.collections.ListChangeListener;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import org.slipway.workbench.text.Texts;

/** The output as lines, and a line for input. */
public final class ConsoleView extends BorderPane {

    /** The view of a console. */
    public ConsoleView(ConsoleModel model) {
        ListView<ConsoleModel.Line> list = new ListView<>(model.lines());
        list.setId("console");
        list.getStyleClass().addAll("console", "edge-to-edge");
        list.setPlaceholder(new Label(Texts.of("console.empty")));
        list.setCellFactory(_ -> new Cell());
        model.lines().addListener((ListChangeListener<ConsoleModel.Line>) _ -> {
            if (!model.lines().isEmpty()) {
                list.scrollTo(model.lines().size() - 1);
            }
        });
        setCenter(list);
        setBottom(input(model));
    }

    private static HBox input(ConsoleModel model) {
        Label prompt = new Label(Texts.of("console.input"));
        prompt.getStyleClass().add("field-help");
        TextField line = new TextField();
        line.setId("console-input");
        line.getStyleClass().add("mono");
        line.promptTextProperty().bind(model.whyNoInput().map(why -> why.isEmpty() ? Texts.of("console.prompt") : why));
        line.disableProperty().bind(model.whyNoInput().isNotEmpty());
        line.setTooltip(new Tooltip(Texts.of("console.input.help")));
        line.setOnAction(_ -> {
            model.send(line.getText());
            line.clear();
        });
        HBox.setHgrow(line, Priority.ALWAYS);
        HBox box = new HBox(prompt, line);
        box.getStyleClass().add("console-input");
        return box;
    }

    private static final class Cell extends ListCell<ConsoleModel.Line> {

        @Override
        protected void updateItem(ConsoleModel.Line line, boolean empty) {
            super.updateItem(line, empty);
            getStyleClass().remove("stderr");
            if (empty || line == null) {
                setText(null);
                setTooltip(null);
                return;
            }
            setText(line.text());
            if (line.stream().equals("stderr")) {
                getStyleClass().add("stderr");
            }
        }
    }
}

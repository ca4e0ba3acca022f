package org.slipway.workbench.console;

import java.util.List;
import javafx.beans.binding.Bindings;
import javafx.collections.ListChangeListener;
import javafx.collections.transformation.FilteredList;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import org.controlsfx.control.SegmentedButton;
import org.slipway.workbench.text.Texts;

/** The output as lines, and a line for input. */
public final class ConsoleView extends BorderPane {

    /** The view of a console. */
    public ConsoleView(ConsoleModel model) {
        FilteredList<ConsoleModel.Line> lines = new FilteredList<>(model.lines());
        ListView<ConsoleModel.Line> list = new ListView<>(lines);
        list.setId("console");
        list.getStyleClass().addAll("console", "edge-to-edge");
        Label empty = new Label();
        empty.textProperty()
                .bind(Bindings.when(Bindings.isEmpty(model.lines()))
                        .then(Texts.of("console.empty"))
                        .otherwise(Texts.of("console.empty-stream")));
        list.setPlaceholder(empty);
        list.setCellFactory(_ -> new Cell());
        lines.addListener((ListChangeListener<ConsoleModel.Line>) _ -> {
            if (!lines.isEmpty()) {
                list.scrollTo(lines.size() - 1);
            }
        });
        setCenter(list);
        HBox bottom = input(model);
        bottom.getChildren().add(streams(lines));
        setBottom(bottom);
    }

    /** Which stream is shown: both as they came, or one alone. */
    private static SegmentedButton streams(FilteredList<ConsoleModel.Line> lines) {
        SegmentedButton streams = new SegmentedButton();
        for (String stream : List.of("all", "stdout", "stderr")) {
            ToggleButton button = new ToggleButton(Texts.of("console.stream." + stream));
            button.setId("console-" + stream);
            button.getStyleClass().add("small");
            button.setTooltip(new Tooltip(Texts.of("console.stream." + stream + ".help")));
            button.setMinWidth(USE_PREF_SIZE);
            button.setSelected(stream.equals("all"));
            button.setOnAction(_ -> {
                // one of them is always chosen
                button.setSelected(true);
                lines.setPredicate(line -> stream.equals("all") || line.stream().equals(stream));
            });
            streams.getButtons().add(button);
        }
        return streams;
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

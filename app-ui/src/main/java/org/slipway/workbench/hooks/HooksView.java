package org.slipway.workbench.hooks;

import javafx.geometry.Pos;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.slipway.workbench.text.Quantity;
import org.slipway.workbench.text.Texts;

/** The hooks as a list, each with what it printed as it comes. */
public final class HooksView extends BorderPane {

    private static final int SHOWN = 20_000;

    /** The view of hooks. */
    public HooksView(HooksModel model) {
        ListView<HookRun> list = new ListView<>(model.runs());
        list.setId("hooks");
        list.getStyleClass().add("edge-to-edge");
        list.setPlaceholder(new Label(Texts.of("hooks.empty")));
        list.setCellFactory(_ -> new Cell(model));
        setCenter(list);
    }

    private static final class Cell extends ListCell<HookRun> {
        private final HooksModel model;

        Cell(HooksModel model) {
            this.model = model;
            setPrefWidth(0);
        }

        @Override
        protected void updateItem(HookRun run, boolean empty) {
            super.updateItem(run, empty);
            if (empty || run == null) {
                setGraphic(null);
                return;
            }
            Hyperlink kind = new Hyperlink(run.kind() + " " + run.position());
            kind.getStyleClass().add("mono");
            kind.setOnAction(_ -> model.choose(run));
            Label status = new Label(status(run));
            boolean good = run.status().isEmpty() || run.status().getAsInt() == 0;
            status.getStyleClass().addAll("result", good ? "result-ok" : "result-failed");
            Label time = new Label(run.nanos() > 0 ? Quantity.time(run.nanos()) : "");
            time.getStyleClass().addAll("mono", "time");
            Region room = new Region();
            HBox.setHgrow(room, Priority.ALWAYS);
            HBox top = new HBox(kind, status, time, room);
            top.setAlignment(Pos.CENTER_LEFT);
            top.getStyleClass().add("step-row");
            VBox box = new VBox(top);
            box.getStyleClass().add("hook");
            add(box, "stdout", run.output());
            add(box, "stderr", run.errors());
            setGraphic(box);
        }

        private static String status(HookRun run) {
            return run.status().isEmpty()
                    ? Texts.of("hooks.running")
                    : Texts.of("hooks.status", run.status().getAsInt());
        }

        private static void add(VBox box, String stream, String text) {
            if (!text.isEmpty()) {
                Label name = new Label(stream);
                name.getStyleClass().add("stream-name");
                Label output =
                        new Label(text.length() > SHOWN ? text.substring(text.length() - SHOWN) : text.stripTrailing());
                output.getStyleClass().addAll("mono", "output", stream);
                output.setWrapText(true);
                HBox line = new HBox(name, output);
                line.getStyleClass().add("hook-output");
                box.getChildren().add(line);
            }
        }
    }
}

package org.slipway.workbench.trace;

import javafx.geometry.Pos;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import org.slipway.model.text.ErrnoNames;
import org.slipway.model.trace.StepRecord;
import org.slipway.workbench.plan.StepCell;
import org.slipway.workbench.plan.StepRow;
import org.slipway.workbench.text.Said;
import org.slipway.workbench.text.Texts;

/** The trace as a list; a step that failed is pinned above it. */
public final class TraceView extends BorderPane {

    /** The view of a trace. */
    public TraceView(TraceModel model) {
        ListView<StepRow> list = new ListView<>();
        list.setId("trace");
        list.getStyleClass().addAll("steps", "edge-to-edge");
        list.setPlaceholder(new Label(Texts.of("trace.empty")));
        list.setCellFactory(_ -> new StepCell(
                true, model::choose, pointer -> model.session().selected().get().touches(pointer)));
        list.getSelectionModel().selectedItemProperty().subscribe(row -> {
            if (row instanceof StepRow.Line line) {
                line.pointer().ifPresent(model::choose);
            }
        });
        setTop(pinned(model));
        setCenter(list);
        model.rows().subscribe(rows -> {
            boolean atEnd = list.getItems().size() < rows.size();
            list.getItems().setAll(rows);
            if (atEnd && !rows.isEmpty()) {
                list.scrollTo(0);
            }
        });
        model.session().selected().subscribe(_ -> list.refresh());
    }

    private static HBox pinned(TraceModel model) {
        Label sentence = new Label();
        sentence.setId("trace-failed");
        sentence.setWrapText(true);
        sentence.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(sentence, Priority.ALWAYS);
        Hyperlink field = new Hyperlink();
        field.getStyleClass().add("mono");
        field.setMinWidth(Region.USE_PREF_SIZE);
        HBox box = new HBox(sentence, field);
        box.setAlignment(Pos.CENTER_LEFT);
        box.getStyleClass().addAll("banner", "error");
        box.managedProperty().bind(box.visibleProperty());
        model.failed().subscribe(failed -> {
            box.setVisible(failed.isPresent());
            failed.ifPresent(line -> {
                sentence.setText(sentence(line));
                field.setText(line.pointer().orElse(""));
                field.setVisible(line.pointer().isPresent());
                field.setOnAction(_ -> line.pointer().ifPresent(model::choose));
            });
        });
        return box;
    }

    /** Which step failed, on what, and what the kernel said: {@code open the program (/bin/x): no such file … (ENOENT)}. */
    static String sentence(StepRow.Line line) {
        String detail = line.record().map(StepRecord::detail).orElse("");
        String step = Said.SENTENCES.step(line.step().op());
        return Texts.of(
                "trace.failed-step",
                line.step().index(),
                detail.isEmpty() ? step : step + " — " + detail,
                line.record().map(StepRecord::errno).map(TraceView::errno).orElse(""));
    }

    private static String errno(int number) {
        String name = ErrnoNames.of(number);
        String words = Said.SENTENCES.errno(name);
        return words.equals(name) ? name : words + " (" + name + ")";
    }
}

package org.slipway.workbench.trial;

import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.slipway.workbench.text.Texts;

/** A button that tests a hook, and what came of it. */
public final class HookTestView extends VBox {

    private static final int SHOWN = 20_000;

    private final HookTestModel model;
    private final String name;
    private final VBox result = new VBox();
    private final Button test = new Button(Texts.of("hook-test.test"));
    private final Button cancel = new Button(Texts.of("hook-test.cancel"));

    /**
     * The view of a test.
     *
     * @param name tells its controls from those of other hooks
     */
    public HookTestView(HookTestModel model, String name) {
        this.model = model;
        this.name = name;
        getStyleClass().add("hook-test");
        test.setId("test-" + name);
        test.getStyleClass().add("small");
        test.setTooltip(new Tooltip(model.note()));
        test.setOnAction(_ -> model.test());
        cancel.setId("cancel-" + name);
        cancel.getStyleClass().add("small");
        cancel.setOnAction(_ -> model.cancel());
        cancel.managedProperty().bind(cancel.visibleProperty());
        for (Button button : new Button[] {test, cancel}) {
            button.setMinWidth(Region.USE_PREF_SIZE);
        }
        HBox row = new HBox(8, test, cancel);
        row.setAlignment(Pos.CENTER_LEFT);
        result.getStyleClass().add("hook");
        result.managedProperty().bind(result.visibleProperty());
        getChildren().addAll(row, result);
        model.shown().subscribe(this::show);
    }

    private void show(HookTestModel.Shown shown) {
        boolean runs = shown instanceof HookTestModel.Shown.Running;
        boolean hadFocus = cancel.isFocused();
        cancel.setVisible(runs);
        test.setDisable(runs);
        if (hadFocus && !runs) {
            test.requestFocus();
        }
        result.getChildren().clear();
        switch (shown) {
            case HookTestModel.Shown.Nothing _ -> {}
            case HookTestModel.Shown.Running _ -> line(Texts.of("hooks.running"), "field-help");
            case HookTestModel.Shown.Refused refused -> {
                line("✗ " + refused.sentence(), "finding");
                result.getChildren().getFirst().getStyleClass().add("error");
            }
            case HookTestModel.Shown.Ended ended -> ended(ended);
        }
        result.setVisible(!result.getChildren().isEmpty());
    }

    private void ended(HookTestModel.Shown.Ended ended) {
        Label status = new Label((ended.good() ? "✓ " : "✗ ") + ended.how());
        status.setId("result-" + name);
        status.getStyleClass().addAll("result", ended.good() ? "result-ok" : "result-failed");
        Label time = new Label(ended.time());
        time.getStyleClass().addAll("mono", "time");
        HBox top = new HBox(8, status, time);
        top.setAlignment(Pos.CENTER_LEFT);
        result.getChildren().add(top);
        stream("stdout", ended.output());
        stream("stderr", ended.errors());
        line(model.note(), "field-help");
    }

    private void stream(String stream, String text) {
        if (text.isEmpty()) {
            return;
        }
        Label title = new Label(stream);
        title.getStyleClass().add("stream-name");
        title.setMinWidth(Region.USE_PREF_SIZE);
        Label output = new Label(text.length() > SHOWN ? text.substring(text.length() - SHOWN) : text.stripTrailing());
        output.setId(stream + "-" + name);
        output.getStyleClass().addAll("mono", "output", stream);
        output.setWrapText(true);
        HBox.setHgrow(output, Priority.ALWAYS);
        HBox line = new HBox(title, output);
        line.getStyleClass().add("hook-output");
        result.getChildren().add(line);
    }

    private void line(String words, String style) {
        Label label = new Label(words);
        label.getStyleClass().add(style);
        label.setWrapText(true);
        result.getChildren().add(label);
    }
}

package org.slipway.workbench.form;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javafx.application.Platform;
import javafx.geometry.Orientation;
import javafx.scene.control.Button;
import javafx.scene.control.ContentDisplay;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.FlowPane;
import org.controlsfx.control.textfield.TextFields;
import org.jspecify.annotations.Nullable;
import org.slipway.workbench.text.Texts;

/** A list of words as chips that wrap; a chip is pressed to take its word away, and the line behind them takes more. */
final class ChipsView extends FlowPane {

    private final ValueField field;
    private final TextField more = new TextField();

    ChipsView(ValueField field, String id) {
        this.field = field;
        setId(id);
        setPrefWrapLength(200);
        getStyleClass().add("chips");
        setMaxWidth(Double.MAX_VALUE);
        setMinWidth(0);
        more.setId(id + "-more");
        more.getStyleClass().addAll("mono", "chip-more");
        more.setPromptText(Texts.of("form.chips.more"));
        more.setAccessibleText(Texts.of("form." + field.key()));
        more.editableProperty().bind(field.editable());
        more.setOnAction(_ -> take());
        more.addEventFilter(KeyEvent.KEY_PRESSED, this::pressed);
        more.addEventFilter(KeyEvent.KEY_TYPED, event -> {
            if (event.getCharacter().equals(",")) {
                take();
                event.consume();
            }
        });
        more.focusedProperty().subscribe(focused -> {
            if (focused) {
                field.entered();
            } else {
                take();
            }
        });
        var completion = TextFields.bindAutoCompletion(more, request -> matching(request.getUserText()));
        completion.setOnAutoCompleted(_ -> take());
        field.text().subscribe(_ -> fill());
        field.findings().subscribe(_ -> FieldViews.mark(more, field));
    }

    /** Words that can still be added; none until something was typed, so that the list never covers what is read. */
    private List<String> matching(String typed) {
        List<String> there = words();
        return typed.isBlank()
                ? List.of()
                : field.choices().stream()
                        .filter(word -> word.toLowerCase(Locale.ROOT)
                                .contains(typed.strip().toLowerCase(Locale.ROOT)))
                        .filter(word -> !there.contains(word))
                        .toList();
    }

    private List<String> words() {
        return Arrays.stream(field.text().get().split(",", -1))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private void pressed(KeyEvent event) {
        if (event.getCode() == KeyCode.BACK_SPACE && more.getText().isEmpty() && !words().isEmpty()) {
            become(words().subList(0, words().size() - 1));
            event.consume();
        }
    }

    private void take() {
        List<String> typed = Arrays.stream(more.getText().split("[,\\s]+", -1))
                .filter(word -> !word.isEmpty())
                .toList();
        more.clear();
        if (!typed.isEmpty()) {
            List<String> all = new ArrayList<>(words());
            all.addAll(typed);
            become(all);
        }
    }

    private void become(List<String> words) {
        field.text().set(String.join(", ", words));
    }

    /** The line stays where it is, with the keyboard: only the chips before it are made anew. */
    private void fill() {
        if (!field.editable().get()) {
            Label raw = new Label(field.text().get());
            raw.getStyleClass().add("mono");
            raw.setTooltip(new Tooltip(Texts.of("form.source-only")));
            getChildren().setAll(raw);
            return;
        }
        if (!getChildren().contains(more)) {
            getChildren().setAll(more);
        }
        getChildren().remove(0, getChildren().size() - 1);
        List<String> words = words();
        for (int i = 0; i < words.size(); i++) {
            getChildren().add(i, chip(words, i));
        }
    }

    /** Its height is what it needed when it was last laid out: whoever holds it need not measure what wraps. */
    @Override
    public @Nullable Orientation getContentBias() {
        return null;
    }

    @Override
    protected void layoutChildren() {
        super.layoutChildren();
        double needed = computePrefHeight(getWidth());
        if (getWidth() > 0 && Math.abs(needed - getPrefHeight()) > 0.5) {
            Platform.runLater(() -> {
                setMinHeight(needed);
                setPrefHeight(needed);
            });
        }
    }

    private Button chip(List<String> words, int index) {
        String word = words.get(index);
        Label cross = new Label("✕");
        cross.getStyleClass().add("chip-cross");
        Button chip = new Button(word, cross);
        chip.setContentDisplay(ContentDisplay.RIGHT);
        chip.getStyleClass().addAll("chip", "mono");
        chip.setMnemonicParsing(false);
        chip.setAccessibleText(Texts.of("form.chips.remove", word));
        chip.setTooltip(new Tooltip(Texts.of("form.chips.remove", word)));
        chip.setOnAction(_ -> {
            List<String> rest = new ArrayList<>(words);
            rest.remove(index);
            become(rest);
            more.requestFocus();
        });
        return chip;
    }
}

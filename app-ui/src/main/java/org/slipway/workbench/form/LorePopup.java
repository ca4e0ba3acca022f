package org.slipway.workbench.form;

import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.VBox;
import javafx.stage.Popup;
import org.slipway.workbench.portability.Portability;
import org.slipway.workbench.text.Texts;

/** All that is known of a member, beside where the keyboard is; Escape, or a click elsewhere, ends it. */
public final class LorePopup {

    private static final double WIDTH = 440;

    private final Popup popup = new Popup();

    /** Shows it below a node, with what other runtimes do with the member. */
    public void show(Node anchor, Lore lore, Portability portability) {
        Label title = new Label(lore.pointer());
        title.setId("lore");
        title.getStyleClass().addAll("mono", "pane-title");
        Label sentence = new Label(lore.sentence());
        sentence.setId("lore-sentence");
        VBox box = new VBox(title, sentence);
        for (String fact : lore.facts()) {
            Label line = new Label(fact);
            line.getStyleClass().add("field-help");
            box.getChildren().add(line);
        }
        Label section = new Label(Texts.of("lore.section", lore.section()));
        section.getStyleClass().add("field-help");
        box.getChildren().add(section);
        for (Portability.Answer answer : portability.of(lore.pointer())) {
            Label line = new Label(answer.runtime() + ": " + answer.words() + " (" + answer.source() + ")");
            line.setId("lore-" + answer.runtime());
            line.getStyleClass().add("field-help");
            box.getChildren().add(line);
        }
        Label dated = new Label(Texts.of("portability.dated", portability.date()));
        dated.getStyleClass().add("field-help");
        box.getChildren().add(dated);
        box.getChildren().forEach(node -> {
            if (node instanceof Label label) {
                label.setWrapText(true);
                label.setMaxWidth(WIDTH - 32);
            }
        });
        box.getStyleClass().addAll("palette", "lore");
        box.setMaxWidth(WIDTH);
        popup.getContent().setAll(box);
        popup.setAutoHide(true);
        popup.setHideOnEscape(true);
        popup.getScene().setOnKeyPressed(this::pressed);
        popup.getScene().getStylesheets().setAll(anchor.getScene().getStylesheets());
        popup.getScene().getRoot().getStyleClass().setAll("root", "workbench");
        Bounds place = anchor.localToScreen(anchor.getBoundsInLocal());
        if (place != null) {
            double below = Math.min(place.getMaxY(), place.getMinY() + 120);
            popup.show(anchor, place.getMinX(), below + 4);
        }
    }

    private void pressed(KeyEvent event) {
        if (event.getCode() == KeyCode.F1) {
            popup.hide();
            event.consume();
        }
    }
}

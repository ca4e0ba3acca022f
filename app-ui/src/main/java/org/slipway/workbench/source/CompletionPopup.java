package org.slipway.workbench.source;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.geometry.Bounds;
import javafx.geometry.Point2D;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import javafx.stage.Popup;
import jfx.incubator.scene.control.richtext.CodeArea;
import org.slipway.workbench.text.Texts;

/**
 * What may stand at the caret, in a list below it. The keyboard stays in the text: up and down choose, Enter and Tab take, Escape
 * goes back to typing, and any other key types on.
 */
final class CompletionPopup {

    private static final int ROWS = 10;
    private static final double WIDTH = 460;

    private final CodeArea area;
    private final Consumer<Completion.Candidate> take;
    private final Popup popup = new Popup();
    private final ListView<Completion.Candidate> list = new ListView<>();
    private final Label help = new Label();

    CompletionPopup(CodeArea area, Consumer<Completion.Candidate> take) {
        this.area = area;
        this.take = take;
        list.setId("completion");
        list.getStyleClass().add("edge-to-edge");
        list.setFocusTraversable(false);
        list.setFixedCellSize(26);
        list.setCellFactory(_ -> new Cell());
        list.setOnMouseClicked(_ -> choose());
        list.getSelectionModel()
                .selectedItemProperty()
                .subscribe(chosen -> help.setText(chosen == null ? "" : chosen.help()));
        help.setId("completion-help");
        help.getStyleClass().add("field-help");
        help.setWrapText(true);
        help.setMinHeight(36);
        help.managedProperty().bind(help.visibleProperty());
        VBox box = new VBox(list, help);
        box.getStyleClass().addAll("palette", "completion");
        box.setPrefWidth(WIDTH);
        popup.getContent().add(box);
        popup.setAutoHide(true);
        popup.setHideOnEscape(false);
        area.addEventFilter(KeyEvent.KEY_PRESSED, this::pressed);
        area.focusedProperty().subscribe(focused -> {
            if (!focused) {
                popup.hide();
            }
        });
    }

    /** Shows what may stand there; nothing to choose from shows nothing. */
    void show(List<Completion.Candidate> candidates) {
        if (candidates.isEmpty() || area.getScene() == null) {
            popup.hide();
            return;
        }
        list.getItems().setAll(candidates);
        list.getSelectionModel().selectFirst();
        list.scrollTo(0);
        list.setPrefHeight(Math.min(ROWS, candidates.size()) * list.getFixedCellSize() + 2);
        help.setVisible(candidates.stream().anyMatch(each -> !each.help().isEmpty()));
        popup.getScene().getStylesheets().setAll(area.getScene().getStylesheets());
        if (!popup.getScene().getRoot().getStyleClass().contains("workbench")) {
            popup.getScene().getRoot().getStyleClass().add("workbench");
        }
        Optional<Point2D> place = place();
        if (!popup.isShowing() && place.isPresent()) {
            popup.show(area, place.get().getX(), place.get().getY());
        }
    }

    /** Just below the caret. */
    private Optional<Point2D> place() {
        Node caret = area.lookup(".caret");
        Bounds bounds = caret == null ? null : caret.localToScreen(caret.getBoundsInLocal());
        return bounds == null
                ? Optional.ofNullable(area.localToScreen(40, 40))
                : Optional.of(new Point2D(bounds.getMinX(), bounds.getMaxY() + 2));
    }

    boolean isShowing() {
        return popup.isShowing();
    }

    void hide() {
        popup.hide();
    }

    private void pressed(KeyEvent event) {
        if (!popup.isShowing()) {
            return;
        }
        int last = list.getItems().size() - 1;
        int at = list.getSelectionModel().getSelectedIndex();
        int to = switch (event.getCode()) {
            case DOWN -> at == last ? 0 : at + 1;
            case UP -> at == 0 ? last : at - 1;
            case PAGE_DOWN -> Math.min(at + ROWS, last);
            case PAGE_UP -> Math.max(at - ROWS, 0);
            default -> -1;
        };
        if (to >= 0 && last >= 0) {
            list.getSelectionModel().select(to);
            list.scrollTo(Math.max(0, to - ROWS / 2));
            event.consume();
        } else if (event.getCode() == KeyCode.ENTER || event.getCode() == KeyCode.TAB) {
            choose();
            event.consume();
        } else if (event.getCode() == KeyCode.ESCAPE) {
            popup.hide();
            event.consume();
        } else if (event.getCode().isNavigationKey()) {
            popup.hide();
        }
    }

    private void choose() {
        Completion.Candidate chosen = list.getSelectionModel().getSelectedItem();
        popup.hide();
        if (chosen != null) {
            take.accept(chosen);
        }
    }

    private static final class Cell extends ListCell<Completion.Candidate> {

        Cell() {
            setPrefWidth(0);
        }

        @Override
        protected void updateItem(Completion.Candidate candidate, boolean empty) {
            super.updateItem(candidate, empty);
            if (empty || candidate == null) {
                setGraphic(null);
                return;
            }
            Label text = new Label(candidate.text());
            text.getStyleClass().add("mono");
            text.setMinWidth(USE_PREF_SIZE);
            Label about = new Label(candidate.help());
            about.getStyleClass().add("field-help");
            HBox row = new HBox(12, text, about);
            row.setAlignment(Pos.CENTER_LEFT);
            row.setAccessibleText(candidate.text() + " " + Texts.of("completion.choice"));
            setGraphic(row);
        }
    }
}

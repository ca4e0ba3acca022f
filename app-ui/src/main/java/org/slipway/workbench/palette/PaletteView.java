package org.slipway.workbench.palette;

import javafx.geometry.Bounds;
import javafx.geometry.Pos;
import javafx.scene.Scene;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.stage.Popup;
import org.slipway.workbench.text.Texts;

/** The palette over the window: a line to type into, what matches below it; Enter does it, Escape goes back. */
public final class PaletteView {

    private static final double WIDTH = 560;

    private final PaletteModel model;
    private final Popup popup = new Popup();
    private final TextField line = new TextField();
    private final ListView<PaletteModel.Entry> list = new ListView<>();

    /** A palette that is not shown yet. */
    public PaletteView(PaletteModel model) {
        this.model = model;
        line.setId("palette");
        line.setPromptText(Texts.of("palette.prompt"));
        line.setAccessibleText(Texts.of("palette.prompt"));
        list.setId("palette-list");
        list.getStyleClass().add("edge-to-edge");
        list.setFocusTraversable(false);
        list.setPlaceholder(new Label(Texts.of("palette.none")));
        list.setCellFactory(_ -> new Cell());
        list.setOnMouseClicked(_ -> choose());
        VBox box = new VBox(line, list);
        box.getStyleClass().add("palette");
        box.setPrefWidth(WIDTH);
        popup.getContent().add(box);
        popup.setAutoHide(true);
        line.textProperty().subscribe(this::fill);
        line.addEventFilter(KeyEvent.KEY_PRESSED, this::pressed);
    }

    private void fill(String typed) {
        list.getItems().setAll(model.matching(typed));
        list.getSelectionModel().selectFirst();
        list.scrollTo(0);
    }

    private void pressed(KeyEvent event) {
        int step = switch (event.getCode()) {
            case DOWN -> 1;
            case UP -> -1;
            case PAGE_DOWN -> 8;
            case PAGE_UP -> -8;
            default -> 0;
        };
        if (step != 0) {
            int last = list.getItems().size() - 1;
            int to = Math.clamp(list.getSelectionModel().getSelectedIndex() + step, 0, Math.max(0, last));
            list.getSelectionModel().select(to);
            list.scrollTo(Math.max(0, to - 4));
            event.consume();
        } else if (event.getCode() == KeyCode.ENTER) {
            choose();
            event.consume();
        } else if (event.getCode() == KeyCode.ESCAPE) {
            popup.hide();
            event.consume();
        }
    }

    private void choose() {
        PaletteModel.Entry entry = list.getSelectionModel().getSelectedItem();
        popup.hide();
        if (entry != null && entry.ready().getAsBoolean()) {
            entry.run().run();
        }
    }

    /** Shows the palette at the top of a window's middle, empty, with the keyboard. */
    public void show(Scene scene) {
        line.clear();
        fill("");
        Bounds root = scene.getRoot().localToScreen(scene.getRoot().getLayoutBounds());
        popup.show(scene.getRoot(), root.getMinX() + (root.getWidth() - WIDTH) / 2, root.getMinY() + 48);
        line.requestFocus();
    }

    private static final class Cell extends ListCell<PaletteModel.Entry> {

        Cell() {
            setPrefWidth(0);
        }

        @Override
        protected void updateItem(PaletteModel.Entry entry, boolean empty) {
            super.updateItem(entry, empty);
            if (empty || entry == null) {
                setGraphic(null);
                return;
            }
            Label title = new Label(entry.title());
            title.setMinWidth(0);
            Region room = new Region();
            HBox.setHgrow(room, Priority.ALWAYS);
            Label detail = new Label(entry.detail());
            detail.getStyleClass().addAll("mono", "field-help");
            detail.setMinWidth(USE_PREF_SIZE);
            HBox row = new HBox(title, room, detail);
            row.setAlignment(Pos.CENTER_LEFT);
            setGraphic(row);
        }
    }
}

package org.slipway.workbench.containers;

import java.util.List;
import java.util.function.Consumer;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import org.slipway.model.wire.Container;
import org.slipway.workbench.helper.HelperSession;
import org.slipway.workbench.text.Texts;

/** The containers there are, pushed by the helper; choosing one makes it the one that the bar is about. */
public final class ContainersView extends BorderPane {

    /** The list of a helper's containers; {@code chosen} hears which one the person chose. */
    public ContainersView(HelperSession helper, Consumer<Container> chosen) {
        getStyleClass().add("containers");
        Label title = new Label(Texts.of("containers.title"));
        title.getStyleClass().add("side-title");
        ListView<Container> list = new ListView<>(helper.containers());
        list.setId("containers");
        list.getStyleClass().add("edge-to-edge");
        Label none = new Label(Texts.of("containers.none"));
        none.setWrapText(true);
        none.getStyleClass().add("field-help");
        list.setPlaceholder(none);
        list.setCellFactory(_ -> new Cell());
        list.setOnMouseClicked(_ -> choose(list, chosen));
        list.setOnKeyReleased(_ -> choose(list, chosen));
        setTop(title);
        setCenter(list);
    }

    private static void choose(ListView<Container> list, Consumer<Container> chosen) {
        List.copyOf(list.getSelectionModel().getSelectedItems()).forEach(chosen);
    }

    private static final class Cell extends ListCell<Container> {

        Cell() {
            setPrefWidth(0);
        }

        @Override
        protected void updateItem(Container container, boolean empty) {
            super.updateItem(container, empty);
            if (empty || container == null) {
                setGraphic(null);
                return;
            }
            Label mark = new Label(mark(container.status()));
            mark.getStyleClass().addAll("state-mark", "state-" + container.status());
            Label id = new Label(container.id());
            id.setMinWidth(0);
            Region room = new Region();
            HBox.setHgrow(room, Priority.ALWAYS);
            Label status = new Label(word(container));
            status.getStyleClass().add("field-help");
            status.setMinWidth(USE_PREF_SIZE);
            HBox row = new HBox(mark, id, room, status);
            row.setAlignment(Pos.CENTER_LEFT);
            row.getStyleClass().add("container-row");
            setGraphic(row);
        }

        private static String mark(String status) {
            return switch (status) {
                case "running" -> "●";
                case "creating", "created" -> "◐";
                default -> "○";
            };
        }

        private static String word(Container container) {
            return container
                    .exit()
                    .filter(exit -> exit.known())
                    .map(exit -> Texts.of("containers.exit", exit.status()))
                    .orElse(container.status());
        }
    }
}

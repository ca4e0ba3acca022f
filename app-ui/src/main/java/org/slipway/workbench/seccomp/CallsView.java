package org.slipway.workbench.seccomp;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SelectionMode;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;
import org.slipway.workbench.text.Texts;

/** The list of calls, with what narrows it above, and what changes the chosen ones below. */
public final class CallsView extends VBox {

    private static final double HEIGHT = 220;

    private final CallsModel model;
    private final ListView<CallsModel.Row> list = new ListView<>();

    /** Shows the calls of a model. */
    public CallsView(CallsModel model) {
        this.model = model;
        getStyleClass().add("field-table");
        Label help = new Label(Texts.of("seccomp.help"));
        help.getStyleClass().add("field-help");
        help.setWrapText(true);
        getChildren().addAll(help, presets(), narrowing(), calls(), assigning());
    }

    private Node presets() {
        ComboBox<Preset> preset = choice("seccomp-preset", List.of(Preset.values()), Preset::title);
        preset.valueProperty().bindBidirectional(model.preset());
        Button apply = new Button(Texts.of("seccomp.apply"));
        apply.setId("seccomp-apply");
        apply.getStyleClass().add("small");
        apply.setMinWidth(Region.USE_PREF_SIZE);
        apply.setTooltip(new Tooltip(Texts.of("seccomp.apply.help")));
        apply.setOnAction(_ -> model.apply());
        Label different = new Label();
        different.setId("seccomp-different");
        different.getStyleClass().add("field-help");
        model.different().subscribe(count -> different.setText(Texts.of("seccomp.different", count)));
        return tools(new Label(Texts.of("seccomp.preset")), preset, apply, different);
    }

    private Node narrowing() {
        TextField search = new TextField();
        search.setId("seccomp-search");
        search.setPromptText(Texts.of("seccomp.search"));
        search.setAccessibleText(Texts.of("seccomp.search"));
        search.textProperty().bindBidirectional(model.search());
        ComboBox<CallsModel.Shown> shown = choice(
                "seccomp-shown",
                List.of(CallsModel.Shown.values()),
                which -> Texts.of("seccomp.shown." + which.name().toLowerCase(Locale.ROOT)));
        shown.valueProperty().bindBidirectional(model.shown());
        return tools(search, shown);
    }

    private Node calls() {
        list.setId("seccomp-calls");
        list.setPrefHeight(HEIGHT);
        list.setMinHeight(HEIGHT);
        list.getSelectionModel().setSelectionMode(SelectionMode.MULTIPLE);
        list.setCellFactory(_ -> new CallCell());
        list.setPlaceholder(new Label(Texts.of("seccomp.nothing")));
        model.rows().subscribe(this::show);
        list.getSelectionModel().selectedItemProperty().subscribe(row -> {
            if (row != null) {
                model.entered(row.name());
            }
        });
        return list;
    }

    /** The same calls stay chosen, whatever is said of them now. */
    private void show(List<CallsModel.Row> rows) {
        List<String> chosen = chosen();
        list.getItems().setAll(rows);
        for (int i = 0; i < rows.size(); i++) {
            if (chosen.contains(rows.get(i).name())) {
                list.getSelectionModel().select(i);
            }
        }
    }

    private List<String> chosen() {
        return list.getSelectionModel().getSelectedItems().stream()
                .filter(Objects::nonNull)
                .map(CallsModel.Row::name)
                .toList();
    }

    private Node assigning() {
        MenuButton assign = new MenuButton(Texts.of("seccomp.assign"));
        assign.setId("seccomp-assign");
        assign.getStyleClass().add("small");
        assign.setMinWidth(Region.USE_PREF_SIZE);
        for (String action : CallsModel.actions()) {
            MenuItem item = new MenuItem(action);
            item.setId("seccomp-assign-" + action);
            item.setMnemonicParsing(false);
            item.setOnAction(_ -> model.assign(chosen(), action));
            assign.getItems().add(item);
        }
        assign.disableProperty()
                .bind(list.getSelectionModel().selectedItemProperty().isNull());
        return tools(assign);
    }

    private static <T> ComboBox<T> choice(String id, List<T> values, java.util.function.Function<T, String> words) {
        ComboBox<T> choice = new ComboBox<>();
        choice.setId(id);
        choice.getItems().setAll(values);
        choice.getStyleClass().add("small");
        choice.setConverter(new StringConverter<>() {
            @Override
            public String toString(T value) {
                return value == null ? "" : words.apply(value);
            }

            @Override
            public T fromString(String text) {
                throw new UnsupportedOperationException("only chosen, never typed");
            }
        });
        return choice;
    }

    private static FlowPane tools(Node... nodes) {
        FlowPane row = new FlowPane(8, 6, nodes);
        row.setAlignment(Pos.CENTER_LEFT);
        row.getStyleClass().add("tools");
        return row;
    }

    /** A call, its action, and what is special about it. */
    private static final class CallCell extends ListCell<CallsModel.Row> {
        private final Label name = new Label();
        private final Label note = new Label();
        private final Label action = new Label();
        private final HBox row = new HBox(8, name, note, action);

        CallCell() {
            name.getStyleClass().add("mono");
            name.setMinWidth(Region.USE_PREF_SIZE);
            note.getStyleClass().add("field-help");
            note.setMinWidth(0);
            note.setMaxWidth(Double.MAX_VALUE);
            action.getStyleClass().add("mono");
            action.setMinWidth(Region.USE_PREF_SIZE);
            row.setAlignment(Pos.CENTER_LEFT);
            HBox.setHgrow(note, Priority.ALWAYS);
            setPrefWidth(0);
        }

        @Override
        protected void updateItem(CallsModel.Row call, boolean empty) {
            super.updateItem(call, empty);
            if (empty || call == null) {
                setGraphic(null);
                setTooltip(null);
                return;
            }
            name.setText(call.name());
            action.setText(shortly(call.action()));
            String said = note(call);
            note.setText(said);
            setTooltip(said.isEmpty() ? null : new Tooltip(said));
            setGraphic(row);
        }

        private static String note(CallsModel.Row call) {
            String said = call.conditional()
                    ? Texts.of("seccomp.conditional")
                    : call.named() ? "" : Texts.of("seccomp.default");
            String beside = call.differs() ? Texts.of("seccomp.preset.says", shortly(call.preset())) : "";
            return said.isEmpty() || beside.isEmpty() ? said + beside : said + ", " + beside;
        }

        private static String shortly(String action) {
            return action.startsWith("SCMP_ACT_") ? action.substring("SCMP_ACT_".length()) : action;
        }
    }
}

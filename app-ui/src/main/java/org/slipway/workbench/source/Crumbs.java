package org.slipway.workbench.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.layout.HBox;
import org.slipway.model.json.Pointer;
import org.slipway.workbench.bundle.Selected;
import org.slipway.workbench.bundle.Session;
import org.slipway.workbench.text.Texts;
import tools.jackson.databind.JsonNode;

/** Where the caret is in the outline of the text: each part of the way opens a list of what lies there, to go to. */
final class Crumbs extends HBox {

    private static final int MOST = 60;

    private final Session session;

    Crumbs(Session session) {
        this.session = session;
        setId("crumbs");
        getStyleClass().add("crumbs");
        setMinWidth(0);
        session.selected().subscribe(this::show);
        session.bundle().subscribe(_ -> show(session.selected().get()));
    }

    private void show(Selected selected) {
        getChildren().clear();
        if (session.folder().isEmpty()) {
            return;
        }
        add("", Texts.of("crumbs.root"));
        String pointer = "";
        for (String name : Pointer.names(selected.pointer())) {
            pointer = Pointer.child(pointer, name);
            Label mark = new Label("›");
            mark.getStyleClass().add("field-help");
            getChildren().add(mark);
            add(pointer, label(pointer, name));
        }
    }

    private void add(String pointer, String name) {
        MenuButton button = new MenuButton(name);
        button.getStyleClass().addAll("flat", "small", "crumb");
        button.setMnemonicParsing(false);
        button.setFocusTraversable(false);
        button.setMinWidth(USE_PREF_SIZE);
        button.setAccessibleText(Texts.of("crumbs.name", pointer));
        button.setOnShowing(_ -> button.getItems().setAll(below(pointer)));
        button.getItems().setAll(new MenuItem());
        getChildren().add(button);
    }

    /** What lies in a value, or beside it if nothing lies in it. */
    private List<MenuItem> below(String pointer) {
        Optional<JsonNode> value = session.document().get().at(pointer);
        String holder = value.filter(JsonNode::isContainer).isPresent() || pointer.isEmpty()
                ? pointer
                : Pointer.parent(pointer);
        List<MenuItem> items = new ArrayList<>();
        JsonNode node = session.document().get().at(holder).orElseThrow();
        List<String> names = node.isObject()
                ? List.copyOf(node.propertyNames())
                : java.util.stream.IntStream.range(0, node.size())
                        .mapToObj(String::valueOf)
                        .toList();
        for (String name : names.subList(0, Math.min(MOST, names.size()))) {
            String child = Pointer.child(holder, name);
            MenuItem item = new MenuItem(label(child, name));
            item.setMnemonicParsing(false);
            item.setOnAction(_ -> session.select(child, Selected.Where.PALETTE));
            items.add(item);
        }
        return items;
    }

    /** An element is called by what names it: {@code 2 /dev/pts}. */
    private String label(String pointer, String name) {
        if (!name.matches("\\d+")) {
            return name;
        }
        JsonNode value = session.document().get().at(pointer).orElse(null);
        if (value == null) {
            return name;
        }
        String word = value.isValueNode()
                ? value.asString("")
                : List.of("destination", "type", "path", "action").stream()
                        .map(member -> value.path(member).asString(""))
                        .filter(text -> !text.isEmpty())
                        .findFirst()
                        .orElse("");
        String shown = word.length() > 28 ? word.substring(0, 27) + "…" : word;
        return shown.isEmpty() ? name : name + "  " + shown;
    }
}

package org.slipway.workbench.form;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import org.slipway.model.json.Document;
import org.slipway.model.json.Edit;
import org.slipway.model.json.Pointer;
import org.slipway.workbench.bundle.Session;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code /linux/namespaces}, one choice for each kind there is. */
public final class NamespacesField extends Field {

    static final List<String> TYPES = List.of("pid", "network", "mount", "ipc", "uts", "user", "cgroup", "time");

    /** What the container gets of one kind. */
    public enum Choice {
        /** The host's: the kind is not in the list. */
        HOST,
        /** A new one. */
        NEW,
        /** The one at a path. */
        JOIN
    }

    /** One kind of namespace. */
    public final class Kind {
        private final String type;
        private final ObjectProperty<Choice> choice = new SimpleObjectProperty<>(Choice.HOST);
        private final StringProperty path = new SimpleStringProperty("");

        private Kind(String type) {
            this.type = type;
            choice.addListener((_, _, now) -> chosen(this, now));
            path.addListener((_, _, now) -> typed(this, now));
        }

        public String type() {
            return type;
        }

        /** Setting it edits the document. */
        public ObjectProperty<Choice> choice() {
            return choice;
        }

        /** The path to join; setting it edits the document. */
        public StringProperty path() {
            return path;
        }

        /** The pointer of its element, or of the whole list if it is not in it. */
        public String pointer() {
            int index = indexOf(session.document().get(), type);
            return index < 0 ? NamespacesField.this.pointer() : Pointer.child(NamespacesField.this.pointer(), index);
        }
    }

    private final List<Kind> kinds = new ArrayList<>();
    private boolean refreshing;

    NamespacesField(Session session, String key, String pointer) {
        super(session, key, pointer);
        TYPES.forEach(type -> kinds.add(new Kind(type)));
    }

    private void chosen(Kind kind, Choice choice) {
        if (refreshing) {
            return;
        }
        int index = indexOf(session.document().get(), kind.type);
        switch (choice) {
            case HOST -> {
                if (index >= 0) {
                    session.edit(new Edit.Remove(Pointer.child(pointer(), index)));
                }
            }
            case NEW -> put(index, kind.type, "");
            case JOIN -> put(index, kind.type, "/proc/1/ns/" + file(kind.type));
        }
    }

    private void typed(Kind kind, String path) {
        int index = indexOf(session.document().get(), kind.type);
        if (!refreshing && kind.choice.get() == Choice.JOIN && index >= 0) {
            String member = Pointer.child(Pointer.child(pointer(), index), "path");
            session.edit(new Edit.Set(member, JsonNodeFactory.instance.stringNode(path)));
        }
    }

    private void put(int index, String type, String path) {
        ObjectNode element = JsonNodeFactory.instance.objectNode().put("type", type);
        if (!path.isEmpty()) {
            element.put("path", path);
        }
        String at = index < 0 ? Pointer.child(pointer(), "-") : Pointer.child(pointer(), index);
        session.edit(new Edit.Set(at, element));
    }

    /** The name of a kind's file below {@code /proc/PID/ns}, see namespaces(7). */
    private static String file(String type) {
        return switch (type) {
            case "network" -> "net";
            case "mount" -> "mnt";
            default -> type;
        };
    }

    private int indexOf(Document document, String type) {
        JsonNode list = document.at(pointer()).orElse(JsonNodeFactory.instance.arrayNode());
        for (int i = 0; i < list.size(); i++) {
            if (type.equals(list.get(i).path("type").asString(""))) {
                return i;
            }
        }
        return -1;
    }

    @Override
    void refresh(Document document) {
        super.refresh(document);
        refreshing = true;
        for (Kind kind : kinds) {
            int index = indexOf(document, kind.type);
            Optional<String> path = index < 0
                    ? Optional.empty()
                    : document.at(Pointer.child(Pointer.child(pointer(), index), "path"))
                            .filter(JsonNode::isString)
                            .map(JsonNode::asString);
            kind.choice.set(index < 0 ? Choice.HOST : path.isPresent() ? Choice.JOIN : Choice.NEW);
            kind.path.set(path.orElse(""));
        }
        refreshing = false;
    }

    public List<Kind> kinds() {
        return List.copyOf(kinds);
    }
}

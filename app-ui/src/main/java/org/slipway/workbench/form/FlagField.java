package org.slipway.workbench.form;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.SimpleBooleanProperty;
import org.slipway.model.json.Document;
import org.slipway.model.json.Edit;
import org.slipway.workbench.bundle.Session;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** A member that is true or false; absent means false. */
public final class FlagField extends Field {

    private final BooleanProperty on = new SimpleBooleanProperty();
    private boolean refreshing;

    FlagField(Session session, String key, String pointer) {
        super(session, key, pointer);
        on.addListener((_, _, now) -> {
            if (!refreshing) {
                session.edit(new Edit.Set(pointer, JsonNodeFactory.instance.booleanNode(now)));
            }
        });
    }

    @Override
    void refresh(Document document) {
        super.refresh(document);
        refreshing = true;
        on.set(document.at(pointer())
                .filter(JsonNode::isBoolean)
                .map(JsonNode::booleanValue)
                .orElse(false));
        refreshing = false;
    }

    /** Whether it is set. Setting it edits the document. */
    public BooleanProperty on() {
        return on;
    }
}

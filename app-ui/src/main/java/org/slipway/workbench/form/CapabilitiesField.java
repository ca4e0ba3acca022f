package org.slipway.workbench.form;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.SimpleBooleanProperty;
import org.slipway.model.json.Document;
import org.slipway.model.json.Edit;
import org.slipway.model.json.Pointer;
import org.slipway.model.plan.Capability;
import org.slipway.workbench.bundle.Selected;
import org.slipway.workbench.bundle.Session;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** {@code /process/capabilities} as a matrix: which capability is in which of the five sets, see capabilities(7). */
public final class CapabilitiesField extends Field {

    /** The sets, in the order in which one depends on the other. */
    public static final List<String> SETS = List.of("bounding", "permitted", "effective", "inheritable", "ambient");

    private final Map<String, Map<String, BooleanProperty>> cells = new LinkedHashMap<>();
    private boolean refreshing;

    CapabilitiesField(Session session, String key, String pointer) {
        super(session, key, pointer);
        for (String capability : Capability.NAMES) {
            Map<String, BooleanProperty> row = new LinkedHashMap<>();
            for (String set : SETS) {
                BooleanProperty cell = new SimpleBooleanProperty();
                cell.addListener((_, _, on) -> changed(capability, set, on));
                row.put(set, cell);
            }
            cells.put(capability, row);
        }
    }

    private void changed(String capability, String set, boolean on) {
        if (refreshing) {
            return;
        }
        String list = Pointer.child(pointer(), set);
        if (on) {
            session.edit(new Edit.Set(Pointer.child(list, "-"), JsonNodeFactory.instance.stringNode(capability)));
            return;
        }
        // from the end, so that one that stands there twice goes altogether
        List<String> there = names(session.document().get(), set);
        for (int i = there.size() - 1; i >= 0; i--) {
            if (there.get(i).equals(capability)) {
                session.edit(new Edit.Remove(Pointer.child(list, i)));
            }
        }
    }

    private List<String> names(Document document, String set) {
        List<String> names = new ArrayList<>();
        document.at(Pointer.child(pointer(), set))
                .filter(JsonNode::isArray)
                .ifPresent(list -> list.forEach(name -> names.add(name.asString(""))));
        return names;
    }

    @Override
    void refresh(Document document) {
        super.refresh(document);
        refreshing = true;
        for (String set : SETS) {
            List<String> there = names(document, set);
            cells.forEach(
                    (capability, row) -> Objects.requireNonNull(row.get(set)).set(there.contains(capability)));
        }
        refreshing = false;
    }

    /** Whether a capability is in a set. Setting it edits the document. */
    public BooleanProperty cell(String capability, String set) {
        return Objects.requireNonNull(
                Objects.requireNonNull(cells.get(capability), capability).get(set), set);
    }

    /** How many capabilities are in a set. */
    public long count(String set) {
        return cells.values().stream()
                .filter(row -> Objects.requireNonNull(row.get(set)).get())
                .count();
    }

    /** Says that the person is at one of the sets now. */
    public void entered(String set) {
        String list = Pointer.child(pointer(), set);
        boolean there = session.document().get().at(list).isPresent();
        session.select(there ? list : pointer(), Selected.Where.FORM);
    }
}

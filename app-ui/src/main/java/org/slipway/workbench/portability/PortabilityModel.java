package org.slipway.workbench.portability;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.slipway.model.finding.SpecTable;
import org.slipway.model.json.Document;
import org.slipway.model.json.Pointer;
import org.slipway.workbench.bundle.Selected;
import org.slipway.workbench.bundle.Session;
import org.slipway.workbench.task.Tasks;
import tools.jackson.databind.JsonNode;

/** The members of this configuration of which the runtimes make different things. */
public final class PortabilityModel {

    /** One member, with the answer of every runtime in the order of {@link Portability#RUNTIMES}. */
    public record Row(String pointer, List<Portability.Answer> answers) {}

    private final Session session;
    private final Tasks.Latest work;
    private final ReadOnlyObjectWrapper<List<Row>> rows = new ReadOnlyObjectWrapper<>(List.of());
    private final ReadOnlyObjectWrapper<Portability> known = new ReadOnlyObjectWrapper<>(Portability.table());

    private boolean asked;

    /** Follows a session. */
    public PortabilityModel(Session session) {
        this.session = session;
        this.work = session.tasks().latest();
        session.document().subscribe(_ -> refresh());
    }

    /** Asks once what is installed, in the background; until then, and without anything installed, the table alone counts. */
    public void ask() {
        if (asked) {
            return;
        }
        asked = true;
        session.tasks().run(() -> Portability.table().with(Runtimes.in(Runtimes.folders())), this::learn, _ -> {});
    }

    void learn(Portability now) {
        known.set(now);
        refresh();
    }

    private void refresh() {
        Document document = session.document().get();
        Portability by = known.get();
        work.run(() -> rows(document, by), rows::set, _ -> {});
    }

    /** Of members of which there are many, such as mounts, the first stands for all. */
    private static List<Row> rows(Document document, Portability by) {
        Map<String, Row> found = new LinkedHashMap<>();
        document.at("").ifPresent(root -> collect(root, "", by, found));
        return new ArrayList<>(found.values());
    }

    private static void collect(JsonNode node, String pointer, Portability by, Map<String, Row> found) {
        if (!pointer.isEmpty()) {
            SpecTable.get()
                    .at(pointer)
                    .filter(member -> by.isParticular(member.pattern()))
                    .ifPresent(
                            member -> found.computeIfAbsent(member.pattern(), _ -> new Row(pointer, by.of(pointer))));
        }
        if (node.isObject()) {
            node.properties()
                    .forEach(each -> collect(each.getValue(), Pointer.child(pointer, each.getKey()), by, found));
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                collect(node.get(i), Pointer.child(pointer, String.valueOf(i)), by, found);
            }
        }
    }

    /** What differs. */
    public ReadOnlyObjectProperty<List<Row>> rows() {
        return rows.getReadOnlyProperty();
    }

    /** What is known now. */
    public ReadOnlyObjectProperty<Portability> known() {
        return known.getReadOnlyProperty();
    }

    /** Goes to the member. */
    public void choose(Row row) {
        session.jump(row.pointer(), Selected.Where.PORTABILITY);
    }
}

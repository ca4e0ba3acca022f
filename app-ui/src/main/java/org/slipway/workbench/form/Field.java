package org.slipway.workbench.form;

import java.util.List;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.slipway.model.finding.Finding;
import org.slipway.model.json.Document;
import org.slipway.workbench.bundle.Selected;
import org.slipway.workbench.bundle.Session;

/** One member of the configuration as the form shows it. */
public abstract sealed class Field permits ValueField, FlagField, RowsField, NamespacesField {

    final Session session;
    private final String key;
    private final String pointer;
    private final ReadOnlyObjectWrapper<List<Finding>> findings = new ReadOnlyObjectWrapper<>(List.of());

    Field(Session session, String key, String pointer) {
        this.session = session;
        this.key = key;
        this.pointer = pointer;
    }

    /** Names its texts: {@code form.<key>} and {@code form.<key>.help}. */
    public final String key() {
        return key;
    }

    /** The JSON pointer of the member. */
    public final String pointer() {
        return pointer;
    }

    /** Takes the value over from the document; what is being typed and means the same stays as it is. */
    abstract void refresh(Document document);

    /** Shows the findings that belong to this member. */
    void judge(List<Finding> all) {
        findings.set(all.stream()
                .filter(finding -> Selected.within(finding.pointer(), pointer))
                .toList());
    }

    /** What is wrong with it. */
    public final ReadOnlyObjectProperty<List<Finding>> findings() {
        return findings.getReadOnlyProperty();
    }

    /** Says that the person is at this field now. */
    public final void entered() {
        session.select(pointer, Selected.Where.FORM);
    }
}

package org.slipway.workbench.compare;

import java.util.List;
import java.util.Optional;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.util.Subscription;
import org.slipway.model.json.Comparison;
import org.slipway.model.json.Document;
import org.slipway.workbench.bundle.Selected;
import org.slipway.workbench.bundle.Session;
import org.slipway.workbench.text.FindingText;

/** The configuration that is edited beside another, kept in step with the edits. */
public final class CompareModel {

    private final Session session;
    private final String name;
    private final Optional<Document> other;
    private final String reason;
    private final Subscription attached;
    private final ReadOnlyObjectWrapper<List<Comparison.Difference>> differences =
            new ReadOnlyObjectWrapper<>(List.of());

    /**
     * Compares a session's document with a text.
     *
     * @param name what the other is called, in words
     */
    public CompareModel(Session session, String name, String text) {
        this.session = session;
        this.name = name;
        Document.Parsed parsed = Document.parse(text);
        this.other = parsed instanceof Document.Good good ? Optional.of(good.document()) : Optional.empty();
        this.reason = parsed instanceof Document.Broken broken ? FindingText.sentence(broken) : "";
        this.attached = session.document().subscribe(this::compare);
    }

    private void compare(Document mine) {
        differences.set(
                other.map(theirs -> Comparison.of(mine.tree(), theirs.tree())).orElse(List.of()));
    }

    /** What tells them apart now. */
    public ReadOnlyObjectProperty<List<Comparison.Difference>> differences() {
        return differences.getReadOnlyProperty();
    }

    /** Makes one's own say what the other says; undo takes it back. */
    public void take(Comparison.Difference difference) {
        session.edit(difference.take());
    }

    /** Goes to the field. */
    public void goTo(Comparison.Difference difference) {
        session.jump(difference.pointer(), Selected.Where.PROBLEMS);
    }

    /** What the other is called. */
    public String name() {
        return name;
    }

    /** Why the other can't be read, or empty. */
    public String reason() {
        return reason;
    }

    /** Follows the edits no more. */
    public void close() {
        attached.unsubscribe();
    }
}

package org.slipway.workbench.problems;

import java.util.List;
import java.util.Optional;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.slipway.model.finding.Finding;
import org.slipway.model.finding.Severity;
import org.slipway.model.json.Document;
import org.slipway.workbench.bundle.Selected;
import org.slipway.workbench.bundle.Session;
import org.slipway.workbench.text.FindingText;

/** Everything that is wrong, in the order of the text, and the way from one to the next. */
public final class ProblemsModel {

    /**
     * One problem.
     *
     * @param pointer the member, or empty when the text can't be read at all
     * @param fix the finding whose fix can be made
     */
    public record Entry(
            Severity severity, String sentence, String pointer, int line, int column, Optional<Finding> fix) {}

    private final Session session;
    private final ReadOnlyObjectWrapper<List<Entry>> entries = new ReadOnlyObjectWrapper<>(List.of());
    private int at = -1;

    /** The problems of a session's document. */
    public ProblemsModel(Session session) {
        this.session = session;
        session.findings().subscribe(this::collect);
        session.broken().subscribe(this::collect);
    }

    private void collect() {
        at = -1;
        Optional<Document.Broken> broken = session.broken().get();
        if (broken.isPresent()) {
            Document.Broken bad = broken.get();
            String sentence = FindingText.sentence(bad);
            entries.set(List.of(new Entry(Severity.ERROR, sentence, "", bad.line(), bad.column(), Optional.empty())));
            return;
        }
        entries.set(session.findings().get().stream()
                .sorted(java.util.Comparator.comparing(Finding::severity)
                        .thenComparingInt(Finding::line)
                        .thenComparingInt(Finding::column))
                .map(finding -> new Entry(
                        finding.severity(),
                        FindingText.sentence(finding),
                        finding.pointer(),
                        finding.line(),
                        finding.column(),
                        Optional.of(finding).filter(found -> found.fix().isPresent())))
                .toList());
    }

    /** All problems, gravest first. */
    public ReadOnlyObjectProperty<List<Entry>> entries() {
        return entries.getReadOnlyProperty();
    }

    /** How many there are of a severity. */
    public long count(Severity severity) {
        return entries.get().stream()
                .filter(entry -> entry.severity() == severity)
                .count();
    }

    /** Goes to a problem's field. */
    public void goTo(Entry entry) {
        session.jump(entry.pointer(), Selected.Where.PROBLEMS);
    }

    /** Makes the change that a finding offers. */
    public void fix(Entry entry) {
        entry.fix().flatMap(Finding::fix).ifPresent(session::edit);
    }

    /** Goes to the next problem ({@code 1}) or the one before ({@code -1}), round and round. */
    public Optional<Entry> step(int by) {
        List<Entry> all = entries.get();
        if (all.isEmpty()) {
            return Optional.empty();
        }
        at = at < 0 ? (by > 0 ? 0 : all.size() - 1) : Math.floorMod(at + by, all.size());
        goTo(all.get(at));
        return Optional.of(all.get(at));
    }
}

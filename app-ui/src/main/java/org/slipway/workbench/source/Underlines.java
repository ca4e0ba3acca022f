package org.slipway.workbench.source;

import java.util.ArrayList;
import java.util.List;
import org.slipway.model.finding.Finding;
import org.slipway.model.finding.Severity;
import org.slipway.model.json.Document;
import org.slipway.workbench.bundle.Session;

/** What is underlined in the source. */
record Underlines(List<Span> spans) {

    /** Characters of one line, both from 0, {@code to} exclusive. */
    record Span(int line, int from, int to, Severity severity) {}

    Underlines {
        spans = List.copyOf(spans);
    }

    /** The place where the text breaks, or else the places of the findings. */
    static Underlines of(Session session) {
        String text = session.text().get();
        Offsets offsets = new Offsets(text);
        List<Span> spans = new ArrayList<>();
        if (session.broken().get().isPresent()) {
            Document.Broken broken = session.broken().get().get();
            int at = Math.max(0, Math.min(broken.offset(), text.length() - 1));
            spans.add(span(offsets, at, at + 1, Severity.ERROR));
        } else {
            for (Finding finding : session.findings().get()) {
                session.nearestPlace(finding.pointer())
                        .ifPresent(
                                place -> spans.add(span(offsets, place.keyStart(), place.end(), finding.severity())));
            }
        }
        return new Underlines(spans);
    }

    /** Only the first line of a member that spans several. */
    private static Span span(Offsets offsets, int from, int to, Severity severity) {
        int line = offsets.line(from);
        int start = offsets.start(line);
        int end = Math.max(from + 1, Math.min(to, offsets.end(line)));
        return new Span(line, from - start, end - start, severity);
    }

    List<Span> in(int line) {
        return spans.stream().filter(span -> span.line() == line).toList();
    }
}

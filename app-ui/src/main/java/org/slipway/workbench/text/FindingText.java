package org.slipway.workbench.text;

import org.slipway.model.finding.Finding;
import org.slipway.model.finding.Severity;
import org.slipway.model.json.Document;
import org.slipway.model.json.Edit;

/** How a finding is shown: a mark, which does not live on colour alone, and a sentence. */
public final class FindingText {

    private FindingText() {}

    /** The mark of a severity. */
    public static String mark(Severity severity) {
        return switch (severity) {
            case ERROR -> "✗";
            case WARNING -> "⚠";
            case NOTE -> "ℹ";
        };
    }

    /** The style class of a severity. */
    public static String styleClass(Severity severity) {
        return switch (severity) {
            case ERROR -> "error";
            case WARNING -> "warning";
            case NOTE -> "note";
        };
    }

    /** What the fix of a finding does. */
    public static String fix(Edit fix) {
        return switch (fix) {
            case Edit.Set set -> Texts.of("problems.fix.set", set.pointer(), set.value());
            case Edit.Remove remove -> Texts.of("problems.fix.remove", remove.pointer());
            case Edit.Insert insert -> Texts.of("problems.fix.insert", insert.array(), insert.value());
            case Edit.Rename rename -> Texts.of("problems.fix.rename", rename.pointer(), rename.name());
            case Edit.Move move -> Texts.of("problems.fix.move", move.array(), move.from(), move.to());
        };
    }

    /** Why a text can't be read. */
    public static String sentence(Document.Broken broken) {
        return Said.SENTENCES.problem(broken.reason().code(), broken.arguments());
    }

    /** The finding's sentence. */
    public static String sentence(Finding finding) {
        return Said.SENTENCES.finding(finding);
    }
}

package org.slipway.helper.command;

import java.util.Locale;
import org.slipway.helper.libc.Errno;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.varlink.Views;
import org.slipway.model.finding.Severity;
import org.slipway.model.wire.Finding;

/** Makes lines of failures for whoever reads a terminal or a log; the sentences are those that everybody shares. */
public final class Sentences {

    private static final org.slipway.model.text.Sentences SHARED =
            org.slipway.model.text.Sentences.of(Locale.getDefault());

    private Sentences() {}

    /** One line: what failed, on what, by which call, and which member of the configuration asked for it. */
    public static String of(Failure failure) {
        var text = new StringBuilder(SHARED.problem(failure.code(), failure.arguments()));
        failure.findings().stream()
                .filter(finding -> finding.severity() == Severity.ERROR)
                .findFirst()
                .ifPresent(first -> text.append(": ").append(of(Views.finding(first))));
        failure.at().ifPresent(at -> {
            text.append(": ").append(at.call());
            at.errno().map(Errno::name).ifPresent(name -> text.append(": ").append(errno(name)));
            at.pointer().ifPresent(pointer -> text.append(" (").append(pointer).append(")"));
        });
        return text.toString();
    }

    /** What a finding says, and on which member. */
    public static String of(Finding finding) {
        String text = SHARED.problem(finding.code(), finding.arguments());
        return finding.pointer().isEmpty() ? text : text + " (" + finding.pointer() + ")";
    }

    /** The words of errno(3) for a name such as {@code ENOENT}; the name itself when there are none. */
    static String errno(String name) {
        return SHARED.errno(name);
    }
}

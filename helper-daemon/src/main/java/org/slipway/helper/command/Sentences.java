package org.slipway.helper.command;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.varlink.Views;
import org.slipway.model.finding.Severity;
import org.slipway.model.wire.Finding;

/** Makes lines of failures for whoever reads a terminal or a log; the sentences are those that everybody shares. */
public final class Sentences {

    private static final org.slipway.model.text.Sentences SHARED =
            org.slipway.model.text.Sentences.of(Locale.getDefault());

    /** What says already which call met which error: in a sentence of these codes both would only stand twice. */
    private static final Set<String> WITH_CALL = Set.of(
            "rootfs-missing",
            "mount-source-not-there",
            "processors-not-there",
            "memory-nodes-not-there",
            "memory-nodes-missing",
            "init-out-of-memory",
            "program-missing",
            "program-not-executable",
            "program-not-split",
            "program-interpreter-missing",
            "program-carriage-return",
            "program-loader-missing",
            "program-other-machine",
            "program-without-format",
            "rootfs-empty",
            "apparmor-profile-unloaded",
            "hook-failed",
            "listener-unreachable",
            "net-device-missing",
            "net-device-name-taken",
            "net-device-needs-own-namespace",
            "hook-timed-out",
            "hook-not-executable",
            "init-died-before-exec");

    /** What says already which error it was. */
    private static final Set<String> WITH_ERROR = Set.of("disk-full");

    /** Of what stands against an update so much is told in one line. */
    private static final int MOST = 20;

    private Sentences() {}

    /** One line: what failed, on what, by which call, which member of the configuration asked for it, and what to try. */
    public static String of(Failure failure) {
        var text = new StringBuilder(SHARED.problem(failure.code(), failure.arguments()));
        long told = failure.code().equals("update-refused") ? MOST : 1; // of a configuration validate tells the rest
        failure.findings().stream()
                .filter(finding -> finding.severity() == Severity.ERROR)
                .limit(told)
                .map(Sentences::line)
                .reduce((one, next) -> one + "; " + next)
                .ifPresent(first -> text.append(": ").append(first));
        failure.at().ifPresent(at -> {
            if (!WITH_CALL.contains(failure.code())) {
                text.append(": ").append(at.call());
                at.errno()
                        .filter(_ -> !WITH_ERROR.contains(failure.code()))
                        .ifPresent(errno -> text.append(": ").append(errno(errno.name())));
            }
            at.pointer().ifPresent(pointer -> text.append(" (").append(pointer).append(")"));
        });
        failure.at()
                .flatMap(_ -> SHARED.advice(failure.code(), failure.arguments()))
                .ifPresent(advice -> text.append("; ").append(advice));
        return text.toString();
    }

    private static String line(org.slipway.model.finding.Finding finding) {
        return of(Views.finding(finding));
    }

    /** What a finding says, and on which member; on which line, if it is about no member. */
    public static String of(Finding finding) {
        String place = finding.pointer().isEmpty() && finding.line() > 0
                ? " (line " + finding.line() + ", column " + finding.column() + ")"
                : "";
        return withMember(finding.code(), finding.arguments(), finding.pointer()) + place;
    }

    /** What became of a value that was converted. */
    static String of(org.slipway.model.profile.Converted change) {
        return SHARED.conversion(change);
    }

    /** What a finding says, and on which member. */
    static String withMember(String code, Map<String, String> arguments, String pointer) {
        String text = SHARED.problem(code, arguments);
        return pointer.isEmpty() ? text : text + " (" + pointer + ")";
    }

    /** The words of errno(3) for a name such as {@code ENOENT}; the name itself when there are none. */
    static String errno(String name) {
        return SHARED.errno(name);
    }

    /** The sentences of the model, for lists of steps. */
    static org.slipway.model.text.Sentences shared() {
        return SHARED;
    }
}

package org.slipway.helper.command;

import java.util.Locale;
import java.util.Map;
import java.util.MissingResourceException;
import java.util.Optional;
import java.util.ResourceBundle;
import org.slipway.helper.libc.Errno;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.varlink.Views;
import org.slipway.model.finding.Severity;
import org.slipway.model.wire.Finding;

/** Makes sentences of failures for whoever reads a terminal or a log. */
public final class Sentences {

    private static final ResourceBundle BUNDLE =
            ResourceBundle.getBundle("org.slipway.helper.command.sentences", Locale.getDefault());

    private Sentences() {}

    /** One line: what failed, on what, by which call, and which member of the configuration asked for it. */
    public static String of(Failure failure) {
        var text = new StringBuilder(sentence("problem." + failure.code(), failure.arguments())
                .orElseGet(() -> failure.code() + arguments(failure.arguments())));
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
        String text = sentence("finding." + finding.code(), finding.arguments())
                .or(() -> sentence("problem." + finding.code(), finding.arguments()))
                .orElseGet(() -> finding.code() + arguments(finding.arguments()));
        return finding.pointer().isEmpty() ? text : text + " (" + finding.pointer() + ")";
    }

    private static String arguments(Map<String, String> arguments) {
        return arguments.isEmpty() ? "" : " " + arguments;
    }

    /** The words of errno(3) for a name such as {@code ENOENT}; the name itself when there are none. */
    static String errno(String name) {
        return text("errno." + name).orElse(name);
    }

    private static Optional<String> sentence(String key, Map<String, String> arguments) {
        return text(key).map(pattern -> {
            String text = pattern;
            for (Map.Entry<String, String> argument : arguments.entrySet()) {
                String value = argument.getKey().equals("errno") ? errno(argument.getValue()) : argument.getValue();
                text = text.replace("{" + argument.getKey() + "}", value);
            }
            return text;
        });
    }

    private static Optional<String> text(String key) {
        try {
            return Optional.of(BUNDLE.getString(key));
        } catch (MissingResourceException e) {
            return Optional.empty();
        }
    }
}

package org.slipway.model.text;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ResourceBundle;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slipway.model.finding.Finding;
import org.slipway.model.finding.Member;
import org.slipway.model.plan.Actor;
import org.slipway.model.plan.Op;
import org.slipway.model.plan.Origin;
import org.slipway.model.plan.Phase;
import org.slipway.model.profile.Converted;

/**
 * Codes and arguments to sentences of one language. A template names its arguments in braces: {@code mount {type} at
 * {target}}. Nothing here throws: a code without a sentence shows itself and its arguments.
 */
public final class Sentences {

    private static final String BUNDLE = "org.slipway.model.text.sentences";
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([A-Za-z]+)}");

    private final ResourceBundle bundle;

    private Sentences(ResourceBundle bundle) {
        this.bundle = bundle;
    }

    /** The sentences of a language; English where there is no translation. */
    public static Sentences of(Locale locale) {
        return new Sentences(ResourceBundle.getBundle(
                BUNDLE, locale, ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES)));
    }

    /** What is wrong or doubtful: {@code 'destination' is not absolute}. */
    public String finding(Finding finding) {
        return problem(finding.code(), finding.arguments());
    }

    /**
     * What failed: {@code the container 'web' does not exist}. What stands against a configuration has its sentence among the
     * findings if its text is judged, among the problems if the machine is.
     */
    public String problem(String code, Map<String, String> arguments) {
        return Stream.of("finding." + code, "problem." + code)
                .flatMap(key -> template(key).stream())
                .flatMap(template -> fill(template, arguments).stream())
                .findFirst()
                .orElseGet(() -> bare(code, arguments));
    }

    /** What became of a value that was converted, and why. */
    public String conversion(Converted change) {
        return sentence("conversion." + change.code(), change.code(), change.arguments());
    }

    /**
     * What to try against a failure, if there is advice. A failed step is advised by what it was and by its error, as far as
     * there are words for that: {@code advice.step-failed.Bind.ENOENT}, else those for the error, else those for the code.
     */
    public Optional<String> advice(String code, Map<String, String> arguments) {
        String step = arguments.getOrDefault("step", "").replaceAll("\\..*", "");
        String errno = arguments.getOrDefault("errno", "");
        String key = "advice." + code;
        return Stream.of(key + "." + step + "." + errno, key + "." + errno, key)
                .flatMap(candidate -> template(candidate).stream())
                .flatMap(template -> fill(template, arguments).stream())
                .findFirst();
    }

    /**
     * What the sentences about a step that failed may name: the operation under {@code step}, and its own arguments by their
     * names. The program's environment is left out, because failures are logged.
     */
    public static Map<String, String> facts(Op op) {
        StepWords.Words words = StepWords.of(op);
        Map<String, String> facts = new HashMap<>(words.arguments());
        facts.remove("env");
        facts.put("step", words.key());
        return facts;
    }

    /** What an operation does, verb first: {@code mount proc at /proc}. */
    public String step(Op op) {
        StepWords.Words words = StepWords.of(op);
        return sentence("step." + words.key(), words.key(), words.arguments());
    }

    /** The words of errno(3) for a name such as {@code ENOENT}; the name itself where there are none. */
    public String errno(String name) {
        return template("errno." + name).orElse(name);
    }

    /** The name of a group of steps. */
    public String phase(Phase phase) {
        return sentence("phase." + phase.name(), phase.name(), Map.of());
    }

    /** Who does a step. */
    public String actor(Actor actor) {
        return sentence("actor." + actor.name(), actor.name(), Map.of());
    }

    /** Why a step is in the plan. */
    public String origin(Origin origin) {
        return switch (origin) {
            case Origin.Field(String pointer) -> sentence("origin", pointer, Map.of("pointer", pointer));
            case Origin.Default(String rule) -> sentence("origin." + rule, rule, Map.of());
        };
    }

    /** What a member of the configuration is for, in one sentence. */
    public String help(Member member) {
        String key = member.helpKey();
        return template(key)
                .or(() -> template("member.any." + member.name()))
                .or(() -> key.endsWith(".*") ? template(key.substring(0, key.length() - 2)) : Optional.empty())
                .orElse(member.pattern());
    }

    /** The sentence under any key of the bundle, for the window's and the command line's own words. */
    public String sentence(String key, Map<String, String> arguments) {
        return sentence(key, key, arguments);
    }

    private String sentence(String key, String code, Map<String, String> arguments) {
        return template(key).flatMap(template -> fill(template, arguments)).orElseGet(() -> bare(code, arguments));
    }

    private Optional<String> template(String key) {
        return bundle.containsKey(key) ? Optional.of(bundle.getString(key)) : Optional.empty();
    }

    private static String bare(String code, Map<String, String> arguments) {
        return arguments.isEmpty() ? code : code + " " + new TreeMap<>(arguments);
    }

    /**
     * Empty when an argument is missing: the bare code then says more. What ends in nothing loses its colon. {@code {errno}}
     * stands for the error's words, {@code {deed}} for what the step under {@code step} does, {@code {reason}} for a note of the table of live changes.
     */
    private Optional<String> fill(String template, Map<String, String> arguments) {
        if (PLACEHOLDER.matcher(template).results().anyMatch(match -> !known(match.group(1), arguments))) {
            return Optional.empty();
        }
        String filled = PLACEHOLDER.matcher(template).replaceAll(match -> {
            String value = arguments.getOrDefault(match.group(1), "");
            return Matcher.quoteReplacement(
                    switch (match.group(1)) {
                        case "errno" -> errno(value);
                        case "deed" -> deed(arguments);
                        case "reason" -> template("live." + value).orElse(value);
                        default -> value;
                    });
        });
        return Optional.of(filled.endsWith(": ") ? filled.substring(0, filled.length() - 2) : filled);
    }

    private static boolean known(String name, Map<String, String> arguments) {
        return arguments.containsKey(name.equals("deed") ? "step" : name);
    }

    /** What a step does; the name of the operation if only that is known. */
    private String deed(Map<String, String> arguments) {
        String step = arguments.getOrDefault("step", "");
        return template("step." + step)
                .flatMap(template -> fill(template, arguments))
                .orElse("do the step " + step);
    }
}

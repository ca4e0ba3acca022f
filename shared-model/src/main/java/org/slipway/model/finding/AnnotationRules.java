package org.slipway.model.finding;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.slipway.model.finding.Config.Item;

/** Annotations (ANN). */
final class AnnotationRules {

    private static final String SECTION = "config.md §Annotations";
    private static final String IMAGE = "org.opencontainers.image.";

    private static final Set<String> KNOWN = Set.of(
            IMAGE + "os",
            IMAGE + "os.version",
            IMAGE + "os.features",
            IMAGE + "architecture",
            IMAGE + "variant",
            IMAGE + "author",
            IMAGE + "created",
            IMAGE + "stopSignal");

    /** The signals of signal(7) on Linux, real-time ones apart. */
    private static final Pattern SIGNAL = Pattern.compile("(SIG)?(HUP|INT|QUIT|ILL|TRAP|ABRT|IOT|BUS|FPE|KILL|USR1|SEGV"
            + "|USR2|PIPE|ALRM|TERM|STKFLT|CHLD|CLD|CONT|STOP|TSTP|TTIN|TTOU|URG|XCPU|XFSZ|VTALRM|PROF|WINCH|IO|POLL"
            + "|PWR|SYS|RTMIN(\\+([0-9]|[12][0-9]|30))?|RTMAX(-([0-9]|[12][0-9]|30))?)");

    private static final Pattern NUMBER = Pattern.compile("[1-9]|[1-5][0-9]|6[0-4]");

    private AnnotationRules() {}

    static void check(Config config, Report report) {
        for (Item annotation : config.at("/annotations").members()) {
            keyIsThere(annotation, report);
            keyIsNotReserved(annotation, report);
        }
        stopSignalIsASignal(config.at("/annotations/" + IMAGE + "stopSignal"), report);
    }

    private static void keyIsThere(Item annotation, Report report) {
        if (annotation.name().isEmpty()) {
            report.error("annotation-key-empty", annotation.pointer(), SECTION, Map.of());
        }
    }

    private static void keyIsNotReserved(Item annotation, Report report) {
        String key = annotation.name();
        boolean space = key.equals("org.opencontainers") || key.startsWith("org.opencontainers.");
        if (space && !KNOWN.contains(key)) {
            report.warning("annotation-reserved", annotation.pointer(), SECTION, Map.of("key", key));
        }
    }

    private static void stopSignalIsASignal(Item signal, Report report) {
        String text = signal.text().orElse("TERM");
        if (!NUMBER.matcher(text).matches()
                && !SIGNAL.matcher(text.toUpperCase(Locale.ROOT)).matches()) {
            report.warning("annotation-stop-signal", signal.pointer(), SECTION, Map.of("value", text));
        }
    }
}

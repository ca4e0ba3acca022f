package org.slipway.model.finding;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slipway.model.finding.Config.Item;
import org.slipway.model.json.Edit;
import org.slipway.model.spec.SpecVersion;

/** {@code ociVersion} (CFG-03 to CFG-05). */
final class VersionRules {

    private static final String SECTION = "config.md §Specification version";

    private static final Pattern NEARLY = Pattern.compile("v?(\\d{1,3})(\\.\\d{1,3})?(\\.\\d{1,3})?");

    private VersionRules() {}

    static void check(Config config, Report report) {
        Item version = config.at("/ociVersion");
        version.text().ifPresent(text -> version(text, report));
    }

    private static void version(String text, Report report) {
        Optional<SpecVersion> parsed = SpecVersion.parse(text);
        if (parsed.isEmpty()) {
            malformed(text, report);
            return;
        }
        SpecVersion version = parsed.get();
        Map<String, String> arguments = Map.of("version", text, "newest", "1." + SpecVersion.NEWEST.minor());
        if (version.major() == 0) {
            report.error("version-draft", "/ociVersion", SECTION, arguments);
        } else if (version.major() != 1) {
            report.error("version-unsupported", "/ociVersion", SECTION, arguments);
        } else if (version.minor() > SpecVersion.NEWEST.minor()) {
            report.warning("version-newer", "/ociVersion", SECTION, arguments);
        } else if (text.startsWith("1.0.0-")) {
            report.warning("version-candidate", "/ociVersion", SECTION, arguments);
        }
    }

    private static void malformed(String text, Report report) {
        Map<String, String> arguments = Map.of("version", text);
        Matcher nearly = NEARLY.matcher(text);
        if (nearly.matches()) {
            String minor = nearly.group(2) == null ? ".0" : nearly.group(2);
            String patch = nearly.group(3) == null ? ".0" : nearly.group(3);
            String meant = nearly.group(1) + minor + patch;
            if (SpecVersion.parse(meant).isPresent()) {
                report.error(
                        "version-malformed",
                        "/ociVersion",
                        SECTION,
                        arguments,
                        new Edit.Set("/ociVersion", Report.json(meant)));
                return;
            }
        }
        report.error("version-malformed", "/ociVersion", SECTION, arguments);
    }
}

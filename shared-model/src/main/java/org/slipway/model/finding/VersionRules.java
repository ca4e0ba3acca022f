package org.slipway.model.finding;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slipway.model.finding.Config.Item;
import org.slipway.model.json.Edit;

/** {@code ociVersion} (CFG-03 to CFG-05). */
final class VersionRules {

    /** The newest release whose rules are here. */
    static final int NEWEST_MINOR = 3;

    private static final String SECTION = "config.md §Specification version";

    /** The grammar of semver.org 2.0.0. */
    private static final Pattern SEMVER = Pattern.compile("(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)"
            + "(-(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\\.(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?"
            + "(\\+[0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*)?");

    private static final Pattern NEARLY = Pattern.compile("v?(\\d{1,3})(\\.\\d{1,3})?(\\.\\d{1,3})?");

    private VersionRules() {}

    static void check(Config config, Report report) {
        Item version = config.at("/ociVersion");
        version.text().ifPresent(text -> version(text, report));
    }

    private static void version(String text, Report report) {
        Matcher parts = SEMVER.matcher(text);
        if (text.length() > 256 || !parts.matches()) {
            malformed(text, report);
            return;
        }
        Map<String, String> arguments = Map.of("version", text, "newest", "1." + NEWEST_MINOR);
        String major = parts.group(1);
        String minor = parts.group(2);
        if (major.equals("0")) {
            report.error("version-draft", "/ociVersion", SECTION, arguments);
        } else if (!major.equals("1")) {
            report.error("version-unsupported", "/ociVersion", SECTION, arguments);
        } else if (minor.length() > 3 || Integer.parseInt(minor) > NEWEST_MINOR) {
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
            if (SEMVER.matcher(meant).matches()) {
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

package org.slipway.model.profile;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slipway.model.finding.Finding;
import org.slipway.model.finding.Report;
import org.slipway.model.json.Document;
import org.slipway.model.json.Edit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Which profile a configuration is read by, and what is to be said of its version (CFG-03 to CFG-05).
 *
 * @param profile the newest one where the version selects none
 */
record Choice(Profile profile, List<Finding> findings) {

    private static final String SECTION = "config.md §Specification version";

    private static final Pattern NEARLY = Pattern.compile("v?(\\d{1,3})(\\.\\d{1,3})?(\\.\\d{1,3})?");

    static Choice of(Document document, Optional<Profile> forced) {
        Report report = new Report(document);
        String pointer = pointer(document);
        Optional<JsonNode> value = document.at(pointer).filter(JsonNode::isString);
        Optional<Profile> selected =
                value.flatMap(text -> select(text.stringValue(), pointer, report, forced.isPresent()));
        return new Choice(forced.or(() -> selected).orElseGet(Profiles::newest), report.findings());
    }

    /** Where the version stands: 0.1 and 0.2 had another name for it, and two files. */
    private static String pointer(Document document) {
        if (TwoFiles.are(document)) {
            return Chain.inFile(TwoFiles.CONFIG, "/version");
        }
        return TwoFiles.asksFor(document) ? "/version" : "/ociVersion";
    }

    private static Optional<Profile> select(String text, String pointer, Report report, boolean forced) {
        Optional<SpecVersion> parsed = SpecVersion.parse(text);
        if (parsed.isEmpty()) {
            malformed(text, pointer, report);
            return Optional.empty();
        }
        Map<String, String> arguments = Map.of("version", text, "newest", "1." + SpecVersion.NEWEST.minor());
        Optional<Profile> profile = Profiles.of(parsed.get());
        if (forced) {
            return profile;
        } else if (profile.isEmpty()) {
            report.error("version-unsupported", pointer, SECTION, arguments);
        } else if (parsed.get().minor() > SpecVersion.NEWEST.minor()
                && parsed.get().major() == 1) {
            report.warning("version-newer", pointer, SECTION, arguments);
        } else if (profile.get().draft()) {
            report.note(
                    "version-draft",
                    pointer,
                    SECTION,
                    Map.of("version", text, "profile", profile.get().name()));
        }
        return profile;
    }

    private static void malformed(String text, String pointer, Report report) {
        Map<String, String> arguments = Map.of("version", text);
        Matcher nearly = NEARLY.matcher(text);
        if (nearly.matches()) {
            String minor = nearly.group(2) == null ? ".0" : nearly.group(2);
            String patch = nearly.group(3) == null ? ".0" : nearly.group(3);
            String meant = nearly.group(1) + minor + patch;
            if (SpecVersion.parse(meant).isPresent()) {
                report.error(
                        "version-malformed",
                        pointer,
                        SECTION,
                        arguments,
                        new Edit.Set(pointer, JsonNodeFactory.instance.stringNode(meant)));
                return;
            }
        }
        report.error("version-malformed", pointer, SECTION, arguments);
    }
}

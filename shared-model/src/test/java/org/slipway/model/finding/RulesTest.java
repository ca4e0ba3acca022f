package org.slipway.model.finding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.slipway.model.json.Document;
import org.slipway.model.test.Requirement;

/** One line a rule: what is changed in a clean configuration, and every finding that follows. */
class RulesTest {

    @Test
    void theSampleIsClean() {
        assertEquals(List.of(), Sample.findings(Sample.CLEAN));
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvFileSource(resources = "/rules.csv", delimiter = '|', quoteCharacter = '`', maxCharsPerColumn = 20000)
    @Requirement({"CFG-07", "CFG-08", "CFG-09", "CFG-10"})
    void changeGivesFindings(String pointers, String values, String expected) {
        assertEquals(
                expected == null ? "" : expected,
                String.join("; ", Sample.findings(Sample.with(changes(pointers, values)))));
    }

    /** A fix that is offered leaves nothing of its finding. */
    @ParameterizedTest(name = "{0} = {1}")
    @CsvFileSource(resources = "/rules.csv", delimiter = '|', quoteCharacter = '`', maxCharsPerColumn = 20000)
    void fixesFix(String pointers, String values, String expected) {
        Document broken = Sample.with(changes(pointers, values));
        for (Finding finding : Rules.check(broken)) {
            finding.fix().ifPresent(fix -> {
                long before = count(broken, finding.code());
                Document mended = fix.apply(broken);
                assertTrue(count(mended, finding.code()) < before, () -> finding + " in " + mended.text());
            });
        }
    }

    @Test
    @Requirement("CFG-12")
    void allFindingsComeAtOnceInTheOrderOfTheText() {
        Document document = Sample.document("""
                { "ociVersion": "1.0",
                  "process": { "cwd": "x", "args": [] },
                  "root": {} }
                """);
        assertEquals(
                List.of(
                        "root-needs-mount-namespace 1:1 /linux/namespaces",
                        "version-malformed 1:17 /ociVersion",
                        "path-not-absolute 2:23 /process/cwd",
                        "list-empty 2:36 /process/args",
                        "member-missing 3:11 /root/path"),
                Rules.check(document).stream()
                        .map(f -> f.code() + " " + f.line() + ":" + f.column() + " " + f.pointer())
                        .toList());
    }

    @Test
    @Requirement("CFG-01")
    void textThatIsNoDocumentIsOneFinding() {
        Finding finding = Rules.check(Document.parse("{\n\"a\":1,\"a\":2}")).getFirst();
        assertEquals("json-duplicate-member 2:7", finding.code() + " " + finding.line() + ":" + finding.column());
        assertTrue(Rules.refused(List.of(finding)));
    }

    @Test
    @Requirement("CFG-09")
    void hugeExponentsAreNeverExpanded() {
        Document document = Sample.document(Sample.CLEAN.text().replace("\"uid\": 0", "\"uid\": 1e999999999"));
        assertEquals(List.of("number-not-whole E /process/user/uid"), Sample.findings(document));
    }

    @Test
    @Requirement({"CFG-06", "CFG-11"})
    void unknownMembersAndOtherPlatformsAreNoErrors() {
        Document document = Sample.with(new TreeMap<>(Map.of(
                "/windows",
                "{\"layerFolders\":1}",
                "/vm",
                "7",
                "/process/x-mine",
                "{\"a\":null}",
                "/linux/new",
                "[[]]")));
        assertEquals(List.of(), errors(document));
    }

    @Test
    @Requirement("CFG-14")
    void hostileConfigurationsAreJudgedInTime() {
        List<Document> hostile = List.of(
                Sample.with(Map.of("/mounts", list("{\"destination\":\"/a\",\"options\":[\"idmap\"]}", 20_000))),
                Sample.with(Map.of("/mounts/0/options", list("\"tmpcopyup\"", 100_000))),
                Sample.with(Map.of("/linux/namespaces", list("{\"type\":\"x\"}", 60_000))),
                Sample.with(Map.of("/process/env", list("\"A=1\"", 150_000))));
        Assertions.assertTimeout(Duration.ofSeconds(20), () -> hostile.forEach(Rules::check));
    }

    private static String list(String element, int count) {
        return "[" + String.join(",", java.util.Collections.nCopies(count, element)) + "]";
    }

    private static Map<String, String> changes(String pointers, String values) {
        Map<String, String> changes = new TreeMap<>();
        String[] names = pointers.split(" ", -1);
        String[] texts = values.split(" & ", -1);
        for (int i = 0; i < names.length; i++) {
            changes.put(names[i], texts[i]);
        }
        return changes;
    }

    private static long count(Document document, String code) {
        return Rules.check(document).stream().filter(f -> f.code().equals(code)).count();
    }

    private static List<String> errors(Document document) {
        List<String> errors = new ArrayList<>();
        for (Finding finding : Rules.check(document)) {
            if (finding.severity() == Severity.ERROR) {
                errors.add(finding.code());
            }
        }
        return errors;
    }
}

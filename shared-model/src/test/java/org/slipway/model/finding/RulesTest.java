package org.slipway.model.finding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.model.json.Document;
import org.slipway.model.profile.Reading;
import org.slipway.model.test.Requirement;

/** One line a rule: what is changed in a clean configuration, and every finding that follows. */
class RulesTest {

    @Test
    void theSampleIsClean() {
        assertEquals(List.of(), Sample.findings(Sample.CLEAN));
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvFileSource(resources = "/rules/structure.csv", delimiter = '|', quoteCharacter = '`')
    @Requirement({"CFG-07", "CFG-08", "CFG-09", "CFG-10"})
    void structure(String pointers, String values, @Nullable String expected) {
        assertFindings(pointers, values, expected);
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvFileSource(resources = "/rules/version.csv", delimiter = '|', quoteCharacter = '`')
    @Requirement({"CFG-03", "CFG-04", "CFG-05"})
    void version(String pointers, String values, @Nullable String expected) {
        assertFindings(pointers, values, expected);
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvFileSource(resources = "/rules/process.csv", delimiter = '|', quoteCharacter = '`')
    @Requirement({"PROC-14", "USER-06", "RLIM-02", "RLIM-04"})
    void process(String pointers, String values, @Nullable String expected) {
        assertFindings(pointers, values, expected);
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvFileSource(resources = "/rules/names.csv", delimiter = '|', quoteCharacter = '`')
    @Requirement({"HOST-03"})
    void names(String pointers, String values, @Nullable String expected) {
        assertFindings(pointers, values, expected);
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvFileSource(resources = "/rules/mounts.csv", delimiter = '|', quoteCharacter = '`')
    @Requirement({"MNT-45", "MNT-54"})
    void mounts(String pointers, String values, @Nullable String expected) {
        assertFindings(pointers, values, expected);
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvFileSource(resources = "/rules/hooks.csv", delimiter = '|', quoteCharacter = '`')
    @Requirement({"HOOK-03", "HOOK-06"})
    void hooks(String pointers, String values, @Nullable String expected) {
        assertFindings(pointers, values, expected);
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvFileSource(resources = "/rules/annotations.csv", delimiter = '|', quoteCharacter = '`')
    @Requirement({"ANN-01", "ANN-02", "ANN-04", "ANN-06"})
    void annotations(String pointers, String values, @Nullable String expected) {
        assertFindings(pointers, values, expected);
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvFileSource(resources = "/rules/namespaces.csv", delimiter = '|', quoteCharacter = '`')
    @Requirement({"NS-09", "NS-15", "IDM-04", "TIME-02"})
    void namespaces(String pointers, String values, @Nullable String expected) {
        assertFindings(pointers, values, expected);
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvFileSource(resources = "/rules/devices.csv", delimiter = '|', quoteCharacter = '`')
    @Requirement({"DEV-02", "DEV-03", "DEV-07", "CGD-05"})
    void devices(String pointers, String values, @Nullable String expected) {
        assertFindings(pointers, values, expected);
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvFileSource(resources = "/rules/resources.csv", delimiter = '|', quoteCharacter = '`')
    @Requirement({"CG2-UNI-04"})
    void resources(String pointers, String values, @Nullable String expected) {
        assertFindings(pointers, values, expected);
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvFileSource(resources = "/rules/sysctl.csv", delimiter = '|', quoteCharacter = '`')
    @Requirement({"SYSCTL-04"})
    void sysctl(String pointers, String values, @Nullable String expected) {
        assertFindings(pointers, values, expected);
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvFileSource(resources = "/rules/seccomp.csv", delimiter = '|', quoteCharacter = '`')
    @Requirement({"SEC-04", "SEC-07", "SEC-14", "SEC-18"})
    void seccomp(String pointers, String values, @Nullable String expected) {
        assertFindings(pointers, values, expected);
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvFileSource(resources = "/rules/paths.csv", delimiter = '|', quoteCharacter = '`')
    @Requirement({"PATH-05", "PATH-08"})
    void paths(String pointers, String values, @Nullable String expected) {
        assertFindings(pointers, values, expected);
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvFileSource(resources = "/rules/scheduling.csv", delimiter = '|', quoteCharacter = '`')
    @Requirement({"SCHED-01", "SCHED-05", "SCHED-06", "SCHED-10"})
    void scheduling(String pointers, String values, @Nullable String expected) {
        assertFindings(pointers, values, expected);
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvFileSource(resources = "/rules/memory-policy.csv", delimiter = '|', quoteCharacter = '`')
    @Requirement({"MPOL-01", "MPOL-02", "MPOL-03"})
    void memoryPolicy(String pointers, String values, @Nullable String expected) {
        assertFindings(pointers, values, expected);
    }

    /** A fix that is offered leaves less of its finding. */
    @ParameterizedTest(name = "{0} = {1}")
    @CsvFileSource(
            resources = {
                "/rules/structure.csv",
                "/rules/version.csv",
                "/rules/process.csv",
                "/rules/scheduling.csv",
                "/rules/memory-policy.csv",
                "/rules/names.csv",
                "/rules/mounts.csv",
                "/rules/hooks.csv",
                "/rules/annotations.csv",
                "/rules/namespaces.csv",
                "/rules/devices.csv",
                "/rules/resources.csv",
                "/rules/sysctl.csv",
                "/rules/seccomp.csv",
                "/rules/paths.csv"
            },
            delimiter = '|',
            quoteCharacter = '`')
    void fixesFix(String pointers, String values) {
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
                Reading.of(document).findings().stream()
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

    /** Findings by the hundred thousand are as hostile as what they are about: they are bounded, and the verdict stays. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/mounts | {\"destination\":\"/a\",\"options\":[\"idmap\"]} | 20000 | mount-type-missing",
                "/mounts/0/options | \"tmpcopyup\" | 100000 | mount-copy-up-needs-tmpfs",
                "/linux/namespaces | {\"type\":\"x\"} | 60000 | value-unknown",
                "/process/env | \"A=1\" | 150000 | env-repeated",
                "/linux/maskedPaths | \"a\" | 100000 | path-not-absolute"
            })
    @Requirement("CFG-14")
    void hostileConfigurationsAreJudgedWithinBounds(String pointer, String element, int count, String code) {
        Document hostile = Sample.with(Map.of(pointer, list(element, count)));
        List<Finding> findings = Rules.check(hostile);
        assertTrue(findings.size() <= Report.MOST + 2, () -> findings.size() + " findings");
        assertTrue(findings.stream().anyMatch(finding -> finding.code().equals(code)));
        assertEquals(
                1,
                findings.stream()
                        .filter(finding -> finding.code().equals("findings-too-many"))
                        .count());
        assertEquals(!code.equals("env-repeated"), Rules.refused(findings));
    }

    /** The one error among many warnings is told, however late it is found. */
    @Test
    @Requirement({"CFG-14", "CFG-07"})
    void anErrorIsNotLostAmongWarnings() {
        Document hostile = Sample.with(Map.of(
                "/process/env",
                list("\"A=1\"", 5000),
                "/linux/personality",
                "{\"domain\":\"LINUX\",\"flags\":[\"X\"]}"));
        assertEquals(List.of("personality-flags"), errors(hostile));
    }

    private static void assertFindings(String pointers, String values, @Nullable String expected) {
        List<String> found = Sample.findings(Sample.with(changes(pointers, values)));
        assertEquals(expected == null ? "" : expected, String.join("; ", found));
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

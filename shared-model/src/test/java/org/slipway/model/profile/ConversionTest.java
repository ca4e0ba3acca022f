package org.slipway.model.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slipway.model.finding.Rules;
import org.slipway.model.json.Document;
import org.slipway.model.spec.Spec;
import org.slipway.model.test.Requirement;
import org.slipway.model.text.Sentences;

/** Each profile's configuration becomes one of 1.3, and nothing of that happens in silence. */
class ConversionTest {

    private static Conversion convert(Document document) {
        return Conversion.of(Reading.of(document), Profiles.newest());
    }

    /** Kind, from, to, and an exclamation mark for a loss. */
    private static List<String> report(Conversion conversion) {
        return conversion.changes().stream()
                .map(change -> change.kind().word() + " " + change.from().orElse("-") + " "
                        + change.to().orElse("-") + (change.loss() ? " !" : ""))
                .toList();
    }

    static Stream<String> profiles() {
        return Samples.names();
    }

    @ParameterizedTest
    @MethodSource("profiles")
    @Requirement({"DRAFT-03", "CFG-04"})
    void everyProfileBecomesAConfigurationThatTheNewestRulesTake(String profile) {
        Reading reading = Reading.of(Samples.of(profile));
        assertEquals(profile, reading.profile().name());
        assertFalse(Rules.refused(reading.findings()), () -> Samples.findings(reading.findings()));

        Document converted = Conversion.of(reading, Profiles.newest()).document();
        assertEquals("1.3.0", converted.at("/ociVersion").orElseThrow().stringValue());
        assertFalse(Rules.refused(Rules.check(converted)), () -> Samples.findings(Rules.check(converted)));
        assertEquals(List.of(), convert(converted).changes(), "what is converted needs no second conversion");
    }

    @Test
    @Requirement({"DRAFT-03", "DRAFT-0.3-03", "DRAFT-0.3-04", "DRAFT-0.4-01"})
    void the030ConfigurationSaysInNewPlacesWhatItSaidInOldOnes() {
        Conversion conversion = convert(Samples.of("0.3"));
        Spec spec = Spec.read(conversion.document().tree());
        var process = spec.process().orElseThrow();
        assertEquals("/tmp", process.cwd());
        var sets = process.capabilities().orElseThrow();
        assertEquals(List.of("CAP_KILL"), sets.bounding());
        assertEquals(List.of("CAP_KILL"), sets.effective());
        assertEquals(List.of("CAP_KILL"), sets.permitted());
        assertEquals(List.of("CAP_KILL"), sets.inheritable());
        assertEquals(List.of(), sets.ambient());
        assertTrue(process.noNewPrivileges());
        assertEquals("RLIMIT_CORE", process.rlimits().getFirst().type());
        assertTrue(spec.hooks().prestart().getFirst().timeoutSeconds().isEmpty());
    }

    @Test
    @Requirement({"DRAFT-0.3-21", "DRAFT-0.3-22", "DRAFT-0.3-23", "DRAFT-RC-06"})
    void resourceNamesAndTypesOfTheTimeMapToTodays() {
        Document converted = convert(Samples.of("0.3")).document();
        Map<String, String> wanted = Map.of(
                "/linux/devices/0/type", "\"c\"",
                "/linux/resources/devices/0/type", "\"a\"",
                "/linux/resources/memory/disableOOMKiller", "true",
                "/process/oomScoreAdj", "100",
                "/linux/resources/memory/swap", "-1",
                "/linux/resources/pids/limit", "-1",
                "/linux/resources/blockIO",
                        "{\"weight\":10,\"leafWeight\":20,\"weightDevice\":[{\"major\":8,\"minor\":0,\"weight\":500}],"
                                + "\"throttleReadBpsDevice\":[{\"major\":8,\"minor\":0,\"rate\":600}]}",
                "/linux/seccomp/syscalls", "[{\"names\":[\"getcwd\"],\"action\":\"SCMP_ACT_ERRNO\"}]");
        wanted.forEach((pointer, json) ->
                assertEquals(json, converted.at(pointer).orElseThrow().toString(), pointer));
        assertTrue(converted.at("/linux/resources/disableOOMKiller").isEmpty());
        assertTrue(converted.at("/linux/resources/oomScoreAdj").isEmpty());
        assertTrue(converted.at("/platform").isEmpty());
    }

    @Test
    @Requirement({"DRAFT-03", "WB-08"})
    void theReportTellsEveryChangeValueByValueAndWhatIsLost() {
        assertEquals(
                List.of(
                        "moved /linux/capabilities /process/capabilities",
                        "moved /linux/rlimits /process/rlimits",
                        "moved /linux/apparmorProfile /process/apparmorProfile",
                        "moved /linux/selinuxProcessLabel /process/selinuxLabel",
                        "moved /linux/noNewPrivileges /process/noNewPrivileges",
                        "reinterpreted /linux/devices/0/type /linux/devices/0/type",
                        "reinterpreted /linux/resources/devices/0/type /linux/resources/devices/0/type",
                        "reinterpreted /process/cwd /process/cwd",
                        "dropped /hooks/prestart/0/timeout - !",
                        "split /linux/capabilities /process/capabilities/bounding",
                        "split /linux/capabilities /process/capabilities/effective",
                        "split /linux/capabilities /process/capabilities/permitted",
                        "split /linux/capabilities /process/capabilities/inheritable",
                        "renamed /linux/seccomp/syscalls/0/name /linux/seccomp/syscalls/0/names",
                        "dropped /platform - !",
                        "moved /linux/resources/oomScoreAdj /process/oomScoreAdj",
                        "renamed /linux/resources/blockIO/blkioWeight /linux/resources/blockIO/weight",
                        "renamed /linux/resources/blockIO/blkioLeafWeight /linux/resources/blockIO/leafWeight",
                        "renamed /linux/resources/blockIO/blkioWeightDevice /linux/resources/blockIO/weightDevice",
                        "renamed /linux/resources/blockIO/blkioThrottleReadBpsDevice"
                                + " /linux/resources/blockIO/throttleReadBpsDevice",
                        "reinterpreted /linux/resources/memory/swap /linux/resources/memory/swap",
                        "moved /linux/resources/disableOOMKiller /linux/resources/memory/disableOOMKiller",
                        "reinterpreted /linux/resources/pids/limit /linux/resources/pids/limit",
                        "added - /mounts/1",
                        "added - /mounts/2",
                        "added - /mounts/3",
                        "reinterpreted /ociVersion /ociVersion",
                        "reinterpreted /mounts /mounts"),
                report(convert(Samples.of("0.3"))));
    }

    @Test
    @Requirement({"DRAFT-0.2-01", "DRAFT-0.2-02", "DRAFT-0.2-03", "DRAFT-0.2-04"})
    void theTwoFilesOfBefore03BecomeOne() {
        Conversion conversion = convert(Samples.of("0.2"));
        Spec spec = Spec.read(conversion.document().tree());
        assertEquals(
                List.of("/proc proc proc []", "/data bind /srv/data [rbind, ro]"),
                spec.mounts().stream()
                        .limit(2)
                        .map(mount -> mount.destination() + " " + mount.type().orElse("") + " "
                                + mount.source().orElse("") + " " + mount.options())
                        .toList());
        assertEquals(List.of("fix", "arg1"), spec.hooks().prestart().getFirst().args());
        assertEquals(3, spec.linux().namespaces().size());
        assertEquals(
                List.of("CAP_AUDIT_WRITE", "CAP_KILL"),
                spec.process().orElseThrow().capabilities().orElseThrow().bounding());
        assertEquals(
                1048577,
                conversion
                        .document()
                        .at("/linux/resources/network/classID")
                        .orElseThrow()
                        .intValue());
        List<String> report = report(conversion);
        assertTrue(report.contains("moved /runtime.json/hooks /hooks"), report::toString);
        assertTrue(report.contains("renamed /config.json/version /ociVersion"), report::toString);
        assertTrue(report.contains("dropped /runtime.json/mounts/unused - !"), report::toString);
        assertTrue(report.contains("moved /config.json/linux/capabilities /process/capabilities"), report::toString);
    }

    @Test
    @Requirement({"DRAFT-0430AAF-01", "DRAFT-03"})
    void whatTheLifecycleDidOtherwiseIsALoss() {
        assertEquals(
                List.of(
                        "autoremove-dropped /root/autoremove",
                        "platform-dropped /platform",
                        "prestart-in-create /hooks/prestart",
                        "poststart-stops /hooks/poststart",
                        "process-read-once /process"),
                convert(Samples.of("0430aaf")).losses().stream()
                        .map(change -> change.code() + " " + change.from().orElse("-"))
                        .toList());
    }

    @Test
    @Requirement("DRAFT-03")
    void whatDoesNotChangeKeepsItsBytes() {
        Document before = Samples.with("1.2", "/linux/resources/pids/limit", "0");
        String after = convert(before).document().text();
        assertEquals(
                before.text().replace("\"1.2.1\"", "\"1.3.0\"").replace("\"limit\": 0\n", "\"limit\": -1\n"), after);
        String old = Samples.of("0.3").text();
        String text = convert(Samples.of("0.3")).document().text();
        for (String kept : List.of(
                "\t\t\"user\": { \"uid\": 0, \"gid\": 0 },\n\t\t\"args\": [\"sh\"],\n",
                "{ \"destination\": \"/proc\", \"type\": \"proc\", \"source\": \"proc\" }",
                "\"namespaces\": [{ \"type\": \"pid\" }, { \"type\": \"mount\" }, { \"type\": \"uts\" }]")) {
            assertTrue(old.contains(kept), kept);
            assertTrue(text.contains(kept), text);
        }
    }

    @Test
    @Requirement("CLI-VALID-01")
    void theChainCanEndEarlierButNeverLeadsBack() {
        Conversion half = Conversion.of(Reading.of(Samples.of("0.3")), Profiles.exactly("0.5"));
        assertEquals("0.5.0", half.document().at("/ociVersion").orElseThrow().stringValue());
        assertEquals(
                "[\"CAP_KILL\"]",
                half.document().at("/process/capabilities").orElseThrow().toString());
        assertEquals("0.5", Reading.of(half.document()).profile().name());
        Reading newest = Reading.of(Samples.of("1.3"));
        assertFalse(Conversion.leads(newest, Profiles.exactly("0.3")));
        assertThrows(IllegalArgumentException.class, () -> Conversion.of(newest, Profiles.exactly("0.3")));
    }

    @Test
    @Requirement("DRAFT-03")
    void everyChangeHasAFilledSentence() throws IOException {
        Sentences sentences = Sentences.of(Locale.ENGLISH);
        TreeSet<String> seen = new TreeSet<>();
        for (String profile : Samples.names().toList()) {
            for (Converted change : convert(Samples.of(profile)).changes()) {
                seen.add(change.code());
                String sentence = sentences.conversion(change);
                assertFalse(sentence.contains("{") && sentence.contains("="), sentence);
                assertFalse(sentence.startsWith(change.code()), sentence);
            }
        }
        String source = Files.readString(Path.of("src/main/java/org/slipway/model/profile/Chain.java"))
                + Files.readString(Path.of("src/main/java/org/slipway/model/profile/Conversion.java"))
                + Files.readString(Path.of("src/main/java/org/slipway/model/profile/TwoFiles.java"));
        assertTrue(seen.size() > 20, seen::toString);
        Pattern.compile("\"([a-z]+(?:-[a-z]+)+)\"")
                .matcher(source)
                .results()
                .map(match -> match.group(1))
                .filter(code -> !code.equals("conversion"))
                .forEach(code -> assertTrue(
                        java.util.ResourceBundle.getBundle("org.slipway.model.text.sentences", Locale.ROOT)
                                .containsKey("conversion." + code),
                        code));
    }
}

package org.slipway.model.finding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.model.json.Document;
import org.slipway.model.json.Document.Good;
import org.slipway.model.spec.DefaultSpec;
import org.slipway.model.test.Requirement;

/** Configurations as other programs wrote them. */
class CorpusTest {

    private static final Path CORPUS = Path.of("src/test/resources/corpus");

    @ParameterizedTest
    @ValueSource(strings = {"crun-spec", "podman-hardened", "runc-spec", "runc-spec-rootless"})
    @Requirement("CFG-06")
    void configurationsThatWorkHaveNoError(String name) throws IOException {
        assertEquals(List.of(), errors(name));
    }

    @Test
    @Requirement("CLI-SPEC-01")
    void ourOwnDefaultsAreClean() {
        assertEquals(List.of(), Sample.findings(Sample.document(DefaultSpec.text())));
        assertEquals(List.of(), Sample.findings(Sample.document(DefaultSpec.rootless(1000, 1000))));
    }

    /** Its generator wrote a soft limit of 2048 below a hard one of 1024, which setrlimit(2) refuses. */
    @ParameterizedTest
    @ValueSource(strings = "tool-rich")
    @Requirement("RLIM-05")
    void theOneThatCanNotWorkHasItsOneError(String name) throws IOException {
        assertEquals(List.of("rlimit-soft-above-hard /process/rlimits/0/soft"), errors(name));
    }

    private static List<String> errors(String name) throws IOException {
        Document document = assertInstanceOf(
                        Good.class, Document.parse(Files.readAllBytes(CORPUS.resolve(name + ".json"))))
                .document();
        return Rules.check(document).stream()
                .filter(finding -> finding.severity() == Severity.ERROR)
                .map(finding -> finding.code() + " " + finding.pointer())
                .toList();
    }
}

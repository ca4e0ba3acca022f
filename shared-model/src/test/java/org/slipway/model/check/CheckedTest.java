package org.slipway.model.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slipway.model.finding.Finding;
import org.slipway.model.finding.Rules;
import org.slipway.model.finding.Severity;
import org.slipway.model.json.Document;
import org.slipway.model.plan.HostFacts;
import org.slipway.model.plan.PlanRequest;
import org.slipway.model.spec.DefaultSpec;
import org.slipway.model.test.Requirement;
import tools.jackson.databind.json.JsonMapper;

/** Text and machine are judged in one go, and what stands against a configuration has a place and a rule. */
class CheckedTest {

    private static final JsonMapper JSON = JsonMapper.shared();

    @Test
    void aConfigurationThatIsFineHasItsPlans() {
        Checked checked = check(DefaultSpec.text(), HostFacts.v2());
        assertFalse(checked.refused());
        assertEquals(List.of(), checked.findings());
        assertEquals(2, checked.plans().orElseThrow().all().size());
        assertEquals("1.3.0", checked.spec().orElseThrow().ociVersion());
    }

    @Test
    @Requirement({"CFG-07", "CFG-12", "OPS-CREATE-10"})
    void whatTheMachineCanNotDoStandsBesideWhatTheTextSays() {
        Document document = document(DefaultSpec.text())
                .set("/linux/resources/network", JSON.readTree("{\"classID\":1}"))
                .set("/linux/resources/unified", JSON.readTree("{\"misc.max\":\"1\"}"))
                .set("/linux/maskedPaths", JSON.readTree("[\"/x\",\"/x\"]"));
        Checked checked = check(document.text(), HostFacts.v2());
        assertTrue(checked.refused());
        assertTrue(checked.plans().isEmpty());
        int line =
                document.place("/linux/resources/network/classID").orElseThrow().line();
        assertEquals(
                List.of(
                        "WARNING path-repeated /linux/maskedPaths/1 config-linux.md §Masked Paths",
                        "ERROR no-counterpart /linux/resources/network/classID config-linux.md §Network",
                        "ERROR controller-missing /linux/resources/unified/misc.max config-linux.md §Unified"),
                checked.findings().stream()
                        .map(f -> f.severity() + " " + f.code() + " " + f.pointer() + " " + f.rule())
                        .toList());
        assertEquals(line, checked.findings().get(1).line());
    }

    /** What a member is not there for has the place of the object that lacks it, and the section of what is known above. */
    @Test
    @Requirement("ERR-04")
    void aMissingMemberHasAPlaceTooAndSoHasOneThatNobodyKnows() {
        Finding finding = Rules.finding(
                document("{\n  \"linux\": {}}"), Severity.ERROR, "unsupported", "/linux/seccomp/odd/3", Map.of());
        assertEquals("2:12", finding.line() + ":" + finding.column());
        assertEquals("config-linux.md §Seccomp", finding.rule());
    }

    @Test
    void aTextWithAnErrorIsNotTriedOnTheMachine() {
        Checked checked = check(DefaultSpec.text().replace("\"rootfs\"", "7"), HostFacts.v2());
        assertTrue(checked.refused());
        assertTrue(checked.spec().isEmpty());
    }

    private static Checked check(String text, HostFacts facts) {
        return Checked.of(Document.parse(text), spec -> PlanRequest.explain(spec, "/bundle", "web", facts));
    }

    private static Document document(String text) {
        return ((Document.Good) Document.parse(text)).document();
    }
}

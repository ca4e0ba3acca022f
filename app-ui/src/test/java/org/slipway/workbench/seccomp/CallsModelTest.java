package org.slipway.workbench.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slipway.model.finding.Rules;
import org.slipway.model.json.Document;
import org.slipway.workbench.bundle.Bundles;
import org.slipway.workbench.bundle.Session;
import org.slipway.workbench.seccomp.CallsModel.Row;
import org.slipway.workbench.seccomp.CallsModel.Shown;
import tools.jackson.databind.JsonNode;

class CallsModelTest {

    private static final String FILTERED = """
            {
              "ociVersion": "1.3.0",
              "linux": {
                "seccomp": {
                  "defaultAction": "SCMP_ACT_ERRNO",
                  "syscalls": [
                    { "names": ["read", "write"], "action": "SCMP_ACT_ALLOW" },
                    { "names": ["personality"], "action": "SCMP_ACT_ALLOW", "args": [{ "index": 0, "value": 0, "op": "SCMP_CMP_EQ" }] },
                    { "names": ["ptrace"], "action": "SCMP_ACT_KILL_PROCESS" }
                  ]
                }
              }
            }
            """;

    @TempDir
    private Path folder;

    private Session session;
    private CallsModel calls;

    @BeforeEach
    void open() throws IOException {
        session = Bundles.open(folder, FILTERED);
        calls = new CallsModel(session);
    }

    private Row row(String name) {
        calls.shown().set(Shown.ALL);
        return calls.rows().get().stream()
                .filter(row -> row.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private String at(String pointer) {
        return session.document().get().at(pointer).map(JsonNode::toString).orElse("absent");
    }

    private List<String> listed() {
        return calls.rows().get().stream().map(Row::name).toList();
    }

    @Test
    void eachCallHasTheActionThatTheFilterGivesIt() {
        assertEquals("SCMP_ACT_ALLOW", row("read").action());
        assertEquals("SCMP_ACT_KILL_PROCESS", row("ptrace").action());
        assertEquals("SCMP_ACT_ERRNO", row("mount").action());
        assertFalse(row("mount").named());
        assertEquals("SCMP_ACT_ERRNO", row("personality").action(), "where no condition holds");
        assertTrue(row("personality").conditional());
        session.type(Bundles.SMALL);
        assertEquals("SCMP_ACT_ALLOW", row("mount").action(), "no filter allows everything");
    }

    @Test
    void aNameIsFoundWhetherOrNotTheFilterHasIt() {
        assertEquals(List.of("personality", "ptrace", "read", "write"), listed());
        calls.search().set("umount");
        assertEquals(List.of("umount", "umount2"), listed());
        calls.search().set("kill_process");
        assertEquals(List.of("ptrace"), listed());
    }

    @Test
    void aCallMovesFromOneActionToAnotherAndOneUndoBringsItBack() {
        calls.assign(List.of("write", "ptrace"), "SCMP_ACT_LOG");
        assertEquals("[\"read\"]", at("/linux/seccomp/syscalls/0/names"));
        assertEquals("absent", at("/linux/seccomp/syscalls/3"), "the entry that had nothing else is gone");
        assertEquals("[\"write\",\"ptrace\"]", at("/linux/seccomp/syscalls/2/names"));
        assertEquals("SCMP_ACT_LOG", row("write").action());
        session.undo();
        assertEquals(FILTERED, session.text().get());
    }

    @Test
    void aCallJoinsTheEntryThatHasItsActionAndNothingElseChanges() {
        calls.assign(List.of("openat"), "SCMP_ACT_ALLOW");
        assertEquals(
                FILTERED.replace("\"write\"]", "\"write\", \"openat\"]"),
                session.text().get());
        calls.assign(List.of("openat"), "SCMP_ACT_ERRNO");
        assertEquals(FILTERED, session.text().get(), "the default needs no entry");
    }

    @Test
    void conditionsStay() {
        calls.assign(List.of("personality"), "SCMP_ACT_ALLOW");
        assertEquals("SCMP_ACT_ALLOW", row("personality").action());
        assertTrue(row("personality").conditional());
        assertTrue(at("/linux/seccomp/syscalls/1/args").contains("SCMP_CMP_EQ"));
    }

    @Test
    void theFirstCallMakesAFilterThatAllowsTheOthers() {
        session.type(Bundles.SMALL);
        calls.assign(List.of("mount"), "SCMP_ACT_ERRNO");
        assertEquals("\"SCMP_ACT_ALLOW\"", at("/linux/seccomp/defaultAction"));
        assertEquals("SCMP_ACT_ERRNO", row("mount").action());
        session.undo();
        assertEquals(Bundles.SMALL, session.text().get());
    }

    @Test
    void whatDiffersFromThePresetIsListedAndGoneOnceItIsUsed() {
        calls.preset().set(Preset.SMALL);
        calls.shown().set(Shown.DIFFERENT);
        assertTrue(listed().containsAll(List.of("openat", "ptrace", "personality")), listed().toString());
        assertFalse(listed().contains("read"));
        assertEquals(listed().size(), calls.different().get());
        calls.apply();
        assertEquals(List.of(), listed());
        session.undo();
        assertEquals(FILTERED, session.text().get());
    }

    @ParameterizedTest
    @EnumSource(Preset.class)
    void everyPresetGivesAValidFilterOfKnownCalls(Preset preset) {
        session.type(Bundles.SMALL);
        calls.preset().set(preset);
        calls.apply();
        assertEquals(0L, calls.different().get());
        var parsed = Document.parse(session.text().get());
        assertTrue(parsed instanceof Document.Good);
        assertEquals(
                List.of(),
                Rules.check(session.document().get()).stream()
                        .filter(finding -> finding.pointer().startsWith(Filter.POINTER))
                        .toList());
        calls.preset().set(Preset.NONE);
        calls.apply();
        assertEquals("absent", at(Filter.POINTER));
    }

    @Test
    void architecturesStayWhenAPresetIsUsed() {
        session.type(FILTERED.replace("\"syscalls\"", "\"architectures\": [\"SCMP_ARCH_X86_64\"], \"syscalls\""));
        calls.apply();
        assertEquals("[\"SCMP_ARCH_X86_64\"]", at("/linux/seccomp/architectures"));
    }
}

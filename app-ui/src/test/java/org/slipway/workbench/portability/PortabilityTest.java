package org.slipway.workbench.portability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.model.finding.Member;
import org.slipway.model.finding.SpecTable;
import org.slipway.workbench.bundle.Bundles;
import org.slipway.workbench.portability.Portability.Answer;
import org.slipway.workbench.portability.Portability.Verdict;

class PortabilityTest {

    @TempDir
    private Path folder;

    private static Answer answer(Portability portability, String pointer, String runtime) {
        return portability.of(pointer).stream()
                .filter(each -> each.runtime().equals(runtime))
                .findFirst()
                .orElseThrow();
    }

    private static Installed runtime(String version, String features) {
        return Installed.of("x version " + version, features).orElseThrow();
    }

    @Test
    void everyMemberHasAnAnswerOfEveryRuntimeWithASource() {
        for (Member member : SpecTable.get().all()) {
            List<Answer> answers = Portability.table().of(member.pattern().replace("*", "0"));
            assertEquals(
                    Portability.RUNTIMES, answers.stream().map(Answer::runtime).toList(), member.pattern());
            assertTrue(answers.stream()
                    .noneMatch(each -> each.source().isBlank() || each.words().isBlank()));
        }
        assertTrue(Portability.table().of("/x-mine").isEmpty());
        assertTrue(Portability.table().date().matches("\\d{4}-\\d\\d-\\d\\d"));
    }

    @Test
    void everyLineOfTheTableIsAboutAMemberOfTheSpecification() throws IOException {
        try (var in = Portability.class.getResourceAsStream("portability.table")) {
            new String(java.util.Objects.requireNonNull(in).readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("/") && !line.startsWith("/ "))
                    .map(line -> line.substring(0, line.indexOf(' ')))
                    .forEach(pattern -> assertTrue(
                            SpecTable.get().all().stream()
                                    .anyMatch(member -> member.pattern().equals(pattern)),
                            pattern));
        }
    }

    @Test
    void theLongestPatternCountsAndWhatIsNotKnownIsSaid() {
        Portability table = Portability.table();
        assertEquals(
                Verdict.YES, answer(table, "/linux/intelRdt/closID", "runc").verdict());
        assertEquals(
                Verdict.NO, answer(table, "/linux/intelRdt/enableCMT", "runc").verdict());
        assertEquals(
                Verdict.DEPENDS, answer(table, "/linux/intelRdt/closID", "crun").verdict());
        assertEquals(
                Verdict.UNKNOWN,
                answer(table, "/linux/intelRdt/schemata", "crun").verdict());
        assertEquals(Verdict.UNKNOWN, answer(table, "/hostname", "youki").verdict());
        assertEquals(
                Verdict.YES,
                answer(table, "/process/scheduler/policy", "slipway").verdict());
    }

    @Test
    void aVersionThatIsInstalledDecidesWhatDependsOnIt() {
        Portability old = Portability.table().with(Map.of("runc", runtime("1.1.5", "")));
        assertEquals(Verdict.NO, answer(old, "/linux/netDevices", "runc").verdict());
        assertTrue(answer(old, "/linux/netDevices", "runc").words().contains("1.1.5"));
        Portability fresh = Portability.table().with(Map.of("runc", runtime("1.10.0", "")));
        assertEquals(Verdict.YES, answer(fresh, "/linux/netDevices", "runc").verdict());
    }

    @Test
    void featuresGoBeforeTheTable() {
        Portability here = Portability.table()
                .with(Map.of(
                        "crun",
                        runtime(
                                "9.9",
                                "{\"hooks\":[\"poststop\"],\"linux\":{\"namespaces\":[\"pid\"],\"seccomp\":{\"enabled\":false},"
                                        + "\"mountExtensions\":{\"idmap\":{\"enabled\":true}}}}")));
        assertEquals(Verdict.YES, answer(here, "/hooks/poststop", "crun").verdict());
        assertEquals(Verdict.NO, answer(here, "/hooks/prestart", "crun").verdict());
        assertEquals(Verdict.NO, answer(here, "/linux/timeOffsets", "crun").verdict(), "whatever its version");
        assertEquals(
                Verdict.NO, answer(here, "/linux/seccomp/defaultAction", "crun").verdict());
        assertEquals(Verdict.YES, answer(here, "/mounts/0/uidMappings", "crun").verdict());
        assertEquals(
                "crun features", answer(here, "/mounts/0/uidMappings", "crun").source());
        Portability rdt = Portability.table()
                .with(Map.of("runc", runtime("1.4.0", "{\"linux\":{\"intelRdt\":{\"enabled\":true}}}")));
        assertEquals(
                Verdict.NO, answer(rdt, "/linux/intelRdt/enableCMT", "runc").verdict(), "a part of what is there");
        assertEquals(Verdict.YES, answer(here, "/linux/seccomp", "runc").verdict(), "another's features");
    }

    @Test
    void runtimesAreAskedAndWhatAnswersNonsenseIsAsGoodAsAbsent() throws IOException {
        script("runc", "if [ $1 = features ]; then echo '{\"hooks\":[]}'; else echo runc version 1.1.5+ds1; fi");
        script("crun", "[ $1 = --version ] && echo crun version 1.8.1 || { echo unknown command; exit 1; }");
        script("youki", "exit 3");
        Map<String, Installed> found = Runtimes.in(List.of(folder.resolve("none"), folder));
        assertEquals(java.util.Set.of("runc", "crun"), found.keySet());
        Installed runc = java.util.Objects.requireNonNull(found.get("runc"));
        assertEquals("1.1.5", runc.version());
        assertEquals(Optional.of(false), runc.says("/hooks/prestart/*/path"));
        assertEquals(
                Optional.empty(),
                java.util.Objects.requireNonNull(found.get("crun")).says("/hooks/prestart"));
    }

    private void script(String name, String text) throws IOException {
        Path script = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void theRowsAreTheMembersOfThisConfigurationThatDiffer() throws IOException {
        var session = Bundles.open(folder, Bundles.SMALL);
        PortabilityModel model = new PortabilityModel(session);
        assertFalse(model.rows().get().stream().anyMatch(row -> row.pointer().equals("/hostname")));
        session.type(Bundles.SMALL.replace("\"hostname\"", "\"domainname\": \"d\", \"hostname\""));
        PortabilityModel.Row row = model.rows().get().stream()
                .filter(each -> each.pointer().equals("/domainname"))
                .findFirst()
                .orElseThrow();
        assertEquals(Verdict.DEPENDS, row.answers().get(1).verdict());
        model.learn(Portability.table().with(Map.of("runc", runtime("1.1.5", ""))));
        assertEquals(
                Verdict.NO,
                model.rows().get().stream()
                        .filter(each -> each.pointer().equals("/domainname"))
                        .findFirst()
                        .orElseThrow()
                        .answers()
                        .get(1)
                        .verdict());
        model.choose(row);
        assertEquals("/domainname", session.selected().get().pointer());
    }
}

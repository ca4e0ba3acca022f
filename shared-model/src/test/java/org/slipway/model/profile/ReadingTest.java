package org.slipway.model.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.model.finding.Finding;
import org.slipway.model.json.Document;
import org.slipway.model.spec.Spec;
import org.slipway.model.test.Requirement;

/** Configurations of each profile, by its own rules, told of at the place where the value stands. */
class ReadingTest {

    @ParameterizedTest
    @CsvSource({
        "0.3.0, 0.3",
        "0.4.0, 0.4",
        "0.5.0, 0.5",
        "0.6.0-dev, 0430aaf",
        "1.0.0-rc1, 1.0.0-rc1",
        "1.0.0-rc1-dev, 1.0.0-rc1",
        "1.0.0-rc4, 1.0.0-rc4",
        "1.0.0-rc6-dev, 1.0.0-rc6",
        "1.0.0-rc9, 1.0.0-rc6",
        "1.0.0, 1.0",
        "1.0.2-dev, 1.0",
        "1.1.0, 1.1",
        "1.2.1, 1.2",
        "1.3.0, 1.3",
        "1.4.0, 1.3"
    })
    @Requirement({"DRAFT-01", "DRAFT-05", "CFG-04"})
    void theVersionSelectsTheProfile(String version, String profile) {
        assertEquals(
                profile,
                Reading.of(Samples.with("1.3", "/ociVersion", "'" + version + "'"))
                        .profile()
                        .name());
    }

    @Test
    @Requirement({"DRAFT-01", "DRAFT-05", "DRAFT-1.X-01"})
    void aFlagSelectsAProfileForAnyVersion() {
        Document newest = Samples.of("1.3");
        for (String name : Profiles.names()) {
            Optional<Profile> forced = Profiles.named(name);
            assertEquals(name, Reading.of(newest, forced).profile().name());
        }
        assertEquals("0430aaf", Profiles.named("0.6.0-dev").orElseThrow().name());
        assertEquals("0.3", Profiles.named("0.3.0").orElseThrow().name());
        assertEquals(Optional.empty(), Profiles.named("0.9"));
        assertFalse(Reading.of(Samples.of("1.0")).profile().lifecycle().prestartInStart());
        assertTrue(Profiles.named("1.0").orElseThrow().lifecycle().prestartInStart());
        assertFalse(Profiles.named("1.1").orElseThrow().lifecycle().prestartInStart());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "0.3 | /platform | - | member-missing E /platform",
                "0.3 | /platform/os | - | member-missing E /platform/os",
                "0.3 | /platform/arch | - | member-missing E /platform/arch",
                "0.3 | /platform/os | 'windows' | platform-os-other E /platform/os",
                "0.3 | /root | - | member-missing E /root",
                "0.3 | /root/path | - | member-missing E /root/path",
                "0.3 | /process | - | member-missing E /process",
                "0.3 | /process/user/uid | - | member-missing E /process/user/uid",
                "0.3 | /process/args | - | member-missing E /process/args",
                "0.3 | /process/cwd | - | member-missing E /process/cwd",
                "0.3 | /ociVersion | - | member-missing E /ociVersion",
                "0.4 | /platform | - | member-missing E /platform",
                "1.0.0-rc5 | /platform | - | member-missing E /platform",
                "1.0.0-rc5 | /process | - | member-missing E /process",
            })
    @Requirement({"DRAFT-0.3-01", "DRAFT-0.3-02", "DRAFT-RC-04"})
    void whatWasRequiredIs(String profile, String pointer, String value, String expected) {
        Document document = Samples.with(profile, pointer, value);
        if (pointer.equals("/ociVersion")) {
            assertTrue(
                    Samples.findings(Reading.of(document, Profiles.named("0.3")).findings())
                            .contains(expected));
            return;
        }
        assertTrue(Samples.findings(document).contains(expected), () -> Samples.findings(document));
    }

    @Test
    @Requirement("DRAFT-0.3-01")
    void absentMountsAndHooksCountAsEmpty() {
        Document bare = Samples.with("0.3", Map.of("/mounts", "-", "/hooks", "-", "/linux/resources", "-"));
        assertFalse(Samples.findings(bare).contains(" E "), () -> Samples.findings(bare));
        Spec spec = Reading.of(bare).spec();
        assertEquals(List.of(), spec.mounts());
        assertEquals(List.of(), spec.hooks().prestart());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "0.3 | /process/env/0 | 'A-B=1' | env-name-letters E /process/env/0",
                "0.4 | /process/env/0 | 'A-B=1' | -",
                "0.3 | /linux/namespaces/2 | - | hostname-needs-new-uts E /hostname",
                "0.3 | /linux/namespaces/2/path | '/proc/1/ns/uts' | hostname-needs-new-uts E /hostname",
                "0.3 | /linux/namespaces/2/path | '/proc/1/ns/uts' | namespace-prepared E /hostname",
                "1.0.0-rc1 | /linux/namespaces/2/path | '/proc/1/ns/uts' | namespace-prepared E /hostname",
                "1.0.0-rc5 | /linux/namespaces/2/path | '/proc/1/ns/uts' | -",
                "0.3 | /linux/namespaces/2/type | 'cgroup' | value-unknown E /linux/namespaces/2/type",
                "1.0 | /linux/namespaces/2/type | 'cgroup' | -",
                "0.3 | /mounts/0/type | - | member-missing E /mounts/0/type",
                "0.3 | /mounts/0/source | - | member-missing E /mounts/0/source",
                "0.3 | /linux/seccomp/syscalls/0/name | - | member-missing E /linux/seccomp/syscalls/0/name",
                "0.3 | /linux/seccomp/syscalls/0/name | 5 | type-wrong E /linux/seccomp/syscalls/0/name",
                "0.3 | /linux/capabilities | {} | type-wrong E /linux/capabilities",
                "1.0.0-rc1 | /process/capabilities | {} | type-wrong E /process/capabilities",
                "1.0.0-rc5 | /process/capabilities | ['CAP_KILL'] | -",
                "0.4 | /linux/resources/blockIO/blkioWeightDevice/0/weight | - |"
                        + " weight-device-empty E /linux/resources/blockIO/blkioWeightDevice/0",
                "0.4 | /linux/annotations | 5 | -",
            })
    @Requirement({"DRAFT-0.3-28", "DRAFT-0.3-29", "DRAFT-0.3-19", "DRAFT-0.3-07"})
    void whereADraftIsStricterItIs(String profile, String pointer, String value, String expected) {
        Document document = Samples.with(profile, pointer, value);
        String findings = Samples.findings(document);
        if (expected.equals("-")) {
            assertFalse(findings.matches(".*(env-name|namespace-prepared|needs-new).*"), findings);
        } else {
            assertTrue(findings.contains(expected), findings);
        }
    }

    @Test
    @Requirement({"DRAFT-RC-02", "DRAFT-0.3-19"})
    void aJoinedNamespaceIsTakenAsPreparedUpToCandidateThree() {
        Map<String, String> joined = Map.of(
                "/hostname", "-",
                "/linux/namespaces",
                        "[{'type':'mount'},{'type':'network','path':'/n'},{'type':'user','path':'/u'},{'type':'ipc','path':'/i'}]",
                "/linux/uidMappings", "[{'hostID':1000,'containerID':0,'size':1}]",
                "/linux/sysctl", "{'net.core.somaxconn':'9','kernel.shmmax':'9'}");
        String prepared =
                "namespace-prepared E /linux/uidMappings; namespace-prepared E /linux/sysctl/net.core.somaxconn;"
                        + " namespace-prepared E /linux/sysctl/kernel.shmmax";
        for (String profile : List.of("0.3", "0.4", "0.5", "0430aaf", "1.0.0-rc1")) {
            String findings = Samples.findings(Samples.with(profile, joined));
            for (String each : prepared.split("; ", -1)) {
                assertTrue(findings.contains(each), profile + ": " + findings);
            }
        }
        Document three = Samples.with("1.0.0-rc1", joined).set("/ociVersion", json("1.0.0-rc3"));
        Document four = Samples.with("1.0.0-rc1", joined).set("/ociVersion", json("1.0.0-rc4"));
        assertTrue(Samples.findings(three).contains("namespace-prepared"));
        assertFalse(Samples.findings(four).contains("namespace-prepared"), () -> Samples.findings(four));
    }

    @Test
    @Requirement("DRAFT-0.3-20")
    void thereMayBeFiveMappings() {
        for (int count : List.of(5, 6)) {
            StringBuilder list = new StringBuilder("[");
            for (int i = 0; i < count; i++) {
                list.append(i == 0 ? "" : ",").append("{'hostID':%d,'containerID':%d,'size':1}".formatted(1000 + i, i));
            }
            String findings = Samples.findings(Samples.with(
                    "0.3", Map.of("/linux/uidMappings", list + "]", "/linux/namespaces/-", "{'type':'user'}")));
            assertEquals(count > 5, findings.contains("mappings-above-five E /linux/uidMappings"), findings);
        }
    }

    @Test
    @Requirement({"DRAFT-0.3-09", "DRAFT-0.5-02", "DRAFT-0.5-01"})
    void membersThatCameLaterAreIgnoredWithAWarning() {
        Document later = Samples.with(
                "0.3",
                Map.of(
                        "/linux/maskedPaths", "['/proc/kcore']",
                        "/linux/readonlyPaths", "['/proc/sys']",
                        "/process/capabilities", "{'bounding':['CAP_SYS_ADMIN']}",
                        "/hooks/createRuntime", "[{'path':'/bin/false'}]"));
        String findings = Samples.findings(later);
        for (String pointer : List.of(
                "/linux/maskedPaths",
                "/linux/readonlyPaths",
                "/process/capabilities",
                "/hooks/createRuntime",
                "/hooks/prestart/0/timeout")) {
            assertTrue(findings.contains("member-later W " + pointer), findings);
        }
        assertFalse(findings.contains(" E "), findings);
        Spec spec = Reading.of(later).spec();
        assertEquals(List.of(), spec.linux().maskedPaths());
        assertEquals(List.of(), spec.hooks().createRuntime());
        assertEquals(
                List.of("CAP_KILL"),
                spec.process().orElseThrow().capabilities().orElseThrow().bounding());

        Spec kept = Reading.of(Samples.of("0.5")).spec();
        assertEquals(List.of("/proc/kcore"), kept.linux().maskedPaths());
        assertEquals(Optional.of(5), kept.hooks().prestart().getFirst().timeoutSeconds());
        assertFalse(Samples.findings(Samples.of("0.5")).contains("member-later"));
    }

    @Test
    @Requirement({"DRAFT-0.3-05", "DRAFT-0.3-06"})
    void pathsAreReadAsEitherTextHasThem() {
        Document relative = Samples.of("0.3");
        assertEquals("/tmp", Reading.of(relative).spec().process().orElseThrow().cwd());
        assertTrue(Samples.findings(relative).contains("cwd-relative W /process/cwd"));
        Document absolute = Samples.with("0.3", Map.of("/process/cwd", "'/srv'", "/root/path", "'/srv/rootfs'"));
        assertEquals("/srv", Reading.of(absolute).spec().process().orElseThrow().cwd());
        assertEquals(
                "/srv/rootfs", Reading.of(absolute).spec().root().orElseThrow().path());
        assertFalse(Samples.findings(absolute).contains("cwd"), () -> Samples.findings(absolute));
    }

    @Test
    @Requirement({"DRAFT-0.2-01", "DRAFT-0.2-03"})
    void theSecondFileAndEachMountOfItAreAskedFor() {
        String missing = Samples.findings(Samples.document("{\"version\":\"0.2.0\"}"));
        assertTrue(missing.contains("runtime-file-missing E /version"), missing);
        Document unknown = Samples.with("0.2", "/config.json/mounts/1/name", "'nowhere'");
        assertTrue(
                Samples.findings(unknown).contains("mount-name-unknown E /config.json/mounts/1/name"),
                () -> Samples.findings(unknown));
    }

    @Test
    @Requirement({"DRAFT-03", "WB-08"})
    void whatIsFoundIsToldWhereTheValueStands() {
        Document document = Samples.with("0.3", "/linux/capabilities", "['CAP_KILL','CAP_NO_SUCH']");
        Finding finding = Reading.of(document).findings().stream()
                .filter(each -> each.code().equals("capability-unmappable"))
                .findFirst()
                .orElseThrow();
        assertEquals("/linux/capabilities/1", finding.pointer());
        assertEquals(document.place("/linux/capabilities/1").orElseThrow().line(), finding.line());
        assertEquals(document.place("/linux/capabilities/1").orElseThrow().column(), finding.column());
        assertEquals(Optional.empty(), finding.fix());

        Document two = Samples.with("0.2", "/runtime.json/linux/rlimits/0/type", "'RLIMIT_NONSENSE'");
        Finding second = Reading.of(two).findings().stream()
                .filter(each -> each.code().equals("value-unknown"))
                .findFirst()
                .orElseThrow();
        assertEquals("/runtime.json/linux/rlimits/0/type", second.pointer());
        assertEquals(15, second.line() - TwoFiles.linesBefore(two, "runtime.json"), "the line in the file of its own");
    }

    @Test
    @Requirement("CFG-14")
    void aLongFilterIsReadInReasonableTime() {
        StringBuilder rules = new StringBuilder("[");
        for (int i = 0; i < 20_000; i++) {
            rules.append(i == 0 ? "" : ",").append("{'name':'getcwd','action':'SCMP_ACT_ERRNO'}");
        }
        Document document = Samples.with("0.3", "/linux/seccomp/syscalls", rules + "]");
        Assertions.assertTimeout(
                Duration.ofSeconds(30), () -> Reading.of(document).findings());
    }

    private static tools.jackson.databind.JsonNode json(String text) {
        return tools.jackson.databind.node.JsonNodeFactory.instance.stringNode(text);
    }

    @Test
    @Requirement({"DRAFT-1.X-04", "DRAFT-1.X-05"})
    void releasesDifferInDestinationsAndInPids() {
        String relative = "path-not-absolute E /mounts/0/destination";
        String missing = "member-missing E /linux/resources/pids/limit";
        for (String profile : List.of("1.0", "1.1", "1.2", "1.3")) {
            boolean old = profile.compareTo("1.2") < 0;
            String findings = Samples.findings(
                    Samples.with(profile, Map.of("/mounts/0/destination", "'proc'", "/linux/resources/pids", "{}")));
            assertEquals(old, findings.contains(relative), findings);
            assertEquals(!old, findings.contains("mount-destination-relative W"), findings);
            assertEquals(!profile.equals("1.3"), findings.contains(missing), findings);
            long limit = Reading.of(Samples.of(profile))
                    .spec()
                    .linux()
                    .resources()
                    .orElseThrow()
                    .pidsLimit()
                    .orElseThrow();
            assertEquals(profile.equals("1.3") ? 0 : -1, limit, profile);
        }
    }

    @Test
    @Requirement("DRAFT-0.4-13")
    void aWeightOfADeviceIsOneOrTheOther() {
        String device = "/linux/resources/blockIO/blkioWeightDevice/0";
        String empty = "weight-device-empty E " + device;
        assertTrue(
                Samples.findings(Samples.with("0.4", device + "/weight", "-")).contains(empty));
        Document leaf = Samples.with("0.4", Map.of(device, "{'major':8,'minor':0,'leafWeight':20}"));
        assertFalse(Samples.findings(leaf).contains("weight-device-empty"), () -> Samples.findings(leaf));
    }

    @Test
    @Requirement({"DRAFT-RC-03", "DRAFT-RC-06"})
    void candidateFiveHasSetsOfCapabilitiesAndNamesOfCalls() {
        for (String version : List.of("1.0.0-rc4", "1.0.0-rc5")) {
            Document flat = Samples.with("1.0.0-rc1", "/ociVersion", "'" + version + "'");
            Document sets = Samples.with("1.0.0-rc5", "/ociVersion", "'" + version + "'");
            boolean four = version.endsWith("4");
            assertEquals(!four, Samples.findings(flat).contains(" E "), Samples.findings(flat));
            assertEquals(four, Samples.findings(sets).contains(" E "), Samples.findings(sets));
            Spec spec = Reading.of(four ? flat : sets).spec();
            assertEquals(
                    List.of("CAP_KILL"),
                    spec.process().orElseThrow().capabilities().orElseThrow().permitted());
            assertEquals(
                    "getcwd",
                    spec.linux()
                            .seccomp()
                            .orElseThrow()
                            .syscalls()
                            .getFirst()
                            .names()
                            .getFirst());
            assertTrue(Reading.of(four ? flat : sets)
                    .upgraded()
                    .at("/linux/resources/memory/disableOOMKiller")
                    .isPresent());
        }
    }
}

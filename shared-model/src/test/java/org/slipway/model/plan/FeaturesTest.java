package org.slipway.model.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.slipway.model.test.Requirement;
import tools.jackson.databind.JsonNode;

/** What is promised is what plans are made for. */
class FeaturesTest {

    private static final JsonNode FEATURES = Features.tree("0.1", "abc");

    @Test
    @Requirement({"FEAT-02", "FEAT-16"})
    void versionsAreNamed() {
        assertEquals("1.0.0", FEATURES.get("ociVersionMin").stringValue());
        assertEquals("1.3.0", FEATURES.get("ociVersionMax").stringValue());
        assertEquals("0.1", FEATURES.at("/annotations/org.slipway.version").stringValue());
        assertEquals("abc", FEATURES.at("/annotations/org.slipway.commit").stringValue());
    }

    @Test
    @Requirement({"FEAT-06", "MNT-48"})
    void noListedMountOptionReachesAFilesystemUnknown() {
        // as data only words that fsconfig(2) has for every filesystem
        List<String> generic = List.of("sync", "dirsync", "lazytime", "mand");
        for (JsonNode option : FEATURES.get("mountOptions")) {
            List<String> data = MountOptions.parse(List.of(option.stringValue())).data;
            assertEquals(
                    List.of(),
                    data.stream().filter(word -> !generic.contains(word)).toList());
        }
    }

    @Test
    @Requirement("FEAT-07")
    void everyListedNamespaceHasAPlan() {
        for (JsonNode type : FEATURES.at("/linux/namespaces")) {
            String mappings = type.stringValue().equals("user")
                    ? ",'uidMappings':[{'containerID':0,'hostID':1,'size':1}],'gidMappings':[{'containerID':0,'hostID':1,'size':1}]"
                    : "";
            String mount = type.stringValue().equals("mount") ? "" : "{'type':'mount'},";
            Plans.ready(
                    Specs.minimal("{'linux':{'namespaces':[" + mount + "{'type':'" + type.stringValue() + "'}]"
                            + mappings + "}}"),
                    HostFacts.hybrid());
        }
        assertEquals(8, FEATURES.at("/linux/namespaces").size());
    }

    @Test
    @Requirement({"FEAT-05", "FEAT-08"})
    void hooksAndCapabilitiesAreAllThereAre() {
        assertEquals(6, FEATURES.get("hooks").size());
        assertEquals(41, FEATURES.at("/linux/capabilities").size());
    }

    @Test
    @Requirement({"FEAT-11", "FEAT-12"})
    void labelsAndMemoryPoliciesAreThoseThatPlansAreMadeFor() {
        assertEquals(true, FEATURES.at("/linux/apparmor/enabled").booleanValue());
        assertEquals(true, FEATURES.at("/linux/selinux/enabled").booleanValue());
        for (JsonNode mode : FEATURES.at("/linux/memoryPolicy/modes")) {
            for (JsonNode flag : FEATURES.at("/linux/memoryPolicy/flags")) {
                Plan start = Plans.start(Specs.minimal("{'linux':{'memoryPolicy':{'mode':'" + mode.stringValue()
                        + "','flags':['" + flag.stringValue() + "']}}}"));
                assertEquals(
                        1, Plans.ops(start, ProcessOp.SetMemoryPolicy.class).size());
            }
        }
        assertEquals(7, FEATURES.at("/linux/memoryPolicy/modes").size());
        assertEquals(3, FEATURES.at("/linux/memoryPolicy/flags").size());
    }
}

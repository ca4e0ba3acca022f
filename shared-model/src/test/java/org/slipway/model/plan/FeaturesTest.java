package org.slipway.model.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    @Test
    @Requirement("FEAT-13")
    void resourceControlIsWhatPlansAreMadeFor() {
        JsonNode rdt = FEATURES.at("/linux/intelRdt");
        for (String member : List.of("enabled", "schemata", "monitoring")) {
            assertTrue(rdt.get(member).booleanValue(), member);
        }
        Plan create = Plans.ready(
                        Specs.minimal("{'linux':{'intelRdt':{'schemata':['L2:0=3'],'enableMonitoring':true}}}"),
                        HostFacts.v2().withResctrl(Optional.of("/res")))
                .create();
        assertEquals(
                List.of(
                        new ResctrlOp.MakeResctrlGroup("/res/web", ResctrlOp.Group.OWN, List.of("L2:0=3")),
                        new ResctrlOp.MakeResctrlGroup("/res/web/mon_groups/web", ResctrlOp.Group.OWN, List.of())),
                Plans.ops(create, ResctrlOp.MakeResctrlGroup.class));
    }

    /** The members that features.md and features-linux.md define, and what each is; {@code *} stands for any key. */
    private static final Map<String, String> DEFINED = Map.ofEntries(
            Map.entry("/ociVersionMin", "STRING"),
            Map.entry("/ociVersionMax", "STRING"),
            Map.entry("/hooks", "ARRAY"),
            Map.entry("/mountOptions", "ARRAY"),
            Map.entry("/linux", "OBJECT"),
            Map.entry("/linux/namespaces", "ARRAY"),
            Map.entry("/linux/capabilities", "ARRAY"),
            Map.entry("/linux/cgroup", "OBJECT"),
            Map.entry("/linux/cgroup/v1", "BOOLEAN"),
            Map.entry("/linux/cgroup/v2", "BOOLEAN"),
            Map.entry("/linux/cgroup/systemd", "BOOLEAN"),
            Map.entry("/linux/cgroup/systemdUser", "BOOLEAN"),
            Map.entry("/linux/cgroup/rdma", "BOOLEAN"),
            Map.entry("/linux/seccomp", "OBJECT"),
            Map.entry("/linux/seccomp/enabled", "BOOLEAN"),
            Map.entry("/linux/seccomp/actions", "ARRAY"),
            Map.entry("/linux/seccomp/operators", "ARRAY"),
            Map.entry("/linux/seccomp/archs", "ARRAY"),
            Map.entry("/linux/seccomp/knownFlags", "ARRAY"),
            Map.entry("/linux/seccomp/supportedFlags", "ARRAY"),
            Map.entry("/linux/apparmor", "OBJECT"),
            Map.entry("/linux/apparmor/enabled", "BOOLEAN"),
            Map.entry("/linux/selinux", "OBJECT"),
            Map.entry("/linux/selinux/enabled", "BOOLEAN"),
            Map.entry("/linux/memoryPolicy", "OBJECT"),
            Map.entry("/linux/memoryPolicy/modes", "ARRAY"),
            Map.entry("/linux/memoryPolicy/flags", "ARRAY"),
            Map.entry("/linux/intelRdt", "OBJECT"),
            Map.entry("/linux/intelRdt/enabled", "BOOLEAN"),
            Map.entry("/linux/intelRdt/schemata", "BOOLEAN"),
            Map.entry("/linux/intelRdt/monitoring", "BOOLEAN"),
            Map.entry("/linux/mountExtensions", "OBJECT"),
            Map.entry("/linux/mountExtensions/idmap", "OBJECT"),
            Map.entry("/linux/mountExtensions/idmap/enabled", "BOOLEAN"),
            Map.entry("/linux/netDevices", "OBJECT"),
            Map.entry("/linux/netDevices/enabled", "BOOLEAN"),
            Map.entry("/annotations", "OBJECT"),
            Map.entry("/annotations/*", "STRING"),
            Map.entry("/potentiallyUnsafeConfigAnnotations", "ARRAY"));

    private static void walk(String pointer, JsonNode node, List<String> wrong) {
        String pattern = pointer.startsWith("/annotations/") ? "/annotations/*" : pointer;
        if (!pointer.isEmpty() && !node.getNodeType().name().equals(DEFINED.get(pattern))) {
            wrong.add(pointer + " is " + node.getNodeType());
        }
        if (node.isArray()) {
            node.forEach(element -> {
                if (!element.isString()) {
                    wrong.add(pointer + " holds " + element);
                }
            });
            if (node.size() != node.valueStream().distinct().count()) {
                wrong.add(pointer + " names something twice");
            }
        } else if (node.isObject()) {
            node.properties().forEach(member -> walk(pointer + "/" + member.getKey(), member.getValue(), wrong));
        }
    }

    @Test
    @Requirement({"FEAT-01", "FEAT-04"})
    void everyMemberIsDefinedOfItsTypeAndNeverNull() {
        List<String> wrong = new ArrayList<>();
        walk("", FEATURES, wrong);
        assertEquals(List.of(), wrong);
        wrong.clear();
        walk("", Specs.tree("{'hooks':null,'linux':{'other':[],'namespaces':[1]}}".replace('\'', '"')), wrong);
        assertEquals(3, wrong.size(), wrong::toString);
    }

    @Test
    @Requirement({"FEAT-09", "FEAT-10", "FEAT-14", "FEAT-15"})
    void whatIsTrueHasPlansAndIsSaid() {
        for (String pointer : List.of(
                "/linux/cgroup/v1",
                "/linux/cgroup/v2",
                "/linux/cgroup/rdma",
                "/linux/seccomp/enabled",
                "/linux/mountExtensions/idmap/enabled",
                "/linux/netDevices/enabled")) {
            assertEquals(true, FEATURES.at(pointer).booleanValue(), pointer);
        }
        assertEquals(9, FEATURES.at("/linux/seccomp/actions").size());
        assertEquals(7, FEATURES.at("/linux/seccomp/operators").size());
        assertEquals(4, FEATURES.at("/linux/seccomp/supportedFlags").size());
        assertEquals(
                1,
                Plans.ops(
                                Plans.create(
                                        Specs.minimal(
                                                "{'linux':{'namespaces':[{'type':'mount'},{'type':'network'}],'netDevices':{'eth0':{}}}}")),
                                NetworkOp.MoveNetDevice.class)
                        .size());
    }

    @Test
    @Requirement({"FEAT-17", "ANN-08", "ANN-04"})
    void noAnnotationIsUnsafeBecauseNoneChangesAPlan() {
        assertEquals(0, FEATURES.get("potentiallyUnsafeConfigAnnotations").size());
        assertTrue(FEATURES.get("potentiallyUnsafeConfigAnnotations").isArray());
        String annotations = "{'annotations':{'run.oci.hooks.stdout':'/x','org.systemd.property.Delegate':'true',"
                + "'io.kubernetes.cri.container-type':'sandbox','org.opencontainers.image.stopSignal':'9','any':''}}";
        assertEquals(Plans.create(Specs.standard("{}")), Plans.create(Specs.standard(annotations)));
        assertEquals(Plans.start(Specs.standard("{}")), Plans.start(Specs.standard(annotations)));
    }
}

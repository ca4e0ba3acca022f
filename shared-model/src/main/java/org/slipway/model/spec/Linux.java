package org.slipway.model.spec;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the Linux section adds (config-linux.md).
 *
 * @param sysctl in the order of the file
 * @param netDevices host interface to its new name, absent: the same
 */
public record Linux(
        List<Namespace> namespaces,
        List<IdMapping> uidMappings,
        List<IdMapping> gidMappings,
        Map<String, TimeOffset> timeOffsets,
        List<Device> devices,
        Map<String, Optional<String>> netDevices,
        Optional<String> cgroupsPath,
        Optional<Resources> resources,
        Optional<IntelRdt> intelRdt,
        Optional<MemoryPolicy> memoryPolicy,
        Map<String, String> sysctl,
        Optional<Seccomp> seccomp,
        Optional<String> rootfsPropagation,
        List<String> maskedPaths,
        List<String> readonlyPaths,
        Optional<String> mountLabel,
        Optional<Personality> personality) {

    public static final Linux NONE = new Linux(
            List.of(),
            List.of(),
            List.of(),
            Map.of(),
            List.of(),
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            List.of(),
            Optional.empty(),
            Optional.empty());

    static Linux read(Member linux) {
        return new Linux(
                linux.list("namespaces", Namespace::read),
                linux.list("uidMappings", IdMapping::read),
                linux.list("gidMappings", IdMapping::read),
                linux.map("timeOffsets", TimeOffset::read),
                linux.list("devices", Device::read),
                linux.map("netDevices", device -> device.text("name")),
                linux.text("cgroupsPath").filter(path -> !path.isEmpty()),
                linux.get("resources").map(Resources::read),
                linux.get("intelRdt").map(IntelRdt::read),
                linux.get("memoryPolicy").map(MemoryPolicy::read),
                linux.map("sysctl", Member::text),
                linux.get("seccomp").map(Seccomp::read),
                linux.text("rootfsPropagation").filter(word -> !word.isEmpty()),
                linux.texts("maskedPaths"),
                linux.texts("readonlyPaths"),
                linux.text("mountLabel").filter(label -> !label.isEmpty()),
                linux.get("personality").map(Personality::read));
    }

    /** The same with other namespaces and maps. */
    public Linux with(List<Namespace> namespaces, List<IdMapping> uidMappings, List<IdMapping> gidMappings) {
        return new Linux(
                namespaces,
                uidMappings,
                gidMappings,
                timeOffsets,
                devices,
                netDevices,
                cgroupsPath,
                resources,
                intelRdt,
                memoryPolicy,
                sysctl,
                seccomp,
                rootfsPropagation,
                maskedPaths,
                readonlyPaths,
                mountLabel,
                personality);
    }

    /** The entry of that kind, if one is listed. */
    public Optional<Namespace> namespace(NamespaceType type) {
        return namespaces.stream().filter(entry -> entry.type() == type).findFirst();
    }

    /** Whether a namespace of that kind is made for this container. */
    public boolean isNew(NamespaceType type) {
        return namespace(type).filter(entry -> entry.path().isEmpty()).isPresent();
    }

    /** Whether the container becomes a member of an existing namespace of that kind. */
    public boolean joins(NamespaceType type) {
        return namespace(type).flatMap(Namespace::path).isPresent();
    }

    /** Cache and memory bandwidth allocation, see resctrl in the kernel's documentation. */
    public record IntelRdt(
            Optional<String> closId,
            List<String> schemata,
            Optional<String> l3CacheSchema,
            Optional<String> memBwSchema,
            boolean enableMonitoring) {

        static IntelRdt read(Member rdt) {
            return new IntelRdt(
                    rdt.text("closID"),
                    rdt.texts("schemata"),
                    rdt.text("l3CacheSchema"),
                    rdt.text("memBwSchema"),
                    rdt.flag("enableMonitoring").orElse(false));
        }
    }

    /** NUMA memory policy, see set_mempolicy(2). */
    public record MemoryPolicy(String mode, Optional<String> nodes, List<String> flags) {

        static MemoryPolicy read(Member policy) {
            return new MemoryPolicy(policy.require("mode").text(), policy.text("nodes"), policy.texts("flags"));
        }
    }

    /** Execution domain, see personality(2). */
    public record Personality(String domain, List<String> flags) {

        static Personality read(Member personality) {
            return new Personality(personality.require("domain").text(), personality.texts("flags"));
        }
    }
}

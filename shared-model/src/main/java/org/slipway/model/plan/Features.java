package org.slipway.model.plan;

import java.util.Arrays;
import java.util.List;
import org.slipway.model.spec.NamespaceType;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The features structure (features.md): what this runtime can do, the same on every host. Only what the compiler makes plans for is listed;
 * what it refuses as unsupported is absent or {@code false}.
 */
public final class Features {

    private static final List<String> ACTIONS = List.of(
            "SCMP_ACT_ALLOW",
            "SCMP_ACT_ERRNO",
            "SCMP_ACT_KILL",
            "SCMP_ACT_KILL_PROCESS",
            "SCMP_ACT_KILL_THREAD",
            "SCMP_ACT_LOG",
            "SCMP_ACT_NOTIFY",
            "SCMP_ACT_TRACE",
            "SCMP_ACT_TRAP");

    private static final List<String> OPERATORS = List.of(
            "SCMP_CMP_EQ",
            "SCMP_CMP_GE",
            "SCMP_CMP_GT",
            "SCMP_CMP_LE",
            "SCMP_CMP_LT",
            "SCMP_CMP_MASKED_EQ",
            "SCMP_CMP_NE");

    /** Those with the order of bytes of amd64 and arm64, for which libseccomp has made filters since 2.5. */
    private static final List<String> ARCHITECTURES = List.of(
            "SCMP_ARCH_AARCH64",
            "SCMP_ARCH_ARM",
            "SCMP_ARCH_MIPSEL",
            "SCMP_ARCH_MIPSEL64",
            "SCMP_ARCH_MIPSEL64N32",
            "SCMP_ARCH_PPC64LE",
            "SCMP_ARCH_RISCV64",
            "SCMP_ARCH_X32",
            "SCMP_ARCH_X86",
            "SCMP_ARCH_X86_64");

    private Features() {}

    /**
     * The structure.
     *
     * @param version the runtime's own
     * @param commit of its source
     */
    public static ObjectNode tree(String version, String commit) {
        ObjectNode features = new JsonMapper().createObjectNode();
        features.put("ociVersionMin", "1.0.0");
        features.put("ociVersionMax", "1.3.0");
        put(
                features,
                "hooks",
                Arrays.stream(HookOp.Kind.values()).map(HookOp.Kind::member).toList());
        put(
                features,
                "mountOptions",
                MountOptions.words().stream()
                        .filter(word -> !word.equals("tmpcopyup"))
                        .sorted()
                        .toList());
        linux(features.putObject("linux"));
        features.putArray("potentiallyUnsafeConfigAnnotations"); // none: annotations change nothing but the state
        features.putObject("annotations")
                .put("org.slipway.version", version)
                .put("org.slipway.commit", commit)
                .put(
                        "org.slipway.confined.before-6.8",
                        "degraded: mounts are recognised by ids that the kernel may use again")
                .put("org.slipway.confined.before-6.5", "degraded: a peer is found by its pid, and checked afterwards");
        return features;
    }

    /** The structure as {@code slipway features} prints it. */
    public static String text(String version, String commit) {
        return tree(version, commit).toPrettyString() + "\n";
    }

    private static void linux(ObjectNode linux) {
        put(
                linux,
                "namespaces",
                Arrays.stream(NamespaceType.values())
                        .map(NamespaceType::word)
                        .sorted()
                        .toList());
        put(linux, "capabilities", Capability.NAMES);
        linux.putObject("cgroup")
                .put("v1", true)
                .put("v2", true)
                .put("systemd", true)
                .put("systemdUser", false)
                .put("rdma", true);
        ObjectNode seccomp = linux.putObject("seccomp").put("enabled", true);
        put(seccomp, "actions", ACTIONS);
        put(seccomp, "operators", OPERATORS);
        put(seccomp, "archs", ARCHITECTURES);
        List<String> flags = ProcessPass.filterFlags();
        put(seccomp, "knownFlags", flags);
        put(seccomp, "supportedFlags", flags);
        linux.putObject("apparmor").put("enabled", true);
        linux.putObject("selinux").put("enabled", true);
        linux.putObject("intelRdt").put("enabled", true).put("schemata", true).put("monitoring", true);
        ObjectNode memoryPolicy = linux.putObject("memoryPolicy");
        put(memoryPolicy, "modes", SchedulingPass.memoryModes());
        put(memoryPolicy, "flags", SchedulingPass.memoryFlags());
        linux.putObject("mountExtensions").putObject("idmap").put("enabled", true);
        linux.putObject("netDevices").put("enabled", true);
    }

    private static void put(ObjectNode object, String member, List<String> words) {
        ArrayNode array = object.putArray(member);
        words.forEach(array::add);
    }
}

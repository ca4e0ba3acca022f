package org.slipway.model.profile;

import static org.slipway.model.profile.Converted.Kind.REINTERPRETED;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slipway.model.json.Pointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What turns the shape of each profile into that of the next: read from the top it is the history of the configuration. The sources
 * are specs-go and the text at each tag.
 */
final class Chain {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final BigInteger LARGEST = BigInteger.valueOf(Long.MAX_VALUE);

    /** The sets that a flat list of capabilities fills; not the ambient one, which came later (DRAFT-0.3-04). */
    private static final List<String> SETS = List.of("bounding", "effective", "permitted", "inheritable");

    private static final Map<String, List<Change>> INTO = into();

    private Chain() {}

    /** What leads into a profile from the one before it. */
    static List<Change> into(Profile profile) {
        return INTO.getOrDefault(profile.name(), List.of());
    }

    private static Map<String, List<Change>> into() {
        Map<String, List<Change>> chain = new LinkedHashMap<>();
        chain.put(
                "0.3",
                List.of(
                        TwoFiles::join,
                        rewriting -> rewriting.rename("/version", "ociVersion", "version-renamed"),
                        Chain::oldClassId,
                        Chain::devicePermissions));
        chain.put(
                "0.4",
                List.of(
                        later(
                                "/annotations",
                                "/process/capabilities",
                                "/process/rlimits",
                                "/process/apparmorProfile",
                                "/process/selinuxLabel",
                                "/process/noNewPrivileges"),
                        toProcess("capabilities", "capabilities"),
                        toProcess("rlimits", "rlimits"),
                        toProcess("apparmorProfile", "apparmorProfile"),
                        toProcess("selinuxProcessLabel", "selinuxLabel"),
                        toProcess("noNewPrivileges", "noNewPrivileges"),
                        Chain::emptyFilter,
                        Chain::typeLetters,
                        Chain::workingDirectory));
        chain.put(
                "0.5",
                List.of(later(
                        "/hooks/prestart/*/timeout",
                        "/hooks/poststart/*/timeout",
                        "/hooks/poststop/*/timeout",
                        "/linux/maskedPaths",
                        "/linux/readonlyPaths")));
        chain.put("0430aaf", List.of(later("/root/autoremove")));
        chain.put("1.0.0-rc1", List.of(Chain::autoremove));
        chain.put(
                "1.0.0-rc5",
                List.of(
                        rewriting -> rewriting.split("/process/capabilities", SETS, "capabilities-split"),
                        Chain::names));
        chain.put(
                "1.0.0-rc6",
                List.of(
                        rewriting -> rewriting.drop("/platform", "platform-dropped", true, Map.of()),
                        rewriting -> rewriting.move(
                                "/linux/resources/oomScoreAdj", "/process/oomScoreAdj", "oom-score-moved"),
                        Chain::blockIo,
                        Chain::unlimited));
        chain.put(
                "1.0",
                List.of(
                        later(
                                "/hooks/createRuntime",
                                "/hooks/createContainer",
                                "/hooks/startContainer",
                                "/domainname",
                                "/mounts/*/uidMappings",
                                "/mounts/*/gidMappings",
                                "/process/scheduler",
                                "/process/ioPriority",
                                "/process/execCPUAffinity",
                                "/process/user/umask",
                                "/linux/intelRdt",
                                "/linux/memoryPolicy",
                                "/linux/netDevices",
                                "/linux/personality",
                                "/linux/resources/cpu/burst",
                                "/linux/resources/cpu/idle",
                                "/linux/resources/memory/checkBeforeUpdate",
                                "/linux/resources/memory/useHierarchy",
                                "/linux/resources/rdma",
                                "/linux/resources/unified",
                                "/linux/seccomp/defaultErrnoRet",
                                "/linux/seccomp/flags",
                                "/linux/seccomp/listenerMetadata",
                                "/linux/seccomp/listenerPath",
                                "/linux/seccomp/syscalls/*/errnoRet",
                                "/linux/timeOffsets"),
                        rewriting -> rewriting.move(
                                "/linux/resources/disableOOMKiller",
                                "/linux/resources/memory/disableOOMKiller",
                                "oom-killer-moved")));
        chain.put("1.3", List.of(Chain::noTasks));
        return chain;
    }

    /** Members that this profile brings: an older configuration that carries them does not mean them (DRAFT-0.5-02). */
    private static Change later(String... patterns) {
        return rewriting -> {
            if (rewriting.draft()) {
                for (String pattern : patterns) {
                    rewriting.places(pattern).forEach(place -> rewriting.drop(place, "member-later", true, Map.of()));
                }
            }
        };
    }

    private static Change toProcess(String from, String to) {
        return rewriting -> rewriting.move("/linux/" + from, "/process/" + to, "moved-to-process");
    }

    /** 0.2 wrote the class of network packets as text, under another name. */
    private static void oldClassId(Rewriting rewriting) {
        String old = "/linux/resources/network/classId";
        JsonNode value = rewriting.at(old);
        if (value.isString() && value.stringValue().matches("0[xX][0-9a-fA-F]{1,8}|\\d{1,9}")) {
            rewriting.renamed(old, "classID", JSON.numberNode(Long.decode(value.stringValue())), "class-id-number");
        } else if (value.isString() && value.stringValue().isEmpty()) {
            rewriting.drop(old, "empty-dropped", false, Map.of());
        } else {
            rewriting.rename(old, "classID", "class-id-number");
        }
    }

    /** In 0.2 a device's own entry said how it may be used; since then rules of the control group do. */
    private static void devicePermissions(Rewriting rewriting) {
        for (String place : rewriting.places("/linux/devices/*/permissions")) {
            boolean all = rewriting.at(place).isString()
                    && rewriting
                            .at(place)
                            .stringValue()
                            .chars()
                            .sorted()
                            .mapToObj(c -> "" + (char) c)
                            .reduce("", String::concat)
                            .equals("mrw");
            rewriting.drop(place, "device-permissions-dropped", !all, Map.of());
        }
    }

    /** A filter was not optional in 0.3: programs that wanted none wrote one that says nothing. */
    private static void emptyFilter(Rewriting rewriting) {
        JsonNode filter = rewriting.at("/linux/seccomp");
        if (filter.isObject()
                && filter.path("defaultAction").asString("").isEmpty()
                && filter.path("syscalls").isEmpty()) {
            rewriting.drop("/linux/seccomp", "empty-dropped", false, Map.of());
        }
    }

    /** In 0.3 a device's type is a character, which programs wrote as its number (DRAFT-0.3-21). */
    private static void typeLetters(Rewriting rewriting) {
        List<String> places = new ArrayList<>(rewriting.places("/linux/devices/*/type"));
        places.addAll(rewriting.places("/linux/resources/devices/*/type"));
        for (String place : places) {
            JsonNode type = rewriting.at(place);
            if (type.isIntegralNumber() && type.canConvertToInt() && type.intValue() > ' ' && type.intValue() < 127) {
                rewriting.replace(
                        REINTERPRETED,
                        place,
                        JSON.stringNode(Character.toString(type.intValue())),
                        "device-type-letter",
                        false);
            }
        }
    }

    /** Prose says absolute, the comment on the type relative to the root: both are read (DRAFT-0.3-05). */
    private static void workingDirectory(Rewriting rewriting) {
        JsonNode directory = rewriting.at("/process/cwd");
        if (directory.isString() && !directory.stringValue().startsWith("/")) {
            rewriting.replace(
                    REINTERPRETED,
                    "/process/cwd",
                    JSON.stringNode("/" + directory.stringValue()),
                    "cwd-relative",
                    false);
        }
    }

    private static void autoremove(Rewriting rewriting) {
        boolean wanted = rewriting.at("/root/autoremove").asBoolean(false);
        rewriting.drop("/root/autoremove", "autoremove-dropped", wanted, Map.of());
    }

    /** One rule of a filter named one system call. */
    private static void names(Rewriting rewriting) {
        for (String place : rewriting.places("/linux/seccomp/syscalls/*/name")) {
            JsonNode name = rewriting.at(place);
            if (name.isString()) {
                rewriting.renamed(place, "names", JSON.arrayNode().add(name), "seccomp-names");
            }
        }
    }

    private static void blockIo(Rewriting rewriting) {
        for (String name : List.of(
                "Weight",
                "LeafWeight",
                "WeightDevice",
                "ThrottleReadBpsDevice",
                "ThrottleWriteBpsDevice",
                "ThrottleReadIOPSDevice",
                "ThrottleWriteIOPSDevice")) {
            rewriting.rename(
                    "/linux/resources/blockIO/blkio" + name,
                    Character.toLowerCase(name.charAt(0)) + name.substring(1),
                    "block-io-renamed");
        }
    }

    /** Numbers without a sign had no -1: unlimited was the largest one (DRAFT-0.3-22). */
    private static void unlimited(Rewriting rewriting) {
        List<String> places = new ArrayList<>();
        for (String name : List.of("limit", "reservation", "swap", "kernel", "kernelTCP")) {
            places.add("/linux/resources/memory/" + name);
        }
        places.add("/linux/resources/cpu/quota");
        places.add("/linux/resources/cpu/realtimeRuntime");
        for (String place : places) {
            JsonNode number = rewriting.at(place);
            if (number.isIntegralNumber()
                    && number.bigIntegerValue().compareTo(LARGEST) > 0
                    && number.bigIntegerValue().bitLength() <= Long.SIZE) {
                rewriting.replace(REINTERPRETED, place, JSON.numberNode(-1), "unlimited-signed", false);
            }
        }
    }

    /** Zero is a limit since 1.3; before, it had no meaning of its own, and is read as no limit (DRAFT-1.X-05). */
    private static void noTasks(Rewriting rewriting) {
        JsonNode limit = rewriting.at("/linux/resources/pids/limit");
        if (limit.isIntegralNumber() && limit.bigIntegerValue().signum() == 0) {
            rewriting.replace(REINTERPRETED, "/linux/resources/pids/limit", JSON.numberNode(-1), "pids-zero", false);
        }
    }

    /** The places where files of 0.1 and 0.2 stand when both are one document. */
    static String inFile(String file, String pointer) {
        return Pointer.child("", file) + pointer;
    }
}

package org.slipway.workbench.portability;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * A runtime that is installed here.
 *
 * @param version such as {@code 1.1.5}
 * @param features what its {@code features} prints (features.md); missing for one too old to have that command
 */
record Installed(String version, JsonNode features) {

    private static final Pattern VERSION = Pattern.compile("\\bversion:? v?(\\d+(?:\\.\\d+)+)");
    private static final JsonMapper JSON = new JsonMapper();

    /** A member, and where the features say whether it has an effect. */
    private static final Map<String, String> SWITCHES = Map.of(
            "/linux/seccomp", "/linux/seccomp/enabled",
            "/process/apparmorProfile", "/linux/apparmor/enabled",
            "/process/selinuxLabel", "/linux/selinux/enabled",
            "/linux/mountLabel", "/linux/selinux/enabled",
            "/linux/intelRdt", "/linux/intelRdt/enabled",
            "/linux/netDevices", "/linux/netDevices/enabled",
            "/linux/resources/rdma", "/linux/cgroup/rdma",
            "/mounts/*/uidMappings", "/linux/mountExtensions/idmap/enabled",
            "/mounts/*/gidMappings", "/linux/mountExtensions/idmap/enabled");

    /** Out of what {@code --version} and {@code features} print; empty if the first names no version. */
    static Optional<Installed> of(String versionOutput, String featuresOutput) {
        Matcher version = VERSION.matcher(versionOutput);
        return version.find() ? Optional.of(new Installed(version.group(1), read(featuresOutput))) : Optional.empty();
    }

    private static JsonNode read(String text) {
        try {
            JsonNode node = JSON.readTree(text);
            return node.isObject() ? node : MissingNode.getInstance();
        } catch (JacksonException e) {
            return MissingNode.getInstance(); // no such command
        }
    }

    /** Whether the features themselves say what it does with a member; empty if they leave it open. */
    Optional<Boolean> says(String pattern) {
        if (!features.isObject()) {
            return Optional.empty();
        }
        if (pattern.startsWith("/hooks/")) {
            return listed(features.at("/hooks"), pattern.split("/", -1)[2]);
        }
        if (pattern.equals("/linux/timeOffsets") || pattern.startsWith("/linux/timeOffsets/")) {
            return listed(features.at("/linux/namespaces"), "time");
        }
        return SWITCHES.entrySet().stream()
                .filter(each -> pattern.equals(each.getKey()) || pattern.startsWith(each.getKey() + "/"))
                .filter(each -> features.at(each.getValue()).isBoolean())
                // that a whole is there does not say that each of its parts is
                .filter(each -> pattern.equals(each.getKey())
                        || !features.at(each.getValue()).booleanValue())
                .map(each -> features.at(each.getValue()).booleanValue())
                .findFirst();
    }

    private static Optional<Boolean> listed(JsonNode list, String word) {
        return list.isArray()
                ? Optional.of(StreamSupport.stream(list.spliterator(), false)
                        .anyMatch(each -> each.asString("").equals(word)))
                : Optional.empty();
    }

    /** Whether its version is that one or a later. */
    boolean atLeast(String wanted) {
        int[] mine = numbers(version);
        int[] least = numbers(wanted);
        for (int i = 0; i < Math.max(mine.length, least.length); i++) {
            int difference = (i < mine.length ? mine[i] : 0) - (i < least.length ? least[i] : 0);
            if (difference != 0) {
                return difference > 0;
            }
        }
        return true;
    }

    private static int[] numbers(String version) {
        return Pattern.compile("\\.")
                .splitAsStream(version)
                .mapToInt(Integer::parseInt)
                .toArray();
    }
}

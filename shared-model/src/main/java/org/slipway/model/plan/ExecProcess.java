package org.slipway.model.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is executed, as it is asked for: members over those of the {@code process} that the container was made with (EXT-EXEC-01,
 * EXT-EXEC-03).
 *
 * @param process a {@code process} object: a member of it takes the place of the container's. What it leaves out of the arguments and the
 *     terminal is absent, not the container's
 * @param args the program and its arguments
 * @param env {@code NAME=VALUE}, in place of what has the name, or after it all
 * @param uid of the user, without which the container's stays
 * @param additionalGids besides those of the container
 * @param capabilities besides those of the container, in the sets that the program begins with
 */
public record ExecProcess(
        Optional<ObjectNode> process,
        List<String> args,
        boolean terminal,
        Optional<String> cwd,
        List<String> env,
        Optional<Long> uid,
        Optional<Long> gid,
        List<Long> additionalGids,
        List<String> capabilities,
        Optional<Boolean> noNewPrivileges,
        Optional<String> apparmorProfile,
        Optional<String> selinuxLabel) {

    private static final List<String> SETS = List.of("bounding", "effective", "permitted");

    public ExecProcess {
        process = process.map(ObjectNode::deepCopy);
        args = List.copyOf(args);
        env = List.copyOf(env);
        additionalGids = List.copyOf(additionalGids);
        capabilities = List.copyOf(capabilities);
    }

    /** What a {@code process} object alone asks for. */
    public static ExecProcess of(ObjectNode process) {
        return new ExecProcess(
                Optional.of(process),
                List.of(),
                false,
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** A program with its arguments, and for the rest the container's own. */
    public static ExecProcess of(List<String> args) {
        return new ExecProcess(
                Optional.empty(),
                args,
                false,
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** The configuration with what is executed in the place of its own process. */
    public ObjectNode in(ObjectNode config) {
        ObjectNode whole = config.deepCopy();
        ObjectNode own = whole.get("process") instanceof ObjectNode present
                ? present.deepCopy()
                : JsonMapper.shared().createObjectNode().put("cwd", "/");
        List.of("args", "terminal", "consoleSize").forEach(own::remove);
        process.ifPresent(
                members -> members.properties().forEach(member -> own.set(member.getKey(), member.getValue())));
        if (!args.isEmpty()) {
            ArrayNode words = own.putArray("args");
            args.forEach(words::add);
        }
        if (terminal) {
            own.put("terminal", true);
        }
        cwd.ifPresent(path -> own.put("cwd", path));
        environment(own);
        user(own);
        rights(own);
        whole.set("process", own);
        return whole;
    }

    private void environment(ObjectNode own) {
        if (env.isEmpty()) {
            return;
        }
        List<String> all = new ArrayList<>();
        if (own.get("env") instanceof ArrayNode present) {
            present.forEach(entry -> all.add(entry.asString("")));
        }
        for (String entry : env) {
            all.removeIf(other -> name(other).equals(name(entry)));
            all.add(entry);
        }
        ArrayNode entries = own.putArray("env");
        all.forEach(entries::add);
    }

    private static String name(String entry) {
        int equals = entry.indexOf('=');
        return equals < 0 ? entry : entry.substring(0, equals);
    }

    private void user(ObjectNode own) {
        if (uid.isEmpty() && gid.isEmpty() && additionalGids.isEmpty()) {
            return;
        }
        ObjectNode user = own.get("user") instanceof ObjectNode present ? present : own.putObject("user");
        uid.ifPresent(id -> user.put("uid", id));
        gid.ifPresent(id -> user.put("gid", id));
        if (!additionalGids.isEmpty()) {
            ArrayNode groups =
                    user.get("additionalGids") instanceof ArrayNode present ? present : user.putArray("additionalGids");
            additionalGids.forEach(groups::add);
        }
    }

    private void rights(ObjectNode own) {
        noNewPrivileges.ifPresent(on -> own.put("noNewPrivileges", on));
        apparmorProfile.ifPresent(profile -> own.put("apparmorProfile", profile));
        selinuxLabel.ifPresent(label -> own.put("selinuxLabel", label));
        if (capabilities.isEmpty()) {
            return;
        }
        ObjectNode sets =
                own.get("capabilities") instanceof ObjectNode present ? present : own.putObject("capabilities");
        for (String set : SETS) {
            ArrayNode names = sets.get(set) instanceof ArrayNode present ? present : sets.putArray(set);
            for (String name : capabilities) {
                if (!contains(names, name)) {
                    names.add(name);
                }
            }
        }
    }

    private static boolean contains(ArrayNode names, String wanted) {
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).asString("").equals(wanted)) {
                return true;
            }
        }
        return false;
    }
}

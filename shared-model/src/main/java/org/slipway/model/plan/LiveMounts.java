package org.slipway.model.plan;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slipway.model.spec.Spec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What is mounted in a container, and which member of its configuration asked for it. */
public final class LiveMounts {

    private LiveMounts() {}

    /**
     * The mounts in the kernel's order, later ones on top: {@code target}, {@code type}, {@code source}, {@code options}, and {@code member},
     * a pointer, where one is behind it.
     *
     * @param mountinfo of the container's first process, see proc_pid_mountinfo(5)
     * @param spec its effective configuration
     */
    public static ArrayNode of(String mountinfo, Spec spec) {
        Map<String, String> members = members(spec);
        ArrayNode mounts = JsonNodeFactory.instance.arrayNode();
        mountinfo.lines().forEach(line -> {
            List<String> fields = List.of(line.split(" "));
            int dash = fields.indexOf("-");
            if (dash < 6 || fields.size() < dash + 3) {
                return;
            }
            String target = LiveReadings.unescaped(fields.get(4));
            ObjectNode mount = mounts.addObject();
            mount.put("target", target);
            mount.put("type", fields.get(dash + 1));
            mount.put("source", LiveReadings.unescaped(fields.get(dash + 2)));
            mount.put("options", fields.get(5));
            String member = members.get(target);
            if (member != null) {
                mount.put("member", member);
            }
        });
        return mounts;
    }

    /** By target; of several members for one the last counts, which lies on top. */
    private static Map<String, String> members(Spec spec) {
        Map<String, String> members = new LinkedHashMap<>();
        spec.root().ifPresent(_ -> members.put("/", "/root/path"));
        spec.process()
                .filter(process -> process.terminal())
                .ifPresent(_ -> members.put("/dev/console", "/process/terminal"));
        for (int i = 0; i < spec.mounts().size(); i++) {
            members.put(Paths.clean(spec.mounts().get(i).destination()), "/mounts/" + i);
        }
        for (int i = 0; i < spec.linux().devices().size(); i++) {
            members.put(Paths.clean(spec.linux().devices().get(i).path()), "/linux/devices/" + i);
        }
        paths(members, "/linux/readonlyPaths/", spec.linux().readonlyPaths());
        paths(members, "/linux/maskedPaths/", spec.linux().maskedPaths());
        return members;
    }

    private static void paths(Map<String, String> members, String pointer, List<String> paths) {
        for (int i = 0; i < paths.size(); i++) {
            members.put(Paths.clean(paths.get(i)), pointer + i);
        }
    }
}

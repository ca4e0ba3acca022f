package org.slipway.model.plan;

import org.slipway.model.spec.DefaultSpec;
import org.slipway.model.spec.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Configurations for tests, as text and as values. */
final class Specs {

    static final JsonMapper JSON = new JsonMapper();

    private Specs() {}

    static ObjectNode tree(String text) {
        return (ObjectNode) JSON.readTree(text);
    }

    static Spec parse(String text) {
        return Spec.read(tree(text));
    }

    /**
     * A configuration with what every one needs: a root, a process, a mount namespace.
     *
     * @param changes JSON merge patch (RFC 7396) in which quotation marks may be single
     */
    static String minimal(String changes) {
        ObjectNode config = tree("""
                {"ociVersion":"1.3.0","root":{"path":"rootfs"},
                 "process":{"cwd":"/","args":["sh"],"env":["PATH=/bin"],"user":{"uid":0,"gid":0}},
                 "mounts":[{"destination":"/proc","type":"proc","source":"proc"}],
                 "linux":{"namespaces":[{"type":"mount"},{"type":"pid"}]}}""");
        merge(config, tree(changes.replace('\'', '"')));
        return config.toString();
    }

    /** The default configuration, changed likewise. */
    static String standard(String changes) {
        ObjectNode config = tree(DefaultSpec.text());
        merge(config, tree(changes.replace('\'', '"')));
        return config.toString();
    }

    private static void merge(ObjectNode into, ObjectNode patch) {
        patch.properties().forEach(change -> {
            if (change.getValue().isNull()) {
                into.remove(change.getKey());
            } else if (change.getValue() instanceof ObjectNode below
                    && into.get(change.getKey()) instanceof ObjectNode present) {
                merge(present, below);
            } else {
                into.set(change.getKey(), change.getValue());
            }
        });
    }

    static Spec standard() {
        return parse(DefaultSpec.text());
    }
}

package org.slipway.model.plan;

import org.slipway.model.spec.Spec;
import org.slipway.model.state.Owned;
import org.slipway.model.state.StateShape;
import org.slipway.model.state.Status;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The state object (runtime.md, State) as text, open at the pid: only the actor that runs a hook knows it as the hook must see it.
 *
 * @param head up to the pid's digits
 * @param tail from after them
 */
public record StateText(String head, String tail) {

    private static final JsonMapper JSON = new JsonMapper();

    public static StateText of(Spec spec, String bundle, Owned name, Status status) {
        StateShape shape = spec.lifecycle().state();
        ObjectNode before = JSON.createObjectNode();
        shape.version().forEach(member -> before.put(member, spec.ociVersion()));
        before.put("id", name.id().value());
        if (shape.status()) {
            before.put("status", shape.word(status));
        }
        ObjectNode after = JSON.createObjectNode();
        after.put(shape.bundle(), bundle);
        if (shape.annotations() && !spec.annotations().isEmpty()) {
            ObjectNode annotations = after.putObject("annotations");
            spec.annotations().forEach(annotations::put);
        }
        String head = before.toString();
        return new StateText(
                head.substring(0, head.length() - 1) + ",\"pid\":",
                "," + after.toString().substring(1));
    }

    /** The whole object. */
    public String with(int pid) {
        return head + pid + tail;
    }
}

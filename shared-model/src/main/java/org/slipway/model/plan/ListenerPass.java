package org.slipway.model.plan;

import static org.slipway.model.plan.Draft.field;

import java.util.List;
import java.util.Optional;
import org.slipway.model.plan.ListenerOp.ProbeListener;
import org.slipway.model.plan.ListenerOp.SendListener;
import org.slipway.model.spec.Seccomp;
import org.slipway.model.state.Status;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The listener of a filter that notifies (SEC-11 to SEC-16); without a notifying rule {@code listenerPath} means nothing. */
final class ListenerPass {

    private static final String POINTER = "/linux/seccomp/listenerPath";
    private static final JsonMapper JSON = new JsonMapper();

    private ListenerPass() {}

    /** Whether the filter has a listener, and somebody to send it to. */
    static boolean needed(Compilation c) {
        return path(c).isPresent();
    }

    static List<Draft> probe(Compilation c) {
        return path(c).map(path -> List.of(Draft.helper(Phase.RESERVE, field(POINTER), new ProbeListener(path))))
                .orElse(List.of());
    }

    static List<Draft> send(Compilation c) {
        return send(c, Status.CREATING);
    }

    /** The status is what the message says: {@code creating}, as the specification asks for the container's first process. */
    static List<Draft> send(Compilation c, Status status) {
        return path(c).map(path -> List.of(Draft.helper(Phase.PROGRAM, field(POINTER), message(c, path, status))))
                .orElse(List.of());
    }

    private static Optional<String> path(Compilation c) {
        return c.linux
                .seccomp()
                .filter(Seccomp::notifies)
                .flatMap(Seccomp::listenerPath)
                .map(c::fromBundle);
    }

    private static SendListener message(Compilation c, String path, Status status) {
        StateText state = StateText.of(c.spec, c.request.bundle(), c.request.name(), status);
        ObjectNode before = JSON.createObjectNode();
        before.put("ociVersion", c.spec.ociVersion());
        before.putArray("fds").add("seccompFd");
        ObjectNode after = JSON.createObjectNode();
        c.linux.seccomp().flatMap(Seccomp::listenerMetadata).ifPresent(text -> after.put("metadata", text));
        String metadata = after.isEmpty() ? "" : inner(after) + ",";
        return new SendListener(
                path,
                "{" + inner(before) + ",\"pid\":",
                "," + metadata + "\"state\":" + state.head(),
                state.tail() + "}");
    }

    /** An object's text without its braces. */
    private static String inner(ObjectNode object) {
        String text = object.toString();
        return text.substring(1, text.length() - 1);
    }
}

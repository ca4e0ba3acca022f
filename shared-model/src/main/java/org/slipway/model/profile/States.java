package org.slipway.model.profile;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slipway.model.state.StateShape;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The state of any container in the shape of any profile (DRAFT-04). */
public final class States {

    private States() {}

    /** The profile that a state names, which is the container's own; the newest where it names none. */
    public static Profile own(ObjectNode state) {
        return Profiles.recorded(
                state.path("profile").asString(Profiles.newest().name()), false);
    }

    /**
     * The state as a profile writes it.
     *
     * @param state as this runtime keeps it: in the shape of 1.3, with its own members
     */
    public static ObjectNode in(Profile profile, ObjectNode state) {
        StateShape shape = profile.lifecycle().state();
        if (shape.equals(StateShape.NEWEST)) {
            ObjectNode same = state.deepCopy();
            version(profile, state).ifPresent(version -> same.put("ociVersion", version));
            return same;
        }
        ObjectNode written = JsonNodeFactory.instance.objectNode();
        String version = version(profile, state).orElse(state.path("ociVersion").asString(""));
        shape.version().forEach(name -> written.put(name, version));
        written.put("id", state.path("id").asString(""));
        if (shape.status()) {
            String status = state.path("status").asString("");
            written.put("status", status.equals("creating") && !shape.creating() ? "created" : status);
        }
        if (state.has("pid") || shape.pidAlways()) {
            written.put("pid", state.path("pid").asInt(0));
        }
        written.put(shape.bundle(), state.path("bundle").asString(""));
        if (shape.annotations() && state.path("annotations").isObject()) {
            written.set("annotations", state.path("annotations"));
        }
        written.put("profile", own(state).name());
        return written;
    }

    /** Each profile's view of one container, by the profile's name. */
    public static Map<String, ObjectNode> all(ObjectNode state) {
        Map<String, ObjectNode> views = new LinkedHashMap<>();
        Profiles.all().forEach(profile -> views.put(profile.name(), in(profile, state)));
        return views;
    }

    /** The version that another profile than the container's own writes. */
    private static Optional<String> version(Profile profile, ObjectNode state) {
        return own(state).name().equals(profile.name()) ? Optional.empty() : Optional.of(profile.version());
    }
}

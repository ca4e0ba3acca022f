package org.slipway.model.state;

import java.util.List;

/**
 * How a version of the specification writes a container's state.
 *
 * @param version the members that hold the version, in their order
 * @param status whether there is a member {@code status}
 * @param creating whether {@code creating} is a word for it; without it such a container counts as {@code created}
 * @param bundle the member that holds the bundle's path
 * @param annotations whether the configuration's annotations are shown
 * @param pidAlways whether {@code pid} is there for a container that has ended too, as 0
 */
public record StateShape(
        List<String> version, boolean status, boolean creating, String bundle, boolean annotations, boolean pidAlways) {

    /** That of release 1.3. */
    public static final StateShape NEWEST = new StateShape(List.of("ociVersion"), true, true, "bundle", true, false);

    public StateShape {
        version = List.copyOf(version);
    }

    /** The word for a status. */
    public String word(Status now) {
        return (now == Status.CREATING && !creating ? Status.CREATED : now).word();
    }
}

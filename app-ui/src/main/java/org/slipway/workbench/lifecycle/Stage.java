package org.slipway.workbench.lifecycle;

import java.util.List;
import java.util.Locale;
import org.slipway.model.state.Status;

/** Where a container can be in its life, as it is drawn. */
public enum Stage {
    NONE,
    CREATING,
    CREATED,
    RUNNING,
    STOPPED,
    GONE;

    /** The track, from left to right. */
    public static final List<Stage> TRACK = List.of(values());

    /** The stage of a status; a paused container stands where it ran. */
    static Stage of(Status status) {
        return switch (status) {
            case CREATING -> CREATING;
            case CREATED -> CREATED;
            case RUNNING, PAUSED -> RUNNING;
            case STOPPED -> STOPPED;
        };
    }

    /** Its text: {@code stage.<key>}. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}

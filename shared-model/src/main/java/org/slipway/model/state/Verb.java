package org.slipway.model.state;

import java.util.EnumSet;
import java.util.Set;

/** What may be asked of a container. */
public enum Verb {
    START,
    KILL,
    DELETE,
    PAUSE,
    RESUME,
    UPDATE;

    /** The one table of what may be asked when (OPS-START-02, OPS-KILL-02, OPS-DELETE-02). */
    public static Set<Verb> allowed(Status status) {
        return switch (status) {
            case CREATING -> EnumSet.noneOf(Verb.class);
            case CREATED -> EnumSet.of(START, KILL, UPDATE);
            case RUNNING -> EnumSet.of(KILL, PAUSE, UPDATE);
            case PAUSED -> EnumSet.of(KILL, RESUME, UPDATE);
            case STOPPED -> EnumSet.of(DELETE);
        };
    }
}

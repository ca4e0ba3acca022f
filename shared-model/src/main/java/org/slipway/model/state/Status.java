package org.slipway.model.state;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** A container's status (runtime.md, section State); {@code paused} is this runtime's own. */
public enum Status {
    CREATING,
    CREATED,
    RUNNING,
    PAUSED,
    STOPPED;

    /** Its name in the state object. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

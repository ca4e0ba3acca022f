package org.slipway.helper.door;

import java.util.Locale;

/** What a connection may ask. */
public enum Tier {
    /** Root, the person who started the helper, or a member of the group {@code slipway-admin}. */
    ADMINISTRATOR,
    /** Anyone else on the administrators' socket. */
    PETITIONER,
    /** Anyone on the users' socket, root too: questions about their own containers. */
    CONFINED;

    /** Whether this tier may ask it at all; of which containers is judged apart. */
    public boolean allows(Ask ask) {
        return switch (this) {
            case ADMINISTRATOR -> true;
            case PETITIONER -> ask == Ask.INFO;
            case CONFINED ->
                switch (ask) {
                    case INFO, COMMAND, LIST, STATE, TRACE, HOOKS, LOGS, WATCH, WAIT -> true;
                    case SHUTDOWN, CREATE, START, KILL, DELETE, INPUT, RESIZE -> false;
                };
        };
    }

    /** The code of the answer to what it may not ask. */
    public String refusal() {
        return switch (this) {
            case ADMINISTRATOR -> throw new IllegalStateException("an administrator may ask everything");
            case PETITIONER -> "not-an-administrator";
            case CONFINED -> "confined-tier-later";
        };
    }

    /** Its name on the wire. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

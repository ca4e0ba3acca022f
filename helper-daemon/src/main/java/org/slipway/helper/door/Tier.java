package org.slipway.helper.door;

import java.util.Locale;

/** What a connection may ask. */
public enum Tier {
    /** Root, the person who started the helper, or a member of the group {@code slipway-admin}. */
    ADMINISTRATOR,
    /** Anyone else on the administrators' socket. */
    PETITIONER,
    /** Anyone on the users' socket: containers of their own, which become them. */
    CONFINED;

    /** Whether this tier may ask it at all; of which containers is judged apart. */
    public boolean allows(Ask ask) {
        return switch (this) {
            case ADMINISTRATOR -> true;
            case PETITIONER -> ask == Ask.INFO;
            case CONFINED ->
                switch (ask) {
                    case INFO, COMMAND, LIST, STATE, TRACE, HOOKS, LOGS, WATCH, WAIT, PROCESSES, PIDS -> true;
                    // their own, made with their own rights: what they cannot do to them the engine refuses
                    case CREATE, START, KILL, DELETE, ABORT, PAUSE, RESUME, UPDATE -> true;
                    case STATISTICS, STOP, EXEC, INPUT, RESIZE -> true;
                    case SHUTDOWN -> false;
                };
        };
    }

    /** The code of the answer to what it may not ask. */
    public String refusal() {
        return switch (this) {
            case ADMINISTRATOR -> throw new IllegalStateException("an administrator may ask everything");
            case PETITIONER -> "not-an-administrator";
            case CONFINED -> "not-for-confined";
        };
    }

    /** Its name on the wire. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package org.slipway.model.profile;

import java.util.EnumSet;
import java.util.Set;
import org.slipway.model.state.Status;
import org.slipway.model.state.Verb;

/**
 * Which operations a profile offers, and when.
 *
 * @param startMakes whether {@code start ID BUNDLE} makes a container and runs it in one operation
 * @param stop what its operation {@code stop} does
 * @param autoremove whether {@code root.autoremove} is read
 * @param deleteStops whether delete ends a container that runs
 * @param deleteWaiting whether delete takes a container whose program has not been started
 * @param killWaiting whether kill reaches a container whose program has not been started
 */
public record Operations(
        boolean startMakes,
        Stop stop,
        boolean autoremove,
        boolean deleteStops,
        boolean deleteWaiting,
        boolean killWaiting) {

    /** The operation {@code stop}. */
    public enum Stop {
        /** The profile has none; the command's own is the one of this runtime. */
        NONE,
        /** Ends all processes and deletes the container. */
        DELETES,
        /** Ends all processes, and leaves the rest to delete. */
        KEEPS
    }

    /** What may be asked of a container in a status. */
    public Set<Verb> allowed(Status status) {
        Set<Verb> verbs = EnumSet.noneOf(Verb.class);
        verbs.addAll(Verb.allowed(status));
        if (status == Status.CREATED && !killWaiting) {
            verbs.remove(Verb.KILL);
        }
        boolean live = status == Status.RUNNING || status == Status.PAUSED;
        if ((status == Status.CREATED && (deleteWaiting || deleteStops)) || (live && deleteStops)) {
            verbs.add(Verb.DELETE);
        }
        return verbs;
    }
}

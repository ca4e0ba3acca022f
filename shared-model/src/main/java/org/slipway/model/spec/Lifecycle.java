package org.slipway.model.spec;

import org.slipway.model.state.StateShape;

/**
 * What a version of the specification says about a container's life beside the members of its configuration. Compiler and engine
 * read these answers; nobody asks for the version itself.
 *
 * @param profile the name of the profile that gives them
 * @param prestartInStart whether prestart hooks run in start, just before the program, and not in create
 * @param poststartMayFail whether a failing poststart hook is a warning, and no end of the container
 * @param targetsExist whether a mount's target has to be in the root filesystem already
 * @param filesystemsAlways whether the default filesystems are there beside the mounts that are listed
 * @param rereadsProcess whether start reads {@code process} from the bundle again
 * @param autoremove whether this container is deleted by itself when it has ended
 * @param stateFile whether the state is a file below {@code /run/opencontainer/containers}
 * @param state how the state is written
 */
public record Lifecycle(
        String profile,
        boolean prestartInStart,
        boolean poststartMayFail,
        boolean targetsExist,
        boolean filesystemsAlways,
        boolean rereadsProcess,
        boolean autoremove,
        boolean stateFile,
        StateShape state) {

    /** The same for a container that is deleted by itself. */
    public Lifecycle removing() {
        return new Lifecycle(
                profile,
                prestartInStart,
                poststartMayFail,
                targetsExist,
                filesystemsAlways,
                rereadsProcess,
                true,
                stateFile,
                state);
    }

    /** That of release 1.3. */
    public static final Lifecycle NEWEST =
            new Lifecycle("1.3", false, false, false, false, false, false, false, StateShape.NEWEST);
}

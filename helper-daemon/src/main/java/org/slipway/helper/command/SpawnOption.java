package org.slipway.helper.command;

import java.util.Optional;
import org.slipway.helper.lifecycle.SpawningCommand;

/** Whose child the container becomes; the words are the option's own values. */
enum SpawnOption {
    /** Decided by how the command was called. */
    auto,
    /** The command's: for whoever waits for the container with waitpid(2), as a subreaper. */
    caller,
    /** The keeper's: for everybody else. */
    keeper;

    /**
     * The command itself, if it is to be the parent. Engines (conmon, containerd's shim) can't be recognised for certain, but what they
     * need can: they name a pid file, which nobody reads who does not watch that process, and have no terminal of their own.
     */
    Optional<SpawningCommand> spawner(Context.Helper helper, boolean pidFile) {
        boolean own = switch (this) {
            case caller -> true;
            case keeper -> false;
            case auto ->
                pidFile
                        && helper.frames().hello().terminals() == 0
                        && helper.gate().peer().spawns();
        };
        return own ? Optional.of(helper.frames()) : Optional.empty();
    }
}

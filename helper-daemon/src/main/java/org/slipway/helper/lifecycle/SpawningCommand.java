package org.slipway.helper.lifecycle;

import java.io.IOException;
import java.util.List;
import org.slipway.helper.libc.Fd;

/**
 * The command that asks for a container, where an engine waits for init itself: it starts the launcher as its own child, so that
 * init becomes one too (process-model: who is the spawner). Only root in the helper's own namespaces is one.
 */
public interface SpawningCommand {

    /**
     * Starts the launcher with the command's own standard streams.
     *
     * @param descriptors the sealed launcher, control socket, create plan, start plan, state directory, and, if there is one, the console
     *     socket; they stay ours
     * @param preserved how many of the command's descriptors from 3 on go along
     * @return a pidfd of the launcher, which is the caller's from then on
     */
    Fd spawn(List<Fd> descriptors, int preserved) throws IOException;

    /** The command's pid: nobody is taken for init who is not its child. */
    int pid();
}

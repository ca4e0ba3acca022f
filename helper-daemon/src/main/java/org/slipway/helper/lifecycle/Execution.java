package org.slipway.helper.lifecycle;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slipway.helper.libc.Fd;
import org.slipway.model.finding.Finding;
import org.slipway.model.plan.ExecProcess;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Owned;

/**
 * What exec is asked for.
 *
 * @param container in which it is executed
 * @param id of the process among those of the container; absent: one is made up
 * @param preserved further descriptors for the program, from 3 on; the caller closes them afterwards
 * @param umask the caller's, kept when the process names none
 * @param cgroups below those of the container, see {@link org.slipway.model.plan.ExecRequest}
 * @param ignorePaused whether a paused container will do: the program then waits until it is resumed
 * @param end what becomes of the record when the process has ended
 * @param born is told the pid before the program is executed; a failure of it ends the process
 * @param doubts is told, before anything is made, what is left out or likely meant otherwise
 * @param spawner the command, where the process is to become its child; empty: a keeper's
 */
public record Execution(
        Owned container,
        Optional<ContainerId> id,
        ExecProcess process,
        Streams streams,
        List<Fd> preserved,
        int umask,
        List<String> cgroups,
        boolean ignorePaused,
        End end,
        Born born,
        Consumer<List<Finding>> doubts,
        Optional<SpawningCommand> spawner) {

    public Execution {
        preserved = List.copyOf(preserved);
        cgroups = List.copyOf(cgroups);
    }

    /** As a keeper's child. */
    public Execution(
            Owned container,
            Optional<ContainerId> id,
            ExecProcess process,
            Streams streams,
            List<Fd> preserved,
            int umask,
            List<String> cgroups,
            boolean ignorePaused,
            End end,
            Born born,
            Consumer<List<Finding>> doubts) {
        this(
                container,
                id,
                process,
                streams,
                preserved,
                umask,
                cgroups,
                ignorePaused,
                end,
                born,
                doubts,
                Optional.empty());
    }

    /** What becomes of the record when the process has ended. */
    public enum End {
        /** It goes at once. */
        FORGOTTEN,
        /** Whoever asked waits for it and removes it; if this helper ends before them, it goes at once. */
        COLLECTED,
        /** It stays until it is removed, or the container is. */
        KEPT
    }

    /** Told of the process while it waits at its gate. */
    public interface Born {
        void born(int pid) throws Failure, IOException;
    }

    /** With the defaults of everything that the command line alone sets. */
    public static Execution of(Owned container, Optional<ContainerId> id, ExecProcess process, Streams streams) {
        return new Execution(
                container, id, process, streams, List.of(), 0022, List.of(), false, End.KEPT, _ -> {}, _ -> {});
    }
}

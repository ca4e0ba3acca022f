package org.slipway.helper.lifecycle;

import java.util.List;
import org.slipway.helper.log.LogStream;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Owned;

/** The processes that are executed in containers beside the first one. As with {@link Containers}, each call judges the caller. */
public interface Execs {

    /** Executes a program in a container; returns when it runs. On failure nothing is left of it. */
    ExecView exec(Caller caller, Execution execution) throws Failure;

    /** Those that a container has, ended ones among them as far as they were not removed. */
    List<ExecView> list(Caller caller, Owned container) throws Failure;

    /** Sends a signal; to one that has ended it is none. */
    void kill(Caller caller, Owned container, ContainerId exec, int signal) throws Failure;

    /** Waits until it has ended. */
    ExitView awaitExit(Caller caller, Owned container, ContainerId exec) throws Failure, InterruptedException;

    /** Removes one that has ended, and tells how. */
    ExitView delete(Caller caller, Owned container, ContainerId exec) throws Failure;

    TraceView trace(Caller caller, Owned container, ContainerId exec) throws Failure;

    /** As {@link Containers#logs}. */
    LogStream logs(Caller caller, Owned container, ContainerId exec, boolean follow) throws Failure;

    /** As {@link Containers#input}. */
    void input(Caller caller, Owned container, ContainerId exec, byte[] data, boolean end) throws Failure;

    /** As {@link Containers#resize}. */
    void resize(Caller caller, Owned container, ContainerId exec, int rows, int columns) throws Failure;

    /**
     * What {@code ps} of the host, run as the caller, says of the processes of a container.
     *
     * @param options of ps; none: all columns of {@code -ef}
     */
    String table(Caller caller, Owned container, List<String> options) throws Failure;

    /** All processes of a container, its cgroups below included, by pid on the host (EXT-PS-01). */
    List<Integer> pids(Caller caller, Owned container) throws Failure;
}

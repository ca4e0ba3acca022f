package org.slipway.helper.lifecycle;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slipway.helper.hook.HookRun;
import org.slipway.helper.log.LogStream;
import org.slipway.model.finding.Finding;
import org.slipway.model.plan.Blob;
import org.slipway.model.state.Owned;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Everything that can be asked about containers. Safe for many threads; meant to be called on virtual threads.
 *
 * <p>Every operation judges the caller: to one who is neither the owner nor an administrator a container does not exist.
 */
public interface Containers extends AutoCloseable {

    /** Makes the environment of a container; on failure nothing is left of it. */
    ContainerView create(Caller caller, CreateRequest request) throws Failure;

    /** Runs the program; returns after it was executed and the poststart hooks ended. */
    default ContainerView start(Caller caller, Owned name) throws Failure {
        return start(caller, name, Optional.empty());
    }

    /**
     * The same.
     *
     * @param config the bundle's configuration as it is now, for a container of a version that reads {@code process} again
     */
    ContainerView start(Caller caller, Owned name, Optional<Blob> config) throws Failure;

    /** Sends a signal to init, or with {@code all} to every process of the container. */
    void kill(Caller caller, Owned name, int signal, boolean all) throws Failure;

    /** Removes a stopped container; with {@code force} ends it first, and an unknown one is no error. */
    default void delete(Caller caller, Owned name, boolean force) throws Failure {
        delete(caller, name, force, _ -> {});
    }

    /** The same; {@code warnings} is told what failed and is no failure of the delete: poststop hooks (HOOK-22). */
    void delete(Caller caller, Owned name, boolean force, Consumer<Failure> warnings) throws Failure;

    /** Breaks off a create or start that is going on: what it has made is taken back. Returns at once. */
    void abort(Caller caller, Owned name) throws Failure;

    /** Freezes every process; returns when they are. */
    ContainerView pause(Caller caller, Owned name) throws Failure;

    /** Lets them go on. */
    ContainerView resume(Caller caller, Owned name) throws Failure;

    /** Changes a container that lives; when a part cannot be done nothing is. */
    UpdateView update(Caller caller, Owned name, UpdateRequest request) throws Failure;

    /** What is mounted in its mount namespace, each with the member of its configuration behind it if there is one. */
    ArrayNode mounts(Caller caller, Owned name) throws Failure;

    /** What it was made from, and what updates have made of that. */
    ConfigurationView configuration(Caller caller, Owned name) throws Failure;

    /** What it uses now, in the names of runc-events(8). */
    ObjectNode statistics(Caller caller, Owned name) throws Failure;

    /**
     * Asks the program to end and after a time kills it; one that has ended needs nothing.
     *
     * @return a warning, if the signal that the configuration names is none
     */
    Optional<Finding> stop(Caller caller, Owned name, StopRequest request) throws Failure;

    ContainerView state(Caller caller, Owned name) throws Failure;

    /** The containers of one owner, or of all. */
    List<ContainerView> list(Caller caller, Optional<Integer> owner) throws Failure;

    /** Those that {@link #list} cannot tell of, because what is recorded of them cannot be used. */
    List<BrokenView> broken(Caller caller, Optional<Integer> owner) throws Failure;

    TraceView trace(Caller caller, Owned name) throws Failure;

    List<HookRun> hooks(Caller caller, Owned name) throws Failure;

    /** The output kept so far and, when following, what comes until the container ends. */
    LogStream logs(Caller caller, Owned name, boolean follow) throws Failure;

    /** Input for a container whose streams the keeper holds. */
    void input(Caller caller, Owned name, byte[] data, boolean end) throws Failure;

    /** A new window size for a container whose terminal the keeper holds. */
    void resize(Caller caller, Owned name, int rows, int columns) throws Failure;

    /** What is executed in containers beside their first processes. */
    Execs execs();

    /** Waits until init has ended. */
    ExitView awaitExit(Caller caller, Owned name) throws Failure, InterruptedException;

    /** First a change for each container there is, then everything as it happens. */
    Subscription watch(Caller caller, Optional<Integer> owner, Subscription.Listener listener) throws Failure;

    /** Lets go of everything without ending any container. */
    @Override
    void close() throws IOException;
}

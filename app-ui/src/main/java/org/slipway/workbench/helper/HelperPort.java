package org.slipway.workbench.helper;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slipway.model.wire.Container;
import org.slipway.model.wire.Event;
import org.slipway.model.wire.Log;
import org.slipway.model.wire.Name;
import org.slipway.model.wire.Reply;
import tools.jackson.databind.node.ObjectNode;

/** What the window asks of a helper. Every call may block, and is safe from any thread. */
public interface HelperPort extends AutoCloseable {

    /** Makes a connection. */
    interface Door {

        /** A helper that answers now. */
        HelperPort connect() throws Refused;

        /** Where it looks, for people. */
        String where();
    }

    /** Version, the caller's tier, and the host's facts. */
    Reply.Info info() throws Refused;

    /** The containers there are now. */
    List<Container> list() throws Refused;

    /** Makes a container of the caller's own; {@code terminal} gives it one, else its output is kept. */
    Container create(String id, Path bundle, String config, boolean terminal) throws Refused;

    /** Runs the program of a created container. */
    Container start(Name name) throws Refused;

    /** Sends a signal to the container's first process. */
    void kill(Name name, String signal) throws Refused;

    /** Removes a container. */
    void delete(Name name) throws Refused;

    /** The plans and what became of their steps. */
    Reply.Trace trace(Name name) throws Refused;

    /** The runs of hooks. */
    List<ObjectNode> hooks(Name name) throws Refused;

    /** The output kept so far. */
    List<Log> logs(Name name) throws Refused;

    /** Bytes for the program's input. */
    void input(Name name, byte[] data) throws Refused;

    /**
     * First one event for each container there is, then everything as it happens, on a thread of its own.
     *
     * @param ended told once when the stream has ended: with the code {@code fell-behind} when this side was too slow for it, and
     *     with nothing when the helper is gone
     */
    void watch(Consumer<Event> events, Consumer<Optional<String>> ended) throws Refused;

    @Override
    void close();
}

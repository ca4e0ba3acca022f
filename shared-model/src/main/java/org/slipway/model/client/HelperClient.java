package org.slipway.model.client;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slipway.model.wire.Answer;
import org.slipway.model.wire.Call;
import org.slipway.model.wire.Container;
import org.slipway.model.wire.Event;
import org.slipway.model.wire.Fault;
import org.slipway.model.wire.Log;
import org.slipway.model.wire.Name;
import org.slipway.model.wire.Problem;
import org.slipway.model.wire.Reply;
import tools.jackson.databind.node.ObjectNode;

/**
 * Asks the helper. Calls block until the helper has answered (creating a container with a hook can take long) and may
 * run side by side: each has a connection to itself, and connections are used again.
 */
public final class HelperClient implements AutoCloseable {

    /** Where the output of a container goes. */
    public enum Streams {
        /** To nowhere. */
        NONE,
        /** Kept by the container's keeper. */
        LOG,
        /** A terminal held by the container's keeper. */
        TERMINAL
    }

    private final Path socket;

    /** Idle connections; guarded by itself. */
    private final Deque<Connection> idle = new ArrayDeque<>();

    private volatile boolean closed;

    private HelperClient(Path socket) {
        this.socket = socket;
    }

    /** A client for the helper behind this socket, which must be there now. */
    public static HelperClient connect(Path socket) throws HelperGone {
        var client = new HelperClient(socket);
        client.idle.push(Connection.open(socket));
        return client;
    }

    /** The helper, the caller's tier, and the host's facts. */
    public Reply.Info info() throws HelperException {
        return call(new Call.Info());
    }

    /**
     * Makes a container of the caller's own.
     *
     * @param bundle absolute path
     * @param config the text of config.json
     */
    public Container create(String id, Path bundle, String config, Streams streams) throws HelperException {
        String word = streams.name().toLowerCase(Locale.ROOT);
        return call(new Call.Create(id, bundle.toString(), config, Optional.of(word)))
                .container();
    }

    /** Runs the program; returns after it was executed and the poststart hooks ended. */
    public Container start(Name name) throws HelperException {
        return call(new Call.Start(name)).container();
    }

    /**
     * Sends a signal.
     *
     * @param signal name with or without SIG, or number
     * @param all to every process of the container
     */
    public void kill(Name name, String signal, boolean all) throws HelperException {
        call(new Call.Kill(name, signal, Optional.of(all), Optional.empty()));
    }

    /** Removes the container; with force it is killed first if it lives. */
    public void delete(Name name, boolean force) throws HelperException {
        call(new Call.Delete(name, Optional.of(force)));
    }

    /** Breaks off a create or start that is going on. */
    public void abort(Name name) throws HelperException {
        call(new Call.Abort(name));
    }

    /** Freezes every process of a running container. */
    public Container pause(Name name) throws HelperException {
        return call(new Call.Pause(name)).container();
    }

    /** Lets a paused container go on. */
    public Container resume(Name name) throws HelperException {
        return call(new Call.Resume(name)).container();
    }

    /**
     * Changes a container that lives.
     *
     * @param resources the text of a resources object
     */
    public Reply.Update update(Name name, String resources) throws HelperException {
        return call(new Call.Update(name, Optional.of(resources), Optional.empty(), Optional.empty()));
    }

    /** What can change on a live container of the helper's machine. */
    public ObjectNode changeable() throws HelperException {
        return call(new Call.Changeable()).table();
    }

    /** One container as it is now. */
    public Container state(Name name) throws HelperException {
        return call(new Call.State(name)).container();
    }

    /** All containers the caller may see. */
    public List<Container> list() throws HelperException {
        return call(new Call.List()).containers();
    }

    /** The plans and what became of their steps. */
    public Reply.Trace trace(Name name) throws HelperException {
        return call(new Call.Trace(name, Optional.empty()));
    }

    /** The runs of hooks with their output. */
    public List<ObjectNode> hooks(Name name) throws HelperException {
        return call(new Call.Hooks(name)).runs();
    }

    /** The output kept so far. */
    public List<Log> logs(Name name) throws HelperException {
        return call(new Call.Logs(name, Optional.of(false), Optional.empty())).lines();
    }

    /** The output kept so far and then what comes, until the container's output ends. */
    public Subscription follow(Name name, Consumer<List<Log>> lines, Consumer<Optional<HelperException>> ended)
            throws HelperException {
        return subscribe(
                "slipway-logs-" + name.id(),
                new Call.Logs(name, Optional.of(true), Optional.empty()),
                reply -> lines.accept(reply.lines()),
                ended);
    }

    /**
     * First one event for each container there is, then everything as it happens.
     *
     * @param owner only this owner's; empty: all the caller may see
     * @param ended told once when the helper is gone, or the reader fell behind (code {@code fell-behind})
     */
    public Subscription watch(Optional<Long> owner, Consumer<Event> events, Consumer<Optional<HelperException>> ended)
            throws HelperException {
        return subscribe("slipway-watch", new Call.Watch(owner), reply -> events.accept(reply.event()), ended);
    }

    /** Bytes for the program's standard input or terminal; {@code end}: nothing more will come. */
    public void input(Name name, byte[] data, boolean end) throws HelperException {
        call(new Call.Input(name, Base64.getEncoder().encodeToString(data), Optional.of(end), Optional.empty()));
    }

    /** The new size of the terminal, in characters. */
    public void resize(Name name, int rows, int columns) throws HelperException {
        call(new Call.Resize(name, rows, columns, Optional.empty()));
    }

    /** Ends the helper when no container is left alive, or at once with force. */
    public void shutdown(boolean force) throws HelperException {
        call(new Call.Shutdown(Optional.of(force)));
    }

    /** Any call that has one answer. */
    public <R extends Reply> R call(Call<R> call) throws HelperException {
        Connection connection = borrow();
        boolean usable = false;
        try {
            connection.send(call, false);
            Answer answer = connection.receive();
            R result = connection.result(answer, call.reply());
            usable = true;
            return result;
        } catch (HelperGone e) {
            throw e;
        } catch (HelperException e) {
            // the helper answered; what it refused does not spoil the connection, nonsense does
            usable = !e.problem().code().equals("answer-malformed")
                    && !e.problem().code().equals("protocol-error");
            throw e;
        } finally {
            giveBack(connection, usable);
        }
    }

    private <R extends Reply> Subscription subscribe(
            String thread, Call<R> call, Consumer<R> each, Consumer<Optional<HelperException>> ended)
            throws HelperException {
        refuseClosed();
        Connection connection = Connection.open(socket);
        try {
            return Subscription.open(connection, thread, call, each, ended);
        } catch (HelperException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private Connection borrow() throws HelperException {
        refuseClosed();
        @Nullable Connection ready;
        synchronized (idle) {
            ready = idle.poll();
        }
        return ready != null ? ready : Connection.open(socket);
    }

    private void refuseClosed() throws HelperException {
        if (closed) {
            throw new HelperException(Problem.of("client-closed", Fault.BUG, Map.of()), null);
        }
    }

    private void giveBack(Connection connection, boolean usable) {
        synchronized (idle) {
            if (usable && !closed) {
                idle.push(connection);
                return;
            }
        }
        connection.close();
    }

    /** Ends the idle connections; subscriptions are closed by whoever holds them. */
    @Override
    public void close() {
        synchronized (idle) {
            closed = true;
            idle.forEach(Connection::close);
            idle.clear();
        }
    }
}

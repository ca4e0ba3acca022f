package org.slipway.workbench.helper;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.util.Subscription;
import org.slipway.model.wire.Container;
import org.slipway.model.wire.Event;
import org.slipway.model.wire.Fault;
import org.slipway.model.wire.Problem;
import org.slipway.model.wire.Reply;
import org.slipway.workbench.task.Tasks;

/**
 * The helper, as far as there is one. It looks for it again and again, keeps the list of containers as they are pushed, and
 * passes every event on, in order, on the window's thread.
 */
public final class HelperSession {

    private static final Duration AGAIN = Duration.ofSeconds(1);

    /** Events that wait for the window; a flood beyond that makes the helper wait, and in the end end the stream. */
    private static final int WAITING = 2_000;

    /** Events handled before the window is painted again. */
    private static final int AT_ONCE = 1_000;

    /** A connection that works. */
    private record Link(HelperPort port, Reply.Info info, List<Container> present) {}

    private final Tasks tasks;
    private final HelperPort.Door door;
    private final ReadOnlyObjectWrapper<Optional<Reply.Info>> info = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<Reply.Info>> lastInfo = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<Problem>> absence = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyIntegerWrapper links = new ReadOnlyIntegerWrapper();
    private final ObservableList<Container> containers = FXCollections.observableArrayList();

    /** Kept here: the view of a list is held weakly by the list, and would take its listeners with it. */
    private final ObservableList<Container> shown = FXCollections.unmodifiableObservableList(containers);

    private final List<Consumer<Event>> listeners = new ArrayList<>();
    private Optional<Link> link = Optional.empty();
    private boolean closed;

    /** A session that has not looked for a helper yet. */
    public HelperSession(Tasks tasks, HelperPort.Door door) {
        this.tasks = tasks;
        this.door = door;
    }

    /** Looks for the helper, now and after each loss. */
    public void connect() {
        tasks.run(this::open, this::connected, this::lost);
    }

    private Link open() throws Refused {
        HelperPort port = door.connect();
        try {
            Link opened = new Link(port, port.info(), port.list());
            Inbox inbox = new Inbox(opened);
            port.watch(inbox::put, why -> tasks.later(() -> ended(opened, why)));
            return opened;
        } catch (Refused | RuntimeException e) {
            port.close();
            throw e;
        }
    }

    private void connected(Link opened) {
        if (closed) {
            opened.port().close();
            return;
        }
        link = Optional.of(opened);
        absence.set(Optional.empty());
        // what was kept from an earlier connection, and ended meanwhile
        containers.removeIf(kept -> opened.present().stream().noneMatch(now -> same(kept, now)));
        lastInfo.set(Optional.of(opened.info()));
        info.set(Optional.of(opened.info()));
        links.set(links.get() + 1);
    }

    /** A window that could not keep up missed something: it begins anew at once, and reads what it missed. */
    private void ended(Link ended, Optional<String> why) {
        if (link.filter(ended::equals).isPresent()) {
            ended.port().close();
            if (why.filter("fell-behind"::equals).isPresent()) {
                connect();
                return;
            }
            lost(new Refused(Problem.of("helper-gone", Fault.HOST, java.util.Map.of("path", door.where())), null));
        }
    }

    private void lost(Exception why) {
        link = Optional.empty();
        absence.set(Optional.of(problem(why)));
        info.set(Optional.empty());
        if (!closed) {
            tasks.after(AGAIN, () -> {
                if (!closed) {
                    connect();
                }
            });
        }
    }

    /** What an exception of a call says, as a problem. */
    public static Problem problem(Exception failure) {
        return failure instanceof Refused refused
                ? refused.problem()
                : Problem.of("window-fault", Fault.BUG, java.util.Map.of("what", String.valueOf(failure)));
    }

    /** Events on their way to the window's thread, in batches, so that a flood of output does not freeze it. */
    private final class Inbox {
        private final Link from;
        private final LinkedBlockingQueue<Event> waiting = new LinkedBlockingQueue<>(WAITING);
        private final AtomicBoolean called = new AtomicBoolean();

        Inbox(Link from) {
            this.from = from;
        }

        void put(Event event) {
            try {
                waiting.put(event);
                call();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void call() {
            if (called.compareAndSet(false, true)) {
                tasks.later(this::empty);
            }
        }

        private void empty() {
            called.set(false);
            List<Event> batch = new ArrayList<>();
            waiting.drainTo(batch, AT_ONCE);
            if (!closed && (link.isEmpty() || link.get().equals(from))) {
                batch.forEach(HelperSession.this::happened);
            }
            if (!waiting.isEmpty()) {
                call();
            }
        }
    }

    private void happened(Event event) {
        event.container().ifPresent(this::put);
        if (event.kind().equals("removed")) {
            containers.removeIf(container ->
                    container.owner() == event.owner() && container.id().equals(event.id()));
        }
        List.copyOf(listeners).forEach(listener -> listener.accept(event));
    }

    private static boolean same(Container one, Container other) {
        return one.owner() == other.owner() && one.id().equals(other.id());
    }

    /** In its place, so that nothing moves below the pointer. */
    private void put(Container container) {
        for (int i = 0; i < containers.size(); i++) {
            if (same(containers.get(i), container)) {
                containers.set(i, container);
                return;
            }
        }
        containers.add(container);
    }

    /** Hears every event, on the window's thread, until it unsubscribes. */
    public Subscription listen(Consumer<Event> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** The connection, if there is one now. */
    public Optional<HelperPort> port() {
        return link.map(Link::port);
    }

    /** Who the helper is and who it takes us for; empty while there is none. */
    public ReadOnlyObjectProperty<Optional<Reply.Info>> info() {
        return info.getReadOnlyProperty();
    }

    /** What the helper said of itself and its host when it was last there: containers and kernel outlive it. */
    public ReadOnlyObjectProperty<Optional<Reply.Info>> lastInfo() {
        return lastInfo.getReadOnlyProperty();
    }

    /** Counts the connections made: when it changes, what was pushed before may have holes, so read it anew. */
    public ReadOnlyIntegerProperty links() {
        return links.getReadOnlyProperty();
    }

    /** Why there is no helper; empty before the first look and while there is one. */
    public ReadOnlyObjectProperty<Optional<Problem>> absence() {
        return absence.getReadOnlyProperty();
    }

    /** The containers there are; without a helper, those that were there when it was last seen. */
    public ObservableList<Container> containers() {
        return shown;
    }

    public Tasks tasks() {
        return tasks;
    }

    /** Ends the connection, for good. */
    public void close() {
        closed = true;
        link.ifPresent(open -> tasks.away(open.port()::close));
    }
}

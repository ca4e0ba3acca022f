package org.slipway.workbench.helper;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slipway.model.wire.Container;
import org.slipway.model.wire.Event;
import org.slipway.model.wire.Exit;
import org.slipway.model.wire.Fault;
import org.slipway.model.wire.Log;
import org.slipway.model.wire.Name;
import org.slipway.model.wire.Problem;
import org.slipway.model.wire.Reply;
import org.slipway.model.wire.Wire;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A helper in memory: keeps the states of the specification, and says what it was asked. */
public final class FakeHelper implements HelperPort.Door {

    private static final long UID = 1000;
    private static final String AT = "2026-01-31T12:00:00.000000000Z";

    private final Map<String, Container> containers = new LinkedHashMap<>();
    private final Map<String, String> bundles = new HashMap<>();
    private final Map<String, String> digests = new HashMap<>();
    private final List<String> asked = new ArrayList<>();
    private final List<Log> logs = new ArrayList<>();
    private Optional<Consumer<Event>> watcher = Optional.empty();
    private Consumer<Optional<String>> ended = _ -> {};
    private Optional<Problem> next = Optional.empty();
    private String nextKind = "";
    private boolean running = true;
    private long sequence;
    private String config = "";
    private ObjectNode facts = Wire.object();
    private Consumer<String> atCreate = _ -> {};
    private Consumer<String> atStart = _ -> {};

    /** Everything that was asked, such as {@code start hello}. */
    public synchronized List<String> asked() {
        return List.copyOf(asked);
    }

    /** The text of the last create. */
    public synchronized String config() {
        return config;
    }

    /** What else happens when a container is created, and when it is started. */
    public void meanwhile(Consumer<String> create, Consumer<String> start) {
        atCreate = create;
        atStart = start;
    }

    /** What it says of its host. */
    public synchronized void facts(ObjectNode known) {
        facts = known;
    }

    /** The next request fails with this. */
    public synchronized void failNext(Problem problem) {
        failNext("", problem);
    }

    /** The next request of a kind, such as {@code create}, fails with this. */
    public synchronized void failNext(String kind, Problem problem) {
        nextKind = kind;
        next = Optional.of(problem);
    }

    /** Ends the helper; nobody answers until it is run again. */
    public void die() {
        Consumer<Optional<String>> told;
        synchronized (this) {
            running = false;
            told = ended;
            watcher = Optional.empty();
        }
        told.accept(Optional.empty());
    }

    /** Output that is kept, but that nobody is told of. */
    public synchronized void printUnheard(String line) {
        logs.add(new Log("stdout", AT, false, base64(line)));
    }

    /** Drops the watcher, who was too slow. */
    public void dropSlowWatcher() {
        Consumer<Optional<String>> told;
        synchronized (this) {
            told = ended;
            watcher = Optional.empty();
        }
        told.accept(Optional.of("fell-behind"));
    }

    /** A container is removed while nobody watches. */
    public synchronized void forget(String id) {
        containers.remove(id);
    }

    /** Somebody answers again. */
    public synchronized void run() {
        running = true;
    }

    /** Pushes a line of output. */
    public void print(String id, String line) {
        Log log = new Log("stdout", AT, false, base64(line));
        synchronized (this) {
            logs.add(log);
        }
        push("log", id, event -> event.log = Optional.of(log));
    }

    /** Pushes a run of a hook. */
    public void hook(String id, String kind, int status, String output) {
        ObjectNode run = Wire.object()
                .put("kind", kind)
                .put("position", 0)
                .put("status", status)
                .put("nanoseconds", 1_500_000L)
                .put("stdout", base64(output))
                .put("stderr", "");
        push("hook", id, event -> event.hook = Optional.of(run));
    }

    /** Pushes plans and records. */
    public void trace(String id, JsonNode plan, List<?> records) {
        push("plan", id, event -> event.plan = Optional.of((ObjectNode) plan));
        push(
                "trace",
                id,
                event -> event.records =
                        Optional.of(records.stream().map(Wire::toNode).toList()));
    }

    /** The program ends by itself. */
    public void exit(String id, int status) {
        become(id, "stopped", Optional.of(new Exit(status, 0, true, true, AT)));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static final class Draft {
        private Optional<Container> container = Optional.empty();
        private Optional<ObjectNode> plan = Optional.empty();
        private Optional<List<ObjectNode>> records = Optional.empty();
        private Optional<ObjectNode> hook = Optional.empty();
        private Optional<Log> log = Optional.empty();
    }

    private void push(String kind, String id, Consumer<Draft> fill) {
        Draft draft = new Draft();
        fill.accept(draft);
        Optional<Consumer<Event>> listener;
        Event event;
        synchronized (this) {
            listener = watcher;
            event = new Event(
                    sequence++,
                    kind,
                    UID,
                    id,
                    AT,
                    draft.container,
                    draft.plan,
                    draft.records,
                    draft.hook,
                    draft.log,
                    Optional.empty(),
                    Optional.empty());
        }
        listener.ifPresent(to -> to.accept(event));
    }

    private Container become(String id, String status, Optional<Exit> exit) {
        Container container;
        synchronized (this) {
            Optional<Long> pid = exit.isPresent() ? Optional.empty() : Optional.of(4711L);
            container = new Container(
                    UID,
                    id,
                    status,
                    pid,
                    bundles.getOrDefault(id, "/bundle"),
                    AT,
                    Wire.object(),
                    exit,
                    Optional.ofNullable(digests.get(id)));
            containers.put(id, container);
        }
        push("container", id, event -> event.container = Optional.of(container));
        return container;
    }

    private synchronized void ask(String what) throws Refused {
        asked.add(what);
        Optional<Problem> problem = next;
        if (problem.isPresent() && what.startsWith(nextKind)) {
            next = Optional.empty();
            throw new Refused(problem.get(), null);
        }
    }

    @Override
    public synchronized HelperPort connect() throws Refused {
        if (!running) {
            throw new Refused(Problem.of("helper-not-running", Fault.HOST, Map.of("path", "fake")), null);
        }
        return new Port();
    }

    @Override
    public String where() {
        return "fake";
    }

    private final class Port implements HelperPort {

        @Override
        public Reply.Info info() {
            synchronized (FakeHelper.this) {
                return new Reply.Info("1.0", "administrator", UID, 42, facts);
            }
        }

        @Override
        public Container create(String id, Path bundle, String text, boolean terminal) throws Refused {
            ask("create " + id);
            config = text;
            bundles.put(id, bundle.toString());
            digests.put(id, Container.digest(text.getBytes(StandardCharsets.UTF_8)));
            atCreate.accept(id);
            return become(id, "created", Optional.empty());
        }

        @Override
        public Container start(Name name) throws Refused {
            ask("start " + name.id());
            Container started = become(name.id(), "running", Optional.empty());
            atStart.accept(name.id());
            return started;
        }

        @Override
        public void kill(Name name, String signal) throws Refused {
            ask("kill " + name.id() + " " + signal);
            become(name.id(), "stopped", Optional.of(new Exit(143, 15, true, true, AT)));
        }

        @Override
        public void delete(Name name) throws Refused {
            ask("delete " + name.id());
            synchronized (FakeHelper.this) {
                containers.remove(name.id());
            }
            push("removed", name.id(), _ -> {});
        }

        @Override
        public List<Container> list() {
            synchronized (FakeHelper.this) {
                return List.copyOf(containers.values());
            }
        }

        @Override
        public Reply.Trace trace(Name name) {
            return new Reply.Trace(List.of(), List.of());
        }

        @Override
        public List<ObjectNode> hooks(Name name) {
            return List.of();
        }

        @Override
        public List<Log> logs(Name name) {
            synchronized (FakeHelper.this) {
                return List.copyOf(logs);
            }
        }

        @Override
        public void input(Name name, byte[] data) throws Refused {
            ask("input " + new String(data, StandardCharsets.UTF_8).strip());
        }

        @Override
        public void watch(Consumer<Event> events, Consumer<Optional<String>> end) {
            List<Container> present;
            synchronized (FakeHelper.this) {
                watcher = Optional.of(events);
                ended = end;
                present = List.copyOf(containers.values());
            }
            present.forEach(
                    container -> push("container", container.id(), event -> event.container = Optional.of(container)));
        }

        @Override
        public void close() {}
    }
}

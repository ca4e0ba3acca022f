package org.slipway.helper.lifecycle;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.slipway.helper.hook.HookRun;
import org.slipway.helper.log.LogLine;
import org.slipway.helper.log.LogStream;
import org.slipway.model.finding.Finding;
import org.slipway.model.plan.Blob;
import org.slipway.model.plan.LivePlanner;
import org.slipway.model.state.Owned;
import org.slipway.model.state.Status;
import org.slipway.model.state.Verb;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Containers that exist only in a table, with the state machine of the real ones. */
public final class FakeContainers implements Containers {

    private static final Instant CREATED = Instant.parse("2026-01-31T12:00:00.123456789Z");
    private static final int PID = 4711;

    private final Map<String, ContainerView> table = new ConcurrentSkipListMap<>();
    private final List<Listening> listeners = new CopyOnWriteArrayList<>();
    private final BlockingQueue<ExitView> exits = new LinkedBlockingQueue<>();

    /** What was asked, in words. */
    public final BlockingQueue<String> asked = new LinkedBlockingQueue<>();

    /** The last request for a container. */
    public volatile CreateRequest lastRequest;

    /** What the last start was given. */
    public volatile Optional<Blob> lastReread = Optional.empty();

    /** What each create is told. */
    public volatile List<Finding> doubts = List.of();

    /** Those whose record cannot be used. */
    public volatile List<BrokenView> broken = List.of();

    /** What each update is told. */
    public volatile List<Finding> notices = List.of();

    /** Lines that logs deliver. */
    public final BlockingQueue<LogLine> lines = new LinkedBlockingQueue<>();

    /** How the program ends as soon as it is started. */
    public volatile ExitView exitAtStart;

    /** Thrown by start. */
    public volatile Failure startFailure;

    /** What is executed in them. */
    public final FakeExecs execs = new FakeExecs(asked);

    @Override
    public Execs execs() {
        return execs;
    }

    @Override
    public ContainerView create(Caller caller, CreateRequest request) throws Failure {
        asked.add("create " + request.name());
        lastRequest = request;
        request.doubts().accept(doubts);
        ContainerView made = view(request.name(), Status.CREATED, request.bundle(), Optional.empty());
        if (table.putIfAbsent(request.name().toString(), made) != null) {
            throw Failure.caller(
                    "container-exists", Map.of("id", request.name().id().value()));
        }
        tell(new Event.Changed(made));
        return made;
    }

    @Override
    public ContainerView start(Caller caller, Owned name, Optional<Blob> config) throws Failure {
        lastReread = config;
        asked.add("start " + name);
        if (startFailure != null) {
            throw startFailure;
        }
        ContainerView running = change(name, Verb.START, Status.RUNNING, Optional.empty());
        if (exitAtStart != null) {
            end(name, exitAtStart);
        }
        return running;
    }

    @Override
    public void kill(Caller caller, Owned name, int signal, boolean all) throws Failure {
        asked.add("kill " + name + " " + signal + (all ? " all" : ""));
        allow(name, Verb.KILL);
        if (signal == 9 || signal == 15) {
            end(name, new ExitView(128 + signal, signal, true, true, Optional.of(CREATED)));
        }
    }

    @Override
    public void delete(Caller caller, Owned name, boolean force, Consumer<Failure> warnings) throws Failure {
        asked.add("delete " + name + (force ? " force" : ""));
        if (force && !table.containsKey(name.toString())) {
            return;
        }
        if (!force) {
            allow(name, Verb.DELETE);
        }
        table.remove(name.toString());
        tell(new Event.Removed(name));
    }

    @Override
    public void abort(Caller caller, Owned name) throws Failure {
        asked.add("abort " + name);
        throw Failure.state("nothing-to-abort", Map.of("id", name.id().value()));
    }

    @Override
    public ContainerView pause(Caller caller, Owned name) throws Failure {
        asked.add("pause " + name);
        return change(name, Verb.PAUSE, Status.PAUSED, Optional.empty());
    }

    @Override
    public ContainerView resume(Caller caller, Owned name) throws Failure {
        asked.add("resume " + name);
        return change(name, Verb.RESUME, Status.RUNNING, Optional.empty());
    }

    @Override
    public UpdateView update(Caller caller, Owned name, UpdateRequest request) throws Failure {
        asked.add("update " + name + " " + request.change() + (request.explain() ? " explain" : ""));
        allow(name, Verb.UPDATE);
        return new UpdateView(state(caller, name), notices, LivePlanner.pause("/fake"));
    }

    @Override
    public ConfigurationView configuration(Caller caller, Owned name) throws Failure {
        state(caller, name);
        return new ConfigurationView("{}", "{\"a\":1}");
    }

    @Override
    public ObjectNode statistics(Caller caller, Owned name) throws Failure {
        allow(name, Verb.UPDATE);
        asked.add("statistics " + name);
        return JsonNodeFactory.instance.objectNode().put("pids", 7);
    }

    @Override
    public ArrayNode mounts(Caller caller, Owned name) throws Failure {
        allow(name, Verb.UPDATE);
        asked.add("mounts " + name);
        ArrayNode mounts = JsonNodeFactory.instance.arrayNode();
        mounts.addObject().put("target", "/data").put("member", "/mounts/3");
        return mounts;
    }

    @Override
    public Optional<Finding> stop(Caller caller, Owned name, StopRequest request) throws Failure {
        asked.add("stop " + name + " " + request.signal().orElse(0) + " "
                + request.grace().toSeconds() + (request.delete() ? " delete" : ""));
        var _ = state(caller, name);
        return notices.stream().findFirst();
    }

    @Override
    public ContainerView state(Caller caller, Owned name) throws Failure {
        ContainerView view = table.get(name.toString());
        if (view == null) {
            throw Failure.caller("container-unknown", Map.of("id", name.id().value()));
        }
        return view;
    }

    @Override
    public List<ContainerView> list(Caller caller, Optional<Integer> owner) {
        return table.values().stream()
                .filter(view -> owner.isEmpty() || owner.get() == view.name().uid())
                .toList();
    }

    @Override
    public List<BrokenView> broken(Caller caller, Optional<Integer> owner) {
        return broken;
    }

    @Override
    public TraceView trace(Caller caller, Owned name) throws Failure {
        state(caller, name);
        return new TraceView(List.of(), List.of());
    }

    @Override
    public List<HookRun> hooks(Caller caller, Owned name) throws Failure {
        state(caller, name);
        return List.of();
    }

    @Override
    public LogStream logs(Caller caller, Owned name, boolean follow) throws Failure {
        state(caller, name);
        return new LogStream() {
            @Override
            public Optional<LogLine> next() throws InterruptedException {
                if (!follow) {
                    return Optional.ofNullable(lines.poll());
                }
                LogLine line = lines.take();
                return line.stream().equals("end") ? Optional.empty() : Optional.of(line);
            }

            @Override
            public void close() {
                asked.add("logs closed");
            }
        };
    }

    /** A line of output. */
    public static LogLine line(String text) {
        return new LogLine("stdout", CREATED.toString(), false, Blob.of(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** The end of the output. */
    public static LogLine lastLine() {
        return new LogLine("end", "", false, Blob.EMPTY);
    }

    @Override
    public void input(Caller caller, Owned name, byte[] data, boolean end) {
        asked.add("input " + name + " " + new String(data, StandardCharsets.UTF_8) + (end ? " end" : ""));
    }

    @Override
    public void resize(Caller caller, Owned name, int rows, int columns) {
        asked.add("resize " + name + " " + rows + "x" + columns);
    }

    @Override
    public ExitView awaitExit(Caller caller, Owned name) throws InterruptedException {
        asked.add("await " + name);
        return exits.take();
    }

    /** The program ends. */
    public void end(Owned name, ExitView exit) throws Failure {
        change(name, Verb.KILL, Status.STOPPED, Optional.of(exit));
        exits.add(exit);
    }

    @Override
    public Subscription watch(Caller caller, Optional<Integer> owner, Subscription.Listener listener) {
        var listening = new Listening(owner, listener);
        list(caller, owner).forEach(view -> listening.queue.add(new Event.Changed(view)));
        listeners.add(listening);
        listening.thread.start();
        return listening;
    }

    /** How many watch. */
    public int watchers() {
        return listeners.size();
    }

    /** Every watcher is too slow. */
    public void fallBehind() {
        listeners.forEach(each -> each.listener.fellBehind());
    }

    /** Something happens. */
    public void tell(Event event) {
        listeners.stream()
                .filter(each ->
                        each.owner.isEmpty() || each.owner.get() == event.name().uid())
                .forEach(each -> each.queue.add(event));
    }

    private ContainerView change(Owned name, Verb verb, Status status, Optional<ExitView> exit) throws Failure {
        ContainerView before = allow(name, verb);
        ContainerView after = view(name, status, before.bundle(), exit);
        table.put(name.toString(), after);
        tell(new Event.Changed(after));
        return after;
    }

    private ContainerView allow(Owned name, Verb verb) throws Failure {
        ContainerView before = state(Caller.HELPER, name);
        if (!Verb.allowed(before.status()).contains(verb)) {
            throw Failure.state(
                    "container-not-" + verb.name().toLowerCase(Locale.ROOT),
                    Map.of("id", name.id().value()));
        }
        return before;
    }

    private static ContainerView view(Owned name, Status status, String bundle, Optional<ExitView> exit) {
        boolean dead = status == Status.STOPPED;
        String state = "{\"ociVersion\":\"1.3.0\",\"id\":\"%s\",\"status\":\"%s\",%s\"bundle\":\"%s\"}"
                .formatted(name.id(), status.word(), dead ? "" : "\"pid\":" + PID + ",", bundle);
        return new ContainerView(
                name,
                status,
                dead ? OptionalInt.empty() : OptionalInt.of(PID),
                bundle,
                CREATED,
                state,
                exit,
                "sha256:00",
                Optional.empty());
    }

    @Override
    public void close() {
        listeners.forEach(Listening::close);
    }

    private final class Listening implements Subscription {
        private final Optional<Integer> owner;
        private final Listener listener;
        private final BlockingQueue<Event> queue = new LinkedBlockingQueue<>();
        private final Thread thread = Thread.ofVirtual().unstarted(this::run);

        Listening(Optional<Integer> owner, Listener listener) {
            this.owner = owner;
            this.listener = listener;
        }

        private void run() {
            try {
                while (true) {
                    listener.event(queue.take());
                }
            } catch (InterruptedException e) {
                // closed
            }
        }

        @Override
        public void close() {
            listeners.remove(this);
            thread.interrupt();
        }
    }
}

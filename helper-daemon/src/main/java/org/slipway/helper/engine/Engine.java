package org.slipway.helper.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slipway.helper.event.Hub;
import org.slipway.helper.hook.HookFile;
import org.slipway.helper.hook.HookRun;
import org.slipway.helper.lifecycle.BrokenView;
import org.slipway.helper.lifecycle.Caller;
import org.slipway.helper.lifecycle.ConfigurationView;
import org.slipway.helper.lifecycle.ContainerView;
import org.slipway.helper.lifecycle.Containers;
import org.slipway.helper.lifecycle.CreateRequest;
import org.slipway.helper.lifecycle.Event;
import org.slipway.helper.lifecycle.ExitView;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.lifecycle.StopRequest;
import org.slipway.helper.lifecycle.Subscription;
import org.slipway.helper.lifecycle.TraceView;
import org.slipway.helper.lifecycle.UpdateRequest;
import org.slipway.helper.lifecycle.UpdateView;
import org.slipway.helper.log.LogStream;
import org.slipway.helper.reactor.Reactor;
import org.slipway.helper.run.Body;
import org.slipway.helper.run.Found;
import org.slipway.helper.run.Permits;
import org.slipway.helper.run.Subject;
import org.slipway.helper.run.Tools;
import org.slipway.helper.seccomp.Filters;
import org.slipway.helper.store.Entry;
import org.slipway.helper.store.Folder;
import org.slipway.model.finding.Finding;
import org.slipway.model.plan.Blob;
import org.slipway.model.plan.HostFacts;
import org.slipway.model.plan.KeeperOp.OpenStreams;
import org.slipway.model.plan.KeeperOp.Streams;
import org.slipway.model.state.Owned;
import org.slipway.model.state.Status;
import org.slipway.model.state.Verb;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** All containers below one state directory. */
public final class Engine implements Containers {

    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final int AUTOREMOVE_PAUSE_MILLIS = 20;

    private final Path root;
    private final HostFacts facts;
    private final Reactor reactor;
    private final Toolbox toolbox;
    private final int most;
    private final Hub hub = new Hub();
    private final Operations operations = new Operations(hub);
    private final LiveOperations live = new LiveOperations(this);
    private final Usage usage;
    private final ExecOperations execs = new ExecOperations(this);
    private final Filters filters = new Filters();
    /** What adoption left alone. */
    private final Broken broken = new Broken(this);

    private final Map<Owned, Container> containers = new ConcurrentHashMap<>();

    private Engine(Path root, Path launcher, HostFacts facts, Reactor reactor, Permits permits, int most) {
        this.most = most;
        this.root = root;
        this.facts = facts;
        this.reactor = reactor;
        this.usage = new Usage(reactor, facts, hub);
        this.toolbox = new Toolbox(launcher, facts, reactor, permits);
    }

    /**
     * Takes over what earlier helpers left below a state directory, then is ready.
     *
     * @param root the state directory, such as {@code /run/slipway}
     * @param launcher the program {@code slipway-launch}; it is read when the first container is made
     */
    public static Engine open(Path root, Path launcher, HostFacts facts, Reactor reactor) throws IOException {
        return open(root, launcher, facts, reactor, Permits.ALL);
    }

    /** As above; {@code most} is how many confined containers one person may have. */
    public static Engine open(Path root, Path launcher, HostFacts facts, Reactor reactor, int most) throws IOException {
        return open(root, launcher, facts, reactor, Permits.ALL, most);
    }

    /** As above, with a say before each of the helper's steps. */
    static Engine open(Path root, Path launcher, HostFacts facts, Reactor reactor, Permits permits) throws IOException {
        return open(root, launcher, facts, reactor, permits, Integer.MAX_VALUE);
    }

    private static Engine open(Path root, Path launcher, HostFacts facts, Reactor reactor, Permits permits, int most)
            throws IOException {
        Engine engine = new Engine(root, launcher, facts, reactor, permits, most);
        Rehearsal.begin(facts);
        new Adoption(engine).run();
        return engine;
    }

    /** What plans are compiled for. */
    public HostFacts facts() {
        return facts;
    }

    /** Makes filters, for plans that are explained. */
    public Filters filters() {
        return filters;
    }

    @Override
    public ContainerView create(Caller caller, CreateRequest request) throws Failure {
        judge(caller, request.name());
        Tools tools = toolbox.tools();
        Folder folder = folder(request.name());
        Drafting.Draft draft = Drafting.of(request, folder.path().toString(), facts, filters, caller.confinement());
        draft.doubts().forEach(doubt -> LOG.warn("{}: {}", request.name(), doubt));
        request.doubts().accept(draft.doubts());
        Body body = new Body(reactor, folder);
        Found found = Found.before(draft.plans().create());
        Entry entry = new Entry(
                Entry.VERSION,
                request.name().uid(),
                request.name().id().value(),
                draft.spec().ociVersion(),
                request.bundle(),
                rootfs(draft, request.bundle()),
                draft.spec().annotations(),
                Instant.now().toString(),
                Status.CREATING,
                Optional.empty(),
                Optional.empty(),
                found.present(),
                found.taken(),
                draft.spec().lifecycle().profile(),
                draft.spec().lifecycle().prestartInStart(),
                request.set());
        Subject subject = new Subject(folder, body, request.config().bytes(), draft.plans(), entry);
        Container container = container(request.name(), draft, subject, Container.Operation.CREATE);
        if (containers.putIfAbsent(request.name(), container) != null) {
            throw Failure.state(
                    "container-exists", Map.of("id", request.name().id().value()));
        }
        if (broken.clearing(request.name())) {
            containers.remove(request.name(), container);
            throw Broken.busy(request.name());
        }
        if (tooMany(container)) {
            containers.remove(request.name(), container);
            throw Failure.state("too-many-containers", Map.of("count", "" + most, "most", "" + most));
        }
        container.breakable();
        changed(container);
        try {
            operations.create(tools, container, request);
        } catch (InterruptedException e) {
            remove(container);
            throw Failure.state(
                    "create-broken-off", Map.of("id", request.name().id().value()));
        } catch (Failure e) {
            remove(container);
            hub.publish(new Event.Trouble(container.name(), e));
            throw e;
        } finally {
            boolean _ = container.unbreakable();
        }
        begun(container);
        container.giveBack();
        return changed(container);
    }

    /** Counted with the new one in its place, so that of two who come at once neither slips by. */
    private boolean tooMany(Container made) {
        return made.confined()
                && containers.values().stream()
                                .filter(other -> other.confined()
                                        && other.name().uid() == made.name().uid())
                                .count()
                        > most;
    }

    private static String rootfs(Drafting.Draft draft, String bundle) {
        return draft.spec()
                .root()
                .map(made -> made.path().startsWith("/") ? made.path() : bundle + "/" + made.path())
                .orElse("");
    }

    /** A container that this helper made or adopted: its end is told, and its output is followed. */
    void begun(Container container) {
        if (hub.heard()) {
            usage.listen(container);
        }
        var _ = container.body().exit().thenAccept(exit -> {
            LOG.info("{} has ended with status {}", container.name(), exit.known() ? exit.status() : "unknown");
            usage.forget(container);
            changed(container);
            if (container.spec().lifecycle().autoremove()) {
                Thread.ofVirtual().name("remove " + container.name()).start(() -> autoremove(container));
            }
        });
        if (keeperHoldsStreams(container)) {
            container.tail().begin(false);
        }
    }

    /** The split draft's {@code root.autoremove}: delete follows by itself. What is being done to it comes to its end before. */
    private void autoremove(Container container) {
        try {
            while (containers.get(container.name()) == container) {
                try {
                    delete(Caller.HELPER, container.name(), false);
                    return;
                } catch (Failure e) {
                    if (!e.code().equals("container-busy")) {
                        throw e;
                    }
                    Thread.sleep(AUTOREMOVE_PAUSE_MILLIS);
                }
            }
        } catch (Failure e) {
            trouble(container.name(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Puts an adopted container in its place. */
    void adopt(Container container) {
        containers.put(container.name(), container);
        begun(container);
        changed(container);
    }

    private static boolean keeperHoldsStreams(Container container) {
        return keeperHoldsStreams(container.subject());
    }

    static boolean keeperHoldsStreams(Subject subject) {
        return subject.plans().create().steps().stream()
                .anyMatch(step -> step.op() instanceof OpenStreams streams
                        && (streams.mode() == Streams.LOG || streams.mode() == Streams.TERMINAL));
    }

    Container container(Owned name, Drafting.Draft draft, Subject subject, Container.Operation operation) {
        Tail tail = new Tail(reactor, subject.folder(), lines -> {
            if (hub.heard()) {
                hub.publish(new Event.Logged(name, lines));
            }
        });
        return new Container(name, draft.spec(), subject, tail, operation);
    }

    @Override
    public ContainerView start(Caller caller, Owned name, Optional<Blob> config) throws Failure {
        Container container = ruled(caller, name);
        container.take(Container.Operation.START);
        boolean destroyed = false;
        try {
            require(container, Verb.START);
            if (container.spec().lifecycle().rereadsProcess()) {
                Blob text = config.orElseThrow(() -> Failure.caller(
                        "process-not-given", Map.of("id", name.id().value())));
                container.subject().restart(Rereading.plans(container, text, facts, filters, caller));
            }
            container.breakable();
            operations.start(toolbox.tools(), container);
        } catch (IOException e) {
            throw unreadable(e);
        } catch (InterruptedException e) {
            destroyed = true;
            throw Failure.state("start-broken-off", Map.of("id", name.id().value()));
        } catch (Failure e) {
            destroyed = e.at().isPresent();
            throw e;
        } finally {
            boolean _ = container.unbreakable();
            if (destroyed) {
                remove(container);
            } else {
                container.giveBack();
            }
        }
        return changed(container);
    }

    @Override
    public void abort(Caller caller, Owned name) throws Failure {
        if (!ruled(caller, name).breakOff()) {
            throw Failure.state("nothing-to-abort", Map.of("id", name.id().value()));
        }
    }

    @Override
    public void kill(Caller caller, Owned name, int signal, boolean all) throws Failure {
        Container container = ruled(caller, name);
        if (signal < 0 || signal > 64) {
            throw Failure.caller("signal-unknown", Map.of("signal", Integer.toString(signal)));
        }
        require(container, Verb.KILL);
        try {
            operations.kill(toolbox.tools(), container, signal, all);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    @Override
    public void delete(Caller caller, Owned name, boolean force, Consumer<Failure> warnings) throws Failure {
        Optional<Container> known = lookup(caller, name);
        if (known.isEmpty() && broken.clear(caller, name, force, warnings)) {
            return;
        }
        if (known.isEmpty() && force) {
            return;
        }
        Container container = known.orElseThrow(() -> unknown(name));
        rule(caller, container);
        container.take(Container.Operation.DELETE);
        boolean deleted = false;
        try {
            if (!force) {
                require(container, Verb.DELETE);
            }
            operations.delete(toolbox.tools(), container, warnings);
            deleted = true;
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            if (deleted) {
                remove(container);
            } else {
                container.giveBack();
                changed(container);
            }
        }
    }

    @Override
    public ContainerView pause(Caller caller, Owned name) throws Failure {
        return live.pause(ruled(caller, name));
    }

    @Override
    public ContainerView resume(Caller caller, Owned name) throws Failure {
        return live.resume(ruled(caller, name));
    }

    @Override
    public UpdateView update(Caller caller, Owned name, UpdateRequest request) throws Failure {
        return live.update(ruled(caller, name), request);
    }

    @Override
    public ObjectNode statistics(Caller caller, Owned name) throws Failure {
        return usage.of(find(caller, name));
    }

    @Override
    public ArrayNode mounts(Caller caller, Owned name) throws Failure {
        return live.mounts(find(caller, name));
    }

    @Override
    public Optional<Finding> stop(Caller caller, Owned name, StopRequest request) throws Failure {
        Optional<Finding> doubt = live.stop(ruled(caller, name), request);
        if (request.delete()) {
            delete(caller, name, false);
        }
        return doubt;
    }

    @Override
    public ConfigurationView configuration(Caller caller, Owned name) throws Failure {
        try {
            Container container = find(caller, name);
            return new ConfigurationView(
                    new String(container.subject().config(), StandardCharsets.UTF_8),
                    LiveOperations.effective(container).toString());
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** The one table decides, on what is true now (OPS-START-02, OPS-KILL-02, OPS-DELETE-02). */
    static void require(Container container, Verb verb) throws Failure {
        Status status = container.status();
        if (!container.subject().entry().rules().operations().allowed(status).contains(verb)) {
            throw Failure.state(
                    switch (verb) {
                        case START -> "container-not-created";
                        case KILL -> "container-not-running";
                        case DELETE -> "container-not-stopped";
                        case PAUSE -> status == Status.PAUSED ? "container-paused" : "container-not-running";
                        case RESUME -> "container-not-paused";
                        case UPDATE -> "container-not-live";
                    },
                    Map.of("id", container.name().id().value(), "status", status.word()));
        }
    }

    @Override
    public ContainerView state(Caller caller, Owned name) throws Failure {
        return find(caller, name).view();
    }

    @Override
    public List<ContainerView> list(Caller caller, Optional<Integer> owner) throws Failure {
        Optional<Integer> wanted = caller.administrator() ? owner : Optional.of(caller.uid());
        return containers.values().stream()
                .filter(container ->
                        wanted.isEmpty() || wanted.get() == container.name().uid())
                .sorted(Comparator.comparing((Container container) ->
                                container.subject().entry().created())
                        .thenComparing(container -> container.name().toString()))
                .map(Container::view)
                .toList();
    }

    @Override
    public List<BrokenView> broken(Caller caller, Optional<Integer> owner) {
        return broken.seen(caller, owner);
    }

    @Override
    public TraceView trace(Caller caller, Owned name) throws Failure {
        try {
            return find(caller, name).trace();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    @Override
    public List<HookRun> hooks(Caller caller, Owned name) throws Failure {
        try {
            return new HookFile(find(caller, name).subject().folder().file("hooks")).runs();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    @Override
    public LogStream logs(Caller caller, Owned name, boolean follow) throws Failure {
        try {
            Container container = find(caller, name);
            return container.tail().read(follow && keeperHoldsStreams(container));
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    @Override
    public void input(Caller caller, Owned name, byte[] data, boolean end) throws Failure {
        held(caller, name).tail().input(data, end);
    }

    @Override
    public void resize(Caller caller, Owned name, int rows, int columns) throws Failure {
        held(caller, name).tail().resize(rows, columns);
    }

    private Container held(Caller caller, Owned name) throws Failure {
        Container container = ruled(caller, name);
        if (!keeperHoldsStreams(container)) {
            throw Failure.state("streams-not-held", Map.of("id", name.id().value()));
        }
        return container;
    }

    @Override
    public ExecOperations execs() {
        return execs;
    }

    @Override
    public ExitView awaitExit(Caller caller, Owned name) throws Failure, InterruptedException {
        try {
            return find(caller, name).body().exit().get();
        } catch (ExecutionException e) {
            throw Failure.bug("exit-lost", Map.of("id", name.id().value()), e);
        }
    }

    @Override
    public Subscription watch(Caller caller, Optional<Integer> owner, Subscription.Listener listener) {
        containers.values().forEach(usage::listen);
        return hub.listen(caller.administrator() ? owner : Optional.of(caller.uid()), listener);
    }

    @Override
    public void close() throws IOException {
        containers.values().forEach(container -> {
            usage.forget(container);
            container.tail().close();
            container.body().release();
            container.execs().values().forEach(Exec::release);
        });
        toolbox.close();
    }

    /** One that the caller may change, not only see. */
    Container ruled(Caller caller, Owned name) throws Failure {
        Container container = find(caller, name);
        rule(caller, container);
        return container;
    }

    /** What an administrator's connection made is not ruled by another that is less, though it be the same person's. */
    private static void rule(Caller caller, Container container) throws Failure {
        if (!caller.administrator() && !container.confined()) {
            throw Failure.caller(
                    "container-of-administrator",
                    Map.of("id", container.name().id().value()));
        }
    }

    Container find(Caller caller, Owned name) throws Failure {
        return lookup(caller, name).orElseThrow(() -> unknown(name));
    }

    /** To one who may not see it a container does not exist. */
    private Optional<Container> lookup(Caller caller, Owned name) {
        return caller.administrator() || caller.uid() == name.uid()
                ? Optional.ofNullable(containers.get(name))
                : Optional.empty();
    }

    private static void judge(Caller caller, Owned name) throws Failure {
        if (!caller.administrator() && caller.uid() != name.uid()) {
            throw Failure.caller("owner-not-yours", Map.of("uid", Integer.toUnsignedString(name.uid())));
        }
        // the last line: whoever is no administrator becomes themselves, or nothing is made
        boolean becomesThem = caller.confinement()
                .filter(become -> become.uid() == caller.uid())
                .isPresent();
        if (!caller.administrator() && !becomesThem) {
            throw Failure.caller("not-for-confined", Map.of());
        }
    }

    private static Failure unknown(Owned name) {
        return Failure.state("container-unknown", Map.of("id", name.id().value()));
    }

    static Failure interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return Failure.host("interrupted", Map.of(), e);
    }

    static Failure unreadable(IOException e) {
        return Failure.host("record-unreadable", Map.of("text", String.valueOf(e.getMessage())), e);
    }

    /** Looks and tells as one: of two who tell at the same time the later has looked later, and nobody tells of what is removed. */
    ContainerView changed(Container container) {
        synchronized (container) {
            ContainerView view = container.view();
            if (containers.get(container.name()) == container) {
                hub.publish(new Event.Changed(view));
            }
            return view;
        }
    }

    void remove(Container container) {
        synchronized (container) {
            if (containers.remove(container.name(), container)) {
                hub.publish(new Event.Removed(container.name()));
            }
        }
        execs.forgetAll(container);
    }

    /** Whether one of that name is made or known. */
    boolean knows(Owned name) {
        return containers.containsKey(name);
    }

    Folder folder(Owned name) {
        return Folder.at(root.resolve(Integer.toUnsignedString(name.uid()))
                .resolve(name.id().fileName()));
    }

    Path root() {
        return root;
    }

    Reactor reactor() {
        return reactor;
    }

    Toolbox toolbox() {
        return toolbox;
    }

    Operations operations() {
        return operations;
    }

    /** Its record cannot be used. */
    void broken(BrokenView view) {
        broken.add(view);
    }

    Hub hub() {
        return hub;
    }

    void trouble(Owned name, Failure failure) {
        LOG.warn("{}: {}", name, failure.getMessage());
        hub.publish(new Event.Trouble(name, failure));
    }
}

package org.slipway.workbench.lifecycle;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javafx.beans.InvalidationListener;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.util.Subscription;
import org.slipway.model.finding.Severity;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Status;
import org.slipway.model.state.Verb;
import org.slipway.model.wire.Container;
import org.slipway.model.wire.Event;
import org.slipway.model.wire.Name;
import org.slipway.workbench.bundle.Session;
import org.slipway.workbench.helper.HelperPort;
import org.slipway.workbench.helper.HelperSession;
import org.slipway.workbench.helper.Refused;
import org.slipway.workbench.text.Texts;
import tools.jackson.databind.JsonNode;

/** The container that the bar is about: where it is, and what may be done with it, each with the reason why not. */
public final class LifecycleModel {

    /** A request to the helper, away from the window's thread. */
    private interface Request {
        void send(HelperPort port) throws Refused;
    }

    private final Session session;
    private final HelperSession helper;
    private final Subscription attached;
    private final StringProperty id = new SimpleStringProperty("");
    private final ReadOnlyObjectWrapper<Optional<Container>> container = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyObjectWrapper<Stage> stage = new ReadOnlyObjectWrapper<>(Stage.NONE);
    private final ReadOnlyObjectWrapper<Optional<Failed>> failure = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyStringWrapper busy = new ReadOnlyStringWrapper("");
    private final ReadOnlyBooleanWrapper drift = new ReadOnlyBooleanWrapper();
    private final ReadOnlyStringWrapper elsewhere = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper whyNotCreate = new ReadOnlyStringWrapper("");
    private final Map<Verb, ReadOnlyStringWrapper> whyNot = new HashMap<>();
    private final ReadOnlyBooleanWrapper seen = new ReadOnlyBooleanWrapper();
    private Optional<Long> owner = Optional.empty();
    private String gone = "";

    /** The life of the container made from a session's bundle. */
    public LifecycleModel(Session session, HelperSession helper) {
        this.session = session;
        this.helper = helper;
        for (Verb verb : Verb.values()) {
            whyNot.put(verb, new ReadOnlyStringWrapper(""));
        }
        InvalidationListener look = _ -> look();
        helper.containers().addListener(look);
        attached = Subscription.combine(
                () -> helper.containers().removeListener(look),
                helper.info().subscribe(this::look),
                helper.listen(this::happened));
        id.subscribe(this::look);
        session.text().subscribe(this::look);
        session.findings().subscribe(this::look);
        session.bundle().subscribe(folder -> folder.ifPresent(this::named));
        look();
    }

    /** Hears nothing of the helper any more. */
    public void close() {
        attached.unsubscribe();
    }

    private void named(Path folder) {
        Path name = folder.getFileName();
        String word = name == null ? "" : name.toString().replaceAll("[^A-Za-z0-9_+.-]", "-");
        owner = Optional.empty();
        id.set(ContainerId.parse(word).map(ContainerId::value).orElse("container"));
    }

    private void happened(Event event) {
        if (event.kind().equals("removed") && isMine(event.owner(), event.id())) {
            gone = id.get();
            look();
        } else if (event.problem().isPresent()
                && isMine(event.owner(), event.id())
                && busy.get().isEmpty()) {
            failure.set(Optional.of(new Failed("", event.problem().get())));
        }
    }

    private boolean isMine(long itsOwner, String itsId) {
        return itsId.equals(id.get())
                && ownerOrSelf().map(self -> self == itsOwner).orElse(true);
    }

    private Optional<Long> ownerOrSelf() {
        return owner.or(() -> helper.lastInfo().get().map(info -> info.uid()));
    }

    /** Whether the helper is gone, so that all of this is what was last seen of it. */
    public ReadOnlyBooleanProperty seen() {
        return seen.getReadOnlyProperty();
    }

    /** Judges everything anew. */
    private void look() {
        Optional<Container> now = helper.containers().stream()
                .filter(each -> isMine(each.owner(), each.id()))
                .findFirst();
        if (now.isPresent()) {
            gone = "";
        } else if (!gone.equals(id.get())) {
            gone = "";
        }
        seen.set(helper.info().get().isEmpty() && helper.lastInfo().get().isPresent());
        container.set(now);
        stage.set(now.map(each -> Stage.of(status(each)))
                .orElse(busy.get().equals("create") ? Stage.CREATING : gone.isEmpty() ? Stage.NONE : Stage.GONE));
        boolean ours = now.isPresent() && isOfOpenBundle(now.get());
        drift.set(ours
                && now.flatMap(Container::configDigest).filter(this::differs).isPresent());
        elsewhere.set(now.isPresent() && !ours ? now.get().bundle() : "");
        whyNotCreate.set(reasonAgainstCreate(now));
        whyNot.forEach((verb, reason) -> reason.set(reasonAgainst(verb, now)));
    }

    private boolean isOfOpenBundle(Container container) {
        return session.folder()
                .filter(folder -> folder.toString().equals(container.bundle()))
                .isPresent();
    }

    private boolean differs(String digest) {
        return !digest.equals(Container.digest(session.fileText().getBytes(StandardCharsets.UTF_8)));
    }

    private static Status status(Container container) {
        for (Status status : Status.values()) {
            if (status.word().equals(container.status())) {
                return status;
            }
        }
        return Status.STOPPED;
    }

    private String reasonAgainstCreate(Optional<Container> now) {
        String general = reasonAgainstAll();
        if (!general.isEmpty()) {
            return general;
        }
        if (session.folder().isEmpty()) {
            return Texts.of("lifecycle.no-bundle");
        }
        if (now.isPresent()) {
            return Texts.of("lifecycle.exists", id.get());
        }
        if (ContainerId.parse(id.get()).isEmpty()) {
            return Texts.of("lifecycle.bad-id");
        }
        if (session.broken().get().isPresent()) {
            return Texts.of("lifecycle.broken");
        }
        long errors = session.findings().get().stream()
                .filter(finding -> finding.severity() == Severity.ERROR)
                .count();
        if (errors == 1) {
            return Texts.of("lifecycle.one-error");
        }
        return errors > 0 ? Texts.of("lifecycle.errors", errors) : "";
    }

    private String reasonAgainst(Verb verb, Optional<Container> now) {
        String general = reasonAgainstAll();
        if (!general.isEmpty()) {
            return general;
        }
        if (now.isEmpty()) {
            return Texts.of("lifecycle.no-container");
        }
        Status status = status(now.get());
        return Verb.allowed(status).contains(verb)
                ? ""
                : Texts.of("lifecycle.not-now." + verb.name().toLowerCase(Locale.ROOT), status.word());
    }

    private String reasonAgainstAll() {
        if (helper.info().get().isEmpty()) {
            return Texts.of("lifecycle.no-helper");
        }
        return busy.get().isEmpty() ? "" : Texts.of("lifecycle.busy", Texts.of("verb." + busy.get()));
    }

    /** Makes the container from the text as it is now, saved or not. */
    public void create() {
        create(() -> {});
    }

    private void create(Runnable then) {
        Optional<Path> folder = session.folder();
        if (folder.isEmpty() || !whyNotCreate.get().isEmpty()) {
            return;
        }
        String name = id.get();
        String config = session.fileText();
        owner = Optional.empty();
        boolean terminal = session.document()
                .get()
                .at("/process/terminal")
                .filter(JsonNode::isBoolean)
                .map(JsonNode::booleanValue)
                .orElse(false);
        ask("create", port -> port.create(name, folder.get(), config, terminal), then);
    }

    /** Runs the program. */
    public void start() {
        ask("start", port -> port.start(name()), () -> {});
    }

    /** Sends a signal. */
    public void kill(String signal) {
        ask("kill", port -> port.kill(name(), signal), () -> {});
    }

    /** Removes what is left. */
    public void delete() {
        ask("delete", port -> port.delete(name()), () -> {});
    }

    /** Creates if there is nothing, and starts. */
    public void createAndStart() {
        if (container.get().isPresent()) {
            start();
        } else {
            create(this::start);
        }
    }

    /** Ends and removes the container that is there, then makes and starts one from the text as it is now. */
    public void recreate() {
        Optional<Container> now = container.get();
        if (now.isEmpty()) {
            createAndStart();
            return;
        }
        Name name = name();
        boolean alive = status(now.get()) != Status.STOPPED;
        ask("delete", port -> Ending.end(port, name, alive), () -> create(this::start));
    }

    private Name name() {
        return new Name(owner, id.get());
    }

    private void ask(String verb, Request request, Runnable done) {
        Optional<HelperPort> port = helper.port();
        if (port.isEmpty() || !busy.get().isEmpty()) {
            return;
        }
        failure.set(Optional.empty());
        busy.set(verb);
        look();
        helper.tasks()
                .run(
                        () -> {
                            request.send(port.get());
                            return verb;
                        },
                        _ -> {
                            busy.set("");
                            look();
                            done.run();
                        },
                        problem -> {
                            busy.set("");
                            failure.set(Optional.of(new Failed(verb, HelperSession.problem(problem))));
                            look();
                        });
    }

    /** Takes up a container from the list, whoever owns it. */
    public void show(Container chosen) {
        owner = Optional.of(chosen.owner());
        failure.set(Optional.empty());
        id.set(chosen.id());
        look();
    }

    /** Takes the pinned failure away. */
    public void dismiss() {
        failure.set(Optional.empty());
    }

    /** The id of the container, to be typed before it is created. */
    public StringProperty id() {
        return id;
    }

    /** The container with that id, if there is one. */
    public ReadOnlyObjectProperty<Optional<Container>> container() {
        return container.getReadOnlyProperty();
    }

    /** Its full name on the wire. */
    public Name target() {
        return name();
    }

    public ReadOnlyObjectProperty<Stage> stage() {
        return stage.getReadOnlyProperty();
    }

    public ReadOnlyObjectProperty<Optional<Failed>> failure() {
        return failure.getReadOnlyProperty();
    }

    /** The verb that is under way, or empty. */
    public ReadOnlyStringProperty busy() {
        return busy.getReadOnlyProperty();
    }

    /** The bundle that the container was made from, if that is not the open one; else empty. */
    public ReadOnlyStringProperty elsewhere() {
        return elsewhere.getReadOnlyProperty();
    }

    /** Whether the text is another than the one the container was made from, by whomever and whenever. */
    public ReadOnlyBooleanProperty drift() {
        return drift.getReadOnlyProperty();
    }

    /** Why no container can be created now, or empty. */
    public ReadOnlyStringProperty whyNotCreate() {
        return whyNotCreate.getReadOnlyProperty();
    }

    /** Why a verb can't be asked for now, or empty. */
    public ReadOnlyStringProperty whyNot(Verb verb) {
        return java.util.Objects.requireNonNull(whyNot.get(verb)).getReadOnlyProperty();
    }

    /** Whether an event is about this container. */
    public boolean concerns(Event event) {
        return isMine(event.owner(), event.id());
    }

    /** The signals that are sent most, the gentlest first. */
    public static List<String> signals() {
        return List.of("TERM", "INT", "HUP", "USR1", "USR2", "STOP", "CONT", "KILL");
    }
}

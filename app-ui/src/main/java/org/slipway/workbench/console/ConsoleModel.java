package org.slipway.workbench.console;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.util.Subscription;
import org.slipway.model.wire.Event;
import org.slipway.model.wire.Log;
import org.slipway.model.wire.Name;
import org.slipway.workbench.helper.HelperPort;
import org.slipway.workbench.helper.HelperSession;
import org.slipway.workbench.lifecycle.LifecycleModel;
import org.slipway.workbench.lifecycle.Stage;
import org.slipway.workbench.text.Texts;

/**
 * The output of the container that the bar is about, as text: escape sequences are shown, never obeyed. Only the last
 * {@value #KEPT} lines are kept here; the whole of it is in the container's log.
 */
public final class ConsoleModel {

    static final int KEPT = 5_000;

    private static final int LONGEST = 4_000;

    /**
     * One line.
     *
     * @param stream {@code stdout} or {@code stderr}
     * @param open whether the rest of the line is still to come
     */
    public record Line(String stream, String at, String text, boolean open) {}

    private final HelperSession helper;
    private final Subscription attached;
    private final LifecycleModel lifecycle;
    private final ObservableList<Line> lines = FXCollections.observableArrayList();
    private final ReadOnlyStringWrapper whyNoInput = new ReadOnlyStringWrapper("");
    private final List<Log> early = new ArrayList<>();
    private boolean loading;

    /** The output of a lifecycle's container. */
    public ConsoleModel(HelperSession helper, LifecycleModel lifecycle) {
        this.helper = helper;
        this.lifecycle = lifecycle;
        attached = Subscription.combine(
                helper.listen(this::happened),
                helper.links()
                        .subscribe(() -> appeared(lifecycle.container().get().map(container -> container.created()))));
        lifecycle.id().subscribe(() -> lines.clear());
        lifecycle
                .container()
                .map(now -> now.map(container -> container.created()))
                .subscribe(this::appeared);
        lifecycle
                .stage()
                .subscribe(stage -> whyNoInput.set(stage == Stage.RUNNING ? "" : Texts.of("console.not-running")));
    }

    /** Hears nothing of the helper any more. */
    public void close() {
        attached.unsubscribe();
    }

    private void appeared(Optional<String> created) {
        Optional<HelperPort> port = helper.port();
        if (created == null || created.isEmpty() || port.isEmpty()) {
            return;
        }
        lines.clear();
        early.clear();
        loading = true;
        Name name = lifecycle.target();
        helper.tasks().run(() -> port.get().logs(name), kept -> loaded(name, kept), _ -> loaded(name, List.of()));
    }

    private void loaded(Name name, List<Log> kept) {
        if (!name.id().equals(lifecycle.id().get())) {
            return;
        }
        loading = false;
        kept.forEach(this::add);
        String last = kept.isEmpty() ? "" : kept.getLast().at();
        early.stream().filter(log -> log.at().compareTo(last) > 0).forEach(this::add);
        early.clear();
    }

    private void happened(Event event) {
        if (lifecycle.concerns(event) && event.log().isPresent()) {
            if (loading) {
                early.add(event.log().get());
            } else {
                add(event.log().get());
            }
        }
    }

    private void add(Log log) {
        String text = visible(new String(log.bytes(), StandardCharsets.UTF_8));
        int last = lines.size() - 1;
        boolean goesOn = last >= 0
                && lines.get(last).open()
                && lines.get(last).stream().equals(log.stream())
                && lines.get(last).text().length() < LONGEST;
        if (goesOn) {
            Line before = lines.get(last);
            lines.set(last, new Line(before.stream(), before.at(), before.text() + text, log.partial()));
        } else {
            lines.add(new Line(log.stream(), log.at(), text, log.partial()));
            if (lines.size() > KEPT + KEPT / 10) {
                lines.remove(0, lines.size() - KEPT);
            }
        }
    }

    /** Control characters as pictures of themselves, so that output can neither hide nor pretend. */
    static String visible(String text) {
        StringBuilder seen = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c == '\t' || (c >= ' ' && c != 0x7f && (c < 0x80 || c > 0x9f) && !isDirection(c))) {
                seen.appendCodePoint(c);
            } else if (c == '\r') {
                seen.append("");
            } else if (c < ' ') {
                seen.appendCodePoint(0x2400 + c);
            } else {
                seen.append('�');
            }
        });
        return seen.toString();
    }

    /** Characters that turn the direction of writing around, and so the meaning of a line. */
    private static boolean isDirection(int c) {
        return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
    }

    /** Sends a line to the program's input. */
    public void send(String line) {
        Name name = lifecycle.target();
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        helper.port()
                .ifPresent(port -> helper.tasks()
                        .run(
                                () -> {
                                    port.input(name, bytes);
                                    return name;
                                },
                                _ -> {},
                                failure -> lines.add(new Line(
                                        "stderr",
                                        "",
                                        Texts.of(
                                                "console.input-failed",
                                                HelperSession.problem(failure).code()),
                                        false))));
    }

    /** What came, oldest first. */
    public ObservableList<Line> lines() {
        return lines;
    }

    /** Why nothing can be typed now, or empty. */
    public ReadOnlyStringProperty whyNoInput() {
        return whyNoInput.getReadOnlyProperty();
    }
}

package org.slipway.workbench.trial;

import java.util.Optional;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.util.Subscription;
import org.slipway.model.json.Document;
import org.slipway.workbench.bundle.Session;
import org.slipway.workbench.text.Quantity;
import org.slipway.workbench.text.Texts;
import tools.jackson.databind.JsonNode;

/** The test of one hook of the configuration, as it stands in the text now, saved or not. */
public final class HookTestModel {

    /** What is shown. */
    public sealed interface Shown {

        /** Nothing was tested, or the hook was changed since. */
        record Nothing() implements Shown {}

        /** It can't be run, and why. */
        record Refused(String sentence) implements Shown {}

        /** It runs, and can be cancelled. */
        record Running() implements Shown {}

        /** It ended: how and when, in words, and what it printed. */
        record Ended(boolean good, String how, String time, String output, String errors) implements Shown {}
    }

    private final Session session;
    private final String pointer;
    private final ReadOnlyObjectWrapper<Shown> shown = new ReadOnlyObjectWrapper<>(new Shown.Nothing());
    private final Subscription edits;
    private Optional<JsonNode> tested = Optional.empty();
    private Optional<HookRunner> running = Optional.empty();

    /** The test of the hook at a pointer such as {@code /hooks/prestart/0}. */
    public HookTestModel(Session session, String pointer) {
        this.session = session;
        this.pointer = pointer;
        this.edits = session.document().subscribe(this::edited);
    }

    /** What a changed hook did before it was changed says nothing of it any more. */
    private void edited(Document now) {
        if (running.isEmpty() && !now.at(pointer).equals(tested)) {
            shown.set(new Shown.Nothing());
        }
    }

    /** Runs it in the background, unless it runs already. */
    public void test() {
        if (running.isPresent()) {
            return;
        }
        Document document = session.document().get();
        tested = document.at(pointer);
        Optional<HookTest> test = session.folder()
                .flatMap(folder -> HookTest.of(
                        document, pointer, folder, ProcessHandle.current().pid()));
        if (test.isEmpty()) {
            shown.set(new Shown.Refused(Texts.of("hook-test.no-path")));
            return;
        }
        String path = test.get().path();
        HookRunner runner = new HookRunner(test.get());
        running = Optional.of(runner);
        shown.set(new Shown.Running());
        session.tasks()
                .<Shown>run(
                        () -> {
                            Optional<String> against = HookRunner.whyNot(path);
                            return against.isPresent()
                                    ? new Shown.Refused(Texts.of("hook-test." + against.get(), path))
                                    : ended(runner.run());
                        },
                        this::show,
                        failure -> show(new Shown.Refused(Texts.of("hook-test.failed", path, said(failure)))));
    }

    /** The last of the causes is the system's own: {@code Exec format error}. */
    private static String said(Exception failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }

    private static Shown ended(HookResult result) {
        String how = switch (result.end()) {
            case EXITED -> Texts.of("hooks.status", result.status());
            case TIMED_OUT -> Texts.of("hook-test.timed-out");
            case CANCELLED -> Texts.of("hook-test.cancelled");
        };
        return new Shown.Ended(result.good(), how, Quantity.time(result.nanos()), result.output(), result.errors());
    }

    private void show(Shown now) {
        running = Optional.empty();
        shown.set(now);
        edited(session.document().get());
    }

    /** Kills it, if it runs. */
    public void cancel() {
        running.ifPresent(HookRunner::cancel);
    }

    /** Ends it and listens to the text no more: the hook is gone from the form. */
    public void close() {
        cancel();
        edits.unsubscribe();
    }

    /** What is shown beside the hook. */
    public ReadOnlyObjectProperty<Shown> shown() {
        return shown.getReadOnlyProperty();
    }

    /** What is different from the hook's own place, in a sentence. */
    public String note() {
        return Texts.of(
                pointer.startsWith("/hooks/startContainer/")
                        ? "hook-test.note.inside"
                        : pointer.startsWith("/hooks/createContainer/")
                                ? "hook-test.note.namespaces"
                                : "hook-test.note");
    }
}

package org.slipway.workbench.bundle;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.beans.binding.BooleanBinding;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import org.slipway.model.finding.Finding;
import org.slipway.model.json.Document;
import org.slipway.model.json.Edit;
import org.slipway.model.json.Place;
import org.slipway.model.json.TextChange;
import org.slipway.workbench.task.Tasks;

/**
 * The bundle that is open. The text is the truth: form and source both edit it, everything else is read from it. A text
 * that can't be read leaves {@link #document()} at the last one that could.
 */
public final class Session {

    /** So that the disk is not asked at each key. */
    private static final Duration LOOK_AFTER = Duration.ofMillis(400);

    private static final Document EMPTY = ((Document.Good) Document.parse("{}")).document();

    private final Tasks tasks;
    private final Tasks.Latest checks;
    private final Tasks.Latest looks;
    private final BiFunction<Document, Path, List<Finding>> disk;
    private List<Finding> told = List.of();
    private List<Finding> seen = List.of();
    private boolean lookWaits;
    private final Function<Document, List<Finding>> rules;
    private final History history = new History();
    private final ReadOnlyObjectWrapper<Optional<BundleFolder.Opened>> opened =
            new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyStringWrapper text = new ReadOnlyStringWrapper("{}");
    private final ReadOnlyStringWrapper saved = new ReadOnlyStringWrapper("{}");
    private final ReadOnlyObjectWrapper<Optional<Document>> savedDocument =
            new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyObjectWrapper<Document> document = new ReadOnlyObjectWrapper<>(EMPTY);
    private final ReadOnlyObjectWrapper<Optional<Document.Broken>> broken =
            new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyObjectWrapper<List<Finding>> findings = new ReadOnlyObjectWrapper<>(List.of());
    private final ReadOnlyObjectWrapper<Selected> selected =
            new ReadOnlyObjectWrapper<>(new Selected("", Selected.Where.SOURCE, false));
    private final ReadOnlyBooleanWrapper canUndo = new ReadOnlyBooleanWrapper();
    private final ReadOnlyBooleanWrapper canRedo = new ReadOnlyBooleanWrapper();
    private final BooleanBinding dirty = text.isNotEqualTo(saved);
    private final Autosave autosave;
    private final Outside outside;

    /**
     * A session without a bundle.
     *
     * @param rules judges a document; called away from the window's thread
     * @param sideFiles where edits that are not saved are kept against a crash
     */
    public Session(Tasks tasks, Function<Document, List<Finding>> rules, SideFiles sideFiles) {
        this(tasks, rules, (_, _) -> List.of(), sideFiles);
    }

    /**
     * A session without a bundle.
     *
     * @param disk says what of a document is not on the disk; called away from the window's thread, a moment after an edit
     */
    public Session(
            Tasks tasks,
            Function<Document, List<Finding>> rules,
            BiFunction<Document, Path, List<Finding>> disk,
            SideFiles sideFiles) {
        this.tasks = tasks;
        this.checks = tasks.latest();
        this.looks = tasks.latest();
        this.disk = disk;
        this.rules = rules;
        this.autosave = new Autosave(this, tasks, sideFiles);
        this.outside = new Outside(this, tasks);
    }

    /** Opens a bundle; what was not saved is lost, so ask before. */
    public void open(Path path, Runnable done, Consumer<? super Exception> failed) {
        record Found(BundleFolder.Opened bundle, SideFiles.Known known) {}
        tasks.run(
                () -> {
                    BundleFolder.Opened bundle = BundleFolder.open(path);
                    return new Found(bundle, autosave.claim(bundle.folder()));
                },
                found -> {
                    show(found.bundle());
                    autosave.opened(found.known());
                    done.run();
                },
                failed);
    }

    private void show(BundleFolder.Opened bundle) {
        history.clear();
        selected.set(new Selected("", Selected.Where.SOURCE, false));
        opened.set(Optional.of(bundle));
        outside.seen(bundle.stamp());
        wasSaved(bundle.text());
        document.set(EMPTY);
        become(bundle.text());
    }

    /**
     * Writes the text to the bundle's {@code config.json}, if it differs.
     *
     * @param force whether to overwrite what somebody else wrote there meanwhile
     */
    public void save(boolean force, Runnable done, Consumer<? super Exception> failed) {
        Optional<BundleFolder.Opened> bundle = opened.get();
        if (bundle.isEmpty()) {
            failed.accept(new BundleFailure("none"));
            return;
        }
        String expected = saved.get();
        String written = text.get();
        tasks.run(
                () -> {
                    BundleFolder.save(bundle.get(), expected, written, force);
                    return BundleFolder.Stamp.of(bundle.get().config());
                },
                stamp -> {
                    outside.seen(stamp);
                    wasSaved(written);
                    history.close();
                    done.run();
                },
                failed);
    }

    /** Writes the text as it is now to another file; the bundle's own stays as it is, and the edits stay unsaved. */
    public void saveCopy(Path file, Runnable done, Consumer<? super Exception> failed) {
        Optional<BundleFolder.Opened> bundle = opened.get();
        String written = text.get();
        tasks.run(
                () -> {
                    BundleFolder.saveCopy(bundle.orElseThrow(() -> new BundleFailure("none")), written, file);
                    return file;
                },
                _ -> done.run(),
                failed);
    }

    /** The text of a bundle's config.json, in the window's way; waits for the disk. */
    public static String textOf(Path bundle) throws IOException {
        return BundleFolder.open(bundle).text();
    }

    /** What stands in the file is another text now, which is the one to compare with from now on. */
    void nowInFile(BundleFolder.Opened theirs) {
        opened.set(Optional.of(theirs));
        wasSaved(theirs.text());
    }

    /** Leaves the bundle for good: what was kept against a crash goes. */
    public void close() {
        autosave.close();
    }

    String savedText() {
        return saved.get();
    }

    Optional<BundleFolder.Opened> opened() {
        return opened.get();
    }

    /** For work on this bundle that may block. */
    public Tasks tasks() {
        return tasks;
    }

    /** What another program did to the file. */
    public Outside outside() {
        return outside;
    }

    /** Edits that an earlier window did not save. */
    public Autosave autosave() {
        return autosave;
    }

    private void wasSaved(String written) {
        saved.set(written);
        savedDocument.set(
                Document.parse(written) instanceof Document.Good good
                        ? Optional.of(good.document())
                        : Optional.empty());
        autosave.changed();
    }

    /** Edits the document, as the form does. Does nothing while the text can't be read or has no such place. */
    public boolean edit(Edit edit) {
        return edit(List.of(edit), edit instanceof Edit.Set set ? set.pointer() : "");
    }

    /** Makes several edits, each of the document that the ones before it gave; undo takes them back together. */
    public boolean edit(List<Edit> edits) {
        return edit(edits, "");
    }

    private boolean edit(List<Edit> edits, String subject) {
        if (broken.get().isPresent()) {
            return false;
        }
        try {
            Document changed = document.get();
            for (Edit edit : edits) {
                changed = edit.apply(changed);
            }
            replace(changed.text(), subject);
            return true;
        } catch (IllegalArgumentException e) {
            // an edit that gives no document, such as half of a surrogate pair, is not made
            return false;
        }
    }

    /** Makes the text another, as typing in the source does; what follows each other without a break is undone together. */
    public void type(String changed) {
        replace(changed, "source");
    }

    void replace(String changed, String subject) {
        String before = text.get();
        if (!before.equals(changed)) {
            history.add(before, TextChange.between(before, changed), subject);
            become(changed);
        }
    }

    /** Takes the newest edit back. */
    public void undo() {
        history.undo().ifPresent(edit -> become(edit.before()));
    }

    /** Makes the edit again that was taken back last. */
    public void redo() {
        history.redo().ifPresent(edit -> become(edit.change().apply(edit.before())));
    }

    private void become(String changed) {
        autosave.changed();
        canUndo.set(history.canUndo());
        canRedo.set(history.canRedo());
        Document.Parsed parsed = Document.parse(changed);
        if (parsed instanceof Document.Broken bad) {
            broken.set(Optional.of(bad));
            text.set(changed);
        } else if (parsed instanceof Document.Good good) {
            broken.set(Optional.empty());
            text.set(changed);
            document.set(good.document());
            checks.run(() -> rules.apply(good.document()), this::told, _ -> told(List.of()));
            lookSoon();
        }
    }

    private void told(List<Finding> now) {
        told = now;
        judge();
    }

    /** What was seen on the disk counts as long as the text still has the place. */
    private void judge() {
        List<Finding> all = new ArrayList<>(told);
        seen.stream()
                .filter(finding -> document.get().at(finding.pointer()).isPresent())
                .forEach(all::add);
        if (!all.equals(findings.get())) {
            findings.set(List.copyOf(all));
        }
    }

    private void lookSoon() {
        if (!lookWaits) {
            lookWaits = true;
            tasks.after(LOOK_AFTER, () -> {
                lookWaits = false;
                lookAtDisk();
            });
        }
    }

    /** Looks again whether what the text names is there. */
    public void lookAtDisk() {
        Document now = document.get();
        folder().ifPresent(path -> looks.run(
                () -> disk.apply(now, path),
                found -> {
                    seen = found;
                    judge();
                },
                _ -> seen = List.of()));
    }

    /** Selects a member everywhere. A pane that showed another field ends the run of changes undone together. */
    public void select(String pointer, Selected.Where where) {
        select(new Selected(pointer, where, false));
    }

    /** Selects a member and gives its field the keyboard. */
    public void jump(String pointer, Selected.Where where) {
        select(new Selected(pointer, where, true));
    }

    private void select(Selected now) {
        if (!now.pointer().equals(selected.get().pointer())) {
            history.close();
        }
        selected.set(now);
    }

    /** The folder of the bundle, if one is open. */
    public Optional<Path> folder() {
        return opened.get().map(BundleFolder.Opened::folder);
    }

    /** The text as it is now, as it would stand in the file. */
    public String fileText() {
        return opened.get().map(bundle -> bundle.asInFile(text.get())).orElse(text.get());
    }

    /** The text as it is now, readable or not. */
    public ReadOnlyStringProperty text() {
        return text.getReadOnlyProperty();
    }

    /** What stands in the file, as far as this window knows and if it can be read. */
    public ReadOnlyObjectProperty<Optional<Document>> savedDocument() {
        return savedDocument.getReadOnlyProperty();
    }

    /** The last text that could be read. */
    public ReadOnlyObjectProperty<Document> document() {
        return document.getReadOnlyProperty();
    }

    /** Where and why the text can't be read. */
    public ReadOnlyObjectProperty<Optional<Document.Broken>> broken() {
        return broken.getReadOnlyProperty();
    }

    /** What is wrong with the last text that could be read. */
    public ReadOnlyObjectProperty<List<Finding>> findings() {
        return findings.getReadOnlyProperty();
    }

    /** What is selected. */
    public ReadOnlyObjectProperty<Selected> selected() {
        return selected.getReadOnlyProperty();
    }

    /** Whether a bundle is open; changes when another is. */
    public javafx.beans.value.ObservableValue<Optional<Path>> bundle() {
        return opened.getReadOnlyProperty().map(bundle -> bundle.map(BundleFolder.Opened::folder));
    }

    public BooleanBinding dirty() {
        return dirty;
    }

    public ReadOnlyBooleanProperty canUndo() {
        return canUndo.getReadOnlyProperty();
    }

    public ReadOnlyBooleanProperty canRedo() {
        return canRedo.getReadOnlyProperty();
    }

    /** Where a member stands, or the nearest one above it that exists, as an offset in the text. */
    public Optional<Integer> offsetOf(String pointer) {
        return nearestPlace(pointer).map(Place::keyStart);
    }

    /** Where a member stands, or the nearest one above it that exists. */
    public Optional<Place> nearestPlace(String pointer) {
        String at = pointer;
        while (!at.isEmpty()) {
            Optional<Place> place = document.get().place(at);
            if (place.isPresent()) {
                return place;
            }
            at = at.substring(0, at.lastIndexOf('/'));
        }
        return document.get().place("");
    }

    /** Says that an {@link IOException} came of a bundle that somebody else changed, so that saving may be forced. */
    public static boolean changedOutside(Exception failure) {
        return failure instanceof BundleFailure bundle && bundle.code().equals("changed-outside");
    }
}

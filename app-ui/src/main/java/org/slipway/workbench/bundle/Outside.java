package org.slipway.workbench.bundle;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.slipway.workbench.task.Tasks;

/** Notices when another program changes the file of the open bundle, and lets the person choose. Nothing is lost either way. */
public final class Outside {

    /** How often the file is looked at; a look costs one stat(2). */
    public static final Duration EVERY = Duration.ofSeconds(2);

    /** What was noticed. */
    public sealed interface News {}

    /** The file holds another text, which was taken over because there were no edits of one's own. */
    public record Taken() implements News {}

    /** The file holds another text than the one that was edited here. */
    public record Changed(String text) implements News {}

    /** The file is gone, or can't be read any more. */
    public record Lost(String why) implements News {}

    private final Session session;
    private final Tasks tasks;
    private final ReadOnlyObjectWrapper<Optional<News>> news = new ReadOnlyObjectWrapper<>(Optional.empty());
    private BundleFolder.Stamp seen = BundleFolder.Stamp.NONE;
    private Optional<BundleFolder.Opened> theirs = Optional.empty();
    private boolean looking;

    Outside(Session session, Tasks tasks) {
        this.session = session;
        this.tasks = tasks;
    }

    /** The file was just read or written here. */
    void seen(BundleFolder.Stamp stamp) {
        seen = stamp;
        theirs = Optional.empty();
        news.set(Optional.empty());
    }

    /** What was noticed and not answered yet. */
    public ReadOnlyObjectProperty<Optional<News>> news() {
        return news.getReadOnlyProperty();
    }

    /** Looks whether the file is still the one that was read. */
    public void look() {
        Optional<BundleFolder.Opened> bundle = session.opened();
        if (looking || bundle.isEmpty()) {
            return;
        }
        looking = true;
        BundleFolder.Stamp known = seen;
        tasks.run(
                () -> read(bundle.get(), known),
                found -> {
                    looking = false;
                    // what was saved or opened meanwhile is newer than this look
                    if (seen.equals(known) && session.opened().equals(bundle)) {
                        found.ifPresent(this::found);
                    }
                },
                _ -> looking = false);
    }

    /** What a look found, if the file is not the same. */
    private record Found(BundleFolder.Stamp stamp, Optional<BundleFolder.Opened> now, String why) {}

    private static Optional<Found> read(BundleFolder.Opened bundle, BundleFolder.Stamp known) {
        BundleFolder.Stamp stamp = BundleFolder.Stamp.of(bundle.config());
        if (stamp.equals(known)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Found(stamp, Optional.of(BundleFolder.open(bundle.folder())), ""));
        } catch (IOException e) {
            return Optional.of(new Found(stamp, Optional.empty(), String.valueOf(e.getMessage())));
        }
    }

    private void found(Found found) {
        seen = found.stamp();
        theirs = found.now();
        if (theirs.isEmpty()) {
            news.set(Optional.of(new Lost(found.why())));
        } else if (theirs.get().text().equals(session.savedText())) {
            news.set(Optional.empty());
        } else if (theirs.get().text().equals(session.text().get())) {
            session.nowInFile(theirs.get());
            news.set(Optional.empty());
        } else if (session.dirty().get()) {
            news.set(Optional.of(new Changed(theirs.get().text())));
        } else {
            takeTheirs();
            news.set(Optional.of(new Taken()));
        }
    }

    /** Takes the other program's text over, as one edit: undo brings one's own back. */
    public void takeTheirs() {
        theirs.ifPresent(text -> {
            session.nowInFile(text);
            session.replace(text.text(), "");
        });
        dismiss();
    }

    /** Goes on with one's own text; saving it is not asked about again. */
    public void keepMine() {
        theirs.ifPresent(session::nowInFile);
        dismiss();
    }

    /** The note was read. */
    public void dismiss() {
        theirs = Optional.empty();
        news.set(Optional.empty());
    }
}

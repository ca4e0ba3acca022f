package org.slipway.workbench.bundle;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.slipway.workbench.task.Tasks;

/**
 * Keeps what is not saved in a side file, a moment after each edit, and offers what an earlier window left there. At most one
 * write is under way, so that an older text never comes after a newer one.
 */
public final class Autosave {

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Session session;
    private final Tasks tasks;
    private final SideFiles files;
    private final ReadOnlyObjectWrapper<Optional<SideFiles.Left>> left = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyObjectWrapper<List<Long>> others = new ReadOnlyObjectWrapper<>(List.of());
    private Optional<Path> claimed = Optional.empty();
    private Optional<String> kept = Optional.empty();
    private boolean waiting;
    private boolean writing;
    private boolean again;

    Autosave(Session session, Tasks tasks, SideFiles files) {
        this.session = session;
        this.tasks = tasks;
        this.files = files;
    }

    /** Reads what is known of a bundle and says that it is open here; away from the window's thread. */
    SideFiles.Known claim(Path folder) {
        SideFiles.Known known = files.known(folder);
        files.keep(folder, Optional.empty(), Instant.now());
        return known;
    }

    void opened(SideFiles.Known known) {
        Optional<Path> before = claimed.filter(folder -> !session.folder().equals(Optional.of(folder)));
        before.ifPresent(folder -> tasks.away(() -> files.drop(folder)));
        claimed = session.folder();
        kept = Optional.empty();
        others.set(known.others());
        left.set(known.left().stream()
                .filter(edits -> !edits.text().equals(session.text().get()))
                .findFirst());
    }

    /** The text or the file changed. */
    void changed() {
        if (claimed.isPresent() && !waiting) {
            waiting = true;
            tasks.after(PAUSE, this::keep);
        }
    }

    private void keep() {
        waiting = false;
        if (writing) {
            again = true;
            return;
        }
        Optional<String> now =
                session.dirty().get() ? Optional.of(session.text().get()) : Optional.empty();
        Optional<Path> folder = claimed;
        if (folder.isEmpty() || now.equals(kept)) {
            return;
        }
        writing = true;
        tasks.run(
                () -> files.keep(folder.get(), now, Instant.now()),
                written -> wrote(written ? now : kept),
                _ -> wrote(kept));
    }

    private void wrote(Optional<String> now) {
        kept = now;
        writing = false;
        if (claimed.isEmpty()) {
            session.folder().ifPresent(folder -> tasks.away(() -> files.drop(folder)));
        } else if (again) {
            again = false;
            keep();
        }
    }

    /** The edits of a window that is gone, until they are taken or dropped. */
    public ReadOnlyObjectProperty<Optional<SideFiles.Left>> left() {
        return left.getReadOnlyProperty();
    }

    /** The process ids of other windows that had the bundle open when it was opened here. */
    public ReadOnlyObjectProperty<List<Long>> others() {
        return others.getReadOnlyProperty();
    }

    /** The note about other windows was read. */
    public void dismissOthers() {
        others.set(List.of());
    }

    /** Takes the edits over, as one edit that undo takes back. */
    public void take() {
        Optional<SideFiles.Left> taken = left.get();
        Optional<Path> folder = claimed;
        if (taken.isEmpty() || folder.isEmpty()) {
            return;
        }
        left.set(Optional.empty());
        session.replace(taken.get().text(), "");
        // they are kept as this window's before the other's go
        tasks.away(() -> {
            if (files.keep(folder.get(), Optional.of(taken.get().text()), Instant.now())) {
                files.drop(taken.get());
            }
        });
    }

    /** Lets them go. */
    public void drop() {
        left.get().ifPresent(edits -> tasks.away(() -> files.drop(edits)));
        left.set(Optional.empty());
    }

    /** The bundle is left: nothing of it is kept, whatever was not saved is let go. */
    void close() {
        Optional<Path> folder = claimed;
        claimed = Optional.empty();
        if (!writing) {
            folder.ifPresent(path -> tasks.away(() -> files.drop(path)));
        }
    }
}

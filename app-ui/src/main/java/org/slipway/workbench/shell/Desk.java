package org.slipway.workbench.shell;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.slipway.workbench.helper.HelperSession;
import org.slipway.workbench.memory.Recent;
import org.slipway.workbench.memory.StateFolder;
import org.slipway.workbench.task.Tasks;

/** The bundles that are open, one of them in front. Without any, an empty workbench is in front. */
public final class Desk {

    private final Tasks tasks;
    private final HelperSession helper;
    private final StateFolder state;
    private final Supplier<Workbench> fresh;
    private final ObservableList<Workbench> open = FXCollections.observableArrayList();
    private final ObservableList<Workbench> shown = FXCollections.unmodifiableObservableList(open);
    private final ReadOnlyObjectWrapper<Workbench> front;

    /**
     * A desk without a bundle.
     *
     * @param fresh makes a workbench without one
     */
    Desk(Tasks tasks, HelperSession helper, StateFolder state, Supplier<Workbench> fresh) {
        this.tasks = tasks;
        this.helper = helper;
        this.state = state;
        this.fresh = fresh;
        this.front = new ReadOnlyObjectWrapper<>(fresh.get());
    }

    /** Opens a bundle in front; one that is open already just comes to the front. */
    public void open(Path path, Consumer<? super Exception> failed) {
        Path wanted = path.toAbsolutePath().normalize();
        for (Workbench each : open) {
            if (each.session()
                    .folder()
                    .filter(folder -> folder.equals(wanted)
                            || folder.resolve("config.json").equals(wanted))
                    .isPresent()) {
                front.set(each);
                return;
            }
        }
        boolean empty = front.get().session().folder().isEmpty() && !open.contains(front.get());
        Workbench bench = empty ? front.get() : fresh.get();
        bench.session()
                .open(
                        path,
                        () -> {
                            if (!open.contains(bench)) {
                                open.add(bench);
                            }
                            front.set(bench);
                            bench.session().folder().ifPresent(folder -> tasks.away(() -> recent().opened(folder)));
                        },
                        failed);
    }

    /** Leaves a bundle; what is not saved in it is lost, so ask before. */
    public void close(Workbench bench) {
        int at = open.indexOf(bench);
        if (at < 0) {
            return;
        }
        boolean wasFront = front.get().equals(bench);
        open.remove(at);
        if (wasFront) {
            front.set(open.isEmpty() ? fresh.get() : open.get(Math.min(at, open.size() - 1)));
        }
        bench.close();
    }

    /** Leaves every bundle: the window closes. */
    public void closeAll() {
        List.copyOf(open).forEach(Workbench::close);
        helper.close();
    }

    /** Brings a bundle to the front. */
    public void show(Workbench bench) {
        if (open.contains(bench)) {
            front.set(bench);
        }
    }

    /** Brings the next bundle to the front ({@code 1}), or the one before ({@code -1}), round and round. */
    public void next(int by) {
        if (!open.isEmpty()) {
            front.set(open.get(Math.floorMod(open.indexOf(front.get()) + by, open.size())));
        }
    }

    /** The bundles that are open, in the order of their tabs. */
    public ObservableList<Workbench> open() {
        return shown;
    }

    /** The bundle in front. */
    public ReadOnlyObjectProperty<Workbench> front() {
        return front.getReadOnlyProperty();
    }

    public HelperSession helper() {
        return helper;
    }

    public Tasks tasks() {
        return tasks;
    }

    /** Where the window keeps what outlives it. */
    public StateFolder state() {
        return state;
    }

    /** The bundles that were opened last. */
    public Recent recent() {
        return new Recent(state);
    }
}

package org.slipway.workbench.hooks;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.util.Subscription;
import org.slipway.model.plan.HookOp;
import org.slipway.model.wire.Event;
import org.slipway.model.wire.Name;
import org.slipway.workbench.bundle.Selected;
import org.slipway.workbench.bundle.Session;
import org.slipway.workbench.helper.HelperSession;
import org.slipway.workbench.lifecycle.LifecycleModel;
import tools.jackson.databind.node.ObjectNode;

/** The hooks that ran for the container that the bar is about; poststop's stay after it is gone. */
public final class HooksModel {

    /** Runs are told of when they are read, which is not always when they happen. */
    private static final Comparator<HookRun> ORDER =
            Comparator.comparingInt(HooksModel::kind).thenComparingInt(HookRun::position);

    private final Session session;
    private final HelperSession helper;
    private final Subscription attached;
    private final LifecycleModel lifecycle;
    private final ObservableList<HookRun> runs = FXCollections.observableArrayList();

    /** The hooks of a lifecycle's container. */
    public HooksModel(Session session, HelperSession helper, LifecycleModel lifecycle) {
        this.session = session;
        this.helper = helper;
        this.lifecycle = lifecycle;
        attached = Subscription.combine(
                helper.listen(this::happened),
                helper.links()
                        .subscribe(() -> appeared(lifecycle.container().get().map(container -> container.created()))));
        lifecycle.id().subscribe(() -> runs.clear());
        // each time it comes to another stage: what init ran is told of when its file is read
        lifecycle
                .container()
                .map(now -> now.map(container -> container.created() + container.status()))
                .subscribe(this::appeared);
    }

    /** Hears nothing of the helper any more. */
    public void close() {
        attached.unsubscribe();
    }

    private void appeared(Optional<String> created) {
        if (created == null || created.isEmpty()) {
            return;
        }
        Name name = lifecycle.target();
        helper.port()
                .ifPresent(port -> helper.tasks()
                        .run(
                                () -> port.hooks(name),
                                nodes -> {
                                    if (name.id().equals(lifecycle.id().get())) {
                                        nodes.forEach(this::put);
                                    }
                                },
                                _ -> {}));
    }

    private void happened(Event event) {
        if (!lifecycle.concerns(event)) {
            return;
        }
        boolean madeAnew = event.plan()
                .filter(plan -> plan.path("kind").asString("").equalsIgnoreCase("create"))
                .isPresent();
        if (madeAnew) {
            runs.clear();
        }
        event.hook().ifPresent(this::put);
    }

    private static int kind(HookRun run) {
        return Arrays.stream(HookOp.Kind.values())
                .filter(kind -> kind.member().equals(run.kind()))
                .findFirst()
                .map(HookOp.Kind::number)
                .orElse(Integer.MAX_VALUE);
    }

    private void put(ObjectNode node) {
        HookRun run = HookRun.of(node);
        for (int i = 0; i < runs.size(); i++) {
            if (runs.get(i).sameAs(run)) {
                runs.set(i, run);
                return;
            }
        }
        int at = 0;
        while (at < runs.size() && ORDER.compare(runs.get(at), run) < 0) {
            at++;
        }
        runs.add(at, run);
    }

    /** The runs, in the order of the lifecycle. */
    public ObservableList<HookRun> runs() {
        return runs;
    }

    /** Selects a hook's field. */
    public void choose(HookRun run) {
        session.select(run.pointer(), Selected.Where.TRACE);
    }
}

package org.slipway.workbench.hooks;

import java.util.Optional;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.slipway.model.wire.Event;
import org.slipway.model.wire.Name;
import org.slipway.workbench.bundle.Selected;
import org.slipway.workbench.bundle.Session;
import org.slipway.workbench.helper.HelperSession;
import org.slipway.workbench.lifecycle.LifecycleModel;
import tools.jackson.databind.node.ObjectNode;

/** The hooks that ran for the container that the bar is about; poststop's stay after it is gone. */
public final class HooksModel {

    private final Session session;
    private final HelperSession helper;
    private final LifecycleModel lifecycle;
    private final ObservableList<HookRun> runs = FXCollections.observableArrayList();

    /** The hooks of a lifecycle's container. */
    public HooksModel(Session session, HelperSession helper, LifecycleModel lifecycle) {
        this.session = session;
        this.helper = helper;
        this.lifecycle = lifecycle;
        helper.listen(this::happened);
        lifecycle.id().subscribe(() -> runs.clear());
        // each time it comes to another stage: what init ran is told of when its file is read
        lifecycle
                .container()
                .map(now -> now.map(container -> container.created() + container.status()))
                .subscribe(this::appeared);
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

    private void put(ObjectNode node) {
        HookRun run = HookRun.of(node);
        for (int i = 0; i < runs.size(); i++) {
            if (runs.get(i).sameAs(run)) {
                runs.set(i, run);
                return;
            }
        }
        runs.add(run);
    }

    /** The runs, in the order in which they began. */
    public ObservableList<HookRun> runs() {
        return runs;
    }

    /** Selects a hook's field. */
    public void choose(HookRun run) {
        session.select(run.pointer(), Selected.Where.TRACE);
    }
}

package org.slipway.workbench.trace;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.util.Subscription;
import org.slipway.model.plan.Plan;
import org.slipway.model.plan.PlanJson;
import org.slipway.model.plan.PlanKind;
import org.slipway.model.trace.StepRecord;
import org.slipway.model.wire.Event;
import org.slipway.model.wire.Name;
import org.slipway.model.wire.Reply;
import org.slipway.model.wire.Wire;
import org.slipway.model.wire.WireException;
import org.slipway.workbench.bundle.Selected;
import org.slipway.workbench.bundle.Session;
import org.slipway.workbench.helper.HelperPort;
import org.slipway.workbench.helper.HelperSession;
import org.slipway.workbench.lifecycle.LifecycleModel;
import org.slipway.workbench.plan.StepRow;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/** What became of each step of the container that the bar is about; stays after the container is gone. */
public final class TraceModel {

    private final Session session;
    private final HelperSession helper;
    private final Subscription attached;
    private final LifecycleModel lifecycle;
    private final Map<PlanKind, Plan> plans = new EnumMap<>(PlanKind.class);
    private final Map<StepRow.Key, StepRecord> records = new HashMap<>();
    private final ReadOnlyObjectWrapper<List<StepRow>> rows = new ReadOnlyObjectWrapper<>(List.of());
    private final ReadOnlyObjectWrapper<Optional<StepRow.Line>> failed = new ReadOnlyObjectWrapper<>(Optional.empty());

    /** The trace of a lifecycle's container. */
    public TraceModel(Session session, HelperSession helper, LifecycleModel lifecycle) {
        this.session = session;
        this.helper = helper;
        this.lifecycle = lifecycle;
        attached = Subscription.combine(
                helper.listen(this::happened),
                helper.links()
                        .subscribe(() -> appeared(lifecycle.container().get().map(container -> container.created()))));
        lifecycle.id().subscribe(this::forget);
        lifecycle
                .container()
                .map(now -> now.map(container -> container.created() + container.status()))
                .subscribe(this::appeared);
    }

    /** Hears nothing of the helper any more. */
    public void close() {
        attached.unsubscribe();
    }

    private void forget() {
        plans.clear();
        records.clear();
        show();
    }

    private void appeared(Optional<String> created) {
        if (created != null && created.isPresent()) {
            Name name = lifecycle.target();
            helper.port().ifPresent(port -> load(port, name));
        }
    }

    private void load(HelperPort port, Name name) {
        helper.tasks().run(() -> port.trace(name), trace -> loaded(name, trace), _ -> {});
    }

    private void loaded(Name name, Reply.Trace trace) {
        if (name.id().equals(lifecycle.id().get())) {
            trace.plans().forEach(this::plan);
            trace.records().forEach(this::record);
            show();
        }
    }

    private void happened(Event event) {
        if (!lifecycle.concerns(event)) {
            return;
        }
        event.plan().ifPresent(this::plan);
        event.records().ifPresent(nodes -> nodes.forEach(this::record));
        if (event.plan().isPresent() || event.records().isPresent()) {
            show();
        }
    }

    private void plan(ObjectNode node) {
        planOf(node).ifPresent(plan -> {
            if (plan.kind() == PlanKind.CREATE && !plan.equals(plans.get(PlanKind.CREATE))) {
                // a container is made anew: what is known is about another one
                plans.clear();
                records.clear();
            }
            plans.put(plan.kind(), plan);
        });
    }

    private void record(ObjectNode node) {
        recordOf(node).ifPresent(record -> {
            StepRow.Key key = new StepRow.Key(record.plan(), record.step());
            StepRecord known = records.get(key);
            if (known == null || known.result() == StepRecord.Result.STARTED || record.endNanos() > known.endNanos()) {
                records.put(key, record);
            }
        });
    }

    /** What this window does not understand it leaves out: the helper may be newer. */
    private static Optional<Plan> planOf(ObjectNode node) {
        try {
            return Optional.of(PlanJson.read(node));
        } catch (JacksonException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<StepRecord> recordOf(ObjectNode node) {
        try {
            return Optional.of(Wire.result(node, StepRecord.class));
        } catch (WireException e) {
            return Optional.empty();
        }
    }

    private void show() {
        List<StepRow> all = StepRow.rows(List.copyOf(plans.values()), records);
        failed.set(all.stream()
                .filter(StepRow.Line.class::isInstance)
                .map(StepRow.Line.class::cast)
                .filter(line -> line.record()
                        .filter(record -> record.result() == StepRecord.Result.FAILED)
                        .isPresent())
                .findFirst());
        rows.set(all);
    }

    /** The steps of all plans that were run, with what became of them. */
    public ReadOnlyObjectProperty<List<StepRow>> rows() {
        return rows.getReadOnlyProperty();
    }

    /** The step that failed. */
    public ReadOnlyObjectProperty<Optional<StepRow.Line>> failed() {
        return failed.getReadOnlyProperty();
    }

    /** The steps that ran, for a record on disk. */
    public List<StepRow.Line> lines() {
        List<StepRow.Line> lines = new ArrayList<>();
        rows.get().forEach(row -> {
            if (row instanceof StepRow.Line line) {
                lines.add(line);
            }
        });
        return lines;
    }

    /** Selects the field that asked for a step. */
    public void choose(String pointer) {
        session.select(pointer, Selected.Where.TRACE);
    }

    Session session() {
        return session;
    }
}

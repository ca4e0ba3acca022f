package org.slipway.workbench.plan;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableValue;
import org.slipway.model.json.Document;
import org.slipway.model.plan.Plan;
import org.slipway.model.wire.Reply;
import org.slipway.workbench.bundle.Selected;
import org.slipway.workbench.bundle.Session;
import org.slipway.workbench.task.Tasks;
import org.slipway.workbench.text.Texts;

/** The plan of the text as it is now, compiled anew after each edit. */
public final class PlanModel {

    /** Compiles a document; called away from the window's thread. */
    public interface Compiler {

        /**
         * The plans of create and start.
         *
         * @return what was compiled, or why nothing was
         */
        Result compile(Document document, Path bundle, Target target);
    }

    /**
     * For whom and where.
     *
     * @param id what the container would be called, as it is typed
     * @param helper who would make it, for whom, on which host; empty without a helper
     * @param machine what the person wants to see the plan for
     */
    public record Target(String id, Optional<Reply.Info> helper, Machine machine) {

        /** On this machine. */
        public Target(String id, Optional<Reply.Info> helper) {
            this(id, helper, Machine.THIS);
        }
    }

    /** What came of compiling: plans, or a sentence that says why there are none. */
    public record Result(List<Plan> plans, String reason) {}

    /**
     * What the edits that are not saved do to the plan.
     *
     * @param added how many steps they bring
     * @param removed how many they take away
     */
    public record Changed(long added, long removed) {}

    private final Session session;
    private List<Plan> saved = List.of();
    private final ReadOnlyObjectWrapper<List<StepRow>> rows = new ReadOnlyObjectWrapper<>(List.of());
    private final ReadOnlyObjectWrapper<List<Plan>> plans = new ReadOnlyObjectWrapper<>(List.of());
    private final ReadOnlyObjectWrapper<Integer> count = new ReadOnlyObjectWrapper<>(0);
    private final ReadOnlyStringWrapper reason = new ReadOnlyStringWrapper(Texts.of("plan.no-bundle"));
    private final ReadOnlyObjectWrapper<Optional<Changed>> changed = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final Tasks.Latest compilations;
    private final Tasks.Latest savedCompilations;
    private final Compiler compiler;
    private final ObservableValue<Target> target;
    private final ObjectProperty<Machine> machine = new SimpleObjectProperty<>(Machine.THIS);

    /** The plan of a session's document. */
    public PlanModel(Session session, Tasks tasks, Compiler compiler, ObservableValue<Target> target) {
        this.session = session;
        this.compilations = tasks.latest();
        this.savedCompilations = tasks.latest();
        this.compiler = compiler;
        this.target = target;
        session.document().subscribe(this::compile);
        target.subscribe(this::compile);
        session.savedDocument().subscribe(this::compileSaved);
        target.subscribe(this::compileSaved);
        machine.addListener((_, _, _) -> {
            compile();
            compileSaved();
        });
    }

    /** What the plan is shown for. */
    public ObjectProperty<Machine> machine() {
        return machine;
    }

    private Target known() {
        Target known = target.getValue();
        return new Target(known.id(), known.helper(), machine.get());
    }

    /** The plan of the text on disk, to compare with. */
    private void compileSaved() {
        saved = List.of();
        Optional<Path> folder = session.folder();
        Optional<Document> document = session.savedDocument().get();
        if (folder.isEmpty() || document.isEmpty()) {
            return;
        }
        Target known = known();
        savedCompilations.run(
                () -> compiler.compile(document.get(), folder.get(), known),
                result -> {
                    saved = result.plans();
                    fill();
                },
                _ -> saved = List.of());
    }

    private void compile() {
        Optional<Path> folder = session.folder();
        if (folder.isEmpty()) {
            return;
        }
        Document document = session.document().get();
        Target known = known();
        Consumer<Exception> failed = e -> reason.set(Texts.of("plan.fault", String.valueOf(e.getMessage())));
        compilations.run(() -> compiler.compile(document, folder.get(), known), this::show, failed);
    }

    private void show(Result result) {
        if (!result.plans().isEmpty()) {
            plans.set(result.plans());
            fill();
            count.set(result.plans().stream()
                    .mapToInt(plan -> plan.steps().size())
                    .sum());
        }
        reason.set(result.reason());
    }

    private void fill() {
        List<StepRow> lines =
                saved.isEmpty() ? StepRow.rows(plans.get(), Map.of()) : StepRow.compared(saved, plans.get());
        long added = count(lines, StepRow.Change.ADDED);
        long removed = count(lines, StepRow.Change.REMOVED);
        changed.set(added + removed == 0 ? Optional.empty() : Optional.of(new Changed(added, removed)));
        rows.set(lines);
    }

    private static long count(List<StepRow> rows, StepRow.Change change) {
        return rows.stream()
                .filter(row -> row instanceof StepRow.Line line && line.change() == change)
                .count();
    }

    /** What the edits that are not saved do to the plan; empty when they do nothing to it. */
    public ReadOnlyObjectProperty<Optional<Changed>> changed() {
        return changed.getReadOnlyProperty();
    }

    /** The steps by phase; those of the last state that could be compiled. */
    public ReadOnlyObjectProperty<List<StepRow>> rows() {
        return rows.getReadOnlyProperty();
    }

    /** The plans that the rows are made of. */
    public List<Plan> plans() {
        return plans.get();
    }

    public ReadOnlyObjectProperty<Integer> count() {
        return count.getReadOnlyProperty();
    }

    /** Why the steps are not those of the text as it is now, or empty. */
    public ReadOnlyStringProperty reason() {
        return reason.getReadOnlyProperty();
    }

    /** Selects the field that asked for a step. */
    public void choose(StepRow row) {
        if (row instanceof StepRow.Line line) {
            line.pointer().ifPresent(pointer -> session.select(pointer, Selected.Where.PLAN));
        }
    }

    Session session() {
        return session;
    }
}

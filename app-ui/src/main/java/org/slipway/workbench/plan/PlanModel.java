package org.slipway.workbench.plan;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.value.ObservableValue;
import org.slipway.model.json.Document;
import org.slipway.model.plan.Plan;
import org.slipway.workbench.bundle.Selected;
import org.slipway.workbench.bundle.Session;
import org.slipway.workbench.task.Tasks;
import org.slipway.workbench.text.Texts;
import tools.jackson.databind.node.ObjectNode;

/** The plan of the text as it is now, compiled anew after each edit. */
public final class PlanModel {

    /** Compiles a document; called away from the window's thread. */
    public interface Compiler {

        /**
         * The plans of create and start.
         *
         * @param facts the host's, as the helper tells them; empty without a helper
         * @return what was compiled, or why nothing was
         */
        Result compile(Document document, Path bundle, Optional<ObjectNode> facts);
    }

    /** What came of compiling: plans, or a sentence that says why there are none. */
    public record Result(List<Plan> plans, String reason) {}

    private final Session session;
    private final ReadOnlyObjectWrapper<List<StepRow>> rows = new ReadOnlyObjectWrapper<>(List.of());
    private final ReadOnlyObjectWrapper<List<Plan>> plans = new ReadOnlyObjectWrapper<>(List.of());
    private final ReadOnlyObjectWrapper<Integer> count = new ReadOnlyObjectWrapper<>(0);
    private final ReadOnlyStringWrapper reason = new ReadOnlyStringWrapper(Texts.of("plan.no-bundle"));
    private final Tasks.Latest compilations;
    private final Compiler compiler;
    private final ObservableValue<Optional<ObjectNode>> facts;

    /** The plan of a session's document. */
    public PlanModel(Session session, Tasks tasks, Compiler compiler, ObservableValue<Optional<ObjectNode>> facts) {
        this.session = session;
        this.compilations = tasks.latest();
        this.compiler = compiler;
        this.facts = facts;
        session.document().subscribe(this::compile);
        facts.subscribe(this::compile);
    }

    private void compile() {
        Optional<Path> folder = session.folder();
        if (folder.isEmpty()) {
            return;
        }
        Document document = session.document().get();
        Optional<ObjectNode> known = facts.getValue();
        Consumer<Exception> failed = e -> reason.set(Texts.of("plan.fault", String.valueOf(e.getMessage())));
        compilations.run(() -> compiler.compile(document, folder.get(), known), this::show, failed);
    }

    private void show(Result result) {
        if (!result.plans().isEmpty()) {
            plans.set(result.plans());
            rows.set(StepRow.rows(result.plans(), Map.of()));
            count.set(result.plans().stream()
                    .mapToInt(plan -> plan.steps().size())
                    .sum());
        }
        reason.set(result.reason());
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

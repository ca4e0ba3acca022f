package org.slipway.workbench.shell;

import java.util.List;
import java.util.function.Function;
import javafx.beans.binding.Bindings;
import javafx.beans.value.ObservableValue;
import org.slipway.model.finding.Finding;
import org.slipway.model.json.Document;
import org.slipway.workbench.bundle.Session;
import org.slipway.workbench.console.ConsoleModel;
import org.slipway.workbench.form.FormModel;
import org.slipway.workbench.helper.HelperPort;
import org.slipway.workbench.helper.HelperSession;
import org.slipway.workbench.hooks.HooksModel;
import org.slipway.workbench.lifecycle.LifecycleModel;
import org.slipway.workbench.plan.PlanModel;
import org.slipway.workbench.problems.ProblemsModel;
import org.slipway.workbench.task.Tasks;
import org.slipway.workbench.trace.TraceModel;

/** All view models of one window, put together. */
public record Workbench(
        Session session,
        HelperSession helper,
        FormModel form,
        PlanModel plan,
        ProblemsModel problems,
        LifecycleModel lifecycle,
        TraceModel trace,
        HooksModel hooks,
        ConsoleModel console) {

    /** A workbench without a bundle, that has not looked for a helper yet. */
    public static Workbench of(
            Tasks tasks, Function<Document, List<Finding>> rules, PlanModel.Compiler compiler, HelperPort.Door door) {
        Session session = new Session(tasks, rules);
        HelperSession helper = new HelperSession(tasks, door);
        LifecycleModel lifecycle = new LifecycleModel(session, helper);
        ObservableValue<PlanModel.Target> target = Bindings.createObjectBinding(
                () -> new PlanModel.Target(
                        lifecycle.id().get(), helper.lastInfo().get()),
                lifecycle.id(),
                helper.lastInfo());
        return new Workbench(
                session,
                helper,
                new FormModel(session),
                new PlanModel(session, tasks, compiler, target),
                new ProblemsModel(session),
                lifecycle,
                new TraceModel(session, helper, lifecycle),
                new HooksModel(session, helper, lifecycle),
                new ConsoleModel(helper, lifecycle));
    }
}

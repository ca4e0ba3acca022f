package org.slipway.workbench.shell;

import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import javafx.beans.binding.Bindings;
import javafx.beans.value.ObservableValue;
import org.slipway.model.finding.Finding;
import org.slipway.model.json.Document;
import org.slipway.workbench.bundle.Session;
import org.slipway.workbench.bundle.SideFiles;
import org.slipway.workbench.console.ConsoleModel;
import org.slipway.workbench.form.FormModel;
import org.slipway.workbench.helper.HelperPort;
import org.slipway.workbench.helper.HelperSession;
import org.slipway.workbench.hooks.HooksModel;
import org.slipway.workbench.lifecycle.LifecycleModel;
import org.slipway.workbench.memory.StateFolder;
import org.slipway.workbench.plan.PlanModel;
import org.slipway.workbench.portability.PortabilityModel;
import org.slipway.workbench.problems.ProblemsModel;
import org.slipway.workbench.task.Tasks;
import org.slipway.workbench.trace.TraceModel;

/** All view models of one bundle, put together. */
public record Workbench(
        Session session,
        HelperSession helper,
        FormModel form,
        PlanModel plan,
        ProblemsModel problems,
        LifecycleModel lifecycle,
        TraceModel trace,
        HooksModel hooks,
        ConsoleModel console,
        PortabilityModel portability) {

    /** A desk without a bundle, whose helper was not looked for yet. */
    public static Desk desk(
            Tasks tasks,
            Function<Document, List<Finding>> rules,
            PlanModel.Compiler compiler,
            HelperPort.Door door,
            StateFolder state) {
        return desk(tasks, rules, (_, _) -> List.of(), compiler, door, state);
    }

    /** The same, which also looks whether what a configuration names is on the disk. */
    public static Desk desk(
            Tasks tasks,
            Function<Document, List<Finding>> rules,
            BiFunction<Document, Path, List<Finding>> disk,
            PlanModel.Compiler compiler,
            HelperPort.Door door,
            StateFolder state) {
        HelperSession helper = new HelperSession(tasks, door);
        SideFiles sideFiles = SideFiles.of(state);
        return new Desk(
                tasks, helper, state, () -> of(tasks, new Session(tasks, rules, disk, sideFiles), compiler, helper));
    }

    private static Workbench of(Tasks tasks, Session session, PlanModel.Compiler compiler, HelperSession helper) {
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
                new ConsoleModel(helper, lifecycle),
                new PortabilityModel(session));
    }

    /** Leaves the bundle, and hears nothing of the helper any more. */
    void close() {
        session.close();
        lifecycle.close();
        trace.close();
        hooks.close();
        console.close();
    }
}

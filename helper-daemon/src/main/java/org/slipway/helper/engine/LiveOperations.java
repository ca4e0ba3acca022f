package org.slipway.helper.engine;

import java.util.Map;
import java.util.function.Function;
import org.slipway.helper.lifecycle.ContainerView;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.model.plan.LivePlanner;
import org.slipway.model.plan.Plan;
import org.slipway.model.state.Verb;

/** The operations on a container that lives. Who asks was judged before. */
final class LiveOperations {

    private final Engine engine;

    LiveOperations(Engine engine) {
        this.engine = engine;
    }

    /** Freezes all its processes. */
    ContainerView pause(Container container) throws Failure {
        return freezing(container, Container.Operation.PAUSE, Verb.PAUSE, LivePlanner::pause);
    }

    /** Lets them go on. */
    ContainerView resume(Container container) throws Failure {
        return freezing(container, Container.Operation.RESUME, Verb.RESUME, LivePlanner::resume);
    }

    private ContainerView freezing(
            Container container, Container.Operation operation, Verb verb, Function<String, Plan> plan) throws Failure {
        container.take(operation);
        try {
            Engine.require(container, verb);
            String freezer = LivePlanner.freezer(container.subject().plans())
                    .orElseThrow(() -> Failure.state(
                            "pause-needs-cgroup",
                            Map.of("id", container.name().id().value())));
            engine.operations().live(engine.toolbox().tools(), container, plan.apply(freezer));
        } catch (InterruptedException e) {
            throw Engine.interrupted(e);
        } finally {
            container.giveBack();
        }
        return engine.changed(container);
    }
}

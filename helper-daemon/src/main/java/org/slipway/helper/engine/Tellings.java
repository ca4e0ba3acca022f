package org.slipway.helper.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slipway.helper.event.Hub;
import org.slipway.helper.hook.HookRun;
import org.slipway.helper.lifecycle.Event;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.reactor.Reactor;
import org.slipway.helper.run.Reporter;
import org.slipway.helper.run.StepFailure;
import org.slipway.model.plan.Plan;
import org.slipway.model.trace.StepRecord;

/** Tells of one run of a plan: the helper's steps as they are reported, and with them what is new on the page. */
final class Tellings implements Reporter {

    private static final Logger LOG = LoggerFactory.getLogger(Tellings.class);

    private record Key(Enum<?> plan, int step) {}

    private final Hub hub;
    private final Container container;
    private final Plan plan;
    private final Map<Key, StepRecord> told = new HashMap<>();
    private final Reactor reactor;
    private Optional<HookWatch> watch = Optional.empty();
    private final Consumer<Failure> warnings;
    private boolean begun;

    Tellings(Hub hub, Reactor reactor, Container container, Plan plan, Consumer<Failure> warnings) {
        this.warnings = warnings;
        this.hub = hub;
        this.reactor = reactor;
        this.container = container;
        this.plan = plan;
    }

    @Override
    public void steps(List<StepRecord> records) {
        if (!begun) { // before the helper waits for init the first time: the directory exists by then
            begun = true;
            watch = HookWatch.begin(
                    hub, reactor, container.name(), container.subject().folder().path(), plan);
        }
        if (hub.heard()) {
            List<StepRecord> news = new ArrayList<>(records);
            for (StepRecord record : container.nativeRecords()) {
                if (!record.equals(told.put(new Key(record.plan(), record.step()), record))) {
                    news.add(record);
                }
            }
            hub.publish(new Event.Traced(container.name(), List.copyOf(news)));
        }
    }

    @Override
    public void hook(HookRun run) {
        hub.publish(new Event.HookRan(container.name(), run));
    }

    @Override
    public void warning(StepFailure failure) {
        LOG.warn("{}: {}, continuing", container.name(), failure.getMessage());
        Failure told = Failures.of(failure, plan, container.subject().plans());
        hub.publish(new Event.Trouble(container.name(), told));
        warnings.accept(told);
    }

    @Override
    public void ended() {
        watch.ifPresent(HookWatch::close);
    }
}

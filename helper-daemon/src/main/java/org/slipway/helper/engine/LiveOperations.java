package org.slipway.helper.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slipway.helper.cgroup.Cgroups;
import org.slipway.helper.lifecycle.Configurations;
import org.slipway.helper.lifecycle.ContainerView;
import org.slipway.helper.lifecycle.ExitView;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.lifecycle.StopRequest;
import org.slipway.helper.lifecycle.UpdateRequest;
import org.slipway.helper.lifecycle.UpdateView;
import org.slipway.model.check.Update;
import org.slipway.model.finding.Finding;
import org.slipway.model.finding.Severity;
import org.slipway.model.finding.SpecTable;
import org.slipway.model.json.Document;
import org.slipway.model.plan.CgroupManager;
import org.slipway.model.plan.CgroupOp.StartScope;
import org.slipway.model.plan.CgroupOp.WriteCgroupFile;
import org.slipway.model.plan.Confinement;
import org.slipway.model.plan.Inside;
import org.slipway.model.plan.LiveMounts;
import org.slipway.model.plan.LivePlanner;
import org.slipway.model.plan.LiveReadings;
import org.slipway.model.plan.Origin;
import org.slipway.model.plan.Plan;
import org.slipway.model.plan.PlanRequest;
import org.slipway.model.plan.Readings;
import org.slipway.model.plan.Step;
import org.slipway.model.profile.Reading;
import org.slipway.model.spec.Spec;
import org.slipway.model.state.Signals;
import org.slipway.model.state.Status;
import org.slipway.model.state.Verb;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The operations on a container that lives. Who asks was judged before. */
final class LiveOperations {

    private static final String STOP_SIGNAL = "org.opencontainers.image.stopSignal";
    private static final int TERM = 15;

    /** Seconds until the keeper has recorded an end that it has seen. */
    private static final int RECORDING = 10;

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

    /** Changes it, or tells how it would be changed. */
    UpdateView update(Container container, UpdateRequest request) throws Failure {
        container.take(Container.Operation.UPDATE);
        try {
            Engine.require(container, Verb.UPDATE);
            Inside inside = new InsideNow(engine.toolbox().tools(), container);
            Update update = judged(container, request, inside);
            Plan plan = update.plan().orElseThrow(() -> Failure.refused("update-refused", update.findings()));
            List<Finding> notices = List.of();
            if (!request.explain()) {
                container.subject().propose(update.effective().toString().getBytes(StandardCharsets.UTF_8));
                engine.operations().update(engine.toolbox().tools(), container, plan);
                notices = notices(plan, inside);
            }
            return new UpdateView(engine.changed(container), notices, plan);
        } catch (IOException e) {
            throw Engine.unreadable(e);
        } catch (InterruptedException e) {
            throw Engine.interrupted(e);
        } finally {
            container.giveBack();
        }
    }

    /** What is mounted in it. */
    ArrayNode mounts(Container container) throws Failure {
        try {
            String mountinfo = new InsideNow(engine.toolbox().tools(), container).mounts();
            if (mountinfo.isEmpty()) {
                Engine.require(container, Verb.UPDATE);
            }
            return LiveMounts.of(mountinfo, Spec.read(effective(container)));
        } catch (IOException e) {
            throw Engine.unreadable(e);
        }
    }

    /** Asks its program to end and kills it; one that has ended needs nothing. */
    Optional<Finding> stop(Container container, StopRequest request) throws Failure {
        String named = container.spec().annotations().getOrDefault(STOP_SIGNAL, "TERM");
        OptionalInt asked = request.signal().isPresent() ? request.signal() : Signals.parse(named);
        Optional<Finding> doubt = asked.isPresent() ? Optional.empty() : Optional.of(unknownSignal(named));
        container.take(Container.Operation.STOP);
        try {
            Status status = container.status();
            if (status == Status.STOPPED) {
                return doubt;
            }
            Engine.require(container, Verb.KILL);
            // before its program runs there is nobody to ask
            int grace = status == Status.CREATED
                    ? 0
                    : Math.toIntExact(request.grace().toMillis());
            Optional<String> freezer = status == Status.PAUSED
                    ? LivePlanner.freezer(container.subject().plans())
                    : Optional.empty();
            Plan plan = LivePlanner.stop(asked.orElse(TERM), grace, freezer);
            engine.operations().live(engine.toolbox().tools(), container, plan);
            ExitView _ = container.body().exit().get(RECORDING, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw Engine.interrupted(e);
        } catch (ExecutionException | TimeoutException e) {
            throw Failure.host("exit-lost", Map.of("id", container.name().id().value()), e);
        } finally {
            container.giveBack();
            var _ = engine.changed(container);
        }
        return doubt;
    }

    private static Finding unknownSignal(String named) {
        return new Finding(
                "annotation-stop-signal",
                Severity.WARNING,
                "/annotations/" + STOP_SIGNAL,
                0,
                0,
                Map.of("value", named),
                SpecTable.get().section("/annotations"),
                Optional.empty());
    }

    private Update judged(Container container, UpdateRequest request, Inside inside) throws IOException, Failure {
        Status status = container.status();
        return Update.of(
                effective(container),
                request.change(),
                request.unmount(),
                new Update.Subject(
                        spec -> asking(container, spec),
                        container.subject().plans(),
                        Cgroups::text,
                        inside,
                        status == Status.RUNNING || status == Status.PAUSED));
    }

    /** What it was made from as the newest profile would write it, with all updates. */
    static ObjectNode effective(Container container) throws IOException, Failure {
        Optional<byte[]> updated = container.subject().folder().effective();
        if (Configurations.parse(updated.orElseGet(container.subject()::config)) instanceof Document.Good good) {
            return updated.isPresent()
                    ? good.document().tree()
                    : Reading.of(
                                    good.document(),
                                    Optional.of(container.subject().entry().rules()))
                            .upgraded()
                            .tree();
        }
        throw Failure.host("record-unreadable", Map.of("text", "effective.json"), null);
    }

    /** As create planned it: under the same manager of cgroups, and confined if it was. */
    private PlanRequest asking(Container container, Spec spec) {
        Plan create = container.subject().plans().create();
        boolean scoped = create.steps().stream().anyMatch(step -> step.op() instanceof StartScope);
        CgroupManager manager = scoped
                ? CgroupManager.SYSTEMD
                : container.subject().plans().cgroups().isEmpty() ? CgroupManager.DISABLED : CgroupManager.CGROUPFS;
        PlanRequest plain = PlanRequest.explain(
                        spec, container.subject().entry().bundle(), container.name(), engine.facts())
                .managedBy(manager);
        return create.caller()
                .map(caller -> plain.confinedTo(Confinement.of(caller.uid(), caller.gid())))
                .orElse(plain);
    }

    /** Where the files say something else than what was written (LIVE-R-04); of what was written twice the last counts. */
    private static List<Finding> notices(Plan plan, Inside inside) {
        Map<String, Finding> notices = new LinkedHashMap<>();
        for (Step step : plan.steps()) {
            if (step.origin() instanceof Origin.Field(String pointer)) {
                LiveReadings.difference(step.op(), inside)
                        .ifPresent(found ->
                                notices.put(step.op().call(), notice(pointer, LiveReadings.wanted(step.op()), found)));
            }
            if (!(step.op() instanceof WriteCgroupFile write)
                    || write.file().endsWith("/cgroup.subtree_control")
                    || !(step.origin() instanceof Origin.Field(String pointer))) {
                continue;
            }
            String place = write.file() + " " + write.value().split(" ", 2)[0];
            notices.remove(place);
            Cgroups.text(write.file())
                    .filter(text -> !Readings.same(write.file(), text, write.value()))
                    .map(text ->
                            Readings.found(write.file(), text, write.value()).strip())
                    .ifPresent(found ->
                            notices.put(place, notice(pointer, write.value().strip(), found)));
        }
        return List.copyOf(notices.values());
    }

    private static Finding notice(String pointer, String value, String found) {
        return new Finding(
                "live-differs",
                Severity.WARNING,
                pointer,
                0,
                0,
                Map.of("member", pointer, "value", value, "found", found),
                SpecTable.get().section(pointer),
                Optional.empty());
    }
}

package org.slipway.helper.varlink;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.slipway.helper.hook.HookRun;
import org.slipway.helper.libc.Errno;
import org.slipway.helper.lifecycle.BrokenView;
import org.slipway.helper.lifecycle.ContainerView;
import org.slipway.helper.lifecycle.Event.Changed;
import org.slipway.helper.lifecycle.Event.Executed;
import org.slipway.helper.lifecycle.Event.HookRan;
import org.slipway.helper.lifecycle.Event.Logged;
import org.slipway.helper.lifecycle.Event.OutOfMemory;
import org.slipway.helper.lifecycle.Event.Planned;
import org.slipway.helper.lifecycle.Event.Removed;
import org.slipway.helper.lifecycle.Event.Traced;
import org.slipway.helper.lifecycle.Event.Trouble;
import org.slipway.helper.lifecycle.ExecView;
import org.slipway.helper.lifecycle.ExitView;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.log.LogLine;
import org.slipway.model.finding.Severity;
import org.slipway.model.finding.SpecTable;
import org.slipway.model.plan.Plan;
import org.slipway.model.plan.PlanJson;
import org.slipway.model.plan.PlanKind;
import org.slipway.model.wire.Container;
import org.slipway.model.wire.Event;
import org.slipway.model.wire.Exit;
import org.slipway.model.wire.Fault;
import org.slipway.model.wire.Finding;
import org.slipway.model.wire.Log;
import org.slipway.model.wire.Problem;
import org.slipway.model.wire.Wire;
import org.slipway.model.wire.WireException;
import tools.jackson.databind.node.ObjectNode;

/** What the lifecycle tells, as it goes over the wire. */
public final class Views {

    private Views() {}

    /** A container. */
    public static Container container(ContainerView view) {
        return new Container(
                Integer.toUnsignedLong(view.name().uid()),
                view.name().id().value(),
                view.status().word(),
                optional(view.pid()),
                view.bundle(),
                view.created().toString(),
                state(view),
                view.exit().map(Views::exit),
                Optional.of(view.configDigest()));
    }

    private static Optional<Long> optional(OptionalInt pid) {
        return pid.isPresent() ? Optional.of((long) pid.getAsInt()) : Optional.empty();
    }

    /** A container whose record cannot be used. */
    static ObjectNode broken(BrokenView view) {
        ObjectNode node = Wire.object();
        node.put("owner", Integer.toUnsignedLong(view.name().uid()));
        node.put("id", view.name().id().value());
        node.put("reason", view.reason());
        return node;
    }

    /** The state object of the specification. */
    public static ObjectNode state(ContainerView view) {
        try {
            return (ObjectNode) Wire.tree(view.state().getBytes(StandardCharsets.UTF_8));
        } catch (WireException e) {
            throw new IllegalStateException("the state of " + view.name() + " is no JSON object", e);
        }
    }

    /** A plan. */
    public static ObjectNode plan(Plan plan) {
        return (ObjectNode) PlanJson.tree(plan);
    }

    static Exit exit(ExitView exit) {
        return new Exit(
                exit.status(),
                exit.signal(),
                exit.executed(),
                exit.known(),
                exit.at().map(Instant::toString).orElse(""));
    }

    static org.slipway.model.wire.Executed exec(ExecView view) {
        return new org.slipway.model.wire.Executed(
                view.id().value(), optional(view.pid()), view.exit().map(Views::exit));
    }

    static Log log(LogLine line) {
        return new Log(line.stream(), line.at(), line.partial(), line.data().toString());
    }

    public static ObjectNode hook(HookRun run) {
        ObjectNode node = Wire.object();
        node.put("kind", run.kind().member());
        node.put("position", run.position());
        node.put("step", run.step());
        node.put("status", run.status());
        node.put("ended", run.ended());
        node.put("nanoseconds", run.nanos());
        node.put("stdout", Base64.getEncoder().encodeToString(run.output().bytes()));
        node.put("stderr", Base64.getEncoder().encodeToString(run.errors().bytes()));
        return node;
    }

    /** A failure. */
    public static Problem problem(Failure failure) {
        Optional<Failure.At> at = failure.at();
        return new Problem(
                failure.code(),
                Fault.valueOf(failure.fault().name()),
                failure.arguments(),
                at.map(Failure.At::plan).map(Views::word),
                at.map(Failure.At::step),
                at.map(Failure.At::call),
                at.flatMap(Failure.At::errno).map(Errno::name),
                at.flatMap(Failure.At::pointer),
                at.flatMap(Failure.At::pointer).map(SpecTable.get()::section),
                failure.findings().stream().map(Views::finding).toList());
    }

    /** A finding. */
    public static Finding finding(org.slipway.model.finding.Finding finding) {
        return new Finding(
                finding.code(),
                word(finding.severity()),
                finding.pointer(),
                finding.line(),
                finding.column(),
                finding.arguments(),
                finding.rule());
    }

    /** How grave a finding is, as messages say it. */
    public static String word(Severity severity) {
        return severity.name().toLowerCase(Locale.ROOT);
    }

    private static String word(PlanKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /** An event, not numbered yet; lines of output are one event each. */
    static Stream<Event> events(org.slipway.helper.lifecycle.Event event) {
        return switch (event) {
            case Changed changed -> Stream.of(bare("container", event).withContainer(container(changed.container())));
            case Removed _ -> Stream.of(bare("removed", event));
            case Planned planned -> Stream.of(bare("plan", event).withPlan(plan(planned.plan())));
            case Traced traced ->
                Stream.of(bare("trace", event)
                        .withRecords(traced.records().stream().map(Wire::toNode).toList()));
            case HookRan ran -> Stream.of(bare("hook", event).withHook(hook(ran.run())));
            case Logged logged ->
                logged.lines().stream().map(line -> bare("log", event).withLog(log(line)));
            case OutOfMemory _ -> Stream.of(bare("oom", event));
            case Executed executed -> Stream.of(bare("exec", event).withExec(exec(executed.exec())));
            case Trouble trouble -> Stream.of(bare("problem", event).withProblem(problem(trouble.failure())));
        };
    }

    private static Event bare(String kind, org.slipway.helper.lifecycle.Event event) {
        return Event.of(kind, event.name(), Instant.now().toString());
    }
}

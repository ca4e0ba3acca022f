package org.slipway.helper.varlink;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slipway.helper.door.Ask;
import org.slipway.helper.door.Gate;
import org.slipway.helper.lifecycle.ConfigurationView;
import org.slipway.helper.lifecycle.CreateRequest;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.lifecycle.StopRequest;
import org.slipway.helper.lifecycle.Streams;
import org.slipway.helper.lifecycle.TraceView;
import org.slipway.helper.lifecycle.UpdateRequest;
import org.slipway.helper.lifecycle.UpdateView;
import org.slipway.helper.varlink.Method.InvalidCall;
import org.slipway.helper.varlink.Method.Result;
import org.slipway.model.plan.LiveTable;
import org.slipway.model.state.Owned;
import org.slipway.model.state.Signals;
import org.slipway.model.wire.Call;
import org.slipway.model.wire.Name;
import org.slipway.model.wire.Reply;
import org.slipway.model.wire.Wire;
import tools.jackson.databind.node.ObjectNode;

/** The methods of {@code org.slipway.Helper} for one connection. Command is not among them: it ends the conversation. */
final class Methods {

    /** Milliseconds between statistics. */
    private static final long DEFAULT_INTERVAL = 5000;

    private static final long SHORTEST_INTERVAL = 10;
    private static final long LONGEST_INTERVAL = 86_400_000;

    private final Gate gate;
    private final Service service;
    private final Outbox outbox;

    private Methods(Gate gate, Service service, Outbox outbox) {
        this.gate = gate;
        this.service = service;
        this.outbox = outbox;
    }

    /** The dispatch table of a connection: by full name, every method, whatever the tier. */
    static Map<String, Method<?, ?>> table(Gate gate, Service service, Outbox outbox) {
        var methods = new Methods(gate, service, outbox);
        List<Method<?, ?>> rows = new ArrayList<>(List.of(
                new Method<>(Ask.INFO, Call.Info.class, methods::info),
                new Method<>(Ask.CREATE, Call.Create.class, methods::create),
                new Method<>(Ask.START, Call.Start.class, methods::start),
                new Method<>(Ask.KILL, Call.Kill.class, methods::kill),
                new Method<>(Ask.DELETE, Call.Delete.class, methods::delete),
                new Method<>(Ask.ABORT, Call.Abort.class, methods::abort),
                new Method<>(Ask.STATE, Call.State.class, methods::state),
                new Method<>(Ask.LIST, Call.List.class, methods::list),
                new Method<>(Ask.TRACE, Call.Trace.class, methods::trace),
                new Method<>(Ask.HOOKS, Call.Hooks.class, methods::hooks),
                new Method<>(Ask.LOGS, Call.Logs.class, methods::logs)));
        rows.add(new Method<>(Ask.PAUSE, Call.Pause.class, methods::pause));
        rows.add(new Method<>(Ask.RESUME, Call.Resume.class, methods::resume));
        rows.add(new Method<>(Ask.UPDATE, Call.Update.class, methods::update));
        rows.add(new Method<>(Ask.STATE, Call.Configuration.class, methods::configuration));
        rows.add(new Method<>(Ask.INFO, Call.Changeable.class, methods::changeable));
        rows.add(new Method<>(Ask.STATISTICS, Call.Statistics.class, methods::statistics));
        rows.add(new Method<>(Ask.STOP, Call.Stop.class, methods::stop));
        rows.add(new Method<>(Ask.WATCH, Call.Watch.class, methods::watch));
        rows.add(new Method<>(Ask.INPUT, Call.Input.class, methods::input));
        rows.add(new Method<>(Ask.RESIZE, Call.Resize.class, methods::resize));
        rows.add(new Method<>(Ask.SHUTDOWN, Call.Shutdown.class, methods::shutdown));
        rows.addAll(new ExecMethods(gate).rows());
        return rows.stream().collect(Collectors.toMap(Methods::name, Function.identity()));
    }

    private static String name(Method<?, ?> row) {
        return Wire.INTERFACE + "." + row.parameters().getSimpleName();
    }

    private Result<Reply.Info> info(Call.Info call, boolean more) throws Failure {
        gate.permit(Ask.INFO);
        var peer = gate.peer();
        return Result.of(new Reply.Info(
                service.version(),
                peer.tier().word(),
                Integer.toUnsignedLong(peer.uid()),
                ProcessHandle.current().pid(),
                service.facts()));
    }

    private Result<Reply.Create> create(Call.Create call, boolean more) throws Failure, InvalidCall {
        Owned name = resolve(Name.own(call.id()), "id");
        if (!call.bundle().startsWith("/")) {
            throw new InvalidCall("bundle");
        }
        Streams streams = streams(call.streams());
        byte[] config = call.config().getBytes(StandardCharsets.UTF_8);
        return Result.of(
                new Reply.Create(Views.container(gate.create(CreateRequest.of(name, call.bundle(), config, streams)))));
    }

    static Streams streams(Optional<String> word) throws InvalidCall {
        return switch (word.orElse("log")) {
            case "none" -> new Streams.None();
            case "log" -> new Streams.Log();
            case "terminal" -> new Streams.Terminal();
            default -> throw new InvalidCall("streams");
        };
    }

    private Result<Reply.Start> start(Call.Start call, boolean more) throws Failure, InvalidCall {
        return Result.of(new Reply.Start(Views.container(gate.start(resolve(call.name(), "name")))));
    }

    private Result<Reply.Kill> kill(Call.Kill call, boolean more) throws Failure, InvalidCall {
        OptionalInt signal = Signals.parseOrNone(call.signal());
        if (signal.isEmpty()) {
            throw Failure.caller("signal-unknown", Map.of("signal", call.signal()));
        }
        Owned name = resolve(call.name(), "name");
        if (call.exec().isPresent()) {
            gate.execs().kill(name, ExecMethods.id(call.exec().get()), signal.getAsInt());
        } else {
            gate.kill(name, signal.getAsInt(), call.all().orElse(false));
        }
        return Result.of(new Reply.Kill());
    }

    private Result<Reply.Delete> delete(Call.Delete call, boolean more) throws Failure, InvalidCall {
        gate.delete(resolve(call.name(), "name"), call.force().orElse(false));
        return Result.of(new Reply.Delete());
    }

    private Result<Reply.Pause> pause(Call.Pause call, boolean more) throws Failure, InvalidCall {
        return Result.of(new Reply.Pause(Views.container(gate.pause(resolve(call.name(), "name")))));
    }

    private Result<Reply.Resume> resume(Call.Resume call, boolean more) throws Failure, InvalidCall {
        return Result.of(new Reply.Resume(Views.container(gate.resume(resolve(call.name(), "name")))));
    }

    private Result<Reply.Update> update(Call.Update call, boolean more) throws Failure, InvalidCall {
        UpdateView view = gate.update(
                resolve(call.name(), "name"),
                UpdateRequest.of(
                        call.resources().map(text -> text.getBytes(StandardCharsets.UTF_8)),
                        call.changes().map(text -> text.getBytes(StandardCharsets.UTF_8)),
                        call.explain().orElse(false)));
        return Result.of(new Reply.Update(
                Views.container(view.container()),
                view.notices().stream().map(Views::finding).toList(),
                Views.plan(view.plan())));
    }

    private Result<Reply.Configuration> configuration(Call.Configuration call, boolean more)
            throws Failure, InvalidCall {
        ConfigurationView view = gate.configuration(resolve(call.name(), "name"));
        return Result.of(new Reply.Configuration(view.recorded(), view.effective()));
    }

    private Result<Reply.Changeable> changeable(Call.Changeable call, boolean more) throws Failure {
        gate.permit(Ask.INFO);
        String layout = service.facts().path("cgroups").path("layout").asString("");
        return Result.of(new Reply.Changeable(LiveTable.get().json(layout.equals("v2"))));
    }

    private Result<Reply.Abort> abort(Call.Abort call, boolean more) throws Failure, InvalidCall {
        gate.abort(resolve(call.name(), "name"));
        return Result.of(new Reply.Abort());
    }

    private Result<Reply.Statistics> statistics(Call.Statistics call, boolean more) throws Failure, InvalidCall {
        Owned name = resolve(call.name(), "name");
        long interval = call.interval().orElse(DEFAULT_INTERVAL);
        if (interval < SHORTEST_INTERVAL || interval > LONGEST_INTERVAL) {
            throw new InvalidCall("interval");
        }
        ObjectNode first = gate.statistics(name); // what stands against it is the answer of the call itself
        return more
                ? Result.of(StatisticsStream.open(gate, name, Duration.ofMillis(interval), outbox))
                : Result.of(new Reply.Statistics(first));
    }

    private Result<Reply.Stop> stop(Call.Stop call, boolean more) throws Failure, InvalidCall {
        OptionalInt signal = OptionalInt.empty();
        if (call.signal().isPresent()) {
            signal = Signals.parse(call.signal().get());
            if (signal.isEmpty()) {
                throw Failure.caller(
                        "signal-unknown", Map.of("signal", call.signal().get()));
            }
        }
        long seconds = call.seconds().orElse(10L);
        if (seconds < 0 || seconds > LONGEST_INTERVAL / 1000) {
            throw new InvalidCall("seconds");
        }
        var doubt = gate.stop(
                resolve(call.name(), "name"),
                new StopRequest(
                        signal, Duration.ofSeconds(seconds), call.delete().orElse(false)));
        return Result.of(new Reply.Stop(doubt.map(Views::finding).stream().toList()));
    }

    private Result<Reply.State> state(Call.State call, boolean more) throws Failure, InvalidCall {
        return Result.of(new Reply.State(Views.container(gate.state(resolve(call.name(), "name")))));
    }

    private Result<Reply.List> list(Call.List call, boolean more) throws Failure {
        return Result.of(new Reply.List(
                gate.list().stream().map(Views::container).toList(),
                Optional.of(gate.broken().stream().map(Views::broken).toList())));
    }

    private Result<Reply.Trace> trace(Call.Trace call, boolean more) throws Failure, InvalidCall {
        Owned name = resolve(call.name(), "name");
        TraceView trace = call.exec().isPresent()
                ? gate.execs().trace(name, ExecMethods.id(call.exec().get()))
                : gate.trace(name);
        return Result.of(new Reply.Trace(
                trace.plans().stream().map(Views::plan).toList(),
                trace.records().stream().map(Wire::toNode).toList()));
    }

    private Result<Reply.Hooks> hooks(Call.Hooks call, boolean more) throws Failure, InvalidCall {
        return Result.of(new Reply.Hooks(gate.hooks(resolve(call.name(), "name")).stream()
                .map(Views::hook)
                .toList()));
    }

    private Result<Reply.Logs> logs(Call.Logs call, boolean more)
            throws Failure, InvalidCall, IOException, InterruptedException {
        Owned name = resolve(call.name(), "name");
        boolean follow = call.follow().orElse(false);
        if (follow && !more) {
            throw InvalidCall.expectedMore();
        }
        var lines = call.exec().isPresent()
                ? gate.execs().logs(name, ExecMethods.id(call.exec().get()), follow)
                : gate.logs(name, follow);
        return more
                ? Result.of(LogsStream.open(lines, outbox, name.toString()))
                : Result.of(new Reply.Logs(LogsStream.all(lines)));
    }

    private Result<Reply.Watch> watch(Call.Watch call, boolean more) throws Failure, InvalidCall {
        if (!more) {
            throw InvalidCall.expectedMore();
        }
        Optional<Integer> owner = Optional.empty();
        if (call.owner().isPresent()) {
            long uid = call.owner().get();
            if (uid < 0 || uid >= 0xffffffffL) {
                throw new InvalidCall("owner");
            }
            owner = Optional.of((int) uid);
        }
        return Result.of(WatchStream.open(gate, owner, outbox));
    }

    private Result<Reply.Input> input(Call.Input call, boolean more) throws Failure, InvalidCall {
        byte[] data;
        try {
            data = Base64.getDecoder().decode(call.data());
        } catch (IllegalArgumentException e) {
            throw new InvalidCall("data");
        }
        Owned name = resolve(call.name(), "name");
        if (call.exec().isPresent()) {
            gate.execs()
                    .input(
                            name,
                            ExecMethods.id(call.exec().get()),
                            data,
                            call.end().orElse(false));
        } else {
            gate.input(name, data, call.end().orElse(false));
        }
        return Result.of(new Reply.Input());
    }

    private Result<Reply.Resize> resize(Call.Resize call, boolean more) throws Failure, InvalidCall {
        if (call.rows() < 0 || call.rows() > 0xffff) {
            throw new InvalidCall("rows");
        }
        if (call.columns() < 0 || call.columns() > 0xffff) {
            throw new InvalidCall("columns");
        }
        Owned name = resolve(call.name(), "name");
        if (call.exec().isPresent()) {
            gate.execs().resize(name, ExecMethods.id(call.exec().get()), call.rows(), call.columns());
        } else {
            gate.resize(name, call.rows(), call.columns());
        }
        return Result.of(new Reply.Resize());
    }

    private Result<Reply.Shutdown> shutdown(Call.Shutdown call, boolean more) throws Failure {
        gate.permit(Ask.SHUTDOWN);
        service.shutdown(call.force().orElse(false));
        return Result.of(new Reply.Shutdown());
    }

    private Owned resolve(Name name, String parameter) throws Failure, InvalidCall {
        return resolve(gate, name, parameter);
    }

    static Owned resolve(Gate gate, Name name, String parameter) throws Failure, InvalidCall {
        Optional<Owned> owned = name.resolve(gate.peer().uid());
        if (owned.isPresent()) {
            return owned.get();
        }
        if (name.owner().isPresent() && Name.own(name.id()).resolve(0).isPresent()) {
            throw new InvalidCall(parameter + ".owner");
        }
        throw Failure.caller("container-id-illegal", Map.of("id", name.id()));
    }
}

package org.slipway.helper.varlink;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slipway.helper.door.Ask;
import org.slipway.helper.door.Audit;
import org.slipway.helper.door.Gate;
import org.slipway.helper.lifecycle.Breakable;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.reactor.Channel;
import org.slipway.model.wire.Answer;
import org.slipway.model.wire.Call;
import org.slipway.model.wire.Errors;
import org.slipway.model.wire.Fault;
import org.slipway.model.wire.Problem;
import org.slipway.model.wire.Reply;
import org.slipway.model.wire.Request;
import org.slipway.model.wire.Wire;
import org.slipway.model.wire.WireException;
import tools.jackson.databind.node.ObjectNode;

/** The conversation with one peer: requests in order, each answered before the next is looked at. */
final class Session {

    private static final Logger LOG = LoggerFactory.getLogger(Session.class);
    private static final String COMMAND = Wire.INTERFACE + ".Command";

    private final Gate gate;
    private final Service service;
    private final Channel channel;
    private final Inbox inbox;
    private final Outbox outbox;
    private final Map<String, Method<?, ?>> methods;
    private Optional<Method.Stream> stream = Optional.empty();

    Session(Gate gate, Service service, Channel channel, Limits limits) {
        this.gate = gate;
        this.service = service;
        this.channel = channel;
        this.inbox = new Inbox(channel, limits);
        this.outbox = new Outbox(channel, limits.sendTime());
        this.methods = Methods.table(gate, service, outbox);
    }

    /** Talks until the peer hangs up or says something malformed. */
    void run() throws IOException, InterruptedException {
        try {
            converse();
        } catch (MalformedMessage e) {
            endStream();
            LOG.info("pid {}: {}, ending the connection", gate.peer().pid(), e.code());
            outbox.send(failed(Problem.of(e.code(), Fault.CALLER, e.arguments())));
        } finally {
            endStream();
        }
    }

    private void converse() throws IOException, InterruptedException, MalformedMessage {
        boolean talking = true;
        while (talking) {
            Optional<byte[]> message = inbox.next();
            if (message.isEmpty()) {
                return;
            }
            if (stream.isPresent()) {
                // calls are answered in order: this one waits for the stream before it
                stream.get().join();
                stream = Optional.empty();
            }
            talking = answer(parse(message.get()));
        }
    }

    private static Request parse(byte[] message) throws MalformedMessage {
        try {
            return Wire.request(message);
        } catch (WireException e) {
            throw new MalformedMessage("message-malformed", Map.of("what", e.member(), "why", "" + e.getMessage()));
        }
    }

    /** Whether the conversation goes on. */
    private boolean answer(Request request) throws IOException, InterruptedException {
        ObjectNode parameters = request.parameters().orElseGet(Wire::object);
        Method<?, ?> method = methods.get(request.method());
        boolean silent = request.oneway().orElse(false);
        if (request.method().equals(COMMAND)) {
            return command(request, parameters);
        } else if (method != null) {
            Optional<Answer> answer = call(method, parameters, request.more().orElse(false));
            if (answer.isPresent() && !silent) {
                outbox.send(answer.get());
            }
        } else if (!silent) {
            outbox.send(
                    switch (request.method()) {
                        case VarlinkService.NAME + ".GetInfo" -> VarlinkService.info(service.version());
                        case VarlinkService.NAME + ".GetInterfaceDescription" -> VarlinkService.description(parameters);
                        default -> VarlinkService.notFound(request.method());
                    });
        }
        return true;
    }

    private <C extends Call<R>, R extends Reply> Optional<Answer> call(
            Method<C, R> method, ObjectNode parameters, boolean more) throws IOException, InterruptedException {
        Optional<Answer> refusal = refuse(method.ask());
        if (refusal.isPresent()) {
            return refusal;
        }
        try {
            C call = Wire.parameters(parameters, method.parameters());
            Method.Result<R> result = method.ask() == Ask.CREATE
                    ? breakable(method, call, more)
                    : method.body().answer(call, more);
            stream = result.stream();
            return result.value().map(Answer::last);
        } catch (WireException e) {
            return Optional.of(VarlinkService.invalidParameter(e.member()));
        } catch (Method.InvalidCall e) {
            return Optional.of(e.answer());
        } catch (Failure e) {
            report(e);
            return Optional.of(failed(Views.problem(e)));
        } catch (RuntimeException e) {
            LOG.error("{} failed", method.ask(), e);
            return Optional.of(failed(Problem.of("internal-error", Fault.BUG, Map.of("what", "" + e))));
        }
    }

    /** A peer that hangs up does not want what it asked for any more. One that asks on meanwhile is taken to be there. */
    private <C extends Call<R>, R extends Reply> Method.Result<R> breakable(Method<C, R> method, C call, boolean more)
            throws Failure, Method.InvalidCall, IOException, InterruptedException, WireException {
        Breakable operation = Breakable.begin();
        Thread watch = Thread.ofVirtual().name("hang-up").start(() -> {
            try {
                if (channel.awaitHangUp()) {
                    operation.breakOff();
                }
            } catch (IOException e) {
                operation.breakOff();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // it has ended
            }
        });
        try {
            return method.body().answer(call, more);
        } finally {
            boolean _ = operation.end();
            watch.interrupt();
            watch.join();
        }
    }

    /** By tier alone, before a parameter is looked at. */
    private Optional<Answer> refuse(Ask ask) {
        var peer = gate.peer();
        if (peer.tier().allows(ask)) {
            return Optional.empty();
        }
        Audit.decided(peer, ask, "", "refused");
        return Optional.of(Answer.error(new Errors.NotAllowed(peer.tier().refusal())));
    }

    private static void report(Failure failure) {
        switch (failure.fault()) {
            case CALLER, STATE -> LOG.debug("{}", failure.getMessage());
            case HOST -> LOG.warn("{}", failure.getMessage());
            case BUG -> LOG.error("{}", failure.getMessage(), failure);
        }
    }

    private boolean command(Request request, ObjectNode parameters) throws IOException, InterruptedException {
        Optional<Answer> refusal = refuse(Ask.COMMAND);
        if (refusal.isPresent()) {
            outbox.send(refusal.get());
            return true;
        }
        if (!parameters.isEmpty() || !request.upgrade().orElse(false)) {
            outbox.send(VarlinkService.invalidParameter("upgrade"));
            return true;
        }
        Audit.decided(gate.peer(), Ask.COMMAND, "", "allowed");
        outbox.send(Answer.last(new Reply.Command()));
        service.command(gate, channel, inbox.rest());
        return false;
    }

    private void endStream() {
        stream.ifPresent(Method.Stream::close);
        stream = Optional.empty();
    }

    private static Answer failed(Problem problem) {
        return Answer.error(new Errors.Failed(problem));
    }
}

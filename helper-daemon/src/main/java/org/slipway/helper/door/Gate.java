package org.slipway.helper.door;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slipway.helper.hook.HookRun;
import org.slipway.helper.lifecycle.BrokenView;
import org.slipway.helper.lifecycle.ConfigurationView;
import org.slipway.helper.lifecycle.ContainerView;
import org.slipway.helper.lifecycle.Containers;
import org.slipway.helper.lifecycle.CreateRequest;
import org.slipway.helper.lifecycle.ExitView;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.lifecycle.StopRequest;
import org.slipway.helper.lifecycle.Subscription;
import org.slipway.helper.lifecycle.TraceView;
import org.slipway.helper.lifecycle.UpdateRequest;
import org.slipway.helper.lifecycle.UpdateView;
import org.slipway.helper.log.LogStream;
import org.slipway.model.finding.Finding;
import org.slipway.model.plan.Blob;
import org.slipway.model.state.Owned;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The containers as one peer may use them. Every question passes {@link #permit}, which judges by tier and by owner and
 * writes the audit line; nothing else in the doors' code holds the containers themselves.
 */
public final class Gate {

    private final Peer peer;
    private final Containers containers;

    public Gate(Peer peer, Containers containers) {
        this.peer = peer;
        this.containers = containers;
    }

    /** Who asks. */
    public Peer peer() {
        return peer;
    }

    /** Judges a question that is not about one container. */
    public void permit(Ask ask) throws Failure {
        permit(ask, "");
    }

    void permit(Ask ask, Owned name) throws Failure {
        permit(ask, name.toString());
        if (peer.tier() != Tier.ADMINISTRATOR && name.uid() != peer.uid()) {
            Audit.decided(peer, ask, name.toString(), "hidden");
            throw Failure.caller("container-unknown", Map.of("id", name.id().value()));
        }
    }

    private void permit(Ask ask, String object) throws Failure {
        if (!peer.tier().allows(ask)) {
            Audit.decided(peer, ask, object, "refused");
            throw Failure.caller(peer.tier().refusal(), Map.of());
        }
        Audit.decided(peer, ask, object, "allowed");
    }

    public ContainerView create(CreateRequest request) throws Failure {
        String what = request.name() + " " + Audit.hash(request.config().bytes());
        if (peer.tier() == Tier.CONFINED && peer.confined() instanceof Peer.Confined.Off(String code)) {
            Audit.decided(peer, Ask.CREATE, what, code);
            throw Failure.caller(code, Map.of());
        }
        permit(Ask.CREATE, what);
        if (request.spawner().isPresent() && !peer.spawns()) {
            throw Failure.caller("spawn-not-yours", Map.of());
        }
        if (peer.tier() != Tier.ADMINISTRATOR && request.name().uid() != peer.uid()) {
            throw Failure.caller(
                    "owner-not-yours",
                    Map.of("uid", Integer.toUnsignedString(request.name().uid())));
        }
        return containers.create(peer.caller(), request);
    }

    public ContainerView start(Owned name) throws Failure {
        return start(name, Optional.empty());
    }

    /** The same with the configuration as it is now, for versions that read it again. */
    public ContainerView start(Owned name, Optional<Blob> config) throws Failure {
        permit(Ask.START, name);
        return containers.start(peer.caller(), name, config);
    }

    public void kill(Owned name, int signal, boolean all) throws Failure {
        permit(Ask.KILL, name);
        containers.kill(peer.caller(), name, signal, all);
    }

    public void delete(Owned name, boolean force) throws Failure {
        delete(name, force, _ -> {});
    }

    /** Warnings are told as they come: {@link Containers#delete}. */
    public void delete(Owned name, boolean force, Consumer<Failure> warnings) throws Failure {
        permit(Ask.DELETE, name);
        containers.delete(peer.caller(), name, force, warnings);
    }

    public void abort(Owned name) throws Failure {
        permit(Ask.ABORT, name);
        containers.abort(peer.caller(), name);
    }

    public ContainerView pause(Owned name) throws Failure {
        permit(Ask.PAUSE, name);
        return containers.pause(peer.caller(), name);
    }

    public ContainerView resume(Owned name) throws Failure {
        permit(Ask.RESUME, name);
        return containers.resume(peer.caller(), name);
    }

    public UpdateView update(Owned name, UpdateRequest request) throws Failure {
        permit(Ask.UPDATE, name);
        return containers.update(peer.caller(), name, request);
    }

    public ConfigurationView configuration(Owned name) throws Failure {
        permit(Ask.STATE, name);
        return containers.configuration(peer.caller(), name);
    }

    public ArrayNode mounts(Owned name) throws Failure {
        permit(Ask.STATE, name);
        return containers.mounts(peer.caller(), name);
    }

    public ObjectNode statistics(Owned name) throws Failure {
        permit(Ask.STATISTICS, name);
        return containers.statistics(peer.caller(), name);
    }

    public Optional<Finding> stop(Owned name, StopRequest request) throws Failure {
        permit(Ask.STOP, name);
        return containers.stop(peer.caller(), name, request);
    }

    public ContainerView state(Owned name) throws Failure {
        permit(Ask.STATE, name);
        return containers.state(peer.caller(), name);
    }

    /** An administrator sees all, anyone else their own. */
    public List<ContainerView> list() throws Failure {
        permit(Ask.LIST);
        return containers.list(peer.caller(), only(Optional.empty()));
    }

    /** Of the same containers those whose record cannot be used. */
    public List<BrokenView> broken() throws Failure {
        permit(Ask.LIST);
        return containers.broken(peer.caller(), only(Optional.empty()));
    }

    public TraceView trace(Owned name) throws Failure {
        permit(Ask.TRACE, name);
        return containers.trace(peer.caller(), name);
    }

    public List<HookRun> hooks(Owned name) throws Failure {
        permit(Ask.HOOKS, name);
        return containers.hooks(peer.caller(), name);
    }

    public LogStream logs(Owned name, boolean follow) throws Failure {
        permit(Ask.LOGS, name);
        return containers.logs(peer.caller(), name, follow);
    }

    public void input(Owned name, byte[] data, boolean end) throws Failure {
        permit(Ask.INPUT, name);
        containers.input(peer.caller(), name, data, end);
    }

    public void resize(Owned name, int rows, int columns) throws Failure {
        permit(Ask.RESIZE, name);
        containers.resize(peer.caller(), name, rows, columns);
    }

    public ExitView awaitExit(Owned name) throws Failure, InterruptedException {
        permit(Ask.WAIT, name);
        return containers.awaitExit(peer.caller(), name);
    }

    /** What is executed in containers beside their first processes. */
    public ExecGate execs() {
        return new ExecGate(this, containers.execs());
    }

    /** Watches the containers of one owner; only an administrator may name another than themselves, or none for all. */
    public Subscription watch(Optional<Integer> owner, Subscription.Listener listener) throws Failure {
        permit(Ask.WATCH, owner.map(Integer::toUnsignedString).orElse(""));
        if (peer.tier() != Tier.ADMINISTRATOR && owner.isPresent() && owner.get() != peer.uid()) {
            throw Failure.caller("owner-not-yours", Map.of("uid", Integer.toUnsignedString(owner.get())));
        }
        return containers.watch(peer.caller(), only(owner), listener);
    }

    private Optional<Integer> only(Optional<Integer> wanted) {
        return peer.tier() == Tier.ADMINISTRATOR ? wanted : Optional.of(peer.uid());
    }
}

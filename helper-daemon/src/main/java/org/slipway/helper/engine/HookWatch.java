package org.slipway.helper.engine;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slipway.helper.event.Hub;
import org.slipway.helper.hook.HookFile;
import org.slipway.helper.hook.HookRun;
import org.slipway.helper.libc.Descriptors;
import org.slipway.helper.libc.Fd;
import org.slipway.helper.lifecycle.Event;
import org.slipway.helper.reactor.Reactor;
import org.slipway.model.plan.Actor;
import org.slipway.model.plan.HookOp.Kind;
import org.slipway.model.plan.HookOp.RunHook;
import org.slipway.model.plan.Plan;
import org.slipway.model.state.Owned;

/** Tells the output of hooks that init runs, as init writes it to the file {@code hooks}. */
final class HookWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HookWatch.class);
    private static final int BUFFER = 65536;

    private record Key(Kind kind, int position) {}

    private final Hub hub;
    private final Reactor reactor;
    private final Owned name;
    private final HookFile file;
    private final Map<Key, HookRun> told = new HashMap<>();
    private Optional<Fd> watch = Optional.empty();

    private HookWatch(Hub hub, Reactor reactor, Owned name, Path folder) {
        this.hub = hub;
        this.reactor = reactor;
        this.name = name;
        this.file = new HookFile(folder.resolve("hooks"));
    }

    /** Begins to watch if a plan has hooks that init runs; the directory must exist. */
    static Optional<HookWatch> begin(Hub hub, Reactor reactor, Owned name, Path folder, Plan plan) {
        if (plan.of(Actor.INIT).noneMatch(step -> step.op() instanceof RunHook)) {
            return Optional.empty();
        }
        HookWatch watch = new HookWatch(hub, reactor, name, folder);
        watch.listen(folder);
        return Optional.of(watch);
    }

    private void listen(Path folder) {
        try {
            Fd fd = Descriptors.watch(folder.toString());
            watch = Optional.of(fd);
            Thread.ofVirtual().name("hooks " + name).start(() -> follow(fd));
        } catch (IOException e) {
            LOG.warn("hooks of {} are told only when they have ended: {}", name, e.toString());
        }
    }

    private void follow(Fd fd) {
        byte[] buffer = new byte[BUFFER];
        try {
            tell(); // what was written before the watch began
            while (reactor.awaitReadable(fd, null) && drained(fd, buffer)) {
                tell();
            }
        } catch (ClosedChannelException e) {
            // the plan has ended
        } catch (IOException e) {
            LOG.debug("no longer watching {}: {}", name, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Reads what changed, which does not matter: the file is read anyway. False when the watch was closed meanwhile. */
    private synchronized boolean drained(Fd fd, byte[] buffer) throws IOException {
        while (fd.isOpen() && Descriptors.read(fd, buffer) > 0) {
            // more may be waiting
        }
        return fd.isOpen();
    }

    private synchronized void tell() throws IOException {
        for (HookRun run : file.runs()) {
            boolean ofInit = run.kind() == Kind.CREATE_CONTAINER || run.kind() == Kind.START_CONTAINER;
            if (ofInit && !run.equals(told.put(new Key(run.kind(), run.position()), run))) {
                hub.publish(new Event.HookRan(name, run));
            }
        }
    }

    /** Tells the rest. */
    @Override
    public synchronized void close() {
        watch.ifPresent(reactor::close);
        try {
            tell();
        } catch (IOException e) {
            LOG.debug("hooks of {} cannot be read: {}", name, e.toString());
        }
    }
}

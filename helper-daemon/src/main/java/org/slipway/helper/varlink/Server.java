package org.slipway.helper.varlink;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slipway.helper.door.Admission;
import org.slipway.helper.door.Ask;
import org.slipway.helper.door.Audit;
import org.slipway.helper.door.Gate;
import org.slipway.helper.door.Peer;
import org.slipway.helper.door.Refused;
import org.slipway.helper.door.Tier;
import org.slipway.helper.libc.Fd;
import org.slipway.helper.reactor.Channel;
import org.slipway.helper.reactor.Reactor;
import org.slipway.model.wire.Answer;
import org.slipway.model.wire.Errors;

/** Accepts connections on the doors and gives each a virtual thread. */
public final class Server implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Server.class);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Reactor reactor;
    private final Admission admission;
    private final Service service;
    private final Limits administrator;
    private final Limits confined;

    /** Open connections by tier and user id; guarded by itself. */
    private final Map<String, Integer> counts = new HashMap<>();

    private final Set<Channel> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    public Server(Reactor reactor, Admission admission, Service service) {
        this(reactor, admission, service, Limits.ADMINISTRATOR, Limits.CONFINED);
    }

    Server(Reactor reactor, Admission admission, Service service, Limits administrator, Limits confined) {
        this.reactor = reactor;
        this.admission = admission;
        this.service = service;
        this.administrator = administrator;
        this.confined = confined;
    }

    /** Serves a listening socket, which the server then owns. */
    public void serve(Fd listener, boolean confinedDoor) {
        var door = new Channel(reactor, listener);
        String name = confinedDoor ? "user.sock" : "admin.sock";
        open.add(door);
        Thread.ofVirtual().name("door-" + name).start(() -> accept(door, name, confinedDoor));
    }

    /** How many connections are open. */
    public int connections() {
        synchronized (counts) {
            return counts.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    private void accept(Channel door, String name, boolean confinedDoor) {
        while (!closed) {
            try {
                Channel channel = door.accept();
                open.add(channel);
                Thread.ofVirtual().name("peer-" + name).start(() -> welcome(channel, name, confinedDoor));
            } catch (ClosedChannelException | InterruptedException e) {
                return;
            } catch (IOException e) {
                // descriptors or memory ran out: whoever waits is served when some come free
                LOG.warn("cannot accept on {}: {}, trying again", name, e.getMessage());
                if (!pause()) {
                    return;
                }
            }
        }
    }

    private static boolean pause() {
        try {
            Thread.sleep(PAUSE);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private void welcome(Channel channel, String door, boolean confinedDoor) {
        try (Peer peer = admission.admit(channel.fd(), confinedDoor)) {
            serve(channel, peer);
        } catch (Refused e) {
            Audit.turnedAway(door, e);
            turnAway(channel, e.code());
        } catch (IOException e) {
            LOG.debug("connection on {} ended: {}", door, "" + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            channel.close();
            open.remove(channel);
        }
    }

    private void serve(Channel channel, Peer peer) throws IOException, InterruptedException {
        Limits limits = peer.tier() == Tier.ADMINISTRATOR ? administrator : confined;
        String key = peer.tier() + " " + peer.uid();
        synchronized (counts) {
            if (counts.merge(key, 1, Integer::sum) > limits.connections()) {
                leave(key);
                key = "";
            }
        }
        if (key.isEmpty()) {
            Audit.decided(peer, Ask.INFO, "", "too-many-connections");
            turnAway(channel, "too-many-connections");
            return;
        }
        try {
            new Session(new Gate(peer, service.containers()), service, channel, limits).run();
        } finally {
            leave(key);
        }
    }

    private void leave(String key) {
        synchronized (counts) {
            counts.computeIfPresent(key, (_, count) -> count == 1 ? null : count - 1);
        }
    }

    /** Says why; if the peer does not listen it is not told twice. */
    private static void turnAway(Channel channel, String code) {
        try {
            new Outbox(channel, Duration.ZERO).send(Answer.error(new Errors.NotAllowed(code)));
        } catch (IOException | InterruptedException _) {
            // it is being turned away
        }
    }

    /** Ends all connections. */
    @Override
    public void close() {
        closed = true;
        open.forEach(Channel::close);
    }
}

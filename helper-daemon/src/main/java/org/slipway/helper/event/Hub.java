package org.slipway.helper.event;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArraySet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slipway.helper.lifecycle.Event;
import org.slipway.helper.lifecycle.Subscription;
import org.slipway.model.state.Owned;

/**
 * Tells every listener everything, in one order, and waits for none of them: each has a queue of 4096 events and a thread of its
 * own, and one that falls behind is told so and dropped.
 */
public final class Hub {

    private static final Logger LOG = LoggerFactory.getLogger(Hub.class);
    private static final int ROOM = 4096;

    private final Set<Listening> all = new CopyOnWriteArraySet<>();
    /** What a new listener hears first; guarded by this. */
    private final Map<Owned, Event.Changed> present = new LinkedHashMap<>();

    /** Tells everyone. Never blocks. */
    public void publish(Event event) {
        synchronized (this) {
            switch (event) {
                case Event.Changed changed -> present.put(changed.name(), changed);
                case Event.Removed removed -> present.remove(removed.name());
                default -> {}
            }
            all.forEach(listening -> listening.offer(event));
        }
    }

    /** Whether anybody listens: what nobody hears need not be made. */
    public boolean heard() {
        return !all.isEmpty();
    }

    /** A new listener hears of every present container first. With an owner, only of the owner's. */
    public Subscription listen(Optional<Integer> owner, Subscription.Listener listener) {
        Listening listening = new Listening(owner, listener);
        synchronized (this) {
            present.values().forEach(listening::offer);
            all.add(listening);
        }
        listening.thread.start();
        return listening;
    }

    private final class Listening implements Subscription {

        private final Optional<Integer> owner;
        private final Listener listener;
        private final BlockingQueue<Event> queue = new ArrayBlockingQueue<>(ROOM);
        private final Thread thread = Thread.ofVirtual().name("listener").unstarted(this::run);
        private volatile boolean behind;

        Listening(Optional<Integer> owner, Listener listener) {
            this.owner = owner;
            this.listener = listener;
        }

        void offer(Event event) {
            if (owner.isPresent() && owner.get() != event.name().uid()) {
                return;
            }
            if (!behind && !queue.offer(event)) {
                behind = true;
                all.remove(this);
            }
        }

        private void run() {
            try {
                while (true) {
                    Event event = behind ? queue.poll() : queue.take();
                    if (event == null) {
                        listener.fellBehind();
                        return;
                    }
                    listener.event(event);
                }
            } catch (InterruptedException e) {
                // closed
            } catch (RuntimeException e) {
                LOG.warn("a listener failed and is dropped", e);
                all.remove(this);
            }
        }

        @Override
        public void close() {
            all.remove(this);
            thread.interrupt();
        }
    }
}

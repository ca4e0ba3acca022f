package org.slipway.helper.event;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slipway.helper.lifecycle.Event;
import org.slipway.helper.lifecycle.Subscription;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Owned;

/**
 * Tells every listener everything, in one order, and waits for none of them: each has a queue and a thread of its own. One that
 * falls behind by 4096 events or 4 MiB is told so and dropped, and what waited for it is let go of at once, so that a reader that
 * stands still costs no more than that.
 */
public final class Hub {

    private static final Logger LOG = LoggerFactory.getLogger(Hub.class);
    private static final int ROOM = 4096;

    /** What may wait for one listener, in bytes by {@link Event#weight}; a single event may be larger. */
    private static final long LARGEST = 4L << 20;

    private final Set<Listening> all = new CopyOnWriteArraySet<>();

    /** Wakes the thread of a listener that fell behind; never told. */
    private static final Event END = new Event.Removed(new Owned(0, new ContainerId("end")));

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
        private final AtomicLong waiting = new AtomicLong();
        private volatile boolean behind;

        Listening(Optional<Integer> owner, Listener listener) {
            this.owner = owner;
            this.listener = listener;
        }

        void offer(Event event) {
            if (owner.isPresent() && owner.get() != event.name().uid()) {
                return;
            }
            if (behind) {
                return;
            }
            long before = waiting.getAndAdd(event.weight());
            boolean heavy = before > 0 && before + event.weight() > LARGEST;
            if (heavy || !queue.offer(event)) {
                behind = true;
                all.remove(this);
                queue.clear();
                var _ = queue.offer(END);
            }
        }

        private void run() {
            try {
                while (true) {
                    Event event = queue.take();
                    if (behind) {
                        listener.fellBehind();
                        return;
                    }
                    waiting.addAndGet(-event.weight());
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

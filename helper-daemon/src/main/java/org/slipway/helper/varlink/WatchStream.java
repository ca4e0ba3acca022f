package org.slipway.helper.varlink;

import java.io.IOException;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.slipway.helper.door.Gate;
import org.slipway.helper.lifecycle.Event;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.lifecycle.Subscription;
import org.slipway.model.wire.Answer;
import org.slipway.model.wire.Errors;
import org.slipway.model.wire.Reply;

/** Sends events to one connection as they come, on the thread of its subscription; ends only with the connection or its slowness. */
final class WatchStream implements Method.Stream, Subscription.Listener {

    private final Outbox outbox;
    private final CountDownLatch over = new CountDownLatch(1);
    private final CountDownLatch subscribed = new CountDownLatch(1);
    private volatile Optional<Subscription> subscription = Optional.empty();
    private long sequence;

    private WatchStream(Outbox outbox) {
        this.outbox = outbox;
    }

    static WatchStream open(Gate gate, Optional<Integer> owner, Outbox outbox) throws Failure {
        var stream = new WatchStream(outbox);
        stream.subscription = Optional.of(gate.watch(owner, stream));
        stream.subscribed.countDown();
        return stream;
    }

    @Override
    public void event(Event event) {
        try {
            subscribed.await();
            Iterator<org.slipway.model.wire.Event> each = Views.events(event).iterator();
            while (over.getCount() > 0 && each.hasNext()) {
                outbox.send(Answer.more(new Reply.Watch(each.next().numbered(sequence++))));
            }
        } catch (IOException e) {
            close(); // the reader is gone; the connection's own thread sees it too
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
        }
    }

    @Override
    public void fellBehind() {
        try {
            outbox.send(Answer.error(new Errors.FellBehind()));
        } catch (IOException e) {
            // it was slow, now it is gone
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            over.countDown();
        }
    }

    @Override
    public void join() throws InterruptedException {
        over.await();
    }

    @Override
    public void close() {
        over.countDown();
        subscription.ifPresent(Subscription::close);
    }
}

package org.slipway.helper.lifecycle;

/** Somebody who listens. */
public interface Subscription extends AutoCloseable {

    /** Takes events, in order, on a thread of the subscription's own. */
    interface Listener {
        void event(Event event);

        /** The queue of 4096 events was full: nothing further comes, listen anew. */
        void fellBehind();
    }

    /** Ends it; nothing is delivered afterwards. */
    @Override
    void close();
}

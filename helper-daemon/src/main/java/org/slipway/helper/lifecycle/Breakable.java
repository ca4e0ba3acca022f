package org.slipway.helper.lifecycle;

/**
 * An operation that somebody else may break off: the thread that does it is interrupted, once, and only while it does it. What then
 * happens is the operation's affair; create takes back what it made.
 */
public final class Breakable {

    private final Thread worker;
    private boolean running = true;

    private Breakable(Thread worker) {
        this.worker = worker;
    }

    /** Begins one on this thread, which ends it with {@link #end}. */
    public static Breakable begin() {
        return new Breakable(Thread.currentThread());
    }

    /** Breaks it off, if it is still going on and nobody did so before. */
    public synchronized void breakOff() {
        if (running) {
            running = false;
            worker.interrupt();
        }
    }

    /** It has ended: from now on nobody is interrupted, and an interrupt that it left behind is forgotten: true if there was one. */
    public synchronized boolean end() {
        running = false;
        return Thread.interrupted();
    }
}

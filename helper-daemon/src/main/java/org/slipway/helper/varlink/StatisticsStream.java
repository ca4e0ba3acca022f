package org.slipway.helper.varlink;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;
import org.slipway.helper.door.Gate;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.model.state.Owned;
import org.slipway.model.wire.Answer;
import org.slipway.model.wire.Errors;
import org.slipway.model.wire.Reply;

/** Sends a container's statistics again and again, until it has ended. */
final class StatisticsStream implements Method.Stream {

    private final Gate gate;
    private final Owned name;
    private final Duration pause;
    private final Outbox outbox;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    private StatisticsStream(Gate gate, Owned name, Duration pause, Outbox outbox) {
        this.gate = gate;
        this.name = name;
        this.pause = pause;
        this.outbox = outbox;
        this.thread = Thread.ofVirtual().name("statistics-" + name).unstarted(this::run);
    }

    static StatisticsStream open(Gate gate, Owned name, Duration pause, Outbox outbox) {
        var stream = new StatisticsStream(gate, name, pause, outbox);
        stream.thread.start();
        return stream;
    }

    private void run() {
        try {
            do {
                outbox.send(Answer.more(new Reply.Statistics(gate.statistics(name))));
            } while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS));
        } catch (Failure e) {
            end(e);
        } catch (IOException e) {
            LoggerFactory.getLogger(StatisticsStream.class).debug("statistics no longer sent: {}", "" + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void end(Failure failure) {
        try {
            outbox.send(Answer.error(new Errors.Failed(Views.problem(failure))));
        } catch (IOException e) {
            LoggerFactory.getLogger(StatisticsStream.class).debug("statistics no longer sent: {}", "" + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void join() throws InterruptedException {
        thread.join();
    }

    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
    }
}

package org.slipway.model.client;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slipway.model.wire.Answer;
import org.slipway.model.wire.Call;
import org.slipway.model.wire.Reply;

/**
 * A stream of answers. The consumer hears them in order on the subscription's own thread; then the end is told exactly
 * once: with the failure, or without one when the stream was complete. After {@link #close} nothing is told any more.
 */
public final class Subscription implements AutoCloseable {

    private final Connection connection;
    private final AtomicBoolean over = new AtomicBoolean();

    private Subscription(Connection connection) {
        this.connection = connection;
    }

    /** Sends the call before it returns, and reads the answers on a thread of this name. */
    static <R extends Reply> Subscription open(
            Connection connection,
            String thread,
            Call<R> call,
            Consumer<R> each,
            Consumer<Optional<HelperException>> ended)
            throws HelperException {
        connection.send(call, true);
        var subscription = new Subscription(connection);
        Thread.ofVirtual().name(thread).start(() -> subscription.run(call, each, ended));
        return subscription;
    }

    private <R extends Reply> void run(Call<R> call, Consumer<R> each, Consumer<Optional<HelperException>> ended) {
        Optional<HelperException> failure = Optional.empty();
        try {
            boolean continues = true;
            while (continues && !over.get()) {
                Answer answer = connection.receive();
                R result = connection.result(answer, call.reply());
                continues = answer.continues().orElse(false);
                if (!over.get()) {
                    each.accept(result);
                }
            }
        } catch (HelperException e) {
            failure = Optional.of(e);
        } finally {
            connection.close();
            if (over.compareAndSet(false, true)) {
                ended.accept(failure);
            }
        }
    }

    /** Ends the stream; the consumer may still be in the middle of an answer, but hears no further one. */
    @Override
    public void close() {
        over.set(true);
        connection.close();
    }
}

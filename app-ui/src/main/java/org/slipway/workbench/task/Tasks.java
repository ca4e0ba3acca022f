package org.slipway.workbench.task;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import javafx.application.Platform;
import org.jspecify.annotations.Nullable;

/**
 * Runs work away from the window's thread and hands its result back on it. View models are only ever touched on that
 * thread, so they need no locks.
 */
public final class Tasks {

    private final Executor background;
    private final Executor window;
    private final @Nullable List<Runnable> delayed;

    private Tasks(Executor background, Executor window, @Nullable List<Runnable> delayed) {
        this.background = background;
        this.window = window;
        this.delayed = delayed;
    }

    /** Virtual threads, and JavaFX's thread for the results. */
    public static Tasks real() {
        return new Tasks(work -> Thread.ofVirtual().name("work").start(work), Platform::runLater, null);
    }

    /** Everything at once on the calling thread: for tests of view models. */
    public static Tasks immediate() {
        return new Tasks(Runnable::run, Runnable::run, new ArrayList<>());
    }

    /**
     * Runs work, then exactly one of the two others on the window's thread.
     *
     * @param work may block
     * @param done gets the result
     * @param failed gets what the work threw
     */
    public <T> void run(Callable<T> work, Consumer<? super T> done, Consumer<? super Exception> failed) {
        background.execute(() -> {
            try {
                T result = work.call();
                window.execute(() -> done.accept(result));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                window.execute(() -> failed.accept(e));
            } catch (Exception e) {
                window.execute(() -> failed.accept(e));
            }
        });
    }

    /** Runs something on the window's thread. */
    public void later(Runnable work) {
        window.execute(work);
    }

    /** Runs something that reports by itself, away from the window's thread. */
    public void away(Runnable work) {
        background.execute(work);
    }

    /**
     * Runs something on the window's thread after a while. With {@link #immediate} it waits for {@link #runDelayed}.
     */
    public void after(Duration wait, Runnable work) {
        if (delayed != null) {
            delayed.add(work);
            return;
        }
        background.execute(() -> {
            try {
                Thread.sleep(wait);
                window.execute(work);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Runs what waits, for tests: time passes when they say so. */
    public void runDelayed() {
        List<Runnable> waiting = List.copyOf(Objects.requireNonNull(delayed, "these tasks wait by the clock"));
        delayed.clear();
        waiting.forEach(Runnable::run);
    }

    /** Work of which only the newest result counts: results that were overtaken are dropped. */
    public Latest latest() {
        return new Latest();
    }

    /** One kind of work that is asked for again and again, such as a check after each key press. */
    public final class Latest {

        private final AtomicLong newest = new AtomicLong();

        private Latest() {}

        /** As {@link Tasks#run}, but nothing is reported once another run was asked for. */
        public <T> void run(Callable<T> work, Consumer<? super T> done, Consumer<? super Exception> failed) {
            long mine = newest.incrementAndGet();
            Tasks.this.run(
                    work,
                    result -> {
                        if (newest.get() == mine) {
                            done.accept(result);
                        }
                    },
                    problem -> {
                        if (newest.get() == mine) {
                            failed.accept(problem);
                        }
                    });
        }
    }
}

package org.slipway.helper.run;

import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slipway.helper.libc.Processes;
import org.slipway.helper.lifecycle.ExitView;
import org.slipway.helper.reactor.Reactor;
import org.slipway.helper.store.Folder;

/** The processes of a container: its keeper, its init, and how init ended. */
public final class Body {

    private static final Logger LOG = LoggerFactory.getLogger(Body.class);

    private final Reactor reactor;
    private final Folder folder;
    private final CompletableFuture<ExitView> exit = new CompletableFuture<>();
    private volatile Optional<Proc> init = Optional.empty();
    private volatile Optional<Proc> keeper = Optional.empty();
    private volatile boolean keeperEnded;
    private volatile boolean executed;
    private volatile Optional<Boolean> released = Optional.empty();
    private final CountDownLatch keeperEnd = new CountDownLatch(1);

    /** Nothing lives yet. */
    public Body(Reactor reactor, Folder folder) {
        this.reactor = reactor;
        this.folder = folder;
    }

    public Optional<Proc> init() {
        return init;
    }

    public Optional<Proc> keeper() {
        return keeper;
    }

    /** Whether init exists and has not ended; after {@link #release} what was true then. */
    public boolean alive() {
        return released.orElseGet(this::look);
    }

    private boolean look() {
        return init.map(proc -> !proc.ended()).orElse(false);
    }

    /** Whether nothing of it lives: neither init nor keeper. */
    public boolean gone() {
        return !alive() && (keeper.isEmpty() || keeperEnded);
    }

    /** Whether the program is known to have been executed. */
    public boolean executed() {
        return executed;
    }

    /** The program was executed. */
    public void markExecuted() {
        executed = true;
    }

    /** Completes when init has ended and its end is recorded, or will never be. */
    public CompletableFuture<ExitView> exit() {
        return exit;
    }

    /** Init exists. */
    public void born(Proc proc) {
        init = Optional.of(proc);
    }

    /**
     * The keeper exists: a thread waits for its end, reaps it, and finds out how init ended.
     *
     * @param atEnd called as soon as the keeper is gone, whatever became of init
     */
    public void keptBy(Proc proc, Runnable atEnd) {
        keeper = Optional.of(proc);
        Thread.ofVirtual().name("keeper " + proc.pid()).start(() -> watch(proc, atEnd));
    }

    /** Waits for the end of the keeper; false when the time passed. */
    boolean awaitKeeper(long millis) throws InterruptedException {
        return keeperEnd.await(millis, TimeUnit.MILLISECONDS);
    }

    /** It has no keeper, or none any more: the end of init is watched itself. */
    public void unkept() {
        keeperEnded = true;
        Thread.ofVirtual().name("unkept").start(() -> {
            try {
                conclude();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** It ended before this helper began. */
    public void ended(ExitView view) {
        keeperEnded = true;
        exit.complete(view);
    }

    private void watch(Proc proc, Runnable atEnd) {
        try {
            reactor.awaitReadable(proc.pidfd(), null);
            OptionalInt _ = Processes.reap(proc.pid());
            keeperEnded = true;
            // before anybody who waits for the keeper removes the record
            recordedSafely().ifPresent(exit::complete);
            keeperEnd.countDown();
            atEnd.run();
            conclude();
        } catch (IOException e) {
            LOG.debug("no longer watching keeper {}: {}", proc.pid(), e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void conclude() throws InterruptedException {
        try {
            Optional<ExitView> recorded = recorded();
            if (recorded.isEmpty() && alive()) {
                reactor.awaitReadable(init.orElseThrow().pidfd(), null);
            }
            exit.complete(recorded.or(this::recordedSafely).orElseGet(this::fromKernel));
        } catch (IOException e) {
            LOG.debug("no longer watching init: {}", e.toString());
        }
    }

    private Optional<ExitView> recordedSafely() {
        try {
            return recorded();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** What the keeper recorded. */
    public Optional<ExitView> recorded() throws IOException {
        return folder.exit()
                .map(file ->
                        new ExitView(file.status(), file.signal(), file.executed(), true, instant(file.exitedAt())));
    }

    /** Without a keeper: what the kernel still knows, else unknown; never guessed. */
    private ExitView fromKernel() {
        if (init.isEmpty()) {
            return ExitView.UNKNOWN;
        }
        Proc.Ending ending = init.get().ending();
        boolean began = executed || ending.executed().orElseGet(this::executing);
        if (ending.status().isEmpty()) {
            return new ExitView(
                    ExitView.UNKNOWN.status(), ExitView.UNKNOWN.signal(), began, false, Optional.of(Instant.now()));
        }
        int signal = ending.status().getAsInt() & 0x7f;
        int code = signal != 0 ? 128 + signal : (ending.status().getAsInt() >> 8) & 0xff;
        return new ExitView(code, signal, began, true, Optional.of(Instant.now()));
    }

    /** Init was at its last step, which did not fail: all that is known of one that was reaped before anybody looked. */
    private boolean executing() {
        try {
            ResultPage page = ResultPage.open(folder.file("page"));
            return page.phase() == ResultPage.Phase.EXECUTING && page.errno() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** The container is gone: what is not known of its end by now never will be. */
    public void forget() {
        exit.complete(ExitView.UNKNOWN);
        release();
    }

    /** Lets go of the pidfds; the processes live on. */
    public void release() {
        released = Optional.of(alive());
        init.ifPresent(proc -> proc.release(reactor));
        keeper.ifPresent(proc -> proc.release(reactor));
    }
}

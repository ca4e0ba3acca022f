package org.slipway.helper.run;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slipway.helper.libc.Errno;
import org.slipway.helper.libc.ErrnoException;

/** A further process of a container, as whoever ends the container sees it. */
public final class Companion {

    private static final int SIGKILL = 9;
    private static final int GLANCE_MILLIS = 20;

    private final Body body;
    private final CountDownLatch settled = new CountDownLatch(1);

    public Companion(Body body) {
        this.body = body;
    }

    /** It runs, or was given up: its making has come to an end. */
    public void settle() {
        settled.countDown();
    }

    /** Whether its making has come to an end. */
    public boolean settled() {
        return settled.getCount() == 0;
    }

    /** Kills it, also while it is being made, and waits until its keeper is gone. */
    void end(long millis) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + millis * 1_000_000;
        while (!settled.await(GLANCE_MILLIS, TimeUnit.MILLISECONDS)) {
            kill();
            if (System.nanoTime() > deadline) {
                throw new ErrnoException("waiting for a process that is being executed", Errno.EBUSY);
            }
        }
        kill();
        if (body.keeper().isEmpty() && body.init().isPresent()) {
            try {
                var _ = body.exit().get(millis, TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException e) {
                throw new ErrnoException("waiting for a process of an engine", Errno.EBUSY);
            }
        }
        if (body.keeper().isPresent() && !body.awaitKeeper(millis)) {
            body.keeper().get().signal(SIGKILL);
            if (!body.awaitKeeper(millis)) {
                throw new ErrnoException(
                        "waiting for keeper " + body.keeper().get().pid(), Errno.EBUSY);
            }
        }
    }

    private void kill() throws ErrnoException {
        if (body.init().isPresent() && body.alive()) {
            body.init().get().signal(SIGKILL);
        }
    }
}

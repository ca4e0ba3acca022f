package org.slipway.helper.command;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slipway.helper.libc.Descriptors;
import org.slipway.helper.libc.ErrnoException;
import org.slipway.helper.libc.Fd;

/**
 * Reads and writes files that callers opened. Their file system may be one that never answers, so each works on a platform
 * thread to itself, which is left behind when it takes too long (D27).
 */
final class CallerFiles {

    private static final int CHUNK = 32 << 10; // copied whole at each call, however little is read

    /** An idle thread is kept a while: to make one takes as long as to read a configuration. */
    private static final ExecutorService THREADS = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("caller-file").factory());

    private CallerFiles() {}

    static byte[] read(String path, Fd file, int most, Duration patience) throws Client.FileTrouble, IOException {
        Fd own = Descriptors.duplicate(file, 3);
        return within(path, patience, () -> {
            try (own) {
                return readAll(path, own, most);
            }
        });
    }

    static void write(String path, Fd file, byte[] bytes, Duration patience) throws Client.FileTrouble, IOException {
        Fd own = Descriptors.duplicate(file, 3);
        boolean _ = within(path, patience, () -> {
            try (own) {
                Descriptors.writeAll(own, bytes);
                return true;
            }
        });
    }

    private static byte[] readAll(String path, Fd file, int most) throws ErrnoException, Client.FileTrouble {
        var all = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK];
        int count;
        while ((count = Descriptors.read(file, chunk)) > 0) {
            all.write(chunk, 0, count);
            if (all.size() > most) {
                throw new Client.FileTrouble(path, "EFBIG");
            }
        }
        return all.toByteArray();
    }

    private static <T> T within(String path, Duration patience, Callable<T> work)
            throws Client.FileTrouble, IOException {
        var task = new FutureTask<>(work);
        THREADS.execute(task);
        try {
            return task.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new Client.FileTrouble(path, "ETIMEDOUT");
        } catch (InterruptedException e) {
            throw Client.interrupted(e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case Client.FileTrouble trouble -> throw trouble;
                case ErrnoException error -> throw FrameClient.trouble(path, error);
                case null, default -> throw new IOException("cannot use '" + path + "'", e.getCause());
            }
        }
    }
}

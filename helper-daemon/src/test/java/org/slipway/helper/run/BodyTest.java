package org.slipway.helper.run;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.helper.libc.Processes;
import org.slipway.helper.reactor.Reactor;
import org.slipway.helper.store.Folder;

/** The processes of a container while others look at them and let go of them. */
@Timeout(30)
class BodyTest {

    @TempDir
    Path folder;

    private Reactor reactor;
    private Body body;

    @BeforeEach
    void open() throws Exception {
        reactor = Reactor.start();
        body = new Body(reactor, Folder.at(folder));
    }

    @AfterEach
    void close() {
        reactor.close();
    }

    private static Proc spawned(String... words) throws Exception {
        int pid = Processes.spawn(words[0], List.of(words), List.of(), List.of());
        return Proc.of(pid, Processes.pidfd(pid));
    }

    @Test
    void whoLooksAfterItWasLetGoSeesWhatWasTrueThen() throws Exception {
        Proc proc = spawned("/bin/sleep", "100");
        try {
            body.born(proc);
            assertTrue(body.alive());
            body.release();
            assertTrue(body.alive());
            proc.signal(9); // of a pidfd that is closed: nobody's
            String stat = Files.readString(Path.of("/proc/" + proc.pid() + "/stat"));
            assertTrue(stat.contains("(sleep) ") && !stat.contains("(sleep) Z"), stat);
            assertFalse(body.exit().isDone());
            body.forget();
            assertFalse(body.exit().join().known());
        } finally {
            ProcessHandle.of(proc.pid()).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void theEndIsReadBeforeWhoWaitsForTheKeeperCanRemoveItsRecord() throws Exception {
        for (int i = 0; i < 20; i++) {
            Body one = new Body(reactor, Folder.at(folder));
            Files.writeString(
                    folder.resolve("exit.json"),
                    "{\"status\":7,\"signal\":0,\"core\":false,\"executed\":true,\"exitedAt\":\"2026-01-31T12:00:00Z\"}");
            one.keptBy(spawned("/bin/true"), () -> {});
            assertTrue(one.awaitKeeper(10_000));
            assertTrue(one.exit().isDone());
        }
    }
}

package org.slipway.helper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slipway.helper.hook.RuntimeHooks;
import org.slipway.helper.lifecycle.Caller;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.model.test.Requirement;

/** The lines of ps that are about a container. */
class PsTableTest {

    @Test
    @Requirement("CLI-PS-01")
    void onlyTheLinesOfItsProcessesStayBelowTheHeader() throws Failure {
        String output = "UID   PID  PPID CMD\nroot    1     0 init 42\nroot   42     1 sleep 1\nroot  421    42 x\n";
        assertEquals("UID   PID  PPID CMD\nroot   42     1 sleep 1\n", PsTable.of(output, List.of(42, 7)));
        assertEquals("UID   PID  PPID CMD\n", PsTable.of(output, List.of()));
    }

    @Test
    @Requirement("EXT-DAEMON-01")
    void itIsNeverRootWhoReadsWordsOfSomebodyElse() {
        RuntimeHooks hooks = new RuntimeHooks("/nowhere", Optional.empty());
        Failure failure =
                assertThrows(Failure.class, () -> PsTable.run(hooks, new Caller(1000, false), List.of("axeww")));
        assertEquals("ps-not-as-root", failure.code());
    }

    @Test
    void withoutTheColumnThereIsNoTelling() {
        for (String output : List.of("COMMAND\nsleep\n", "")) {
            Failure failure = assertThrows(Failure.class, () -> PsTable.of(output, List.of(1)));
            assertEquals("ps-without-pids", failure.code());
        }
    }
}

package org.slipway.helper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
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
    void withoutTheColumnThereIsNoTelling() {
        for (String output : List.of("COMMAND\nsleep\n", "")) {
            Failure failure = assertThrows(Failure.class, () -> PsTable.of(output, List.of(1)));
            assertEquals("ps-without-pids", failure.code());
        }
    }
}

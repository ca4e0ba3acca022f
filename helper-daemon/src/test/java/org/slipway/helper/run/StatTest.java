package org.slipway.helper.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatTest {

    private static final String AFTER = " 1 1 1 0 -1 %d 0 0 0 0 0 0 0 0 20 0 1 0 4711" + " 0".repeat(29) + " 768\n";

    @Test
    void aNameWithParenthesesAndSpacesIsNoTrap() {
        Stat stat = Stat.parse(7, "7 (a) Z (b c) S" + AFTER.formatted(0x40));
        assertEquals(new Stat(7, 'S', 1, 4711, 768, false), stat);
    }

    @Test
    void aProgramThatWasExecutedHasTheFlagCleared() {
        assertTrue(Stat.parse(7, "7 (x) S" + AFTER.formatted(0x400000)).executed());
    }

    @Test
    void aPidThatIsNobodysIsEmpty() {
        assertEquals(Optional.empty(), Stat.of(Integer.MAX_VALUE));
    }

    @Test
    void thisProcessIsAliveAndExecuted() {
        Stat self = Stat.of((int) ProcessHandle.current().pid()).orElseThrow();
        assertTrue(self.alive() && self.executed());
    }
}

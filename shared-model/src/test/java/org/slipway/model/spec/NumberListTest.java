package org.slipway.model.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.model.test.Requirement;

/** Lists of processors and memory nodes. */
class NumberListTest {

    @Test
    @Requirement({"SCHED-10", "MPOL-02"})
    void rangesAndNumbersAreOneSet() {
        assertEquals(Optional.of(List.of(0, 1, 2, 3, 7)), NumberList.parse("7, 0-3,2", 8));
        assertEquals(Optional.of(List.of(1023)), NumberList.parse("1023", NumberList.NODES));
        assertEquals(Optional.of(List.of()), NumberList.parse(" ", 8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "all",
                "0-",
                "-3",
                "3-1",
                "0,,1",
                "0,",
                "0x1",
                "8",
                "0-8",
                "0-99999999999999",
                "4294967296",
                "1 2"
            })
    @Requirement({"SCHED-10", "MPOL-02"})
    void whatIsNoListIsNone(String text) {
        assertEquals(Optional.empty(), NumberList.parse(text, 8));
    }
}

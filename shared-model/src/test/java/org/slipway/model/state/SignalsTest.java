package org.slipway.model.state;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.model.test.Requirement;

class SignalsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"", "0", "-1", "65", "999", "SIG", "TERMINATE", "SIGSIGTERM", "RTMIN+31", "RTMAX-31", "1 ", "0x9"
            })
    @Requirement("OPS-KILL-04")
    void whatIsNoSignalIsNone(String text) {
        assertEquals(OptionalInt.empty(), Signals.parse(text));
    }

    /** As kill(2) has it, 0 is no signal and may be asked for. */
    @Test
    @Requirement("OPS-KILL-04")
    void killMayAskForNone() {
        assertEquals(OptionalInt.of(0), Signals.parseOrNone("0"));
        assertEquals(OptionalInt.of(9), Signals.parseOrNone("KILL"));
        assertEquals(OptionalInt.empty(), Signals.parseOrNone("00"));
        assertEquals(OptionalInt.empty(), Signals.parseOrNone("-1"));
    }

    @ParameterizedTest
    @CsvSource({
        "TERM,15",
        "SIGTERM,15",
        "sigterm,15",
        "15,15",
        "1,1",
        "64,64",
        "HUP,1",
        "SYS,31",
        "IOT,6",
        "RTMIN,34",
        "SIGRTMIN+1,35",
        "RTMAX,64",
        "RTMAX-30,34",
        "RTMIN+30,64",
        "WINCH,28"
    })
    void namesAndNumbersMeanTheSame(String text, int number) {
        assertEquals(OptionalInt.of(number), Signals.parse(text));
    }
}

package org.slipway.model.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each case is reported exactly once, whoever is lost. */
class LedgerTest {

    @Test
    void aLostWorkersCaseGoesToAnotherAndItsLateResultDoesNotCount() {
        Ledger ledger = Ledger.of(List.of("a", "b")).take("w1").ledger();
        ledger = ledger.lose("w1");
        Ledger.Answer second = ledger.take("w2");
        assertEquals(Optional.of("a"), second.handed());
        assertEquals(Optional.empty(), second.ledger().finish("w1", "a").handed());
        Ledger.Answer ended = second.ledger().finish("w2", "a");
        assertEquals(Optional.of("a"), ended.handed());
        assertEquals(Optional.empty(), ended.ledger().finish("w2", "a").handed(), "a second time");
    }

    @Test
    void aWorkerThatAsksAgainGetsTheCaseThatItHas() {
        Ledger ledger = Ledger.of(List.of("a", "b")).take("w").ledger();
        assertEquals(Optional.of("a"), ledger.take("w").handed());
        assertEquals(Optional.of("b"), ledger.take("other").handed());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyCaseEndsOnceWhateverHappens(long seed) {
        List<String> cases = IntStream.range(0, 50).mapToObj(i -> "case-" + i).toList();
        Random random = new Random(seed);
        Ledger ledger = Ledger.of(cases);
        Map<String, String> believed = new HashMap<>();
        List<String> reported = new ArrayList<>();
        for (int i = 0; i < 100_000 && !ledger.complete(); i++) {
            String worker = "w" + random.nextInt(4);
            switch (random.nextInt(3)) {
                case 0 -> {
                    Ledger.Answer answer = ledger.take(worker);
                    ledger = answer.ledger();
                    answer.handed().ifPresent(id -> believed.put(worker, id));
                }
                case 1 -> {
                    // also by workers that were given up, and a second time
                    Ledger.Answer answer = ledger.finish(worker, believed.getOrDefault(worker, "none"));
                    ledger = answer.ledger();
                    answer.handed().ifPresent(reported::add);
                }
                default -> ledger = ledger.lose(worker);
            }
        }
        assertTrue(ledger.complete());
        assertEquals(
                cases.stream().sorted().toList(), reported.stream().sorted().toList());
    }
}

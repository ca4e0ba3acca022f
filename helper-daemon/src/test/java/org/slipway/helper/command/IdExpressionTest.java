package org.slipway.helper.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.model.test.Requirement;

/** Expressions that anybody may send, and ids as long as they may be. */
class IdExpressionTest {

    private static final String LONG = "a".repeat(1023) + "-";

    @ParameterizedTest
    @CsvSource({
        "web, web-1, true",
        "^web$, web-1, false",
        "^web-[0-9]+$, web-12, true",
        "a|b, xbx, true",
        "'^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$', 01234567-89ab-cdef-0123-456789abcdef, true",
        "'^(web|db){2,3}$', webdb, true"
    })
    @Requirement("CLI-KILL-02")
    void aPartOfTheIdIsEnough(String expression, String id, boolean matches) throws Failure {
        assertEquals(matches, IdExpression.of(expression).matches(id));
    }

    /** Minutes to ages for an engine that goes back; the bound is far above what is needed. */
    @ParameterizedTest
    @ValueSource(strings = {"^(a+)+$", "^(a|a)*$", "^(.*a){20}$", "^(a*)*b$", "^(([a-z])+.)+[A-Z]$"})
    @Requirement("CLI-KILL-02")
    void noExpressionTakesAges(String expression) {
        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertEquals(false, IdExpression.of(expression).matches(LONG + "!")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"((a{100}){100}){100}", "(x{9999}){9}", "([(]a{1000}){1000}", "(a{999999999999}){2}"})
    @Requirement("CLI-KILL-02")
    void whatMultipliesIsRefusedBeforeItGrows(String expression) {
        assertEquals("regex-too-large", code(expression));
    }

    @Test
    @Requirement("CLI-KILL-02")
    void whatIsTooLongOrMalformedIsTold() {
        assertEquals("regex-too-large", code("a".repeat(IdExpression.LONGEST + 1)));
        assertEquals("regex-malformed", code("("));
        assertEquals("regex-malformed", code("(".repeat(IdExpression.LONGEST)));
        assertEquals("regex-malformed", code("(?=a)"));
    }

    private static String code(String expression) {
        return assertThrows(Failure.class, () -> IdExpression.of(expression)).code();
    }
}

package org.slipway.model.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.model.json.Document.Broken;
import org.slipway.model.json.Document.Broken.Reason;
import org.slipway.model.json.Document.Good;
import org.slipway.model.test.Requirement;

/** Text that is no configuration gets a reason and a place, never an exception. */
class BrokenTextTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "-",
            value = {
                "``| EMPTY | 1 | 1",
                "`  \\n `| EMPTY | 1 | 1",
                "[]| NOT_AN_OBJECT | 1 | 1",
                "null| NOT_AN_OBJECT | 1 | 1",
                "` \"x\"`| NOT_AN_OBJECT | 1 | 2",
                "{| SYNTAX | 1 | 2",
                "{\"a\":1| SYNTAX | 1 | 7",
                "{\"a\":}| SYNTAX | 1 | 6",
                "{\"a\":1,}| SYNTAX | 1 | 8",
                "{\"a\" 1}| SYNTAX | 1 | 6",
                "{a:1}| SYNTAX | 1 | 2",
                "{\"a\":01}| SYNTAX | 1 | 7",
                "{\"a\":NaN}| SYNTAX | 1 | 9",
                "{\"a\":'x'}| SYNTAX | 1 | 6",
                "{/**/}| SYNTAX | 1 | 2",
                "{\"a\":\"x\\ny\"}| SYNTAX | 1 | 8",
                "{\"a\":\"\\x\"}| SYNTAX | 1 | 8",
                "{\"a\":\\n{\"b\":1,\\n \"b\":2}}| DUPLICATE_MEMBER | 3 | 2",
                "{\"a\":1,\"\\u0061\":2}| DUPLICATE_MEMBER | 1 | 8",
                "{} x| TRAILING_TEXT | 1 | 4",
                "{}{}| TRAILING_TEXT | 1 | 3",
                "{\"a\":\"\\ud800\"}| LONE_SURROGATE | 1 | 6",
                "{\"\\udc00\":1}| SYNTAX | 1 | 9",
            })
    @Requirement({"CFG-01", "CFG-02"})
    void textHasReasonAndPlace(String text, Reason reason, int line, int column) {
        // the table writes \n for a line end; \\x, \\u stay as JSON has them
        String real = text.replace("\\n", "\n");
        Broken broken = assertInstanceOf(Broken.class, Document.parse(real));
        assertEquals(reason + " " + line + ":" + column, broken.reason() + " " + broken.line() + ":" + broken.column());
    }

    @Test
    @Requirement("CFG-01")
    void bytesThatAreNotUtf8AreRefusedAtTheirPlace() {
        Broken broken = assertInstanceOf(Broken.class, Document.parse("{\n\"é\":1}".getBytes(ISO_8859_1)));
        assertEquals(new Broken(Reason.NOT_UTF8, 2, 2, 3, Map.of()), broken);
        assertInstanceOf(Good.class, Document.parse("{\n\"é\":1}".getBytes(UTF_8)));
        assertEquals(
                Reason.NOT_UTF8,
                assertInstanceOf(Broken.class, Document.parse(new byte[] {'{', '"', (byte) 0xc3}))
                        .reason());
    }

    @Test
    @Requirement("CFG-02")
    void duplicateNamesTheMember() {
        Broken broken = assertInstanceOf(Broken.class, Document.parse("{\"a\":{\"x\":1,\"x\":1}}"));
        assertEquals(Map.of("member", "x"), broken.arguments());
    }

    @Test
    @Requirement("CFG-14")
    void hostileTextEndsSoon() {
        Assertions.assertTimeout(Duration.ofSeconds(10), () -> {
            assertEquals(Reason.TOO_DEEP, reason("{\"a\":" + "[".repeat(10_000)));
            assertEquals(Reason.TOO_MANY_VALUES, reason("{\"a\":[0" + ",0".repeat(1_000_000) + "]}"));
            assertEquals(Reason.TOO_LARGE, reason("{\"a\":\"" + "x".repeat(10_000_000) + "\"}"));
            assertEquals(Reason.NUMBER_TOO_LONG, reason("{\"a\":" + "9".repeat(100_000) + "}"));
        });
    }

    @Test
    void limitsAreExact() {
        Limits limits = new Limits(12, 3, 100);
        assertInstanceOf(Good.class, Document.parse("{\"a\":[[1]]}\n", limits));
        assertEquals(
                Reason.TOO_LARGE,
                assertInstanceOf(Broken.class, Document.parse("{\"ä\":[[1]]}\n", limits))
                        .reason());
        assertEquals(
                Reason.TOO_DEEP,
                assertInstanceOf(Broken.class, Document.parse("{\"a\":[[[]]]}", limits))
                        .reason());
    }

    private static Reason reason(String text) {
        return assertInstanceOf(Broken.class, Document.parse(text)).reason();
    }
}

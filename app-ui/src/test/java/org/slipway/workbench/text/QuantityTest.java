package org.slipway.workbench.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class QuantityTest {

    @Test
    void whatIsNoSizeIsNone() {
        for (String text : List.of("", "MiB", "64 XB", "1.0.0", "9223372036854775808", "0.3 KiB")) {
            assertEquals(OptionalLong.empty(), Quantity.parseSize(text), text);
        }
    }

    @Test
    void sizesAreReadAsPeopleWriteThem() {
        assertEquals(OptionalLong.of(64 << 20), Quantity.parseSize("64 MiB"));
        assertEquals(OptionalLong.of(64 << 20), Quantity.parseSize("64m"));
        assertEquals(OptionalLong.of(64_000_000), Quantity.parseSize("64 MB"));
        assertEquals(OptionalLong.of(1536), Quantity.parseSize("1.5 KiB"));
        assertEquals(OptionalLong.of(-1), Quantity.parseSize("-1"));
    }

    @Test
    void sizesAreShownExactly() {
        assertEquals("64 MiB", Quantity.size(64 << 20));
        assertEquals("1000", Quantity.size(1000));
        assertEquals("1025 KiB", Quantity.size(1025 << 10));
    }

    @Test
    void timesHaveThreeFigures() {
        assertEquals("0.95 µs", Quantity.time(950));
        assertEquals("12.3 µs", Quantity.time(12_345));
        assertEquals("1.23 ms", Quantity.time(1_234_567));
        assertEquals("123 ms", Quantity.time(123_456_789));
        assertEquals("2.00 s", Quantity.time(2_000_000_000L));
    }

    @Test
    void wordsComeBackAsTheyWere() {
        List<String> words = List.of("sh", "-c", "echo \"a b\" \\ c", "", "two\nlines");
        assertEquals(Optional.of(words), Words.split(Words.join(words)));
        assertEquals(Optional.empty(), Words.split("sh \"open"));
    }
}

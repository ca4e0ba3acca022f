package org.slipway.workbench.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class JsonColoursTest {

    private static String kinds(String line) {
        return JsonColours.pieces(line).stream()
                .filter(piece -> piece.kind() != JsonColours.Kind.BLANK)
                .map(piece -> piece.kind() + "(" + line.substring(piece.from(), piece.to()) + ")")
                .collect(Collectors.joining(" "));
    }

    @Test
    void namesAreToldFromTexts() {
        assertEquals("NAME(\"a\") MARK(:) TEXT(\"b\") MARK(,)", kinds("  \"a\" : \"b\","));
    }

    @Test
    void anEscapedQuoteDoesNotEndAText() {
        assertEquals("TEXT(\"a\\\"b\") MARK(])", kinds("\"a\\\"b\" ]"));
    }

    @Test
    void piecesLeaveNoGapWhateverTheLineHolds() {
        for (String line : List.of("", "\"open", "é\\x{", "-1.5e3,true nul", "\t\u0000]", "\"\\")) {
            int at = 0;
            for (JsonColours.Piece piece : JsonColours.pieces(line)) {
                assertEquals(at, piece.from(), line);
                at = piece.to();
            }
            assertEquals(line.length(), at, line);
        }
    }
}

package org.slipway.model.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class WireTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "7",
                "{",
                "{\"method\":\"a.b\"",
                "{\"method\":\"a.b\"} {}",
                "{\"method\":\"a.b\",\"method\":\"a.c\"}",
                "{\"method\":7}",
                "{\"parameters\":{}}",
                "{\"method\":\"a.b\",\"parameters\":[]}",
                "{\"method\":\"a.b\",\"more\":\"yes\"}",
                "{\"method\":\"a.b\",\"extra\":1}",
            })
    void whatIsNoRequestIsRefused(String text) {
        assertThrows(WireException.class, () -> Wire.request(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() {
        byte[] broken = "{\"method\":\"a.b\u00ff\"}".getBytes(StandardCharsets.ISO_8859_1);
        assertThrows(WireException.class, () -> Wire.request(broken));
        byte[] wide = "{\"method\":\"a.b\"}".getBytes(StandardCharsets.UTF_16LE);
        assertThrows(WireException.class, () -> Wire.request(wide));
    }

    @Test
    void nestingHasALimit() throws WireException {
        Wire.tree(nested(Wire.DEPTH));
        assertThrows(WireException.class, () -> Wire.tree(nested(Wire.DEPTH + 1)));
    }

    private static byte[] nested(int depth) {
        return ("[".repeat(depth) + "]".repeat(depth)).getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aConfigurationLargerThanTheParsersUsualLimitIsRead() throws WireException {
        String large = "x".repeat(30 << 20);
        byte[] message = Wire.toBytes(Request.of(new Call.Create("a", "/b", large, Optional.empty()), false));
        ObjectNode parameters = Wire.request(message).parameters().orElseThrow();
        assertEquals(large, Wire.parameters(parameters, Call.Create.class).config());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"name\":null,\"signal\":\"TERM\"}",
                "{\"name\":{\"id\":\"a\"}}",
                "{\"name\":{\"id\":\"a\"},\"signal\":15}",
                "{\"name\":{\"id\":\"a\"},\"signal\":\"TERM\",\"al\":true}",
                "{\"name\":{\"id\":\"a\",\"owner\":1.5},\"signal\":\"TERM\"}",
                "{\"name\":{\"id\":\"a\",\"owner\":\"0\"},\"signal\":\"TERM\"}",
            })
    void parametersThatDoNotFitAreRefused(String text) throws WireException {
        ObjectNode parameters = (ObjectNode) Wire.tree(text.getBytes(StandardCharsets.UTF_8));
        assertThrows(WireException.class, () -> Wire.parameters(parameters, Call.Kill.class));
    }

    @Test
    void aMissingNumberIsRefusedAndNamed() throws WireException {
        ObjectNode parameters =
                (ObjectNode) Wire.tree("{\"name\":{\"id\":\"a\"},\"rows\":1}".getBytes(StandardCharsets.UTF_8));
        var refused = assertThrows(WireException.class, () -> Wire.parameters(parameters, Call.Resize.class));
        assertEquals("columns", refused.member());
    }

    @Test
    void absentMembersAreLeftOutAndReadAsAbsent() throws WireException {
        var problem = Problem.of("no-such-container", Fault.CALLER, Map.of("id", "a"));
        ObjectNode node = Wire.toNode(problem);
        assertEquals(
                "{\"code\":\"no-such-container\",\"fault\":\"CALLER\",\"arguments\":{\"id\":\"a\"},\"findings\":[]}",
                node.toString());
        assertEquals(problem, Wire.result(node, Problem.class));
    }

    @Test
    void aClientPassesOverWhatANewerServerAdds() throws WireException {
        byte[] answer =
                "{\"parameters\":{\"version\":\"9\",\"tier\":\"confined\",\"uid\":5,\"pid\":7,\"facts\":{},\"new\":1},\"x\":[]}"
                        .getBytes(StandardCharsets.UTF_8);
        var info = Wire.result(Wire.answer(answer).parameters().orElseThrow(), Reply.Info.class);
        assertEquals(new Reply.Info("9", "confined", 5, 7, Wire.object()), info);
    }

    @Test
    void namesAreResolvedAgainstTheCaller() {
        assertEquals("1000/a", Name.own("a").resolve(1000).orElseThrow().toString());
        assertEquals(
                "4294967294/a",
                new Name(Optional.of(0xfffffffeL), "a").resolve(0).orElseThrow().toString());
        for (long owner : List.of(-1L, 0xffffffffL, 1L << 32)) {
            assertTrue(new Name(Optional.of(owner), "a").resolve(0).isEmpty());
        }
        assertFalse(Name.own("../a").resolve(0).isPresent());
    }
}

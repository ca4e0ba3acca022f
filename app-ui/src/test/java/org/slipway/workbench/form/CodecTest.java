package org.slipway.workbench.form;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CodecTest {

    private static JsonNode json(String text) {
        return new JsonMapper().readTree(text.replace('\'', '"'));
    }

    private static void both(Codec codec, String value, String shown) {
        assertEquals(Optional.of(shown), codec.show(json(value)));
        assertEquals(Optional.of(json(value).toString()), codec.read(shown).map(JsonNode::toString));
    }

    @Test
    void permissionBitsAreOctal() {
        both(Codec.OCTAL, "438", "0666");
        assertEquals(Optional.of("420"), Codec.OCTAL.read("644").map(JsonNode::toString));
        assertEquals(Optional.empty(), Codec.OCTAL.read("0888"));
        assertEquals(Optional.empty(), Codec.OCTAL.show(json("-1")));
    }

    @Test
    void idsAreRanges() {
        both(
                Codec.MAPPINGS,
                "[{'containerID':0,'hostID':100000,'size':65536},{'containerID':65536,'hostID':0,'size':1}]",
                "0:100000:65536, 65536:0:1");
        assertEquals(Optional.empty(), Codec.MAPPINGS.read("0:1"));
        assertEquals(
                Optional.empty(),
                Codec.MAPPINGS.show(json("[{'containerID':0,'hostID':1,'size':1,'x':2}]")),
                "nothing unknown is lost");
    }

    @Test
    void conditionsReadAsTheyAreMeant() {
        both(
                Codec.CONDITIONS,
                "[{'index':0,'value':5,'op':'SCMP_CMP_EQ'},{'index':1,'value':255,'valueTwo':3,'op':'SCMP_CMP_MASKED_EQ'}]",
                "arg0 == 5, arg1 & 0xff == 3");
        both(
                Codec.CONDITIONS,
                "[{'index':2,'value':18446744073709551615,'op':'SCMP_CMP_LE'}]",
                "arg2 <= 18446744073709551615");
        assertEquals(Optional.empty(), Codec.CONDITIONS.read("arg6 == 1"), "there are six arguments");
        assertEquals(Optional.empty(), Codec.CONDITIONS.read("arg0 & 1 != 1"), "the kernel masks for equality alone");
        assertEquals(
                Optional.empty(),
                Codec.CONDITIONS.show(json("[{'index':0,'value':5,'valueTwo':7,'op':'SCMP_CMP_EQ'}]")),
                "a second value that means nothing is left to the source");
    }

    @Test
    void wordsAreWhatTheySay() {
        both(Codec.FLAG, "true", "true");
        assertEquals(Optional.empty(), Codec.FLAG.read("yes"));
        both(Codec.CHIPS, "['ro','nosuid']", "ro, nosuid");
        assertEquals(Optional.empty(), Codec.CHIPS.show(json("['a,b']")), "a comma inside would be read as two");
    }
}

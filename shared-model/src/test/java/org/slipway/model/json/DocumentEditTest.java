package org.slipway.model.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slipway.model.json.Document.Good;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Edits write as the document is written. */
class DocumentEditTest {

    private static final JsonMapper JSON = JsonMapper.shared();

    private static final String TABS = """
            {
            \t"ociVersion": "1.3.0",
            \t"process": {
            \t\t"args": ["sh", "-c"],
            \t\t"cwd": "/"
            \t},
            \t"mounts": [
            \t\t{ "destination": "/proc", "type": "proc" },
            \t\t{ "destination": "/dev", "type": "tmpfs" }
            \t],
            \t"hooks": {}
            }
            """;

    @Test
    void setReplacesInPlace() {
        assertEquals(TABS.replace("\"cwd\": \"/\"", "\"cwd\": \"/tmp\""), set(TABS, "/process/cwd", "\"/tmp\""));
        assertEquals(TABS.replace("[\"sh\", \"-c\"]", "[\"ls\"]"), set(TABS, "/process/args", "[\"ls\"]"));
    }

    @Test
    void aMemberIsRenamedInItsPlaceAndOnlyToANameThatIsFree() {
        String odd = TABS.replace("\"cwd\"", "\"c\\\"wd\"");
        Document document = ((Good) Document.parse(odd)).document();
        assertEquals(
                TABS.replace("\"cwd\"", "\"new \\\"name\\\"\""),
                new Edit.Rename("/process/c\"wd", "new \"name\"")
                        .apply(document)
                        .text());
        assertThrows(NoSuchPlaceException.class, () -> new Edit.Rename("/process/args", "c\"wd").apply(document));
        assertThrows(NoSuchPlaceException.class, () -> new Edit.Rename("/mounts/0", "x").apply(document));
        assertThrows(NoSuchPlaceException.class, () -> new Edit.Rename("", "x").apply(document));
    }

    @Test
    void setAddsAMemberInItsOwnLine() {
        assertEquals(
                TABS.replace("\"/\"\n", "\"/\",\n\t\t\"user\": {\n\t\t\t\"uid\": 1\n\t\t}\n"),
                set(TABS, "/process/user", "{\"uid\":1}"));
        assertEquals(
                TABS.replace("\"proc\" }", "\"proc\", \"source\": \"p\" }"), set(TABS, "/mounts/0/source", "\"p\""));
    }

    @Test
    void setMakesWhatIsMissingOnTheWay() {
        assertEquals(
                TABS.replace(
                        "{}\n", "{\n\t\t\"prestart\": [\n\t\t\t{\n\t\t\t\t\"path\": \"/x\"\n\t\t\t}\n\t\t]\n\t}\n"),
                set(TABS, "/hooks/prestart/0/path", "\"/x\""));
        assertEquals("{\"a\": {\"b\": 1}}", set("{\"a\": null}", "/a/b", "1"));
        assertEquals("{\n\t\"a\": 1\n}", set("{}", "/a", "1"));
        assertEquals("{\"a\":1,\"b\":[2]}", set("{\"a\":1}", "/b/-", "2"));
    }

    @Test
    void setRefusesPlacesThatCanNotBe() {
        assertThrows(NoSuchPlaceException.class, () -> set(TABS, "/mounts/7/type", "1"));
        assertThrows(NoSuchPlaceException.class, () -> set(TABS, "/ociVersion/x", "1"));
        assertThrows(IllegalArgumentException.class, () -> set(TABS, "", "[]"));
        assertThrows(NoSuchPlaceException.class, () -> document(TABS).remove("/nothing"));
    }

    @Test
    void arraysKeepTheirManner() {
        Document document = document(TABS);
        assertEquals(
                TABS.replace("[\"sh\", ", "[\"sh\", \"-e\", "),
                document.insert("/process/args", 1, json("\"-e\"")).text());
        assertEquals(
                TABS.replace("\"tmpfs\" }\n", "\"tmpfs\" },\n\t\t{\n\t\t\t\"type\": \"none\"\n\t\t}\n"),
                document.insert("/mounts", 2, json("{\"type\":\"none\"}")).text());
        assertEquals(
                TABS.replace("[\"sh\", ", "[\"env\", \"sh\", "),
                document.insert("/process/args", 0, json("\"env\"")).text());
        assertEquals(
                TABS.replace("/proc", "/X")
                        .replace("/dev", "/proc")
                        .replace("/X", "/dev")
                        .replace("\"type\": \"proc\"", "\"type\": \"X\"")
                        .replace("\"tmpfs\"", "\"proc\"")
                        .replace("\"type\": \"X\"", "\"type\": \"tmpfs\""),
                document.move("/mounts", 0, 1).text());
    }

    @Test
    void removeTakesCommaAndLine() {
        Document document = document(TABS);
        assertEquals(
                TABS.replace("\t\"ociVersion\": \"1.3.0\",\n", ""),
                document.remove("/ociVersion").text());
        assertEquals(
                TABS.replace(",\n\t\"hooks\": {}", ""),
                document.remove("/hooks").text());
        assertEquals(
                TABS.replace(", \"-c\"", ""), document.remove("/process/args/1").text());
        assertEquals("{\"a\":[]}", document("{\"a\":[ 1 ]}").remove("/a/0").text());
    }

    @Test
    void lineEndsAndSpacesAreKept() {
        assertEquals("{\r\n  \"a\" : 1,\r\n  \"b\" : 2\r\n}", set("{\r\n  \"a\" : 1\r\n}", "/b", "2"));
        assertEquals(
                "{\r\n  \"a\" : {\r\n    \"b\" : {\r\n      \"c\" : 1\r\n    }\r\n  }\r\n}",
                set("{\r\n  \"a\" : {}\r\n}", "/a/b/c", "1"));
    }

    @Test
    void placesAndPointersMeet() {
        Document document = document(TABS);
        Place place = document.place("/process/cwd").orElseThrow();
        assertEquals("5 10", place.line() + " " + place.column());
        assertEquals("\"/\"", TABS.substring(place.start(), place.end()));
        assertEquals('"', TABS.charAt(place.keyStart()));
        assertEquals(Optional.of("/process/cwd"), document.pointerAt(place.keyStart() + 2));
        assertEquals(Optional.of("/process/args/1"), document.pointerAt(TABS.indexOf("-c")));
        assertEquals(Optional.of("/mounts"), document.pointerAt(TABS.indexOf("\"mounts\"")));
        assertEquals(Optional.empty(), document.pointerAt(TABS.length()));
        assertEquals(Optional.of(""), document.pointerAt(1));
    }

    @Test
    void numbersAreExact() {
        Document document = document("{\"a\":18446744073709551615,\"b\":1.10,\"c\":-9223372036854775808}");
        assertEquals(
                "18446744073709551615",
                document.at("/a").orElseThrow().bigIntegerValue().toString());
        assertEquals("1.10", document.at("/b").orElseThrow().decimalValue().toString());
        assertEquals(Long.MIN_VALUE, document.at("/c").orElseThrow().longValue());
    }

    @Test
    void copiesCanBeChangedFreely() {
        Document document = document(TABS);
        document.tree().remove("mounts");
        assertEquals(2, document.tree().get("mounts").size());
    }

    @Test
    void changesBetweenTextsAreSmallAndHaveAnInverse() {
        assertEquals(new TextChange(1, 2, "x"), TextChange.between("abc", "axc"));
        assertEquals(new TextChange(0, 2, "\uD83D\uDE01"), TextChange.between("\uD83D\uDE00", "\uD83D\uDE01"));
        assertEquals("aaa", TextChange.between("aa", "aaa").apply("aa"));
        TextChange change = new Edit.Remove("/hooks").change(document(TABS));
        assertEquals(TABS, change.inverse(TABS).apply(change.apply(TABS)));
    }

    private static String set(String text, String pointer, String value) {
        return document(text).set(pointer, json(value)).text();
    }

    private static Document document(String text) {
        return assertInstanceOf(Good.class, Document.parse(text)).document();
    }

    private static JsonNode json(String text) {
        return JSON.readTree(text);
    }
}

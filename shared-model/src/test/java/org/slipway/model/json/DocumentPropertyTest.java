package org.slipway.model.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.slipway.model.test.Requirement;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What holds for every document and every edit. */
class DocumentPropertyTest {

    private static final JsonMapper JSON = JsonMapper.shared();

    @Property
    void readingLosesNothing(@ForAll long seed) {
        RandomJson random = new RandomJson(seed);
        JsonNode value = random.object(4);
        String text = random.text(value);
        Document document = document(text);
        assertEquals(text, document.text());
        assertEquals(JSON.readTree(text), JSON.readTree(document.tree().toString()));
        for (String pointer : RandomJson.pointers(value, "")) {
            Place place = document.place(pointer).orElseThrow();
            assertEquals(
                    document.at(pointer).orElseThrow().toString(),
                    JSON.readTree(text.substring(place.start(), place.end())).toString());
            assertEquals(Optional.of(pointer), document.pointerAt(place.keyStart()));
        }
    }

    @Property
    void linesAndColumnsLeadToTheOffset(@ForAll long seed) {
        RandomJson random = new RandomJson(seed);
        String text = random.text(random.object(3));
        Document document = document(text);
        String[] lines = text.split("\r\n|\n", -1);
        for (String pointer : RandomJson.pointers(document.tree(), "")) {
            Place place = document.place(pointer).orElseThrow();
            assertEquals(
                    text.substring(place.start()).split("\r\n|\n", -1)[0],
                    lines[place.line() - 1].substring(place.column() - 1));
        }
    }

    @Property
    void setGivesTheValueAndKeepsAllOtherBytes(@ForAll long seed) {
        RandomJson random = new RandomJson(seed);
        Document document = document(random.text(random.object(4)));
        String pointer = random.pick(RandomJson.pointers(document.tree(), ""));
        JsonNode value = pointer.isEmpty() ? random.object(2) : random.value(2);
        Document after = document.set(pointer, value);
        assertEquals(Optional.of(value), after.at(pointer));
        Place place = document.place(pointer).orElseThrow();
        TextChange change = new Edit.Set(pointer, value).change(document);
        assertEquals(place.start() + " " + place.end(), change.from() + " " + change.to());
        assertOthersAreAsBefore(document, after, pointer);
    }

    @Property
    void addingKeepsAllOtherBytes(@ForAll long seed) {
        RandomJson random = new RandomJson(seed);
        Document document = document(random.text(random.object(4)));
        JsonNode tree = document.tree();
        List<String> objects = RandomJson.pointers(tree, "").stream()
                .filter(pointer -> document.at(pointer).orElseThrow().isObject())
                .toList();
        String pointer = Pointer.child(Pointer.child(random.pick(objects), "new~/"), "deep");
        JsonNode value = random.value(2);
        Document after = document.set(pointer, value);
        assertEquals(Optional.of(value), after.at(pointer));
        TextChange change = new Edit.Set(pointer, value).change(document);
        assertTrue(document.text().substring(change.from(), change.to()).isBlank());
        assertOthersAreAsBefore(document, after, Pointer.parent(pointer));
        assertEquals(document.text(), change.inverse(document.text()).apply(after.text()));
    }

    @Property
    void removingTakesTheMemberOnly(@ForAll long seed) {
        RandomJson random = new RandomJson(seed);
        Document document = document(random.text(random.object(4)));
        List<String> pointers = RandomJson.pointers(document.tree(), "");
        if (pointers.size() == 1) {
            return;
        }
        String pointer = random.pick(pointers.subList(1, pointers.size()));
        Document after = document.remove(pointer);
        JsonNode expected = document.tree();
        JsonNode parent = expected.at(Pointer.parent(pointer));
        if (parent.isObject()) {
            parent.asObject().remove(Pointer.name(pointer));
        } else {
            parent.asArray().remove(Integer.parseInt(Pointer.name(pointer)));
        }
        assertEquals(expected, after.tree());
        TextChange change = new Edit.Remove(pointer).change(document);
        Place place = document.place(pointer).orElseThrow();
        String around = document.text().substring(change.from(), place.keyStart())
                + document.text().substring(place.end(), change.to());
        assertTrue(around.isBlank() || around.strip().equals(","), around);
    }

    @Property
    void listsAreEditedAsLists(@ForAll long seed) {
        RandomJson random = new RandomJson(seed);
        List<JsonNode> elements = new ArrayList<>();
        for (int i = random.below(5); i >= 0; i--) {
            elements.add(random.value(2));
        }
        var array = JSON.createArrayNode().addAll(elements);
        Document document = document(random.text(JSON.createObjectNode().set("list", array)));
        int from = random.below(elements.size());
        int to = random.below(elements.size());
        int at = random.below(elements.size() + 1);
        JsonNode value = random.value(2);
        Document after = document.move("/list", from, to).insert("/list", at, value);
        elements.add(to, elements.remove(from));
        elements.add(at, value);
        assertEquals(JSON.createArrayNode().addAll(elements), after.at("/list").orElseThrow());
    }

    @Property
    @Requirement({"CFG-01", "CFG-14"})
    void textOfAnyKindIsNeverThrownAt(@ForAll String text, @ForAll @Size(max = 64) byte[] bytes, @ForAll long seed) {
        Document.parse(text);
        Document.parse(bytes);
        RandomJson random = new RandomJson(seed);
        byte[] valid = random.text(random.object(3)).getBytes(StandardCharsets.UTF_8);
        if (valid.length > 0) {
            valid[random.below(valid.length)] = (byte) random.below(256);
        }
        if (Document.parse(valid) instanceof Document.Good good) {
            assertEquals(
                    new String(valid, StandardCharsets.UTF_8), good.document().text());
        }
    }

    @Property
    void changesBetweenTextsMakeOneTheOther(@ForAll String before, @ForAll String after) {
        TextChange change = TextChange.between(before, after);
        assertEquals(after, change.apply(before));
        assertEquals(before, change.inverse(before).apply(after));
    }

    /** Every value that neither holds the edited one nor lies in it has the bytes that it had. */
    private static void assertOthersAreAsBefore(Document before, Document after, String edited) {
        for (String pointer : RandomJson.pointers(before.tree(), "")) {
            if ((edited + "/").startsWith(pointer + "/") || (pointer + "/").startsWith(edited + "/")) {
                continue;
            }
            assertEquals(bytes(before, pointer), bytes(after, pointer), pointer);
        }
    }

    private static String bytes(Document document, String pointer) {
        Place place = document.place(pointer).orElseThrow();
        return document.text().substring(place.keyStart(), place.end());
    }

    private static Document document(String text) {
        return assertInstanceOf(Document.Good.class, Document.parse(text)).document();
    }
}

package org.slipway.model.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.slipway.model.finding.Member;
import org.slipway.model.finding.SpecTable;
import org.slipway.model.plan.LiveTable.Live;
import org.slipway.model.plan.LiveTable.Row;
import org.slipway.model.test.Requirement;
import tools.jackson.databind.JsonNode;

/** The table of live changes says what the requirements say, of every member that the specification knows. */
class LiveTableTest {

    private static final Pattern LINE =
            Pattern.compile("(?m)^\\| `(LIVE-[A-Z]+-\\d+)` \\| (.*?) \\| (.*?) \\| (.*?) \\| (.*?) \\|.*$");

    private static String live(String words) {
        return words.startsWith("v1") ? "v1" : words.replaceAll(" .*", "");
    }

    /** Names of files and calls, without the words around them. */
    private static String files(String cell) {
        return cell.startsWith("–") ? "" : cell.replace("`", "");
    }

    @Test
    @Requirement("LIVE-R-06")
    void everyLineOfTheRequirementsIsInTheTable() throws IOException {
        Map<String, String> required = new TreeMap<>();
        String text = Files.readString(Path.of("../docs/requirements.md"));
        for (MatchResult line : LINE.matcher(text).results().toList()) {
            String v1 = files(line.group(4));
            String v2 = line.group(5).equals("same") ? v1 : files(line.group(5));
            required.put(line.group(1), live(line.group(3)) + " " + v1 + " " + v2);
        }
        assertEquals(57, required.size());
        Map<String, String> table = new TreeMap<>();
        LiveTable.get().rows().forEach(row -> table.put(row.id(), row.live().word() + " " + row.v1() + " " + row.v2()));
        assertEquals(required, table);
    }

    @Test
    @Requirement("LIVE-R-06")
    void everyMemberOfTheSpecificationIsClassified() {
        List<String> missing = SpecTable.get().all().stream()
                .filter(member -> member.type() != Member.Type.OBJECT && member.type() != Member.Type.MAP)
                .map(Member::pattern)
                .filter(pattern -> LiveTable.get().at(pattern).isEmpty())
                .toList();
        assertEquals(List.of(), missing);
        for (Row row : LiveTable.get().rows()) {
            for (String member : row.members()) {
                assertTrue(SpecTable.get().at(member).isPresent(), member);
            }
        }
    }

    @Test
    void everyNoteHasASentence() {
        ResourceBundle bundle = ResourceBundle.getBundle("org.slipway.model.text.sentences", Locale.ROOT);
        for (Row row : LiveTable.get().rows()) {
            for (boolean v2 : new boolean[] {false, true}) {
                String note = row.reason(v2);
                assertTrue(note.isEmpty() || bundle.containsKey("live." + note), note);
                assertTrue(row.on(v2) != Live.NO || !note.isEmpty(), () -> row.id() + " says no and not why");
            }
        }
    }

    @Test
    @Requirement("LIVE-R-06")
    void whatVersionTwoLacksIsNoThere() {
        JsonNode v1 = LiveTable.get().json(false).get("rows");
        JsonNode v2 = LiveTable.get().json(true).get("rows");
        int swappiness = LiveTable.get()
                .rows()
                .indexOf(
                        LiveTable.get().at("/linux/resources/memory/swappiness").orElseThrow());
        assertEquals("yes", v1.get(swappiness).get("here").asString());
        assertEquals("no", v2.get(swappiness).get("here").asString());
        assertEquals("no-counterpart", v2.get(swappiness).get("note").asString());
        assertEquals("v1", v2.get(swappiness).get("live").asString());
    }
}

package org.slipway.workbench.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slipway.model.json.Document;

/** What is offered while a text is typed; the caret is the character {@code ^}. */
class CompletionTest {

    private static Optional<Spot> spot(String marked) {
        return Spot.at(marked.replace("^", ""), marked.indexOf('^'));
    }

    private static List<Completion.Candidate> all(String marked) {
        return spot(marked).map(Completion::of).orElse(List.of());
    }

    private static List<String> offered(String marked) {
        return all(marked).stream().map(Completion.Candidate::text).toList();
    }

    /** The text once a candidate was taken, with the caret. */
    private static String taken(String marked, String choice) {
        Spot spot = spot(marked).orElseThrow();
        Completion.Candidate candidate = all(marked).stream()
                .filter(each -> each.text().equals(choice))
                .findFirst()
                .orElseThrow();
        String text = marked.replace("^", "");
        String after = text.substring(0, spot.from()) + candidate.insert() + text.substring(spot.to());
        int caret = spot.from() + candidate.caret();
        return after.substring(0, caret) + "^" + after.substring(caret);
    }

    @Test
    void namesAreThoseOfThePlaceWithoutThoseThatAreThere() {
        List<String> names = offered("{ \"hostname\": \"a\", \"^ , \"root\": {} }");
        assertTrue(names.containsAll(List.of("process", "mounts", "linux", "annotations")), names.toString());
        assertFalse(names.contains("hostname"));
        assertFalse(names.contains("root"), "also what stands further on is there");
        assertEquals(List.of("uidMappings"), offered("{ \"linux\": { \"uidM^"));
        assertEquals(List.of("destination"), offered("{\"mounts\": [ {\"type\":\"proc\"}, { \"desti^ \n }"));
    }

    @Test
    void aNameComesWithAnEmptyValueAndTheCaretInIt() {
        assertEquals("{ \"hostname\": \"^\"", taken("{ \"host^", "hostname"));
        assertEquals("{ \"mounts\": [^] }", taken("{ \"mou^\" }", "mounts"));
        assertEquals("{ \"process\": {^}\n}", taken("{ ^\n}", "process"));
        assertEquals("{ \"root\": { \"readonly\": true^ } }", taken("{ \"root\": { \"re^ } }", "readonly"));
        assertEquals("{ \"hostname\"^: \"x\" }", taken("{ \"ho^stn\": \"x\" }", "hostname"), "its value stays");
    }

    @Test
    void wordsAreThoseOfTheMember() {
        assertEquals(
                "SCMP_ACT_ALLOW",
                offered("{\"linux\":{\"seccomp\":{\"defaultAction\": \"^").getFirst());
        assertEquals(
                List.of("CAP_SYS_ADMIN"),
                offered("{\"process\":{\"capabilities\":{\"bounding\":[\"CAP_KILL\", \"sys_adm^"));
        assertTrue(offered("{\"mounts\":[{\"options\":[\"nos^\"").containsAll(List.of("nosuid", "nosymfollow")));
        assertEquals(
                "openat2",
                offered("{\"linux\":{\"seccomp\":{\"syscalls\":[{\"names\":[\"openat2^\"]}]}}}")
                        .getFirst());
        assertTrue(offered("{\"linux\":{\"namespaces\":[{\"type\": \"^\"}]}}").contains("cgroup"));
        assertEquals(
                List.of("SIGUSR1", "SIGUSR2"),
                offered("{\"annotations\":{\"org.opencontainers.image.stopSignal\": \"usr^\"}}"));
        assertEquals(List.of("net.ipv4.ip_forward"), offered("{\"linux\":{\"sysctl\":{\"ip_for^\": \"1\"}}}"));
        assertEquals(List.of("true"), offered("{\"process\":{\"terminal\": t^"));
    }

    @Test
    void whatIsTakenReplacesTheWholeWord() {
        assertEquals(
                "{\"mounts\":[{\"options\":[\"nosuid\"^, \"ro\"]}]}",
                taken("{\"mounts\":[{\"options\":[\"no^\", \"ro\"]}]}", "nosuid"));
        assertEquals("{\"process\":{\"terminal\": true^}}", taken("{\"process\":{\"terminal\": t^ru}}", "true"));
    }

    @Test
    void whatBeginsWithTheWordComesFirst() {
        List<String> offered = offered("{\"linux\":{\"seccomp\":{\"syscalls\":[{\"names\":[\"open^\"]}]}}}");
        assertEquals(List.of("open", "open_by_handle_at", "open_tree"), offered.subList(0, 3));
        assertTrue(offered.contains("mq_open"));
    }

    @Test
    void nothingIsOfferedWhereNothingIsKnown() {
        assertEquals(List.of(), offered("^{}"));
        assertEquals(List.of(), offered("{\"process\":{\"args\":[\"^\"]}}"));
        assertEquals(List.of(), offered("{\"x-mine\": { \"^\" } }"));
        assertEquals(List.of(), offered("{\"root\": {}}^"));
        assertEquals(List.of(), offered("{\"root\": {} ^}"), "a comma is missing");
        assertEquals(List.of(), offered("{\"root\" ^}"), "a colon is missing");
    }

    @Test
    void everyPlaceOfEveryTextHasAnAnswer() {
        String text = "{ \"mounts\": [ { \"options\": [ \"a\\\"b\", ], , \"type: \"x\" } ]]}} \"open { [ : , \\";
        for (int caret = 0; caret <= text.length(); caret++) {
            int at = caret;
            Spot.at(text, caret).ifPresent(spot -> {
                assertTrue(spot.from() <= at && at <= spot.to(), spot.toString());
                Completion.of(spot);
            });
        }
    }

    @Test
    void aNameTakenAtAnyGapOfAGoodTextGivesAGoodTextAgain() {
        String text = "{ \"process\": { \"cwd\": \"/\" }, \"linux\": { } }";
        String after = taken(text.replace("{ }", "{ ^ }"), "sysctl").replace("^", "");
        assertTrue(Document.parse(after) instanceof Document.Good, after);
    }
}

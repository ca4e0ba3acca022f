package org.slipway.model.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.model.profile.Profiles;

/** The catalogue is data, and a slip in it is found when it is read. */
class CatalogueTest {

    @Test
    void aRuleIsReadWithAllItSays() {
        assertEquals(
                new Rule("a", "0.4", "s §1", "what is asked", Rule.Level.MUST, Rule.Status.WIP),
                Catalogue.read("# remark\n\na | 0.4 | MUST | WIP | s §1 | what is asked\n")
                        .rules()
                        .getFirst());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Planed", "Planned", "WIP", "Included"})
    void theOldSpellingIsReadAsPlanned(String word) {
        Rule.Status status =
                Catalogue.read("a|0.4|MUST|" + word + "|s|t").rules().getFirst().status();
        assertEquals(word.equals("Planed") ? "Planned" : word, status.word());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\nb|0.4|MUST|planned|s|t",
                "\nb|0.4|WILL|WIP|s|t",
                "\nb|0.4|MUST|WIP|s",
                "\nb|0.4|MUST|WIP|s|t|u",
                "\nb|0.4|MUST|WIP||t",
                "\na|0.4|MUST|WIP|s|t"
            })
    void aSlipIsToldWithItsLine(String second) {
        var e = assertThrows(IllegalArgumentException.class, () -> Catalogue.read("a|0.4|MUST|WIP|s|t" + second));
        assertTrue(e.getMessage().startsWith("line 2: "), e.getMessage());
    }

    @Test
    void ourOwnNamesProfilesThatThereAre() {
        assertFalse(Catalogue.own().rules().isEmpty());
        Catalogue.own()
                .rules()
                .forEach(rule -> assertEquals(
                        rule.profile(),
                        Profiles.named(rule.profile()).orElseThrow().name(),
                        rule.id()));
    }
}

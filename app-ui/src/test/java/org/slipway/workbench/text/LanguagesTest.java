package org.slipway.workbench.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every text of the window is there in every language, with the same places for its arguments. */
class LanguagesTest {

    private static final Pattern PLACE = Pattern.compile("\\{\\d+}");

    private static Properties words(String language) throws IOException {
        String name = "/org/slipway/workbench/workbench" + language + ".properties";
        Properties words = new Properties();
        try (Reader in = new InputStreamReader(
                Objects.requireNonNull(LanguagesTest.class.getResourceAsStream(name), name), StandardCharsets.UTF_8)) {
            words.load(in);
        }
        return words;
    }

    private static Set<String> places(String text) {
        return PLACE.matcher(text).results().map(MatchResult::group).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void germanSaysAllThatEnglishSays() throws IOException {
        Properties english = words("");
        Properties german = words("_de");
        assertEquals(new TreeSet<>(english.stringPropertyNames()), new TreeSet<>(german.stringPropertyNames()));
        for (String key : english.stringPropertyNames()) {
            assertEquals(places(english.getProperty(key)), places(german.getProperty(key)), key);
            assertEquals(
                    english.getProperty(key).isBlank(), german.getProperty(key).isBlank(), key);
        }
    }

    @Test
    void germanIsAnotherLanguage() throws IOException {
        Properties english = words("");
        Properties german = words("_de");
        long same = english.stringPropertyNames().stream()
                .filter(key -> english.getProperty(key).equals(german.getProperty(key)))
                .count();
        assertTrue(same < english.size() / 5, same + " of " + english.size() + " are the same");
    }
}

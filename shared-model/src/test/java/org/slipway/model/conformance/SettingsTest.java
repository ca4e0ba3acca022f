package org.slipway.model.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.model.text.Sentences;

/** The configuration of a run on several servers, and what is wrong with one. */
class SettingsTest {

    private static Settings.Read read(String text) {
        return Settings.read(text.replace('\'', '"').getBytes(UTF_8));
    }

    @Test
    void allKeysAreReadAndNoneIsNeeded() {
        assertEquals(
                new Settings.Good(new Settings(Optional.of(8001), Optional.of("servers.conf"), true)),
                read("{'Port': 8001, 'ServerListFile': 'servers.conf', 'Debug': true}"));
        assertEquals(new Settings.Good(new Settings(Optional.empty(), Optional.empty(), false)), read("{}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{'Port':'8001'}; conformance-setting-wrong",
                "{'Port':8001.5}; conformance-setting-wrong",
                "{'Port':8001.0}; conformance-setting-wrong",
                "{'Port':0}; conformance-setting-wrong",
                "{'Port':65536}; conformance-setting-wrong",
                "{'Port':8589942593}; conformance-setting-wrong",
                "{'Port':null}; conformance-setting-wrong",
                "{'ServerListFile':['a']}; conformance-setting-wrong",
                "{'ServerListFile':''}; conformance-setting-wrong",
                "{'Debug':'true'}; conformance-setting-wrong",
                "{'Debug':1}; conformance-setting-wrong",
                "{'port':8001}; conformance-setting-unknown",
                "{'ServerListFile':'servers.conf'}; conformance-port-missing",
                "{'Port':1,'Port':2}; conformance-settings-broken",
                "[8001]; conformance-settings-broken"
            })
    void whatIsWrongIsAnError(String text, String code) {
        assertEquals(code, assertInstanceOf(Settings.Bad.class, read(text)).code());
    }

    @Test
    void theSentenceNamesTheKeyAndWhatStandsThere() {
        var bad = assertInstanceOf(Settings.Bad.class, read("{'Debug':'yes'}"));
        assertEquals(
                "Debug is true or false, not \"yes\"",
                Sentences.of(Locale.ENGLISH).problem(bad.code(), bad.arguments()));
    }

    @Test
    void aListNamesAServerALine() {
        assertEquals(List.of("localhost", "me@there"), Settings.servers("# ours\nlocalhost\n\n  me@there \r\n"));
    }
}

package org.slipway.model.profile;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slipway.model.finding.Finding;
import org.slipway.model.finding.Severity;
import org.slipway.model.json.Document;
import tools.jackson.databind.json.JsonMapper;

/** A configuration in the shape of each profile, all saying much the same. */
final class Samples {

    private Samples() {}

    static Document of(String profile) {
        return document(
                profile.equals("0.2")
                        ? new String(
                                TwoFiles.join(bytes("0.2-config.json"), bytes("0.2-runtime.json")),
                                StandardCharsets.UTF_8)
                        : new String(bytes(profile + ".json"), StandardCharsets.UTF_8));
    }

    static byte[] bytes(String file) {
        try (InputStream in = Samples.class.getResourceAsStream("/profile/" + file)) {
            if (in == null) {
                throw new IllegalArgumentException(file);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Document document(String text) {
        return assertInstanceOf(Document.Good.class, Document.parse(text)).document();
    }

    /** The configuration of a profile with members set (pointer to JSON text, {@code -} to remove). */
    static Document with(String profile, Map<String, String> changes) {
        Document document = of(profile);
        for (String pointer : changes.keySet().stream().sorted().toList()) {
            String value = changes.get(pointer);
            document = value.equals("-")
                    ? document.remove(pointer)
                    : document.set(pointer, JsonMapper.shared().readTree(value.replace('\'', '"')));
        }
        return document;
    }

    static Document with(String profile, String pointer, String value) {
        return with(profile, Map.of(pointer, value));
    }

    /** Code and pointer of each error and warning. */
    static String findings(Document document) {
        return findings(Reading.of(document).findings());
    }

    static String findings(List<Finding> findings) {
        return findings.stream()
                .filter(finding -> finding.severity() != Severity.NOTE)
                .map(finding -> finding.code() + " " + finding.severity().name().charAt(0) + " " + finding.pointer())
                .collect(Collectors.joining("; "));
    }

    static Stream<String> names() {
        return Profiles.all().stream()
                .map(Profile::name)
                .filter(name -> !List.of("1.0.0-rc2", "1.0.0-rc3", "1.0.0-rc4", "1.0.0-rc6")
                        .contains(name));
    }
}

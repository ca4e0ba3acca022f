package org.slipway.model.finding;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.List;
import java.util.Map;
import org.slipway.model.json.Document;
import org.slipway.model.profile.Reading;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A configuration without findings, and what one change makes of it. */
final class Sample {

    static final Document CLEAN = document("""
            {
              "ociVersion": "1.3.0",
              "process": {
                "user": { "uid": 0, "gid": 0 },
                "args": [ "sh" ],
                "env": [ "PATH=/bin" ],
                "cwd": "/"
              },
              "root": { "path": "rootfs" },
              "hostname": "box",
              "mounts": [
                { "destination": "/proc", "type": "proc", "source": "proc" }
              ],
              "linux": {
                "namespaces": [
                  { "type": "pid" },
                  { "type": "mount" },
                  { "type": "uts" }
                ]
              }
            }
            """);

    private static final JsonMapper JSON = JsonMapper.shared();

    private Sample() {}

    static Document document(String text) {
        return assertInstanceOf(Document.Good.class, Document.parse(text)).document();
    }

    static JsonNode json(String text) {
        return JSON.readTree(text);
    }

    /** The clean configuration with members set (pointer to JSON text, {@code -} to remove). */
    static Document with(Map<String, String> changes) {
        Document document = CLEAN;
        for (String pointer : changes.keySet().stream().sorted().toList()) {
            String value = changes.get(pointer);
            document = value.equals("-") ? document.remove(pointer) : document.set(pointer, json(value));
        }
        return document;
    }

    /** Code, severity and pointer of each finding. */
    static List<String> findings(Document document) {
        return Reading.of(document).findings().stream()
                .map(finding -> finding.code() + " " + finding.severity().name().charAt(0) + " " + finding.pointer())
                .toList();
    }
}

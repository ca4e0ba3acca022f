package org.slipway.workbench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.workbench.bundle.Bundles;
import org.slipway.workbench.bundle.Session;

class ComparisonTest {

    @TempDir
    private Path folder;

    private static final String OTHER = Bundles.SMALL
            .replace("\"one\"", "\"two\"")
            .replace("\"x-mine\": [1,2,   3],", "\"domainname\": \"home\",")
            .replace(
                    "{ \"destination\": \"/proc\"",
                    "{ \"destination\": \"/sys\", \"type\": \"sysfs\", \"source\": \"sysfs\" },\n    { \"destination\": \"/proc\"")
            .replace("{ \"type\": \"uts\" }, ", "");

    private static List<String> told(CompareModel model) {
        return model.differences().get().stream()
                .map(difference -> difference.pointer() + " "
                        + difference.mine().map(Object::toString).orElse("-") + " "
                        + difference.theirs().map(Object::toString).orElse("-"))
                .toList();
    }

    @Test
    void elementsAreMatchedByWhatNamesThem() throws IOException {
        CompareModel model = new CompareModel(Bundles.open(folder, Bundles.SMALL), "other", OTHER);
        assertEquals(
                List.of(
                        "/x-mine [1,2,3] -",
                        "/hostname \"one\" \"two\"",
                        "/mounts/0 - {\"destination\":\"/sys\",\"type\":\"sysfs\",\"source\":\"sysfs\"}",
                        "/linux/namespaces/1 {\"type\":\"uts\"} -",
                        "/domainname - \"home\""),
                told(model));
    }

    @Test
    void takingEachDifferenceMakesThemTheSameAndUndoTakesItBack() throws IOException {
        Session session = Bundles.open(folder, Bundles.SMALL);
        CompareModel model = new CompareModel(session, "other", OTHER);
        int taken = 0;
        while (!model.differences().get().isEmpty()) {
            model.take(model.differences().get().getFirst());
            taken++;
        }
        assertEquals(5, taken);
        assertTrue(session.dirty().get());
        for (int i = 0; i < taken; i++) {
            session.undo();
        }
        assertEquals(Bundles.SMALL, session.text().get());
        assertEquals(5, model.differences().get().size());
    }

    @Test
    void aTextThatCanNotBeReadSaysWhy() throws IOException {
        CompareModel model = new CompareModel(Bundles.open(folder, Bundles.SMALL), "other", "{ torn");
        assertEquals(List.of(), model.differences().get());
        assertFalse(model.reason().isEmpty());
    }
}

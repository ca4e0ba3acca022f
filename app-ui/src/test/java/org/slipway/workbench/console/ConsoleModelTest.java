package org.slipway.workbench.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ConsoleModelTest {

    @Test
    void escapeSequencesAreShownAndNotObeyed() {
        assertEquals("␛[2Jgone", ConsoleModel.visible("\u001b[2Jgone"));
        assertEquals("a�b", ConsoleModel.visible("a\u202eb"), "text can't be turned around");
        assertEquals("tab\tline", ConsoleModel.visible("tab\tline\r"));
    }
}

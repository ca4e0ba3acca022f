package org.slipway.workbench.palette;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.workbench.bundle.Bundles;
import org.slipway.workbench.bundle.Session;
import org.slipway.workbench.form.FormModel;

class PaletteModelTest {

    @TempDir
    private Path folder;

    private final List<String> done = new ArrayList<>();
    private Session session;
    private PaletteModel palette;

    @BeforeEach
    void open() throws IOException {
        session = Bundles.open(folder, Bundles.SMALL);
        FormModel form = new FormModel(session);
        palette = new PaletteModel(
                () -> form,
                List.of(
                        new PaletteModel.Entry("Container: Create", "", () -> done.add("create"), () -> true),
                        new PaletteModel.Entry("Container: Start", "F5", () -> done.add("start"), () -> false)));
    }

    private List<String> titles(String typed) {
        return palette.matching(typed).stream()
                .map(entry -> entry.detail().isEmpty() ? entry.title() : entry.detail())
                .toList();
    }

    @Test
    void withNothingTypedWhatCanBeDoneNowIsOffered() {
        assertEquals(List.of("Container: Create"), titles(""));
        palette.matching(" ").getFirst().run().run();
        assertEquals(List.of("create"), done);
    }

    @Test
    void aMemberIsFoundByItsPathAndByItsWords() {
        assertEquals("mounts[0].options", titles("mounts[0].options").getFirst());
        assertEquals("linux.resources.memory.limit", titles("memory limit").getFirst());
        assertTrue(titles("hook poststop").contains("hooks.poststop"));
        assertEquals(List.of(), titles("no such thing"));
    }

    @Test
    void choosingAMemberJumpsToItWhetherItIsThereOrNot() {
        palette.matching("domainname").getFirst().run().run();
        assertEquals("/domainname", session.selected().get().pointer());
        assertTrue(session.selected().get().jump());
    }
}

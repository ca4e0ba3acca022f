package org.slipway.workbench.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.model.json.Edit;
import org.slipway.workbench.memory.StateFolder;
import org.slipway.workbench.task.Tasks;
import tools.jackson.databind.node.JsonNodeFactory;

/** Edits that are not saved outlive the window that made them, and never reach the person's file unasked. */
class AutosaveTest {

    private static final Instant BEGAN = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    private Path folder;

    private final Tasks tasks = Tasks.immediate();
    private final Set<Long> alive = new HashSet<>(Set.of(1L, 2L));

    private SideFiles window(long pid) {
        return new SideFiles(
                new StateFolder(folder.resolve("state")),
                pid,
                id -> alive.contains(id) ? Optional.of(BEGAN) : Optional.empty());
    }

    private Path web() {
        return folder.resolve("web");
    }

    private Session open(long pid) throws IOException {
        String config = Files.exists(web()) ? Files.readString(web().resolve("config.json")) : Bundles.SMALL;
        return Bundles.open(web(), config, tasks, window(pid));
    }

    private static void edit(Session session, String name) {
        session.edit(new Edit.Set("/hostname", JsonNodeFactory.instance.stringNode(name)));
    }

    private long files() throws IOException {
        try (var files = Files.list(folder.resolve("state/bundles"))) {
            return files.count();
        }
    }

    @Test
    void whatAWindowThatDiedDidNotSaveIsOfferedToTheNextAndCanBeUndone() throws IOException {
        Session first = open(1);
        edit(first, "precious");
        tasks.runDelayed();
        assertEquals(
                Bundles.SMALL, Files.readString(web().resolve("config.json")), "the file is never written unasked");
        alive.remove(1L);
        Session second = open(2);
        assertEquals(
                first.text().get(), second.autosave().left().get().orElseThrow().text());
        assertEquals(List.of(), second.autosave().others().get());
        second.autosave().take();
        assertEquals(first.text().get(), second.text().get());
        assertTrue(second.dirty().get());
        assertEquals(1, files(), "kept under this window's name, the other file is gone");
        second.undo();
        assertEquals(Bundles.SMALL, second.text().get());
    }

    @Test
    void editsThatAreDroppedAreNotOfferedAgain() throws IOException {
        edit(open(1), "precious");
        tasks.runDelayed();
        alive.remove(1L);
        Session second = open(2);
        second.autosave().drop();
        second.close();
        assertTrue(open(2).autosave().left().get().isEmpty());
    }

    @Test
    void whatWasSavedOrUndoneIsKeptNoLonger() throws IOException {
        Session first = open(1);
        edit(first, "two");
        tasks.runDelayed();
        first.save(false, () -> {}, failure -> {
            throw new AssertionError(failure);
        });
        tasks.runDelayed();
        alive.remove(1L);
        assertTrue(open(2).autosave().left().get().isEmpty());
    }

    @Test
    void aWindowThatIsAliveIsSaidToHaveTheBundleOpenAndItsEditsAreItsOwn() throws IOException {
        Session first = open(1);
        edit(first, "two");
        tasks.runDelayed();
        Session second = open(2);
        assertEquals(List.of(1L), second.autosave().others().get());
        assertTrue(second.autosave().left().get().isEmpty());
        first.close();
        second.close();
        assertEquals(0, files(), "a bundle that is left leaves nothing");
    }

    @Test
    void aTextThatIsNoDocumentIsKeptToTheLastCharacter() throws IOException {
        Session first = open(1);
        String odd = "{ \"a\": \"\ud800 é 😀\", ";
        first.type(odd);
        tasks.runDelayed();
        alive.remove(1L);
        assertEquals(odd, open(2).autosave().left().get().orElseThrow().text());
    }

    @Test
    void sideFilesThatSayNothingAreTakenAwayAndNeverStandInTheWay() throws IOException {
        edit(open(1), "two");
        tasks.runDelayed();
        alive.remove(1L);
        try (var files = Files.list(folder.resolve("state/bundles"))) {
            for (Path file : files.toList()) {
                Files.writeString(file, "{ torn");
            }
        }
        Session second = open(2);
        assertTrue(second.autosave().left().get().isEmpty());
        assertEquals(1, files());
        assertFalse(second.dirty().get());
    }

    @Test
    void withoutAFolderForItEditingGoesOn() throws IOException {
        Files.writeString(folder.resolve("state"), "in the way");
        Session session = open(1);
        edit(session, "two");
        tasks.runDelayed();
        assertTrue(session.dirty().get());
    }
}

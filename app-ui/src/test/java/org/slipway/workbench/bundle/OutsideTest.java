package org.slipway.workbench.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.model.json.Edit;
import tools.jackson.databind.node.JsonNodeFactory;

/** Another program writes the file of a bundle that is open. */
class OutsideTest {

    private static final String THEIRS = Bundles.SMALL.replace("\"one\"", "\"theirs\"");

    @TempDir
    private Path folder;

    private Session session;

    @BeforeEach
    void open() throws IOException {
        session = Bundles.open(folder, Bundles.SMALL);
    }

    /** As editors do: a new file in place of the old one. */
    private void write(String text) throws IOException {
        Path draft = Files.writeString(folder.resolve("draft"), text);
        Files.move(draft, config(), StandardCopyOption.REPLACE_EXISTING);
    }

    private Path config() {
        return folder.resolve("config.json");
    }

    private void edit(String name) {
        session.edit(new Edit.Set("/hostname", JsonNodeFactory.instance.stringNode(name)));
    }

    private Optional<Outside.News> look() {
        session.outside().look();
        return session.outside().news().get();
    }

    @Test
    void aFileThatIsAsItWasIsNoNews() throws IOException {
        assertTrue(look().isEmpty());
        write(Bundles.SMALL);
        assertTrue(look().isEmpty(), "another file, the same text");
        edit("two");
        assertTrue(look().isEmpty());
    }

    @Test
    void withoutEditsTheirsIsShownAndUndoBringsMineBack() throws IOException {
        write(THEIRS);
        assertInstanceOf(Outside.Taken.class, look().orElseThrow());
        assertEquals(THEIRS, session.text().get());
        assertFalse(session.dirty().get());
        session.undo();
        assertEquals(Bundles.SMALL, session.text().get());
        assertTrue(session.dirty().get());
    }

    @Test
    void withEditsThePersonChoosesTheirsAndLosesNothing() throws IOException {
        edit("mine");
        String mine = session.text().get();
        write(THEIRS);
        assertEquals(new Outside.Changed(THEIRS), look().orElseThrow());
        assertEquals(mine, session.text().get(), "nothing is taken unasked");
        session.outside().takeTheirs();
        assertEquals(THEIRS, session.text().get());
        session.undo();
        assertEquals(mine, session.text().get());
    }

    @Test
    void withEditsThePersonKeepsMineAndSavingAsksNoMore() throws IOException {
        edit("mine");
        write(THEIRS);
        look();
        session.outside().keepMine();
        assertTrue(look().isEmpty(), "answered once");
        session.save(false, () -> {}, failure -> {
            throw new AssertionError(failure);
        });
        assertEquals(session.text().get(), Files.readString(config()));
        assertTrue(look().isEmpty(), "what is written here is no news");
    }

    @Test
    void aFileThatWentIsSaidAndComesBack() throws IOException {
        edit("mine");
        Files.delete(config());
        assertInstanceOf(Outside.Lost.class, look().orElseThrow());
        List<Exception> failures = new ArrayList<>();
        session.save(false, () -> {}, failures::add);
        assertTrue(Session.changedOutside(failures.getFirst()), "writing it again is asked first");
        session.save(true, () -> {}, failures::add);
        assertEquals(1, failures.size());
        assertTrue(look().isEmpty());
    }

    @Test
    void whatCanNotBeReadAsTextIsSaidAndNothingIsTaken() throws IOException {
        Files.write(config(), new byte[] {'{', (byte) 0xff, '}'});
        Outside.Lost lost = assertInstanceOf(Outside.Lost.class, look().orElseThrow());
        assertTrue(lost.why().contains("UTF-8"), lost.why());
        assertEquals(Bundles.SMALL, session.text().get());
    }
}

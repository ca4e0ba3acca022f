package org.slipway.workbench.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.model.json.Edit;
import org.slipway.workbench.task.Tasks;
import tools.jackson.databind.node.JsonNodeFactory;

class SessionTest {

    @TempDir
    private Path folder;

    private static Edit hostname(String name) {
        return new Edit.Set("/hostname", JsonNodeFactory.instance.stringNode(name));
    }

    private static String failure(Path path) {
        List<String> codes = new ArrayList<>();
        new Session(Tasks.immediate(), _ -> List.of(), Bundles.state(path))
                .open(path, () -> codes.add("opened"), e -> codes.add(((BundleFailure) e).code()));
        return String.join(" ", codes);
    }

    @Test
    void whatIsNoBundleIsRefusedWithItsReason() throws IOException {
        assertEquals("missing", failure(folder.resolve("nowhere")));
        assertEquals("no-folder", failure(Files.writeString(folder.resolve("file"), "x")));
        assertEquals("no-config", failure(Files.createDirectory(folder.resolve("empty"))));
        Files.createDirectories(folder.resolve("odd/config.json"));
        assertEquals("not-a-file", failure(folder.resolve("odd")));
        Path latin = Files.createDirectory(folder.resolve("latin"));
        Files.write(latin.resolve("config.json"), "{\"a\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1));
        assertEquals("not-utf8", failure(latin));
    }

    @Test
    void aTextThatBreaksLeavesTheLastGoodDocument() throws IOException {
        Session session = Bundles.open(folder, Bundles.SMALL);
        session.type(Bundles.SMALL.replace("\"one\",", "\"one\""));
        assertEquals(13, session.broken().get().orElseThrow().line());
        assertEquals(
                "one", session.document().get().at("/hostname").orElseThrow().asString());
        assertFalse(session.edit(hostname("two")), "the form must not edit a text that can't be read");
        session.undo();
        assertTrue(session.broken().get().isEmpty());
    }

    @Test
    void anEditChangesNothingElse() throws IOException {
        Session session = Bundles.open(folder, Bundles.SMALL);
        session.edit(hostname("two"));
        assertEquals(Bundles.SMALL.replace("\"one\"", "\"two\""), session.text().get());
    }

    @Test
    void typingInOneFieldIsUndoneTogetherAndGoingElsewhereEndsIt() throws IOException {
        Session session = Bundles.open(folder, Bundles.SMALL);
        session.select("/hostname", Selected.Where.FORM);
        session.edit(hostname("t"));
        session.edit(hostname("tw"));
        session.select("/process/cwd", Selected.Where.FORM);
        session.edit(new Edit.Set("/process/cwd", JsonNodeFactory.instance.stringNode("/tmp")));
        session.undo();
        assertEquals(Bundles.SMALL.replace("\"one\"", "\"tw\""), session.text().get());
        session.undo();
        assertEquals(Bundles.SMALL, session.text().get());
        assertFalse(session.canUndo().get());
        session.redo();
        session.redo();
        assertEquals(
                "/tmp",
                session.document().get().at("/process/cwd").orElseThrow().asString());
    }

    @Test
    void saveWritesTheBytesOfTheTextAndOnlyIfTheyDiffer() throws IOException {
        Session session = Bundles.open(folder, Bundles.SMALL);
        Path config = folder.resolve("config.json");
        Object before = Files.getAttribute(config, "unix:ino");
        session.save(false, () -> {}, SessionTest::fail);
        assertEquals(before, Files.getAttribute(config, "unix:ino"), "nothing changed, nothing written");
        session.edit(hostname("two"));
        assertTrue(session.dirty().get());
        session.save(false, () -> {}, SessionTest::fail);
        assertFalse(session.dirty().get());
        assertEquals(Bundles.SMALL.replace("\"one\"", "\"two\""), Files.readString(config));
        try (var left = Files.list(folder)) {
            assertEquals(2, left.count(), "config.json and rootfs, no draft left behind");
        }
    }

    @Test
    void carriageReturnsSurvive() throws IOException {
        String dos = Bundles.SMALL.replace("\n", "\r\n");
        Session session = Bundles.open(folder, dos);
        session.edit(hostname("two"));
        session.save(false, () -> {}, SessionTest::fail);
        assertEquals(dos.replace("\"one\"", "\"two\""), Files.readString(folder.resolve("config.json")));
    }

    @Test
    void whatAnotherProgramWroteIsNotOverwrittenUnasked() throws IOException {
        Session session = Bundles.open(folder, Bundles.SMALL);
        session.edit(hostname("two"));
        Files.writeString(folder.resolve("config.json"), "{}");
        List<Exception> failures = new ArrayList<>();
        session.save(false, () -> {}, failures::add);
        assertTrue(Session.changedOutside(failures.getFirst()));
        assertEquals("{}", Files.readString(folder.resolve("config.json")));
        session.save(true, () -> {}, SessionTest::fail);
        assertEquals(session.text().get(), Files.readString(folder.resolve("config.json")));
    }

    @Test
    void theSampleIsABundleWithoutErrors() throws IOException {
        Path sample = SampleBundle.make(folder.resolve("hello"));
        Session session = Bundles.open(folder.resolve("other"), Files.readString(sample.resolve("config.json")));
        assertEquals(List.of(), session.findings().get());
        assertTrue(Files.isExecutable(sample.resolve("rootfs/bin/sh")));
        assertEquals(
                "not-empty",
                org.junit.jupiter.api.Assertions.assertThrows(BundleFailure.class, () -> SampleBundle.make(sample))
                        .code());
    }

    @Test
    void aFileThatIsTooLargeIsRefusedWithItsReasonAtOnce() throws IOException {
        Path large = Files.createDirectory(folder.resolve("large"));
        Files.write(large.resolve("config.json"), new byte[50 << 20]);
        assertEquals("too-large", failure(large));
    }

    @Test
    void halfOfASurrogatePairIsNeverWrittenAsSomethingElse() throws IOException {
        Session session = Bundles.open(folder, Bundles.SMALL);
        assertFalse(session.edit(hostname("a\ud800")), "no edit of the form makes one");
        session.type(Bundles.SMALL.replace("one", "a\ud800"));
        assertTrue(session.broken().get().isPresent());
        List<Exception> failures = new ArrayList<>();
        session.save(false, () -> {}, failures::add);
        assertEquals("lone-surrogate", ((BundleFailure) failures.getFirst()).code());
        assertEquals(Bundles.SMALL, Files.readString(folder.resolve("config.json")));
        assertTrue(session.dirty().get(), "the edit is still there");
    }

    @Test
    void aFolderThatIsGoneLosesNoEditAndACopyCanBeSaved() throws IOException {
        Path web = Files.createDirectories(folder.resolve("web"));
        Session session = Bundles.open(web, Bundles.SMALL);
        session.edit(hostname("two"));
        Files.move(web, folder.resolve("moved"));
        List<Exception> failures = new ArrayList<>();
        session.save(false, () -> {}, failures::add);
        assertEquals("vanished", ((BundleFailure) failures.getFirst()).code());
        assertTrue(failures.getFirst().getMessage().contains(web.toString()));
        Path copy = folder.resolve("copy.json");
        session.saveCopy(copy, () -> {}, SessionTest::fail);
        assertEquals(session.text().get(), Files.readString(copy));
        assertTrue(session.dirty().get(), "a copy is not the bundle's file");
    }

    @Test
    void whatTheSystemRefusesIsSaidByItsReason() {
        Path file = Path.of("/b/config.json");
        assertEquals(
                "no-space",
                BundleFailure.of(file, new FileSystemException("/b/.x", null, "No space left on device"))
                        .code());
        assertEquals(
                "no-space",
                BundleFailure.of(file, new FileSystemException("/b/.x", null, "Disk quota exceeded"))
                        .code());
        assertEquals(
                "read-only",
                BundleFailure.of(file, new FileSystemException("/b/.x", null, "Read-only file system"))
                        .code());
        assertEquals(
                "denied",
                BundleFailure.of(file, new AccessDeniedException("/b")).code());
        assertTrue(BundleFailure.of(file, new FileSystemException("/b", null, "Input/output error"))
                .getMessage()
                .contains("Input/output error"));
    }

    private static void fail(Exception e) {
        throw new AssertionError(e);
    }
}

package org.slipway.workbench.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.model.finding.Rules;
import org.slipway.workbench.bundle.Bundles;
import org.slipway.workbench.helper.FakeHelper;
import org.slipway.workbench.memory.StateFolder;
import org.slipway.workbench.plan.Explain;
import org.slipway.workbench.task.Tasks;

/** Several bundles in one window. */
class DeskTest {

    @TempDir
    private Path folder;

    private final List<Exception> failures = new ArrayList<>();

    private Desk desk() {
        return Workbench.desk(
                Tasks.immediate(),
                Rules::check,
                new Explain(),
                new FakeHelper(),
                new StateFolder(folder.resolve("state")));
    }

    private Path bundle(String name) throws IOException {
        return Bundles.write(Files.createDirectories(folder.resolve(name)), Bundles.SMALL);
    }

    private static List<String> names(Desk desk) {
        return desk.open().stream()
                .map(bench ->
                        bench.session().folder().orElseThrow().getFileName().toString())
                .toList();
    }

    @Test
    void eachBundleHasItsOwnTextContainerAndUndo() throws IOException {
        Desk desk = desk();
        Workbench empty = desk.front().get();
        desk.open(bundle("a"), failures::add);
        assertSame(empty, desk.front().get(), "the first bundle fills the empty workbench");
        desk.open(bundle("b"), failures::add);
        assertNotSame(empty, desk.front().get());
        desk.front().get().session().type("{}");
        assertTrue(desk.front().get().session().dirty().get());
        desk.next(1);
        assertEquals(Bundles.SMALL, desk.front().get().session().text().get());
        assertEquals("a", desk.front().get().lifecycle().id().get());
        assertEquals(List.of("a", "b"), names(desk));
        assertEquals(
                List.of(folder.resolve("b"), folder.resolve("a")), desk.recent().bundles());
        assertEquals(List.of(), failures);
    }

    @Test
    void openingWhatIsOpenBringsItToTheFront() throws IOException {
        Desk desk = desk();
        desk.open(bundle("a"), failures::add);
        Workbench first = desk.front().get();
        desk.open(bundle("b"), failures::add);
        desk.open(folder.resolve("b/../a/config.json"), failures::add);
        assertSame(first, desk.front().get());
        assertEquals(2, desk.open().size());
    }

    @Test
    void closingGoesToTheNeighbourAndInTheEndToAnEmptyWorkbench() throws IOException {
        Desk desk = desk();
        for (String name : List.of("a", "b", "c")) {
            desk.open(bundle(name), failures::add);
        }
        desk.next(-1);
        desk.close(desk.front().get());
        assertEquals(List.of("a", "c"), names(desk));
        assertEquals("c", desk.front().get().lifecycle().id().get());
        desk.close(desk.front().get());
        desk.close(desk.front().get());
        assertTrue(desk.front().get().session().folder().isEmpty());
        desk.next(1);
        desk.open(bundle("d"), failures::add);
        assertEquals(List.of("d"), names(desk));
    }

    @Test
    void whatCanNotBeOpenedLeavesTheOthersAsTheyAre() throws IOException {
        Desk desk = desk();
        desk.open(bundle("a"), failures::add);
        Workbench front = desk.front().get();
        desk.open(folder.resolve("nowhere"), failures::add);
        assertEquals(1, failures.size());
        assertSame(front, desk.front().get());
        assertEquals(1, desk.open().size());
    }

    @Test
    void aBundleThatIsClosedHearsNothingOfTheHelperAnyMore() throws IOException {
        FakeHelper fake = new FakeHelper();
        Desk desk = Workbench.desk(
                Tasks.immediate(), Rules::check, new Explain(), fake, new StateFolder(folder.resolve("state")));
        desk.open(bundle("a"), failures::add);
        Workbench closed = desk.front().get();
        desk.close(closed);
        desk.helper().connect();
        assertTrue(desk.helper().info().get().isPresent());
        assertTrue(desk.front().get().lifecycle().whyNotCreate().get().contains("bundle"));
        assertTrue(closed.lifecycle().whyNotCreate().get().contains("helper"), "as it was when it was closed");
    }

    @Test
    void theTypeScalesEveryLengthButHairLines() {
        assertEquals(
                "a { -fx-font-size: 19.5px; -fx-padding: 6px 0px; -fx-border-width: 1px; }",
                Theme.scaled("a { -fx-font-size: 13px; -fx-padding: 4px 0px; -fx-border-width: 1px; }", 150)
                        .replace("6.0px", "6px")
                        .replace("0.0px", "0px")
                        .replace("1.0px", "1px"));
    }
}

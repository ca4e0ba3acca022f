package org.slipway.workbench.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import javafx.scene.Scene;
import javafx.scene.control.ListView;
import javafx.scene.control.MenuButton;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.workbench.bundle.Bundles;
import org.slipway.workbench.bundle.Selected;
import org.slipway.workbench.bundle.Session;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

/** Completion by the keyboard alone, in the real editor. */
@Tag("display")
@ExtendWith(ApplicationExtension.class)
class CompletionPopupTest {

    @TempDir
    static Path folder;

    private Session session;
    private SourceView source;

    @Start
    void start(Stage stage) throws IOException {
        session = Bundles.open(Files.createTempDirectory(folder, "web"), Bundles.SMALL);
        source = new SourceView(session);
        stage.setScene(new Scene(source, 700, 600));
        stage.show();
    }

    private static void until(BooleanSupplier so) throws TimeoutException {
        WaitForAsyncUtils.waitFor(
                10,
                TimeUnit.SECONDS,
                () -> WaitForAsyncUtils.asyncFx(so::getAsBoolean).get());
        WaitForAsyncUtils.waitForFxEvents();
    }

    private static ListView<?> list(FxRobot robot) throws TimeoutException {
        until(() -> robot.lookup("#completion").tryQuery().isPresent());
        return robot.lookup("#completion").queryListView();
    }

    private void caretBefore(FxRobot robot, String text) {
        robot.interact(() -> source.goTo(Bundles.SMALL.indexOf(text)));
    }

    @Test
    void whatIsTypedInQuotesIsCompletedAndUndoTakesItBack(FxRobot robot) throws TimeoutException {
        caretBefore(robot, "\"hostname\"");
        robot.write("\"dom");
        ListView<?> list = list(robot);
        assertEquals(1, list.getItems().size());
        robot.push(KeyCode.ENTER);
        until(() -> session.text().get().contains("\"domainname\": \"\"\"hostname\""));
        robot.write("x");
        assertTrue(session.text().get().contains("\"domainname\": \"x\""), "the caret stands in the empty value");
        while (session.canUndo().get()) {
            robot.interact(session::undo);
        }
        assertEquals(Bundles.SMALL, session.text().get());
    }

    @Test
    void aKeyOffersAndAnotherKeyTakesOrLeaves(FxRobot robot) throws TimeoutException {
        caretBefore(robot, "uts\" }");
        robot.push(KeyCode.CONTROL, KeyCode.SPACE);
        ListView<?> list = list(robot);
        assertEquals(8, list.getItems().size());
        robot.push(KeyCode.DOWN);
        robot.push(KeyCode.ESCAPE);
        until(() -> robot.lookup("#completion").tryQuery().isEmpty());
        assertEquals(Bundles.SMALL, session.text().get());
        robot.push(KeyCode.CONTROL, KeyCode.SPACE);
        list(robot);
        robot.push(KeyCode.DOWN);
        robot.push(KeyCode.TAB);
        until(() -> session.text().get().equals(Bundles.SMALL.replace("\"uts\"", "\"network\"")));
    }

    @Test
    void theOutlineSaysWhereTheCaretIs(FxRobot robot) throws TimeoutException {
        robot.interact(() -> session.select("/mounts/0/type", Selected.Where.FORM));
        List<String> crumbs = robot.lookup(".crumb").queryAllAs(MenuButton.class).stream()
                .map(MenuButton::getText)
                .toList();
        assertEquals(List.of("{ }", "mounts", "0  /proc", "type"), crumbs);
        MenuButton mounts = robot.lookup(".crumb").nth(2).queryAs(MenuButton.class);
        robot.interact(mounts::show);
        assertEquals(
                List.of("destination", "type", "source"),
                mounts.getItems().stream().map(item -> item.getText()).toList());
        robot.interact(() -> mounts.getItems().getFirst().fire());
        assertEquals("/mounts/0/destination", session.selected().get().pointer());
    }
}

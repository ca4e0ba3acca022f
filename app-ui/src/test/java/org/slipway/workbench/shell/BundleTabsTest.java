package org.slipway.workbench.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import javafx.scene.control.Button;
import javafx.scene.control.TabPane;
import javafx.scene.control.TableView;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.model.finding.Rules;
import org.slipway.workbench.bundle.Bundles;
import org.slipway.workbench.helper.FakeHelper;
import org.slipway.workbench.memory.Look;
import org.slipway.workbench.memory.StateFolder;
import org.slipway.workbench.plan.Explain;
import org.slipway.workbench.task.Tasks;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

/** Several bundles in the real window, and what happens to their files meanwhile. */
@Tag("display")
@ExtendWith(ApplicationExtension.class)
class BundleTabsTest {

    @TempDir
    static Path folder;

    private StateFolder state;
    private Desk desk;
    private MainWindow window;
    private Path web;

    @Start
    void start(Stage stage) throws IOException {
        state = new StateFolder(Files.createTempDirectory(folder, "state"));
        new Look(960, 900, false, Map.of("editors", 0.5), "dark", 100).write(state);
        desk = Workbench.desk(Tasks.real(), Rules::check, new Explain(), new FakeHelper(), state);
        window = new MainWindow(stage, desk, 1000, 900);
        window.show();
        web = Bundles.write(Files.createTempDirectory(folder, "web"), Bundles.SMALL);
        window.open(web);
    }

    @AfterEach
    void close(FxRobot robot) {
        robot.interact(() -> desk.helper().close());
    }

    private static void until(BooleanSupplier so) throws TimeoutException {
        WaitForAsyncUtils.waitFor(
                10,
                TimeUnit.SECONDS,
                () -> WaitForAsyncUtils.asyncFx(so::getAsBoolean).get());
        WaitForAsyncUtils.waitForFxEvents();
    }

    private String name() {
        return desk.front()
                .get()
                .session()
                .folder()
                .map(path -> path.getFileName().toString())
                .orElse("");
    }

    @Test
    void aKeyGoesFromBundleToBundleAndEachKeepsItsPlace(FxRobot robot) throws IOException, TimeoutException {
        until(() -> desk.open().size() == 1);
        Path other = Bundles.write(Files.createTempDirectory(folder, "other"), Bundles.SMALL.replace("one", "another"));
        robot.interact(() -> window.open(other));
        until(() -> desk.open().size() == 2 && window.source().text().contains("another"));
        TabPane tabs = robot.lookup("#bundles").queryAs(TabPane.class);
        assertEquals(1, tabs.getSelectionModel().getSelectedIndex());
        robot.interact(() -> window.source().area().requestFocus());
        robot.push(KeyCode.CONTROL, KeyCode.TAB);
        until(() -> name().equals(web.getFileName().toString()));
        assertEquals(0, tabs.getSelectionModel().getSelectedIndex());
        assertEquals(Bundles.SMALL, window.source().text());
        robot.push(KeyCode.CONTROL, KeyCode.W);
        until(() -> desk.open().size() == 1);
        assertTrue(window.source().text().contains("another"));
    }

    @Test
    void whatAnotherProgramWroteIsComparedAndTakenFieldByField(FxRobot robot) throws IOException, TimeoutException {
        until(() -> desk.open().size() == 1);
        robot.interact(() -> desk.front().get().session().type(Bundles.SMALL.replace("one", "mine")));
        Files.writeString(web.resolve("config.json"), Bundles.SMALL.replace("one", "theirs"));
        robot.interact(() -> desk.front().get().session().outside().look());
        until(() -> robot.lookup("#outside-compare").tryQuery().isPresent());
        robot.interact(
                () -> robot.lookup("#outside-compare").queryAs(Button.class).fire());
        until(() -> robot.lookup("#compare").tryQuery().isPresent());
        TableView<?> table = robot.lookup("#compare").queryAs(TableView.class);
        assertEquals(1, table.getItems().size());
        robot.clickOn(robot.from(table).lookup(".button").<Button>query());
        until(() -> window.source().text().contains("theirs"));
        assertEquals(0, table.getItems().size());
    }

    @Test
    void theLookIsRememberedAndTypeGrowsByKey(FxRobot robot) throws TimeoutException {
        until(() -> desk.open().size() == 1);
        assertEquals(960, window.scene().getWidth(), 1);
        double before = robot.lookup("#bundle-path").query().getBoundsInLocal().getHeight();
        robot.push(KeyCode.CONTROL, KeyCode.EQUALS);
        robot.push(KeyCode.CONTROL, KeyCode.EQUALS);
        until(() -> robot.lookup("#bundle-path").query().getBoundsInLocal().getHeight() > before);
        assertEquals(120, window.percent());
        robot.interact(window::close);
        Look look = Look.read(state);
        assertEquals(120, look.percent());
        assertEquals("dark", look.theme());
        assertEquals(0.5, look.dividers().getOrDefault("editors", 0.0), 0.02);
    }
}

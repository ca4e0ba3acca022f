package org.slipway.workbench.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import javafx.application.Platform;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.control.MenuBar;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.stage.Stage;
import javafx.stage.Window;
import javafx.stage.WindowEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.model.finding.Rules;
import org.slipway.model.json.Edit;
import org.slipway.model.test.Requirement;
import org.slipway.workbench.bundle.Bundles;
import org.slipway.workbench.helper.FakeHelper;
import org.slipway.workbench.memory.StateFolder;
import org.slipway.workbench.plan.Explain;
import org.slipway.workbench.plan.StepRow;
import org.slipway.workbench.task.Tasks;
import org.slipway.workbench.text.Texts;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;
import tools.jackson.databind.node.JsonNodeFactory;

/** The real window, without a screen, beside a helper in memory. */
@Tag("display")
@ExtendWith(ApplicationExtension.class)
class MainWindowTest {

    @TempDir
    static Path folder;

    private final FakeHelper fake = new FakeHelper();
    private StateFolder state;
    private Desk desk;
    private Workbench bench;
    private MainWindow window;

    @Start
    void start(Stage stage) throws IOException {
        state = new StateFolder(Files.createTempDirectory(folder, "state"));
        desk = Workbench.desk(Tasks.real(), Rules::check, new Explain(), fake, state);
        bench = desk.front().get();
        window = new MainWindow(stage, desk, 1000, 900);
        window.show();
        bench.helper().connect();
        window.open(Bundles.write(Files.createTempDirectory(folder, "web"), Bundles.SMALL));
    }

    @AfterEach
    void close(FxRobot robot) {
        robot.interact(() -> bench.helper().close());
    }

    private static void until(BooleanSupplier so) throws TimeoutException {
        WaitForAsyncUtils.waitFor(
                10,
                TimeUnit.SECONDS,
                () -> WaitForAsyncUtils.asyncFx(so::getAsBoolean).get());
        WaitForAsyncUtils.waitForFxEvents();
    }

    private void opened() throws TimeoutException {
        until(() ->
                bench.plan().count().get() > 0 && bench.helper().info().get().isPresent());
    }

    private static void page(FxRobot robot, String key) {
        robot.interact(() ->
                robot.lookup("#outline-" + key).queryAs(ToggleButton.class).fire());
    }

    private static TextField field(FxRobot robot, String id) {
        return robot.lookup("#" + id).queryAs(TextField.class);
    }

    private static void type(FxRobot robot, String id, String text) {
        robot.interact(() -> {
            TextField field = field(robot, id);
            field.requestFocus();
            field.selectAll();
        });
        robot.write(text);
        WaitForAsyncUtils.waitForFxEvents();
    }

    @Test
    void typingInTheFormChangesTheSourceAndUndoTakesItBack(FxRobot robot) throws TimeoutException {
        opened();
        page(robot, "root");
        type(robot, "field-hostname", "two");
        assertEquals(
                Bundles.SMALL.replace("\"one\"", "\"two\""), window.source().text());
        robot.press(KeyCode.CONTROL, KeyCode.Z).release(KeyCode.Z, KeyCode.CONTROL);
        until(() -> window.source().text().equals(Bundles.SMALL));
        assertEquals("one", field(robot, "field-hostname").getText());
    }

    @Test
    void typingInTheSourceChangesTheForm(FxRobot robot) throws TimeoutException {
        opened();
        page(robot, "root");
        robot.interact(() -> window.source().goTo(Bundles.SMALL.indexOf("one\"")));
        robot.write("the");
        until(() -> field(robot, "field-hostname").getText().equals("theone"));
        assertTrue(window.source().area().isFocused(), "the keyboard stays where it was");
        assertEquals(
                Bundles.SMALL.indexOf("one\"")
                        + 3
                        - Bundles.SMALL.lastIndexOf('\n', Bundles.SMALL.indexOf("one\""))
                        - 1,
                window.source().area().getCaretPosition().offset());
    }

    @Test
    void aTextThatBreaksSaysWhereAndTheFormWaits(FxRobot robot) throws TimeoutException {
        opened();
        page(robot, "root");
        robot.interact(() -> window.source().goTo(Bundles.SMALL.indexOf("\"one\"")));
        robot.write("!");
        until(() -> robot.lookup("#form-broken").queryAs(Label.class).isVisible());
        assertTrue(robot.lookup("#form-broken").queryAs(Label.class).getText().contains("line 12"));
        assertEquals("one", field(robot, "field-hostname").getText());
        assertTrue(field(robot, "field-hostname").isDisabled());
    }

    @Test
    void aBadValueShowsItsFindingAndTheProblemCountAndF4GoesThere(FxRobot robot) throws TimeoutException {
        opened();
        type(robot, "field-cwd", "tmp");
        until(() -> !bench.problems().entries().get().isEmpty());
        assertTrue(
                robot.lookup("#problem-count").queryAs(Button.class).getText().startsWith("✗ 1"));
        assertTrue(robot.lookup("#create").queryAs(Button.class).isDisabled());
        page(robot, "root");
        robot.interact(() -> field(robot, "field-hostname").requestFocus());
        robot.push(KeyCode.F4);
        until(() -> field(robot, "field-cwd").isFocused());
        type(robot, "field-cwd", "/tmp");
        until(() -> bench.problems().entries().get().isEmpty());
    }

    @Test
    void aHookIsTestedInItsRowAndCancelledThere(FxRobot robot) throws TimeoutException {
        opened();
        page(robot, "hooks");
        robot.interact(() -> robot.lookup("#add-hook-poststop").queryButton().fire());
        until(() -> robot.lookup("#test-hook-poststop-0").tryQuery().isPresent());
        robot.interact(() -> robot.lookup("#test-hook-poststop-0").queryButton().fire());
        until(() -> robot.lookup("#result-hook-poststop-0").tryQuery().isPresent());
        assertEquals(
                "✓ " + Texts.of("hooks.status", 0),
                robot.lookup("#result-hook-poststop-0").queryAs(Label.class).getText());
        robot.interact(() -> bench.session()
                .edit(new Edit.Set(
                        "/hooks/poststop/0",
                        JsonNodeFactory.instance
                                .objectNode()
                                .put("path", "/bin/sleep")
                                .set(
                                        "args",
                                        JsonNodeFactory.instance
                                                .arrayNode()
                                                .add("sleep")
                                                .add("1000")))));
        robot.interact(() -> robot.lookup("#test-hook-poststop-0").queryButton().fire());
        until(() -> robot.lookup("#cancel-hook-poststop-0").queryButton().isVisible());
        robot.interact(
                () -> robot.lookup("#cancel-hook-poststop-0").queryButton().fire());
        until(() -> robot.lookup("#result-hook-poststop-0").tryQuery().isPresent());
        assertEquals(
                "✗ " + Texts.of("hook-test.cancelled"),
                robot.lookup("#result-hook-poststop-0").queryAs(Label.class).getText());
        assertFalse(robot.lookup("#cancel-hook-poststop-0").queryButton().isVisible());
    }

    @Test
    void aStepOfThePlanSelectsItsFieldInFormAndSource(FxRobot robot) throws TimeoutException {
        opened();
        robot.interact(() -> {
            ListView<StepRow> list = robot.lookup("#plan").queryListView();
            list.getItems().stream()
                    .filter(row -> row instanceof StepRow.Line line
                            && line.pointer().filter("/hostname"::equals).isPresent())
                    .findFirst()
                    .ifPresent(list.getSelectionModel()::select);
        });
        until(() -> bench.session().selected().get().pointer().equals("/hostname"));
        long line = Bundles.SMALL
                .substring(0, Bundles.SMALL.indexOf("\"hostname\""))
                .lines()
                .count();
        until(() -> window.source().area().getCaretPosition().index() == line - 1);
        assertTrue(field(robot, "field-hostname").getParent().getParent().getPseudoClassStates().stream()
                .anyMatch(state -> state.getPseudoClassName().equals("selected")));
    }

    @Test
    @Requirement("WB-04")
    void theButtonsTakeAContainerThroughItsLife(FxRobot robot) throws TimeoutException {
        opened();
        page(robot, "root");
        robot.interact(() -> robot.lookup("#create").queryAs(Button.class).fire());
        until(() -> bench.lifecycle().container().get().isPresent());
        assertTrue(robot.lookup("#create").queryAs(Button.class).isDisabled());
        assertTrue(robot.lookup("#delete").queryAs(Button.class).isDisabled());
        robot.push(KeyCode.F5);
        until(() -> fake.asked().getLast().startsWith("start"));
        fake.print(bench.lifecycle().id().get(), "hello from within");
        until(() -> !bench.console().lines().isEmpty());
        type(robot, "field-hostname", "other");
        until(() -> robot.lookup("#drift").queryAs(Label.class).getParent().isVisible());
        assertFalse(robot.lookup("#kill").query().isDisabled());
    }

    private List<KeyCombination> keys() {
        List<KeyCombination> keys = new ArrayList<>();
        MenuBar bar = (MenuBar) window.scene().getRoot().lookup(".menu-bar");
        bar.getMenus()
                .forEach(menu -> menu.getItems().forEach(item -> {
                    if (item.getAccelerator() != null) {
                        keys.add(item.getAccelerator());
                    }
                }));
        return keys;
    }

    @Test
    @Requirement("WB-07")
    void everyKeyStandsInAMenuAndMeansOneThing(FxRobot robot) throws TimeoutException {
        opened();
        List<KeyCombination> keys = keys();
        assertEquals(keys.size(), Set.copyOf(keys).size(), keys.toString());
        for (String wanted :
                List.of("F1", "F4", "Shift+F4", "F5", "Shift+F5", "F6", "Shift+F6", "Shortcut+S", "Shortcut+Shift+P")) {
            assertTrue(keys.contains(KeyCombination.keyCombination(wanted)), wanted + " is in no menu");
        }
        assertTrue(keys.stream().noneMatch(key -> key.match(press(KeyCode.F10))), "F10 is the menu bar's");
    }

    private static KeyEvent press(KeyCode code) {
        return new KeyEvent(KeyEvent.KEY_PRESSED, "", "", code, false, false, false, false);
    }

    @Test
    void oneKeyGoesRoundThePanes(FxRobot robot) throws TimeoutException {
        opened();
        robot.interact(() -> robot.lookup("#container-id").query().requestFocus());
        robot.push(KeyCode.F6);
        until(() -> within(".form"));
        robot.push(KeyCode.F6);
        until(() -> window.source().area().isFocused());
        robot.push(KeyCode.F6);
        until(() -> within("#views"));
        robot.push(KeyCode.F6);
        until(() -> within(".containers"));
        robot.push(KeyCode.F6);
        until(() -> within(".lifecycle"));
        robot.push(KeyCode.SHIFT, KeyCode.F6);
        until(() -> within(".containers"));
    }

    private boolean within(String selector) {
        Node pane = window.scene().getRoot().lookup(selector);
        for (Node node = window.scene().getFocusOwner(); node != null; node = node.getParent()) {
            if (node.equals(pane)) {
                return true;
            }
        }
        return false;
    }

    @Test
    void thePaletteFindsAFieldAndGoesThere(FxRobot robot) throws TimeoutException {
        opened();
        robot.push(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.P);
        until(() -> robot.lookup("#palette").tryQuery().isPresent());
        robot.write("domainname");
        robot.push(KeyCode.ENTER);
        until(() -> robot.lookup("#field-domainname")
                .tryQuery()
                .filter(Node::isFocused)
                .isPresent());
        assertTrue(robot.lookup("#palette").tryQuery().isEmpty(), "the palette is gone");
    }

    @Test
    void anOptionIsAddedAndTakenAwayAsAChip(FxRobot robot) throws TimeoutException {
        opened();
        page(robot, "mounts");
        robot.interact(() -> field(robot, "mounts-options-0-more").requestFocus());
        robot.write("nosuid,noexec,");
        until(() -> window.source().text().contains("\"nosuid\", \"noexec\""));
        assertTrue(field(robot, "mounts-options-0-more").isFocused(), "the line keeps the keyboard");
        robot.push(KeyCode.BACK_SPACE);
        until(() -> !window.source().text().contains("noexec"));
        robot.interact(() -> robot.lookup(".chip").queryAs(Button.class).fire());
        until(() -> !window.source().text().contains("nosuid"));
    }

    @Test
    void aKeyTellsWhatIsKnownOfTheFieldAndAMarkTakesItBack(FxRobot robot) throws TimeoutException {
        opened();
        page(robot, "root");
        robot.interact(() -> field(robot, "field-hostname").requestFocus());
        robot.push(KeyCode.F1);
        until(() -> robot.lookup("#lore").tryQuery().isPresent());
        assertEquals("/hostname", robot.lookup("#lore").queryAs(Label.class).getText());
        robot.push(KeyCode.ESCAPE);
        until(() -> robot.lookup("#lore").tryQuery().isEmpty());
        robot.interact(() -> robot.lookup("#reset-hostname")
                .queryAs(javafx.scene.control.Hyperlink.class)
                .fire());
        until(() -> !window.source().text().contains("hostname"));
        assertFalse(robot.lookup("#reset-hostname").query().isVisible());
    }

    private void createAndAskToClose(FxRobot robot) throws TimeoutException {
        opened();
        robot.interact(() -> robot.lookup("#create").queryAs(Button.class).fire());
        until(() -> bench.lifecycle().container().get().isPresent());
        Window shown = window.scene().getWindow();
        Platform.runLater(() -> shown.fireEvent(new WindowEvent(shown, WindowEvent.WINDOW_CLOSE_REQUEST)));
        until(() -> robot.lookup(Texts.of("dialog.end-them")).tryQuery().isPresent());
    }

    @Test
    void closingAsksAboutLiveContainersAndMayBeCancelled(FxRobot robot) throws TimeoutException {
        createAndAskToClose(robot);
        robot.push(KeyCode.ESCAPE);
        until(() -> robot.lookup(Texts.of("dialog.end-them")).tryQuery().isEmpty());
        assertTrue(window.scene().getWindow().isShowing());
        assertTrue(fake.asked().getLast().startsWith("create"));
    }

    @Test
    void closingMayLeaveContainersRunning(FxRobot robot) throws TimeoutException {
        createAndAskToClose(robot);
        robot.clickOn(Texts.of("dialog.keep-running"));
        until(() -> Window.getWindows().isEmpty());
        assertTrue(fake.asked().getLast().startsWith("create"));
    }

    @Test
    void closingMayEndContainers(FxRobot robot) throws TimeoutException {
        createAndAskToClose(robot);
        robot.clickOn(Texts.of("dialog.end-them"));
        until(() -> Window.getWindows().isEmpty());
        String id = bench.lifecycle().id().get();
        assertEquals(
                List.of("kill " + id + " KILL", "delete " + id),
                fake.asked().subList(1, fake.asked().size()));
    }

    @Test
    void theConsoleShowsOneStreamAlone(FxRobot robot) throws TimeoutException {
        opened();
        robot.interact(() -> robot.lookup("#create").queryAs(Button.class).fire());
        until(() -> bench.lifecycle().container().get().isPresent());
        fake.print(bench.lifecycle().id().get(), "said");
        until(() -> bench.console().lines().size() == 1);
        robot.interact(() -> window.show(MainWindow.View.CONSOLE));
        ListView<?> list = robot.lookup("#console").queryListView();
        robot.interact(() ->
                robot.lookup("#console-stderr").queryAs(ToggleButton.class).fire());
        assertEquals(0, list.getItems().size());
        ToggleButton stdout = robot.lookup("#console-stdout").queryAs(ToggleButton.class);
        robot.interact(stdout::fire);
        robot.interact(stdout::fire);
        assertTrue(stdout.isSelected(), "one stream is always chosen");
        assertEquals(1, list.getItems().size());
    }

    @Test
    void withoutTheHelperEverythingButTheVerbsWorks(FxRobot robot) throws TimeoutException {
        opened();
        page(robot, "root");
        fake.die();
        until(() -> robot.lookup("#tier").queryAs(Label.class).getText().contains("author only"));
        type(robot, "field-hostname", "still");
        assertTrue(window.source().text().contains("\"still\""));
        assertTrue(robot.lookup("#create").queryAs(Button.class).isDisabled());
        fake.run();
        until(() -> !robot.lookup("#create").queryAs(Button.class).isDisabled());
    }
}

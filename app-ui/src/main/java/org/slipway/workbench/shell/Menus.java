package org.slipway.workbench.shell;

import static javafx.scene.input.KeyCombination.SHIFT_DOWN;
import static javafx.scene.input.KeyCombination.SHORTCUT_DOWN;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javafx.beans.value.ObservableValue;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuBar;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination.Modifier;
import org.slipway.model.state.Verb;
import org.slipway.workbench.lifecycle.LifecycleModel;
import org.slipway.workbench.palette.PaletteModel;
import org.slipway.workbench.text.Texts;

/** The menu bar. Keys are key codes, never characters: one character combination would break all others without a screen. */
final class Menus {

    private final MainWindow window;
    private final Workbench bench;
    private final Dialogs dialogs;
    private final MenuBar bar;

    Menus(MainWindow window, Workbench bench, Dialogs dialogs) {
        this.window = window;
        this.bench = bench;
        this.dialogs = dialogs;
        this.bar = new MenuBar(file(), edit(), container(), view());
    }

    MenuBar bar() {
        return bar;
    }

    /** Everything in the menus, for the palette. */
    List<PaletteModel.Entry> actions() {
        List<PaletteModel.Entry> actions = new ArrayList<>();
        bar.getMenus().forEach(menu -> collect(actions, menu, menu.getText()));
        return actions;
    }

    private static void collect(List<PaletteModel.Entry> actions, Menu menu, String path) {
        for (MenuItem item : menu.getItems()) {
            String title = path + ": " + item.getText();
            if (item instanceof Menu inner) {
                collect(actions, inner, title);
            } else if (item.getText() != null && !"menu-palette".equals(item.getId())) {
                String keys = item.getAccelerator() == null
                        ? ""
                        : item.getAccelerator().getDisplayText();
                actions.add(new PaletteModel.Entry(title, keys, item::fire, () -> isReady(item)));
            }
        }
    }

    private static boolean isReady(MenuItem item) {
        return !item.isDisable() && (item.getParentMenu() == null || isReady(item.getParentMenu()));
    }

    private Menu file() {
        MenuItem open = item("open", dialogs::open, KeyCode.O, SHORTCUT_DOWN);
        MenuItem sample = item("sample", dialogs::makeSample, KeyCode.N, SHORTCUT_DOWN);
        MenuItem save = item("save", dialogs::save, KeyCode.S, SHORTCUT_DOWN);
        save.disableProperty().bind(bench.session().dirty().not());
        MenuItem quit = item("quit", () -> dialogs.closeRequested(bench, window::close), KeyCode.Q, SHORTCUT_DOWN);
        return menu("file", open, sample, save, new SeparatorMenuItem(), quit);
    }

    private Menu edit() {
        MenuItem undo = item("undo", bench.session()::undo, KeyCode.Z, SHORTCUT_DOWN);
        undo.disableProperty().bind(bench.session().canUndo().not());
        MenuItem redo = item("redo", bench.session()::redo, KeyCode.Z, SHORTCUT_DOWN, SHIFT_DOWN);
        redo.disableProperty().bind(bench.session().canRedo().not());
        MenuItem next = item("next-problem", () -> window.nextProblem(1), KeyCode.F4);
        MenuItem previous = item("previous-problem", () -> window.nextProblem(-1), KeyCode.F4, SHIFT_DOWN);
        return menu("edit", undo, redo, new SeparatorMenuItem(), next, previous);
    }

    private Menu container() {
        LifecycleModel life = bench.lifecycle();
        MenuItem run = item("run", life::createAndStart, KeyCode.F5);
        MenuItem again = item("recreate", life::recreate, KeyCode.F5, SHIFT_DOWN);
        MenuItem create = item("create", life::create);
        unless(create, life.whyNotCreate());
        MenuItem start = item("start", life::start);
        unless(start, life.whyNot(Verb.START));
        Menu kill = menu("kill");
        kill.disableProperty().bind(life.whyNot(Verb.KILL).map(why -> !why.isEmpty()));
        for (String signal : LifecycleModel.signals()) {
            MenuItem send = new MenuItem(Texts.of("lifecycle.signal." + signal));
            send.setOnAction(_ -> life.kill(signal));
            kill.getItems().add(send);
        }
        MenuItem delete = item("delete", life::delete);
        unless(delete, life.whyNot(Verb.DELETE));
        return menu(
                "container", run, again, new SeparatorMenuItem(), create, start, kill, new SeparatorMenuItem(), delete);
    }

    private static void unless(MenuItem item, ObservableValue<String> whyNot) {
        item.disableProperty().bind(whyNot.map(why -> !why.isEmpty()));
    }

    private Menu view() {
        Menu menu = menu("view");
        KeyCode[] digits = {KeyCode.DIGIT1, KeyCode.DIGIT2, KeyCode.DIGIT3, KeyCode.DIGIT4, KeyCode.DIGIT5};
        for (MainWindow.View view : MainWindow.View.values()) {
            MenuItem item = new MenuItem(Texts.of("tab." + view.name().toLowerCase(Locale.ROOT)));
            item.setId("menu-" + view.name().toLowerCase(Locale.ROOT));
            item.setOnAction(_ -> window.show(view));
            item.setAccelerator(new KeyCodeCombination(digits[view.ordinal()], SHORTCUT_DOWN, SHIFT_DOWN));
            menu.getItems().add(item);
        }
        menu.getItems()
                .addAll(
                        new SeparatorMenuItem(),
                        item("palette", window::palette, KeyCode.P, SHORTCUT_DOWN, SHIFT_DOWN),
                        item("next-pane", () -> window.nextPane(1), KeyCode.F6),
                        item("previous-pane", () -> window.nextPane(-1), KeyCode.F6, SHIFT_DOWN),
                        new SeparatorMenuItem(),
                        item("dark", window::switchTheme, KeyCode.D, SHORTCUT_DOWN, SHIFT_DOWN));
        return menu;
    }

    private static Menu menu(String key, MenuItem... items) {
        Menu menu = new Menu(Texts.of("menu." + key));
        menu.setId("menu-" + key);
        menu.getItems().addAll(items);
        return menu;
    }

    private static MenuItem item(String key, Runnable action) {
        MenuItem item = new MenuItem(Texts.of("menu." + key));
        item.setId("menu-" + key);
        item.setOnAction(_ -> action.run());
        return item;
    }

    private static MenuItem item(String key, Runnable action, KeyCode code, Modifier... modifiers) {
        MenuItem item = item(key, action);
        item.setAccelerator(new KeyCodeCombination(code, modifiers));
        return item;
    }
}

package org.slipway.workbench.shell;

import static javafx.scene.input.KeyCombination.SHIFT_DOWN;
import static javafx.scene.input.KeyCombination.SHORTCUT_DOWN;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import javafx.beans.value.ObservableValue;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuBar;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination.Modifier;
import org.slipway.model.state.Verb;
import org.slipway.workbench.form.Field;
import org.slipway.workbench.lifecycle.LifecycleModel;
import org.slipway.workbench.palette.PaletteModel;
import org.slipway.workbench.text.Texts;

/** The menu bar. Keys are key codes, never characters: one character combination would break all others without a screen. */
final class Menus {

    private final MainWindow window;
    private final Desk desk;
    private final Dialogs dialogs;
    private final MenuBar bar;

    Menus(MainWindow window, Desk desk, Dialogs dialogs) {
        this.window = window;
        this.desk = desk;
        this.dialogs = dialogs;
        this.bar = new MenuBar(file(), edit(), container(), view(), help());
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

    private Workbench bench() {
        return desk.front().get();
    }

    /** Something of the bundle in front, which changes with it. */
    private <T> ObservableValue<T> front(Function<Workbench, ObservableValue<T>> part) {
        return desk.front().flatMap(part);
    }

    private Menu file() {
        MenuItem open = item("open", dialogs::open, KeyCode.O, SHORTCUT_DOWN);
        MenuItem fresh = item("new", dialogs::newBundle, KeyCode.N, SHORTCUT_DOWN);
        MenuItem save = item("save", dialogs::save, KeyCode.S, SHORTCUT_DOWN);
        ObservableValue<Boolean> clean = front(bench -> bench.session().dirty()).map(dirty -> !dirty);
        save.disableProperty().bind(clean);
        ObservableValue<Boolean> none = front(bench -> bench.session().bundle()).map(Optional::isEmpty);
        MenuItem copy = item("save-copy", dialogs::saveCopy, KeyCode.S, SHORTCUT_DOWN, SHIFT_DOWN);
        copy.disableProperty().bind(none);
        MenuItem compare = item("compare", dialogs::compareWith);
        compare.disableProperty().bind(none);
        MenuItem close = item("close", () -> window.closeBundle(bench()), KeyCode.W, SHORTCUT_DOWN);
        close.disableProperty().bind(none);
        MenuItem quit = item("quit", () -> dialogs.closeRequested(window::close), KeyCode.Q, SHORTCUT_DOWN);
        return menu(
                "file",
                open,
                recent(),
                fresh,
                new SeparatorMenuItem(),
                save,
                copy,
                compare,
                close,
                new SeparatorMenuItem(),
                quit);
    }

    /** The bundles opened last; read when the menu is about to show, because other windows add to the list. */
    private Menu recent() {
        Menu recent = menu("recent", new MenuItem());
        Runnable fill = () -> {
            List<MenuItem> items = new ArrayList<>();
            for (Path bundle : desk.recent().bundles()) {
                MenuItem item = new MenuItem(bundle.toString());
                item.setMnemonicParsing(false);
                item.setOnAction(_ -> window.open(bundle));
                items.add(item);
            }
            if (items.isEmpty()) {
                MenuItem none = new MenuItem(Texts.of("menu.recent.none"));
                none.setDisable(true);
                items.add(none);
            } else {
                items.add(new SeparatorMenuItem());
                items.add(item("recent.clear", () -> desk.recent().clear()));
            }
            recent.getItems().setAll(items);
        };
        fill.run();
        desk.front().subscribe(_ -> fill.run());
        recent.setOnShowing(_ -> fill.run());
        return recent;
    }

    private Menu edit() {
        MenuItem undo = item("undo", () -> bench().session().undo(), KeyCode.Z, SHORTCUT_DOWN);
        undo.disableProperty().bind(front(bench -> bench.session().canUndo()).map(can -> !can));
        MenuItem redo = item("redo", () -> bench().session().redo(), KeyCode.Z, SHORTCUT_DOWN, SHIFT_DOWN);
        redo.disableProperty().bind(front(bench -> bench.session().canRedo()).map(can -> !can));
        MenuItem next = item("next-problem", () -> window.nextProblem(1), KeyCode.F4);
        MenuItem previous = item("previous-problem", () -> window.nextProblem(-1), KeyCode.F4, SHIFT_DOWN);
        MenuItem reset = item(
                "reset-field",
                () -> bench().form()
                        .fieldOf(bench().session().selected().get().pointer())
                        .filter(field -> field.differs().get())
                        .ifPresent(Field::reset));
        reset.disableProperty().bind(front(bench -> bench.session().bundle()).map(Optional::isEmpty));
        return menu("edit", undo, redo, reset, new SeparatorMenuItem(), next, previous);
    }

    private LifecycleModel life() {
        return bench().lifecycle();
    }

    private Menu container() {
        MenuItem run = item("run", () -> life().createAndStart(), KeyCode.F5);
        MenuItem again = item("recreate", () -> life().recreate(), KeyCode.F5, SHIFT_DOWN);
        MenuItem create = item("create", () -> life().create());
        unless(create, bench -> bench.lifecycle().whyNotCreate());
        MenuItem start = item("start", () -> life().start());
        unless(start, bench -> bench.lifecycle().whyNot(Verb.START));
        Menu kill = menu("kill");
        unless(kill, bench -> bench.lifecycle().whyNot(Verb.KILL));
        for (String signal : LifecycleModel.signals()) {
            MenuItem send = new MenuItem(Texts.of("lifecycle.signal." + signal));
            send.setOnAction(_ -> life().kill(signal));
            kill.getItems().add(send);
        }
        MenuItem delete = item("delete", () -> life().delete());
        unless(delete, bench -> bench.lifecycle().whyNot(Verb.DELETE));
        return menu(
                "container", run, again, new SeparatorMenuItem(), create, start, kill, new SeparatorMenuItem(), delete);
    }

    private void unless(MenuItem item, Function<Workbench, ObservableValue<String>> whyNot) {
        item.disableProperty().bind(front(whyNot).map(why -> !why.isEmpty()));
    }

    private Menu view() {
        Menu menu = menu("view");
        KeyCode[] digits = {
            KeyCode.DIGIT1, KeyCode.DIGIT2, KeyCode.DIGIT3, KeyCode.DIGIT4, KeyCode.DIGIT5, KeyCode.DIGIT6
        };
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
                        item("next-bundle", () -> desk.next(1), KeyCode.TAB, SHORTCUT_DOWN),
                        item("previous-bundle", () -> desk.next(-1), KeyCode.TAB, SHORTCUT_DOWN, SHIFT_DOWN),
                        new SeparatorMenuItem(),
                        item("dark", window::switchTheme, KeyCode.D, SHORTCUT_DOWN, SHIFT_DOWN),
                        item("contrast", () -> window.use(Theme.CONTRAST)),
                        item("larger", () -> window.zoom(10), KeyCode.EQUALS, SHORTCUT_DOWN),
                        item("smaller", () -> window.zoom(-10), KeyCode.MINUS, SHORTCUT_DOWN),
                        item("usual-size", () -> window.zoom(0), KeyCode.DIGIT0, SHORTCUT_DOWN));
        return menu;
    }

    private Menu help() {
        return menu("help", item("field-help", window::fieldHelp, KeyCode.F1));
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

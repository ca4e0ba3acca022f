package org.slipway.workbench.shell;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import javafx.application.Platform;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.Label;
import javafx.scene.control.SplitPane;
import javafx.scene.input.DragEvent;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.TransferMode;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.VBox;
import javafx.stage.Stage;
import javafx.stage.Window;
import org.slipway.workbench.bundle.Outside;
import org.slipway.workbench.bundle.Session;
import org.slipway.workbench.containers.ContainersView;
import org.slipway.workbench.form.Lore;
import org.slipway.workbench.form.LorePopup;
import org.slipway.workbench.memory.Look;
import org.slipway.workbench.palette.PaletteModel;
import org.slipway.workbench.palette.PaletteView;
import org.slipway.workbench.source.SourceView;
import org.slipway.workbench.text.Texts;

/** The one window: bundles as tabs across the top, the one in front below them, the containers at the side. */
public final class MainWindow {

    /** The tabs below form and source. */
    public enum View {
        PLAN,
        PROBLEMS,
        TRACE,
        HOOKS,
        CONSOLE,
        PORTABILITY
    }

    private final Stage stage;
    private final Desk desk;
    private final Dialogs dialogs;
    private final ContainersView containers;
    private final PaletteView palette;
    private final LorePopup lore = new LorePopup();
    private final Map<Workbench, BundleView> views = new HashMap<>();
    private final BorderPane place = new BorderPane();
    private final SplitPane whole;
    private Map<String, Double> dividers;
    private Theme theme;
    private int percent;
    private boolean closed;

    /** Fills a stage that is not shown yet; what the window remembers of its size goes before what is asked for. */
    public MainWindow(Stage stage, Desk desk, double width, double height) {
        this.stage = stage;
        this.desk = desk;
        Look look = Look.read(desk.state());
        this.dividers = look.dividers();
        this.theme = Theme.of(look.theme());
        this.percent = look.percent();
        this.dialogs = new Dialogs(stage, desk);
        this.containers =
                new ContainersView(desk.helper(), chosen -> bench().lifecycle().show(chosen));
        theme.use(percent);
        BorderPane root = new BorderPane();
        root.getStyleClass().add("workbench");
        Menus menus = new Menus(this, desk, dialogs);
        palette = new PaletteView(new PaletteModel(() -> bench().form(), menus.actions()));
        whole = new SplitPane(side(), place);
        whole.setDividerPositions(dividers.getOrDefault("side", 0.155));
        SplitPane.setResizableWithParent(whole.getItems().getFirst(), false);
        root.setTop(new VBox(menus.bar(), new BundleTabs(desk, this::closeBundle)));
        root.setCenter(whole);
        root.setBottom(new StatusLine(desk, () -> show(View.PROBLEMS)));
        Scene scene =
                new Scene(root, look.width() == 0 ? width : look.width(), look.height() == 0 ? height : look.height());
        scene.getStylesheets().setAll(Theme.sheet(percent));
        scene.addEventFilter(KeyEvent.KEY_PRESSED, this::keysFirst);
        scene.setOnDragOver(this::dragged);
        scene.setOnDragDropped(this::dropped);
        stage.setScene(scene);
        stage.setMaximized(look.maximized());
        stage.setOnCloseRequest(event -> {
            event.consume();
            dialogs.closeRequested(this::close);
        });
        stage.focusedProperty().subscribe(focused -> {
            if (focused) {
                bench().session().outside().look();
                bench().session().lookAtDisk();
            }
        });
        desk.front().subscribe(this::front);
        desk.front()
                .flatMap(bench -> bench.session()
                        .bundle()
                        .flatMap(folder -> bench.session().dirty().map(dirty -> title(folder, dirty))))
                .subscribe(stage::setTitle);
        lookAgain();
    }

    private static String title(Optional<Path> folder, boolean dirty) {
        return folder.map(path -> path.getFileName() + (dirty ? " *" : "") + " — Slipway")
                .orElse("Slipway");
    }

    /** Looks now and then whether another program changed the file of the bundle in front. */
    private void lookAgain() {
        desk.tasks().after(Outside.EVERY, () -> {
            if (!closed) {
                bench().session().outside().look();
                lookAgain();
            }
        });
    }

    private void front(Workbench bench) {
        views.keySet().removeIf(old -> !old.equals(bench) && !desk.open().contains(old));
        BundleView view = views.computeIfAbsent(bench, fresh -> new BundleView(fresh, dividers(), this::compare));
        place.setCenter(view);
        bench.session().outside().look();
    }

    private Node side() {
        Label title = new Label(Texts.of("side.bundle"));
        title.getStyleClass().add("side-title");
        Label name = new Label();
        name.setId("bundle-name");
        name.getStyleClass().add("bundle-name");
        Label path = new Label();
        path.setId("bundle-path");
        path.getStyleClass().add("field-help");
        path.setWrapText(true);
        desk.front().flatMap(bench -> bench.session().bundle()).subscribe(folder -> {
            name.setText(folder.map(Path::getFileName).map(Path::toString).orElse(Texts.of("side.no-bundle")));
            path.setText(folder.map(Path::toString).orElse(Texts.of("side.open-one")));
        });
        VBox bundle = new VBox(title, name, path);
        bundle.getStyleClass().add("side-box");
        BorderPane side = new BorderPane(containers);
        side.setTop(bundle);
        side.getStyleClass().add("side");
        side.setMinWidth(140);
        return side;
    }

    /**
     * Keys that the control with the keyboard would take for itself: undo takes back edits of form and source alike, and the
     * next bundle is not the next tab below.
     */
    private void keysFirst(KeyEvent event) {
        if (!event.isShortcutDown() || event.isAltDown()) {
            return;
        }
        KeyCode code = event.getCode();
        if (code == KeyCode.Z && !event.isShiftDown()) {
            bench().session().undo();
        } else if (code == KeyCode.Y || code == KeyCode.Z) {
            bench().session().redo();
        } else if (code == KeyCode.TAB) {
            desk.next(event.isShiftDown() ? -1 : 1);
        } else {
            return;
        }
        event.consume();
    }

    private void dragged(DragEvent event) {
        if (event.getDragboard().hasFiles()) {
            event.acceptTransferModes(TransferMode.COPY_OR_MOVE);
            event.consume();
        }
    }

    private void dropped(DragEvent event) {
        if (event.getDragboard().hasFiles()) {
            event.getDragboard().getFiles().forEach(file -> open(file.toPath()));
            event.setDropCompleted(true);
            event.consume();
        }
    }

    /** Brings one of the lower views to the front. */
    public void show(View view) {
        view().show(view);
    }

    /** Goes to the next problem, or the one before. */
    void nextProblem(int by) {
        show(View.PROBLEMS);
        bench().problems()
                .step(by)
                .ifPresent(_ -> bench().session().broken().get().ifPresent(broken -> source().goTo(broken.offset())));
    }

    /** Gives the keyboard to the next pane, or the one before. */
    void nextPane(int by) {
        List<Node> panes = new ArrayList<>(view().panes());
        panes.add(containers);
        new Panes(panes).go(scene().getFocusOwner(), by);
    }

    /** Shows what is known of the member that is selected, beside the control that has the keyboard. */
    void fieldHelp() {
        Node focused = scene().getFocusOwner();
        Lore.of(bench().session().selected().get().pointer())
                .ifPresent(known -> lore.show(
                        focused == null ? scene().getRoot() : focused,
                        known,
                        bench().portability().known().get()));
        bench().portability().ask();
    }

    /** Opens the palette. */
    void palette() {
        palette.show(scene());
    }

    /** Compares the text as it is now with another. */
    void compare(Session session, String name, String text) {
        dialogs.compare(session, name, text);
    }

    /** Changes the look. */
    void use(Theme chosen) {
        theme = chosen;
        repaint();
    }

    /** Changes between light and dark. */
    void switchTheme() {
        use(theme == Theme.LIGHT ? Theme.DARK : Theme.LIGHT);
    }

    /** Makes everything larger or smaller; {@code 0} makes it as it comes. */
    void zoom(int by) {
        percent = by == 0 ? 100 : Math.clamp(percent + by, Look.SMALLEST, Look.LARGEST);
        repaint();
    }

    private void repaint() {
        theme.use(percent);
        scene().getStylesheets().setAll(Theme.sheet(percent));
        // the editor keeps the colours with which it painted its text
        Platform.runLater(() -> views.values().forEach(view -> view.source().repaint()));
    }

    /** How large everything is, 100 is usual. */
    int percent() {
        return percent;
    }

    /** Opens a bundle, and says why if it can't be opened. */
    public void open(Path bundle) {
        desk.open(bundle, dialogs::tell);
    }

    /** Leaves a bundle, after asking about edits that are not saved. */
    void closeBundle(Workbench bench) {
        desk.show(bench);
        dialogs.leave(bench.session(), () -> desk.close(bench));
    }

    /** Shows the window. */
    public void show() {
        stage.show();
    }

    public Scene scene() {
        return stage.getScene();
    }

    /** The source of the bundle in front. */
    public SourceView source() {
        return view().source();
    }

    private Workbench bench() {
        return desk.front().get();
    }

    private BundleView view() {
        return Objects.requireNonNull(views.get(bench()));
    }

    private Map<String, Double> dividers() {
        Map<String, Double> now = new TreeMap<>(dividers);
        BundleView before = views.values().stream()
                .filter(view -> view.equals(place.getCenter()))
                .findFirst()
                .orElse(null);
        if (before != null) {
            before.splits().forEach((name, split) -> now.put(name, split.getDividerPositions()[0]));
        }
        now.put("side", whole.getDividerPositions()[0]);
        dividers = now;
        return now;
    }

    /** Closes everything. A popup that is still showing would bring the toolkit down with it, so those go first. */
    public void close() {
        closed = true;
        new Look(scene().getWidth(), scene().getHeight(), stage.isMaximized(), dividers(), theme.key(), percent)
                .write(desk.state());
        desk.closeAll();
        List.copyOf(Window.getWindows()).reversed().forEach(Window::hide);
    }
}

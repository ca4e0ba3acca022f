package org.slipway.workbench.shell;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javafx.application.Platform;
import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.Label;
import javafx.scene.control.SplitPane;
import javafx.scene.control.Tab;
import javafx.scene.control.TabPane;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.VBox;
import javafx.stage.Stage;
import javafx.stage.Window;
import org.slipway.workbench.bundle.Selected;
import org.slipway.workbench.console.ConsoleView;
import org.slipway.workbench.containers.ContainersView;
import org.slipway.workbench.form.FormView;
import org.slipway.workbench.hooks.HooksView;
import org.slipway.workbench.lifecycle.LifecycleBar;
import org.slipway.workbench.palette.PaletteModel;
import org.slipway.workbench.palette.PaletteView;
import org.slipway.workbench.plan.PlanView;
import org.slipway.workbench.problems.ProblemsView;
import org.slipway.workbench.source.SourceView;
import org.slipway.workbench.text.Texts;
import org.slipway.workbench.trace.TraceView;

/** The one window: the life of the container across the top, form beside source in the middle, plan and trace below. */
public final class MainWindow {

    /** The tabs below form and source. */
    public enum View {
        PLAN,
        PROBLEMS,
        TRACE,
        HOOKS,
        CONSOLE
    }

    private final Stage stage;
    private final Workbench bench;
    private final SourceView source;
    private final TabPane tabs = new TabPane();
    private final Dialogs dialogs;
    private final LifecycleBar bar;
    private final FormView form;
    private final ContainersView containers;
    private final PaletteView palette;
    private Theme theme = Theme.LIGHT;

    /** Fills a stage that is not shown yet. */
    public MainWindow(Stage stage, Workbench bench, double width, double height) {
        this.stage = stage;
        this.bench = bench;
        this.source = new SourceView(bench.session());
        this.dialogs = new Dialogs(stage, bench.session());
        this.bar =
                new LifecycleBar(bench.lifecycle(), pointer -> bench.session().jump(pointer, Selected.Where.LIFECYCLE));
        this.form = new FormView(bench.form());
        this.containers = new ContainersView(bench.helper(), bench.lifecycle()::show);
        theme.use();
        BorderPane root = new BorderPane();
        root.getStyleClass().add("workbench");
        Menus menus = new Menus(this, bench, dialogs);
        palette = new PaletteView(new PaletteModel(bench.form(), menus.actions()));
        root.setTop(new VBox(menus.bar(), bar));
        root.setCenter(middle());
        root.setBottom(new StatusLine(bench.session(), bench.helper(), bench.problems(), () -> show(View.PROBLEMS)));
        Scene scene = new Scene(root, width, height);
        scene.getStylesheets()
                .add(Objects.requireNonNull(MainWindow.class.getResource("workbench.css"))
                        .toExternalForm());
        scene.addEventFilter(KeyEvent.KEY_PRESSED, this::undoFirst);
        stage.setScene(scene);
        stage.setOnCloseRequest(event -> {
            event.consume();
            dialogs.closeRequested(bench, this::close);
        });
        bench.session().bundle().subscribe(this::title);
        bench.session().dirty().subscribe(this::title);
    }

    private void title() {
        Optional<Path> folder = bench.session().folder();
        String changed = bench.session().dirty().get() ? " *" : "";
        stage.setTitle(
                folder.map(path -> path.getFileName() + changed + " — Slipway").orElse("Slipway"));
    }

    private Node middle() {
        SplitPane editors = new SplitPane(form, source);
        editors.setDividerPositions(0.62);
        SplitPane upAndDown = new SplitPane(editors, lower());
        upAndDown.setOrientation(Orientation.VERTICAL);
        upAndDown.setDividerPositions(0.6);
        SplitPane whole = new SplitPane(side(), upAndDown);
        whole.setDividerPositions(0.155);
        SplitPane.setResizableWithParent(whole.getItems().getFirst(), false);
        return whole;
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
        bench.session().bundle().subscribe(folder -> {
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

    private TabPane lower() {
        tabs.setId("views");
        tabs.setTabClosingPolicy(TabPane.TabClosingPolicy.UNAVAILABLE);
        List<Node> views = List.of(
                new PlanView(bench.plan()),
                new ProblemsView(bench.problems()),
                new TraceView(bench.trace()),
                new HooksView(bench.hooks()),
                new ConsoleView(bench.console()));
        for (View view : View.values()) {
            Tab tab = new Tab("", views.get(view.ordinal()));
            tab.setId("tab-" + view.name().toLowerCase(java.util.Locale.ROOT));
            tabs.getTabs().add(tab);
        }
        bench.plan().count().subscribe(count -> name(View.PLAN, count));
        bench.problems().entries().subscribe(entries -> name(View.PROBLEMS, entries.size()));
        bench.trace()
                .rows()
                .subscribe(_ -> name(View.TRACE, (int) bench.trace().lines().stream()
                        .filter(line -> line.record().isPresent())
                        .count()));
        bench.hooks()
                .runs()
                .subscribe(() -> name(View.HOOKS, bench.hooks().runs().size()));
        name(View.HOOKS, 0);
        name(View.CONSOLE, 0);
        return tabs;
    }

    private void name(View view, int count) {
        String name = Texts.of("tab." + view.name().toLowerCase(java.util.Locale.ROOT));
        tabs.getTabs().get(view.ordinal()).setText(count == 0 ? name : name + "  " + count);
    }

    /** Undo takes back edits of form and source alike, so the field that has the keyboard must not undo by itself. */
    private void undoFirst(KeyEvent event) {
        if (!event.isShortcutDown() || event.isAltDown()) {
            return;
        }
        if (event.getCode() == KeyCode.Z && !event.isShiftDown()) {
            bench.session().undo();
            event.consume();
        } else if (event.getCode() == KeyCode.Y || (event.getCode() == KeyCode.Z && event.isShiftDown())) {
            bench.session().redo();
            event.consume();
        }
    }

    /** Brings one of the lower views to the front. */
    public void show(View view) {
        tabs.getSelectionModel().select(view.ordinal());
    }

    /** Goes to the next problem, or the one before. */
    void nextProblem(int by) {
        show(View.PROBLEMS);
        bench.problems()
                .step(by)
                .ifPresent(_ -> bench.session().broken().get().ifPresent(broken -> source.goTo(broken.offset())));
    }

    /** Gives the keyboard to the next pane, or the one before. */
    void nextPane(int by) {
        Panes panes = new Panes(List.of(bar, form, source, tabs, containers));
        panes.go(scene().getFocusOwner(), by);
    }

    /** Opens the palette. */
    void palette() {
        palette.show(scene());
    }

    /** Changes between light and dark. */
    void switchTheme() {
        theme = theme.other();
        theme.use();
        // the editor keeps the colours with which it painted its text
        Platform.runLater(source::repaint);
    }

    /** Opens a bundle, and says why if it can't be opened. */
    public void open(Path bundle) {
        bench.session().open(bundle, () -> {}, dialogs::tell);
    }

    /** Shows the window. */
    public void show() {
        stage.show();
    }

    public Scene scene() {
        return stage.getScene();
    }

    public SourceView source() {
        return source;
    }

    /** Closes everything. A popup that is still showing would bring the toolkit down with it, so those go first. */
    public void close() {
        bench.helper().close();
        List.copyOf(Window.getWindows()).reversed().forEach(Window::hide);
    }
}

package org.slipway.workbench.shell;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.control.SplitPane;
import javafx.scene.control.Tab;
import javafx.scene.control.TabPane;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.VBox;
import org.slipway.workbench.bundle.Selected;
import org.slipway.workbench.console.ConsoleView;
import org.slipway.workbench.form.FormView;
import org.slipway.workbench.hooks.HooksView;
import org.slipway.workbench.lifecycle.LifecycleBar;
import org.slipway.workbench.plan.PlanView;
import org.slipway.workbench.portability.PortabilityView;
import org.slipway.workbench.problems.ProblemsView;
import org.slipway.workbench.source.SourceView;
import org.slipway.workbench.text.Texts;
import org.slipway.workbench.trace.TraceView;

/** One bundle: the life of its container across the top, form beside source in the middle, plan and trace below. */
final class BundleView extends BorderPane {

    private final Workbench bench;
    private final LifecycleBar bar;
    private final FormView form;
    private final SourceView source;
    private final TabPane tabs = new TabPane();
    private final Map<String, SplitPane> splits;

    BundleView(Workbench bench, Map<String, Double> dividers, NoticeBar.Deeds deeds) {
        this.bench = bench;
        this.bar =
                new LifecycleBar(bench.lifecycle(), pointer -> bench.session().jump(pointer, Selected.Where.LIFECYCLE));
        this.form = new FormView(bench.form());
        this.source = new SourceView(bench.session());
        SplitPane editors = new SplitPane(form, source);
        editors.setDividerPositions(dividers.getOrDefault("editors", 0.62));
        SplitPane upAndDown = new SplitPane(editors, lower());
        upAndDown.setOrientation(Orientation.VERTICAL);
        upAndDown.setDividerPositions(dividers.getOrDefault("lower", 0.6));
        this.splits = Map.of("editors", editors, "lower", upAndDown);
        setTop(new VBox(bar, new NoticeBar(bench.session(), deeds)));
        setCenter(upAndDown);
    }

    private TabPane lower() {
        tabs.setId("views");
        tabs.setTabClosingPolicy(TabPane.TabClosingPolicy.UNAVAILABLE);
        List<Node> views = List.of(
                new PlanView(bench.plan()),
                new ProblemsView(bench.problems()),
                new TraceView(bench.trace()),
                new HooksView(bench.hooks()),
                new ConsoleView(bench.console()),
                new PortabilityView(bench.portability()));
        for (MainWindow.View view : MainWindow.View.values()) {
            Tab tab = new Tab("", views.get(view.ordinal()));
            tab.setId("tab-" + view.name().toLowerCase(Locale.ROOT));
            tabs.getTabs().add(tab);
        }
        bench.plan().count().subscribe(count -> name(MainWindow.View.PLAN, count));
        bench.problems().entries().subscribe(entries -> name(MainWindow.View.PROBLEMS, entries.size()));
        bench.trace()
                .rows()
                .subscribe(_ -> name(MainWindow.View.TRACE, (int) bench.trace().lines().stream()
                        .filter(line -> line.record().isPresent())
                        .count()));
        bench.hooks()
                .runs()
                .subscribe(
                        () -> name(MainWindow.View.HOOKS, bench.hooks().runs().size()));
        name(MainWindow.View.HOOKS, 0);
        name(MainWindow.View.CONSOLE, 0);
        name(MainWindow.View.PORTABILITY, 0);
        tabs.getTabs().getLast().selectedProperty().subscribe(front -> {
            if (front) {
                bench.portability().ask();
            }
        });
        return tabs;
    }

    private void name(MainWindow.View view, int count) {
        String name = Texts.of("tab." + view.name().toLowerCase(Locale.ROOT));
        tabs.getTabs().get(view.ordinal()).setText(count == 0 ? name : name + "  " + count);
    }

    /** Brings one of the lower views to the front. */
    void show(MainWindow.View view) {
        tabs.getSelectionModel().select(view.ordinal());
    }

    /** Its panes, in the order in which one key goes round them. */
    List<Node> panes() {
        return List.of(bar, form, source, tabs);
    }

    SourceView source() {
        return source;
    }

    Workbench bench() {
        return bench;
    }

    /** Where its panes are divided, by name. */
    Map<String, SplitPane> splits() {
        return splits;
    }
}

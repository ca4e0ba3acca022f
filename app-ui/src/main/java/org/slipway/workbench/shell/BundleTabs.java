package org.slipway.workbench.shell;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import javafx.beans.InvalidationListener;
import javafx.scene.control.Tab;
import javafx.scene.control.TabPane;
import javafx.scene.control.Tooltip;

/** The bundles that are open, as tabs; there are none to see while none is open. */
final class BundleTabs extends TabPane {

    private final Desk desk;
    private final Consumer<Workbench> close;
    private boolean filling;

    BundleTabs(Desk desk, Consumer<Workbench> close) {
        this.desk = desk;
        this.close = close;
        setId("bundles");
        getStyleClass().add("bundle-tabs");
        setTabClosingPolicy(TabClosingPolicy.ALL_TABS);
        setFocusTraversable(false);
        desk.open().addListener((InvalidationListener) _ -> fill());
        desk.front().subscribe(_ -> choose());
        getSelectionModel().selectedItemProperty().subscribe(tab -> {
            if (!filling && tab != null && tab.getUserData() instanceof Workbench bench) {
                desk.show(bench);
            }
        });
        fill();
    }

    /** Tabs that stay keep their place. */
    private void fill() {
        filling = true;
        List<Workbench> open = List.copyOf(desk.open());
        getTabs().removeIf(tab -> !(tab.getUserData() instanceof Workbench bench) || !open.contains(bench));
        for (int i = 0; i < open.size(); i++) {
            Workbench bench = open.get(i);
            if (getTabs().stream().noneMatch(tab -> bench.equals(tab.getUserData()))) {
                getTabs().add(i, tab(bench));
            }
        }
        filling = false;
        setVisible(!open.isEmpty());
        setManaged(!open.isEmpty());
        choose();
    }

    private Tab tab(Workbench bench) {
        Tab tab = new Tab();
        tab.setUserData(bench);
        Tooltip path = new Tooltip();
        path.textProperty()
                .bind(bench.session()
                        .bundle()
                        .map(folder -> folder.map(Path::toString).orElse("")));
        tab.setTooltip(path);
        tab.textProperty()
                .bind(bench.session()
                        .bundle()
                        .flatMap(folder -> bench.session()
                                .dirty()
                                .map(dirty -> folder.map(Path::getFileName)
                                        .map(name -> name + (dirty ? " *" : ""))
                                        .orElse(""))));
        tab.setOnCloseRequest(event -> {
            event.consume();
            close.accept(bench);
        });
        return tab;
    }

    private void choose() {
        filling = true;
        getTabs().stream()
                .filter(tab -> desk.front().get().equals(tab.getUserData()))
                .findFirst()
                .ifPresent(getSelectionModel()::select);
        filling = false;
    }
}

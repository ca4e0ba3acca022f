package org.slipway.workbench.lifecycle;

import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.slipway.workbench.text.Texts;

/** The life of a container drawn as a track: the stage it is in is lit, the ones behind it are filled. */
final class TrackView extends HBox {

    private static final PseudoClass PRESENT = PseudoClass.getPseudoClass("present");
    private static final PseudoClass PASSED = PseudoClass.getPseudoClass("passed");

    TrackView(LifecycleModel model) {
        setId("track");
        getStyleClass().add("track");
        setAlignment(Pos.TOP_CENTER);
        for (Stage stage : Stage.TRACK) {
            if (stage != Stage.TRACK.getFirst()) {
                Region rail = new Region();
                rail.getStyleClass().add("rail");
                HBox.setHgrow(rail, Priority.ALWAYS);
                getChildren().add(rail);
                model.stage()
                        .subscribe(now -> rail.pseudoClassStateChanged(PASSED, passed(stage, now) || stage == now));
            }
            getChildren().add(station(stage, model));
        }
        model.stage().subscribe(now -> setAccessibleText(Texts.of("stage." + now.key())));
    }

    private static VBox station(Stage stage, LifecycleModel model) {
        Region dot = new Region();
        dot.getStyleClass().add("dot");
        StackPane place = new StackPane(dot);
        place.getStyleClass().add("dot-place");
        Label name = new Label(Texts.of("stage." + stage.key()));
        name.getStyleClass().add("station-name");
        VBox station = new VBox(place, name);
        station.setAlignment(Pos.TOP_CENTER);
        station.getStyleClass().add("station");
        station.setId("stage-" + stage.key());
        model.stage().subscribe(now -> {
            station.pseudoClassStateChanged(PRESENT, stage == now);
            station.pseudoClassStateChanged(PASSED, passed(stage, now));
        });
        return station;
    }

    /** None is where everything begins, so it is passed as soon as there is something. */
    private static boolean passed(Stage stage, Stage now) {
        return stage.ordinal() < now.ordinal();
    }
}

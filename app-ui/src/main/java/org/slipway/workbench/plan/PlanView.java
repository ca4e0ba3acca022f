package org.slipway.workbench.plan;

import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.VBox;
import org.slipway.workbench.bundle.Selected;
import org.slipway.workbench.text.Texts;

/** The plan as a list: a click on a step selects the field that asked for it, in form and source. */
public final class PlanView extends BorderPane {

    /** The view of a plan. */
    public PlanView(PlanModel model) {
        ListView<StepRow> list = new ListView<>();
        list.setId("plan");
        list.getStyleClass().addAll("steps", "edge-to-edge");
        list.setPlaceholder(new Label(Texts.of("plan.empty")));
        list.setCellFactory(_ -> new StepCell(
                false,
                pointer -> model.session().select(pointer, Selected.Where.PLAN),
                pointer -> model.session().selected().get().touches(pointer)));
        list.getSelectionModel().selectedItemProperty().subscribe(row -> {
            if (row != null) {
                model.choose(row);
            }
        });
        Label reason = new Label();
        reason.setId("plan-reason");
        reason.getStyleClass().add("banner");
        reason.setWrapText(true);
        reason.setMaxWidth(Double.MAX_VALUE);
        reason.textProperty().bind(model.reason());
        reason.visibleProperty().bind(model.reason().isNotEmpty());
        reason.managedProperty().bind(reason.visibleProperty());
        Label changed = new Label();
        changed.setId("plan-changed");
        changed.getStyleClass().addAll("field-help", "plan-changed");
        changed.setMaxWidth(Double.MAX_VALUE);
        changed.managedProperty().bind(changed.visibleProperty());
        model.changed().subscribe(now -> {
            changed.setVisible(now.isPresent());
            changed.setText(now.map(known -> Texts.of("plan.changed", known.added(), known.removed()))
                    .orElse(""));
        });
        setTop(new VBox(reason, changed));
        setCenter(list);
        model.rows().subscribe(rows -> list.getItems().setAll(rows));
        model.session().selected().subscribe(selected -> {
            list.refresh();
            if (selected.where() != Selected.Where.PLAN) {
                show(list, selected);
            }
        });
    }

    private static void show(ListView<StepRow> list, Selected selected) {
        for (int i = 0; i < list.getItems().size(); i++) {
            if (list.getItems().get(i) instanceof StepRow.Line line
                    && line.pointer().filter(selected::touches).isPresent()) {
                list.scrollTo(Math.max(0, i - 1));
                return;
            }
        }
    }
}

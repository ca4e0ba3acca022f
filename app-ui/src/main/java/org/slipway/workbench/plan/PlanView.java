package org.slipway.workbench.plan;

import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;
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
        changed.getStyleClass().add("field-help");
        changed.setMaxWidth(Double.MAX_VALUE);
        model.changed().subscribe(now -> {
            changed.setVisible(now.isPresent());
            changed.setText(now.map(known -> Texts.of("plan.changed", known.added(), known.removed()))
                    .orElse(""));
        });
        Label forWhat = new Label(Texts.of("plan.machine"));
        forWhat.getStyleClass().add("field-help");
        forWhat.setMinWidth(Label.USE_PREF_SIZE);
        ComboBox<Machine> machine = new ComboBox<>();
        machine.setId("plan-machine");
        machine.getStyleClass().add("small");
        machine.getItems().setAll(Machine.values());
        machine.setConverter(new Titles());
        machine.valueProperty().bindBidirectional(model.machine());
        machine.setAccessibleText(Texts.of("plan.machine"));
        HBox.setHgrow(changed, Priority.ALWAYS);
        HBox line = new HBox(8, changed, forWhat, machine);
        line.getStyleClass().add("plan-line");
        setTop(new VBox(reason, line));
        setCenter(list);
        model.rows().subscribe(rows -> list.getItems().setAll(rows));
        model.session().selected().subscribe(selected -> {
            list.refresh();
            if (selected.where() != Selected.Where.PLAN) {
                show(list, selected);
            }
        });
    }

    private static final class Titles extends StringConverter<Machine> {
        @Override
        public String toString(Machine machine) {
            return machine.title();
        }

        @Override
        public Machine fromString(String title) {
            throw new UnsupportedOperationException("the machine is not typed in");
        }
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

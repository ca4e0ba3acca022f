package org.slipway.workbench.plan;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.slipway.model.plan.Origin;
import org.slipway.model.plan.Step;
import org.slipway.model.trace.StepRecord;
import org.slipway.workbench.text.Quantity;
import org.slipway.workbench.text.Said;
import org.slipway.workbench.text.Texts;

/** A line in a list of steps: number, who does it, the kernel call, the field that asked for it, and what became of it. */
public final class StepCell extends ListCell<StepRow> {

    private static final PseudoClass TOUCHED = PseudoClass.getPseudoClass("touched");

    private static final PseudoClass ADDED = PseudoClass.getPseudoClass("added");
    private static final PseudoClass REMOVED = PseudoClass.getPseudoClass("removed");

    private final Consumer<String> jump;
    private final boolean traced;
    private final java.util.function.Predicate<String> touched;

    /**
     * An empty cell.
     *
     * @param traced whether there are columns for result and time
     * @param jump goes to a member of the configuration
     * @param touched whether a member is selected, so that its steps light up
     */
    public StepCell(boolean traced, Consumer<String> jump, java.util.function.Predicate<String> touched) {
        this.traced = traced;
        this.jump = jump;
        this.touched = touched;
        getStyleClass().add("step-cell");
        // the calls are long: the list is as wide as the window, and a call that does not fit shows whole on hover
        setPrefWidth(0);
    }

    @Override
    protected void updateItem(StepRow row, boolean empty) {
        super.updateItem(row, empty);
        setText(null);
        setTooltip(null);
        pseudoClassStateChanged(TOUCHED, false);
        pseudoClassStateChanged(ADDED, row instanceof StepRow.Line line && line.change() == StepRow.Change.ADDED);
        pseudoClassStateChanged(REMOVED, row instanceof StepRow.Line line && line.change() == StepRow.Change.REMOVED);
        if (empty || row == null) {
            setGraphic(null);
            return;
        }
        switch (row) {
            case StepRow.Heading heading -> setGraphic(heading(heading));
            case StepRow.Line line -> {
                setGraphic(line(line));
                setTooltip(new Tooltip(Said.SENTENCES.step(line.step().op()) + "\n"
                        + line.step().op().call()));
                pseudoClassStateChanged(TOUCHED, line.pointer().filter(touched).isPresent());
            }
        }
    }

    private static HBox heading(StepRow.Heading heading) {
        Label name = new Label(Said.SENTENCES.phase(heading.phase()));
        name.getStyleClass().add("phase");
        Label plan = new Label(Texts.of("plan.kind." + heading.plan().name().toLowerCase(Locale.ROOT)));
        plan.getStyleClass().add("field-help");
        Label count =
                new Label(heading.steps() == 1 ? Texts.of("plan.one-step") : Texts.of("plan.steps", heading.steps()));
        count.getStyleClass().add("field-help");
        HBox box = new HBox(name, plan, count);
        box.getStyleClass().add("phase-row");
        box.setAlignment(Pos.BASELINE_LEFT);
        return box;
    }

    private HBox line(StepRow.Line line) {
        Step step = line.step();
        String sign = switch (line.change()) {
            case SAME -> String.valueOf(step.index());
            case ADDED -> "+" + step.index();
            case REMOVED -> "−";
        };
        Label number = fixed(new Label(sign), 34);
        number.getStyleClass().addAll("mono", "step-number");
        Label actor = fixed(new Label(step.actor().name().toLowerCase(Locale.ROOT)), 68);
        actor.getStyleClass().addAll("actor", "actor-" + actor.getText());
        HBox box = new HBox(number, actor);
        box.setAlignment(Pos.TOP_LEFT);
        box.getStyleClass().add("step-row");
        if (traced) {
            box.getChildren().addAll(result(line.record()), time(line.record()));
        }
        Label sentence = new Label(Said.SENTENCES.step(step.op()));
        sentence.setMinWidth(0);
        Label call = new Label(step.op().call().replace('\n', ' '));
        call.getStyleClass().addAll("mono", "call");
        call.setMinWidth(0);
        VBox words = new VBox(sentence, call);
        words.setMinWidth(0);
        HBox.setHgrow(words, Priority.ALWAYS);
        box.getChildren().addAll(words, origin(line));
        return box;
    }

    private Region origin(StepRow.Line line) {
        if (line.pointer().isPresent()) {
            String pointer = line.pointer().get();
            Hyperlink link = new Hyperlink(pointer.isEmpty() ? "/" : pointer);
            link.getStyleClass().addAll("mono", "field-link");
            link.setMinWidth(Region.USE_PREF_SIZE);
            link.setOnAction(_ -> jump.accept(pointer));
            return link;
        }
        Label rule = new Label(Texts.of("plan.required"));
        rule.getStyleClass().add("field-help");
        rule.setMinWidth(Region.USE_PREF_SIZE);
        if (line.step().origin() instanceof Origin.Default because) {
            rule.setTooltip(new Tooltip(Said.SENTENCES.origin(because)));
        }
        return rule;
    }

    private static Label result(Optional<StepRecord> record) {
        String key = record.map(found -> found.result().name().toLowerCase(Locale.ROOT))
                .orElse("waiting");
        Label label = fixed(new Label(Texts.of("trace." + key)), 76);
        label.getStyleClass().addAll("result", "result-" + key);
        return label;
    }

    private static Label time(Optional<StepRecord> record) {
        String time = record.filter(found -> found.endNanos() > 0)
                .map(found -> Quantity.time(found.endNanos() - found.startNanos()))
                .orElse("");
        Label label = fixed(new Label(time), 76);
        label.getStyleClass().addAll("mono", "time");
        return label;
    }

    private static Label fixed(Label label, double width) {
        label.setMinWidth(width);
        label.setPrefWidth(width);
        label.setMaxWidth(width);
        return label;
    }
}

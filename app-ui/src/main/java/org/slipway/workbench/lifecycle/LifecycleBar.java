package org.slipway.workbench.lifecycle;

import java.util.function.Consumer;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SplitMenuButton;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignD;
import org.kordamp.ikonli.materialdesign2.MaterialDesignP;
import org.kordamp.ikonli.materialdesign2.MaterialDesignS;
import org.slipway.model.state.Verb;
import org.slipway.workbench.text.ProblemText;
import org.slipway.workbench.text.Texts;

/** The bar across the window: where the container is in its life, and the buttons that move it on. */
public final class LifecycleBar extends VBox {

    private final LifecycleModel model;
    private final Button create = new Button(Texts.of("verb.create"), new FontIcon(MaterialDesignP.PLUS_BOX_OUTLINE));
    private final Button start = new Button(Texts.of("verb.start"), new FontIcon(MaterialDesignP.PLAY));
    private final SplitMenuButton kill = new SplitMenuButton();
    private final Button delete = new Button(Texts.of("verb.delete"), new FontIcon(MaterialDesignD.DELETE_OUTLINE));

    /** The bar of a lifecycle; {@code jump} goes to a member of the configuration. */
    public LifecycleBar(LifecycleModel model, Consumer<String> jump) {
        this.model = model;
        getStyleClass().add("lifecycle");
        TrackView track = new TrackView(model);
        HBox.setHgrow(track, Priority.ALWAYS);
        HBox top = new HBox(identity(), track);
        top.getStyleClass().add("lifecycle-top");
        top.setAlignment(Pos.CENTER_LEFT);
        getChildren().addAll(top, buttons(), failure(jump));
    }

    private Node identity() {
        TextField id = new TextField();
        id.setId("container-id");
        id.getStyleClass().add("mono");
        id.textProperty().bindBidirectional(model.id());
        id.setPrefColumnCount(14);
        id.setTooltip(new Tooltip(Texts.of("lifecycle.id.help")));
        id.setAccessibleText(Texts.of("lifecycle.id"));
        Label now = new Label();
        now.setId("container-state");
        now.getStyleClass().add("field-help");
        model.container().subscribe(_ -> now.setText(sentence()));
        model.stage().subscribe(_ -> now.setText(sentence()));
        model.seen().subscribe(_ -> now.setText(sentence()));
        VBox box = new VBox(id, now);
        box.getStyleClass().add("identity");
        return box;
    }

    private String sentence() {
        String known = known();
        return !model.seen().get()
                ? known
                : model.container().get().isPresent()
                        ? Texts.of("lifecycle.last-seen", known)
                        : Texts.of("lifecycle.unknown");
    }

    private String known() {
        return model.container()
                .get()
                .map(container -> container
                        .exit()
                        .map(exit -> exit.known()
                                ? Texts.of("lifecycle.exited", exit.status())
                                : Texts.of("lifecycle.exit-unknown"))
                        .orElseGet(() -> container
                                .pid()
                                .map(pid -> Texts.of("lifecycle.pid", container.status(), pid))
                                .orElse(container.status())))
                .orElse(Texts.of("lifecycle.none"));
    }

    private Node buttons() {
        ready(create, "create", model.whyNotCreate());
        create.setOnAction(_ -> model.create());
        ready(start, "start", model.whyNot(Verb.START));
        start.setOnAction(_ -> model.start());
        kill.setText(Texts.of("verb.kill"));
        kill.setGraphic(new FontIcon(MaterialDesignS.STOP));
        ready(kill, "kill", model.whyNot(Verb.KILL));
        kill.setOnAction(_ -> model.kill("TERM"));
        for (String signal : LifecycleModel.signals()) {
            MenuItem item = new MenuItem(Texts.of("lifecycle.signal." + signal));
            item.setId("kill-" + signal);
            item.setOnAction(_ -> model.kill(signal));
            kill.getItems().add(item);
        }
        ready(delete, "delete", model.whyNot(Verb.DELETE));
        delete.setOnAction(_ -> model.delete());
        Label drift = new Label(Texts.of("lifecycle.drift"));
        drift.setId("drift");
        drift.getStyleClass().add("drift");
        Hyperlink again = new Hyperlink(Texts.of("lifecycle.recreate"));
        again.setId("recreate");
        again.setOnAction(_ -> model.recreate());
        HBox drifted = new HBox(drift, again);
        drifted.getStyleClass().add("drifted");
        drifted.setAlignment(Pos.CENTER_LEFT);
        drifted.visibleProperty().bind(model.drift());
        drifted.managedProperty().bind(drifted.visibleProperty());
        Label elsewhere = new Label();
        elsewhere.setId("elsewhere");
        elsewhere.getStyleClass().add("field-help");
        elsewhere
                .textProperty()
                .bind(model.elsewhere().map(path -> path.isEmpty() ? "" : Texts.of("lifecycle.elsewhere", path)));
        Label why = new Label();
        why.setId("why-not");
        why.getStyleClass().add("field-help");
        why.textProperty().bind(whyNothing());
        Region room = new Region();
        HBox.setHgrow(room, Priority.ALWAYS);
        Region gap = new Region();
        gap.getStyleClass().add("button-gap");
        HBox row = new HBox(
                holder(create), holder(start), holder(kill), gap, holder(delete), why, room, elsewhere, drifted);
        row.setAlignment(Pos.CENTER_LEFT);
        row.getStyleClass().add("verbs");
        return row;
    }

    /** Beside the buttons, without hovering: why nothing can be made now. Where a container is, its state says enough. */
    private ObservableValue<String> whyNothing() {
        return javafx.beans.binding.Bindings.createStringBinding(
                () -> {
                    String busy = model.busy().get();
                    if (!busy.isEmpty()) {
                        return Texts.of("lifecycle.busy", Texts.of("verb." + busy));
                    }
                    return model.container().get().isPresent()
                            ? ""
                            : model.whyNotCreate().get();
                },
                model.busy(),
                model.container(),
                model.whyNotCreate());
    }

    private static void ready(ButtonBase button, String verb, ObservableValue<String> whyNot) {
        button.setId(verb);
        button.getStyleClass().add("verb");
        button.disableProperty().bind(whyNot.map(why -> !why.isEmpty()));
        button.setMinWidth(Region.USE_PREF_SIZE);
    }

    /** A disabled control gets no mouse, so what holds it tells why it is disabled. */
    private StackPane holder(Node button) {
        StackPane holder = new StackPane(button);
        holder.setMinWidth(Region.USE_PREF_SIZE);
        Tooltip tooltip = new Tooltip();
        ObservableValue<String> whyNot = button.equals(create)
                ? model.whyNotCreate()
                : model.whyNot(button.equals(start) ? Verb.START : button.equals(kill) ? Verb.KILL : Verb.DELETE);
        tooltip.textProperty()
                .bind(whyNot.map(why -> why.isEmpty() ? Texts.of("verb." + button.getId() + ".help") : why));
        Tooltip.install(holder, tooltip);
        holder.accessibleTextProperty().bind(tooltip.textProperty());
        return holder;
    }

    private Node failure(Consumer<String> jump) {
        Label sentence = new Label();
        sentence.setId("failure");
        sentence.setWrapText(true);
        sentence.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(sentence, Priority.ALWAYS);
        Hyperlink field = new Hyperlink();
        field.setId("failure-field");
        field.getStyleClass().add("mono");
        field.setMinWidth(Region.USE_PREF_SIZE);
        field.managedProperty().bind(field.visibleProperty());
        Button dismiss = new Button("✕");
        dismiss.setId("dismiss");
        dismiss.getStyleClass().addAll("flat", "small");
        dismiss.setAccessibleText(Texts.of("lifecycle.dismiss"));
        dismiss.setTooltip(new Tooltip(Texts.of("lifecycle.dismiss")));
        dismiss.setOnAction(_ -> model.dismiss());
        HBox box = new HBox(sentence, field, dismiss);
        box.setAlignment(Pos.CENTER_LEFT);
        box.getStyleClass().addAll("banner", "error");
        box.managedProperty().bind(box.visibleProperty());
        model.failure().subscribe(failed -> {
            box.setVisible(failed.isPresent());
            failed.ifPresent(now -> {
                sentence.setText("✗ " + ProblemText.sentence(now.verb(), now.problem()));
                field.setVisible(now.pointer().isPresent());
                field.setText(now.pointer().orElse(""));
                field.setOnAction(_ -> now.pointer().ifPresent(jump));
            });
        });
        return box;
    }
}

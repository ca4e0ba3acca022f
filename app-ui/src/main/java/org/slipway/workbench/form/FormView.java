package org.slipway.workbench.form;

import java.util.List;
import java.util.Optional;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import org.controlsfx.control.SegmentedButton;
import org.slipway.model.finding.Finding;
import org.slipway.model.finding.Severity;
import org.slipway.model.json.Document;
import org.slipway.workbench.bundle.Selected;
import org.slipway.workbench.bundle.Session;
import org.slipway.workbench.text.Texts;

/** The form: an outline with the number of findings of each section, and below it the fields. */
public final class FormView extends BorderPane {

    private final Session session;
    private final Places places = new Places();
    private final VBox fields = new VBox();
    private final ScrollPane scroll = new ScrollPane(fields);

    /** The view of a form. */
    public FormView(FormModel model) {
        session = model.session();
        getStyleClass().add("form");
        fields.getStyleClass().add("form-fields");
        scroll.setFitToWidth(true);
        SegmentedButton outline = new SegmentedButton();
        FieldViews views = new FieldViews(places);
        for (FormModel.Section section : model.sections()) {
            VBox box = new VBox();
            box.getStyleClass().add("form-section");
            Label title = new Label(Texts.of("form.section." + section.key()));
            title.getStyleClass().add("section-title");
            box.getChildren().add(title);
            section.fields().forEach(field -> box.getChildren().add(views.of(field)));
            fields.getChildren().add(box);
            outline.getButtons().add(outlineButton(section, box));
        }
        HBox row = new HBox(outline);
        row.getStyleClass().add("outline");
        VBox top = new VBox(broken(), row);
        setTop(top);
        setCenter(scroll);
        session.selected().subscribe(this::reveal);
        session.broken().subscribe(broken -> fields.setDisable(broken.isPresent()));
    }

    /** Goes to a section; pressed in while the chosen field is one of its own. */
    private ToggleButton outlineButton(FormModel.Section section, Node target) {
        ToggleButton button = new ToggleButton();
        button.getStyleClass().addAll("outline-button", "small");
        button.setId("outline-" + section.key());
        button.setOnAction(_ -> {
            button.setSelected(true);
            scrollTo(target, true);
        });
        session.selected().subscribe(selected -> {
            if (section.fields().stream().anyMatch(field -> Selected.within(selected.pointer(), field.pointer()))) {
                button.setSelected(true);
            }
        });
        session.findings().subscribe(findings -> {
            List<Finding> mine = findings.stream()
                    .filter(finding -> section.fields().stream()
                            .anyMatch(field -> Selected.within(finding.pointer(), field.pointer())))
                    .toList();
            String name = Texts.of("form.section." + section.key());
            button.setText(mine.isEmpty() ? name : name + "  ● " + mine.size());
            boolean grave = mine.stream().anyMatch(finding -> finding.severity() == Severity.ERROR);
            button.pseudoClassStateChanged(Places.ERROR, grave);
            button.pseudoClassStateChanged(
                    Places.WARNING,
                    !grave && mine.stream().anyMatch(finding -> finding.severity() == Severity.WARNING));
        });
        return button;
    }

    private Node broken() {
        Label label = new Label();
        label.setId("form-broken");
        label.getStyleClass().add("banner");
        label.setWrapText(true);
        label.setMaxWidth(Double.MAX_VALUE);
        label.managedProperty().bind(label.visibleProperty());
        session.broken().subscribe(broken -> {
            label.setVisible(broken.isPresent());
            label.setText(broken.map(FormView::sentence).orElse(""));
        });
        return label;
    }

    private static String sentence(Document.Broken broken) {
        return Texts.of(
                "form.broken", broken.line(), broken.column(), org.slipway.workbench.text.FindingText.sentence(broken));
    }

    private void reveal(Selected selected) {
        places.mark(selected.pointer());
        if (selected.where() == Selected.Where.FORM) {
            return;
        }
        Optional<Node> place = places.nearest(selected.pointer());
        place.ifPresent(node -> {
            scrollTo(node, false);
            if (selected.jump()) {
                places.focus(node);
            }
        });
    }

    private void scrollTo(Node node, boolean toTop) {
        fields.applyCss();
        scroll.layout();
        Bounds inside = fields.sceneToLocal(node.localToScene(node.getLayoutBounds()));
        double height = scroll.getViewportBounds().getHeight();
        double room = fields.getHeight() - height;
        double top = scroll.getVvalue() * Math.max(0, room);
        boolean seen = inside.getMinY() >= top && inside.getMaxY() <= top + height;
        if (room > 0 && (toTop || !seen)) {
            double wanted = toTop ? inside.getMinY() : inside.getCenterY() - height / 2;
            scroll.setVvalue(Math.clamp(wanted / room, 0, 1));
        }
    }
}

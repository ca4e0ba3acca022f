package org.slipway.workbench.form;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javafx.application.Platform;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.VBox;
import org.slipway.model.finding.Finding;
import org.slipway.model.finding.Severity;
import org.slipway.model.json.Document;
import org.slipway.workbench.bundle.Selected;
import org.slipway.workbench.bundle.Session;
import org.slipway.workbench.seccomp.CallsModel;
import org.slipway.workbench.seccomp.CallsView;
import org.slipway.workbench.text.FindingText;
import org.slipway.workbench.text.Texts;

/** The form: an outline of its pages with the number of findings of each, and beside it the fields of one page. */
public final class FormView extends BorderPane {

    private final FormModel model;
    private final Session session;
    private final Places places = new Places();
    private final FieldViews views = new FieldViews(places);
    private final Map<String, VBox> pages = new HashMap<>();
    private final Map<String, ToggleButton> outline = new LinkedHashMap<>();
    private final ScrollPane scroll = new ScrollPane();
    private String shown = "";

    /** The view of a form. */
    public FormView(FormModel model) {
        this.model = model;
        this.session = model.session();
        getStyleClass().add("form");
        scroll.setId("form-page");
        scroll.setFitToWidth(true);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        setTop(broken());
        setLeft(outline());
        setCenter(scroll);
        show(model.sections().getFirst());
        session.selected().subscribe(this::reveal);
        session.bundle().subscribe(folder -> {
            if (folder.isPresent()) {
                Platform.runLater(this::begin);
            }
        });
    }

    private ScrollPane outline() {
        VBox list = new VBox();
        list.getStyleClass().add("outline");
        ToggleGroup group = new ToggleGroup();
        for (FormModel.Section section : model.sections()) {
            ToggleButton button = outlineButton(section);
            button.setToggleGroup(group);
            outline.put(section.key(), button);
            list.getChildren().add(button);
        }
        ScrollPane pane = new ScrollPane(list);
        pane.getStyleClass().add("outline-pane");
        pane.setFitToWidth(true);
        pane.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        return pane;
    }

    /** Goes to a page; stays pressed in while that page is shown. */
    private ToggleButton outlineButton(FormModel.Section section) {
        ToggleButton button = new ToggleButton();
        button.getStyleClass().addAll("outline-button", "flat", "small");
        button.setId("outline-" + section.key());
        button.setMaxWidth(Double.MAX_VALUE);
        button.setOnAction(_ -> {
            show(section);
            scroll.setVvalue(0);
        });
        session.findings().subscribe(findings -> {
            List<Finding> mine = findings.stream()
                    .filter(finding -> section.holds(finding.pointer()))
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

    /** Shows a page; its controls are made when it is first looked at. */
    private void show(FormModel.Section section) {
        Objects.requireNonNull(outline.get(section.key())).setSelected(true);
        if (!shown.equals(section.key())) {
            shown = section.key();
            scroll.setContent(pages.computeIfAbsent(shown, _ -> page(section)));
        }
    }

    private VBox page(FormModel.Section section) {
        VBox page = new VBox();
        page.getStyleClass().add("form-fields");
        Label title = new Label(Texts.of("form.section." + section.key()));
        title.getStyleClass().add("section-title");
        page.getChildren().add(title);
        if (section.key().equals("seccomp")) {
            page.getChildren().add(new CallsView(new CallsModel(session)));
        }
        for (FormModel.Group group : section.groups()) {
            if (!group.name().isEmpty()) {
                Label heading = new Label(Texts.of("form.group." + group.name()));
                heading.getStyleClass().add("group-title");
                page.getChildren().add(heading);
            }
            group.fields().forEach(field -> page.getChildren().add(views.of(field, title.getText())));
        }
        session.broken().subscribe(broken -> page.setDisable(broken.isPresent()));
        return page;
    }

    /** A bundle was opened: its first page is shown, and the keyboard stands in the arguments. */
    private void begin() {
        show(model.sections().getFirst());
        scroll.setVvalue(0);
        places.nearest("/process/args").ifPresent(places::focus);
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
        return Texts.of("form.broken", broken.line(), broken.column(), FindingText.sentence(broken));
    }

    private void reveal(Selected selected) {
        if (selected.where() != Selected.Where.FORM) {
            model.sectionOf(selected.pointer()).ifPresent(this::show);
        }
        places.mark(selected.pointer());
        if (selected.where() == Selected.Where.FORM) {
            return;
        }
        Optional<Node> place = places.nearest(selected.pointer());
        place.ifPresent(node -> {
            scrollTo(node);
            if (selected.jump()) {
                places.focus(node);
            }
        });
    }

    private void scrollTo(Node node) {
        if (!(scroll.getContent() instanceof VBox page) || node.getScene() == null) {
            return;
        }
        page.applyCss();
        scroll.layout();
        Bounds inside = page.sceneToLocal(node.localToScene(node.getLayoutBounds()));
        double height = scroll.getViewportBounds().getHeight();
        double room = page.getHeight() - height;
        double top = scroll.getVvalue() * Math.max(0, room);
        boolean seen = inside.getMinY() >= top && inside.getMaxY() <= top + height;
        if (room > 0 && !seen) {
            // what is higher than the window is shown from its beginning
            double wanted = inside.getHeight() > height ? inside.getMinY() : inside.getCenterY() - height / 2;
            scroll.setVvalue(Math.clamp(wanted / room, 0, 1));
        }
    }
}

package org.slipway.workbench.form;

import java.util.List;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;
import org.slipway.model.finding.Finding;
import org.slipway.model.finding.Severity;
import org.slipway.workbench.text.FindingText;
import org.slipway.workbench.text.Texts;

/** Makes the controls of fields: a label, what edits the value, one plain sentence, and what is wrong with it. */
final class FieldViews {

    private final Places places;

    FieldViews(Places places) {
        this.places = places;
    }

    /** The controls of one field. */
    Node of(Field field) {
        Node node = switch (field) {
            case ValueField value -> single(field, line(value, "field-" + value.key()));
            case FlagField flag -> single(field, flag(flag));
            case RowsField rows -> new RowsView(rows, this, places);
            case NamespacesField namespaces -> namespaces(namespaces);
        };
        places.put(field.pointer(), node);
        return node;
    }

    private static Node single(Field field, Node control) {
        return labelled(field, control, findings(field));
    }

    static HBox labelled(Field field, Node... content) {
        Label label = new Label(Texts.of("form." + field.key()));
        label.getStyleClass().add("field-label");
        Label help = new Label(Texts.of("form." + field.key() + ".help"));
        help.getStyleClass().add("field-help");
        help.setWrapText(true);
        VBox right = new VBox(content);
        right.getStyleClass().add("field-content");
        right.getChildren().add(1, help);
        HBox.setHgrow(right, Priority.ALWAYS);
        HBox box = new HBox(label, right);
        box.getStyleClass().add("field");
        return box;
    }

    /** A text field that edits a value. */
    TextField line(ValueField field, String id) {
        TextField control = new TextField();
        control.setId(id);
        control.textProperty().bindBidirectional(field.text());
        control.editableProperty().bind(field.editable());
        control.setAccessibleText(Texts.of("form." + field.key()));
        control.focusedProperty().subscribe(focused -> {
            if (focused) {
                field.entered();
            }
        });
        if (field.codec() != Codec.NUMBER && field.codec() != Codec.SIZE) {
            control.getStyleClass().add("mono");
        }
        Runnable mark = () -> mark(control, field);
        field.understood().subscribe(mark);
        field.findings().subscribe(mark);
        Tooltip exact = new Tooltip();
        exact.textProperty()
                .bind(field.text()
                        .map(text -> field.editable().get() ? exact(field, text) : Texts.of("form.source-only")));
        control.setTooltip(exact);
        return control;
    }

    private static void mark(TextField control, ValueField field) {
        boolean error = !field.understood().get()
                || field.findings().get().stream().anyMatch(finding -> finding.severity() == Severity.ERROR);
        control.pseudoClassStateChanged(Places.ERROR, error);
        control.pseudoClassStateChanged(
                Places.WARNING, !error && !field.findings().get().isEmpty());
    }

    private static String exact(ValueField field, String text) {
        return field.codec() == Codec.SIZE
                ? field.codec()
                        .read(text)
                        .map(bytes -> Texts.of("form.bytes", bytes))
                        .orElse(text)
                : text;
    }

    private static CheckBox flag(FlagField field) {
        CheckBox control = new CheckBox(Texts.of("form." + field.key() + ".on"));
        control.setId("field-" + field.key());
        control.selectedProperty().bindBidirectional(field.on());
        control.focusedProperty().subscribe(focused -> {
            if (focused) {
                field.entered();
            }
        });
        return control;
    }

    private Node namespaces(NamespacesField field) {
        VBox rows = new VBox();
        rows.getStyleClass().add("rows");
        for (NamespacesField.Kind kind : field.kinds()) {
            Label name = new Label(kind.type());
            name.getStyleClass().addAll("namespace-name", "mono");
            ComboBox<NamespacesField.Choice> choice = new ComboBox<>();
            choice.setId("namespace-" + kind.type());
            choice.getItems().setAll(NamespacesField.Choice.values());
            choice.setConverter(new Words());
            choice.setMinWidth(124);
            choice.setPrefWidth(124);
            choice.valueProperty().bindBidirectional(kind.choice());
            choice.focusedProperty().subscribe(focused -> {
                if (focused) {
                    field.session.select(kind.pointer(), org.slipway.workbench.bundle.Selected.Where.FORM);
                }
            });
            TextField path = new TextField();
            path.setId("namespace-path-" + kind.type());
            path.getStyleClass().add("mono");
            path.textProperty().bindBidirectional(kind.path());
            path.visibleProperty().bind(kind.choice().map(NamespacesField.Choice.JOIN::equals));
            HBox.setHgrow(path, Priority.ALWAYS);
            Label what = new Label(Texts.of("form.namespace." + kind.type()));
            what.getStyleClass().add("field-help");
            what.managedProperty().bind(what.visibleProperty());
            what.visibleProperty().bind(path.visibleProperty().not());
            path.managedProperty().bind(path.visibleProperty());
            HBox row = new HBox(name, choice, what, path);
            row.setAlignment(Pos.CENTER_LEFT);
            row.getStyleClass().add("row");
            rows.getChildren().add(row);
        }
        Label help = new Label(Texts.of("form." + field.key() + ".help"));
        help.getStyleClass().add("field-help");
        help.setWrapText(true);
        VBox box = new VBox(help, rows, findings(field));
        box.getStyleClass().add("field-table");
        return box;
    }

    private static final class Words extends StringConverter<NamespacesField.Choice> {
        @Override
        public String toString(NamespacesField.Choice choice) {
            return Texts.of("form.choice." + choice.name().toLowerCase(java.util.Locale.ROOT));
        }

        @Override
        public NamespacesField.Choice fromString(String word) {
            throw new UnsupportedOperationException("the list of choices is not typed in");
        }
    }

    /** What is wrong with a field, each finding a line of its own. */
    static VBox findings(Field field) {
        VBox box = new VBox();
        Runnable fill = () -> {
            box.getChildren().clear();
            if (field instanceof ValueField value && !value.understood().get()) {
                box.getChildren()
                        .add(message(
                                "error",
                                "✗ " + Texts.of("form.expected." + value.codec().name())));
            }
            show(box, field.findings().get());
        };
        field.findings().subscribe(fill);
        if (field instanceof ValueField value) {
            value.understood().subscribe(fill);
        }
        return box;
    }

    static void show(VBox box, List<Finding> findings) {
        for (Finding finding : findings) {
            String text = FindingText.mark(finding.severity()) + " " + FindingText.sentence(finding);
            box.getChildren().add(message(FindingText.styleClass(finding.severity()), text));
        }
        boolean any = !box.getChildren().isEmpty();
        box.setVisible(any);
        box.setManaged(any);
    }

    private static Label message(String styleClass, String text) {
        Label label = new Label(text);
        label.getStyleClass().addAll("finding", styleClass);
        label.setWrapText(true);
        return label;
    }
}

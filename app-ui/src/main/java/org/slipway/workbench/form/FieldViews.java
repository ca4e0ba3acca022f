package org.slipway.workbench.form;

import java.util.List;
import java.util.Locale;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;
import org.slipway.model.finding.Finding;
import org.slipway.model.finding.Severity;
import org.slipway.workbench.bundle.Selected;
import org.slipway.workbench.disk.Rootfs;
import org.slipway.workbench.text.FindingText;
import org.slipway.workbench.text.Texts;

/** Makes the controls of fields: a label, what edits the value, one plain sentence, and what is wrong with it. */
final class FieldViews {

    private final Places places;

    FieldViews(Places places) {
        this.places = places;
    }

    /** The controls of one field, on a page with that title. */
    Node of(Field field, String pageTitle) {
        Node node = switch (field) {
            case ValueField value ->
                labelled(
                        field,
                        withPeople(value, withUnit(value, cell(value, "field-" + value.key()))),
                        findings(field));
            case FlagField flag -> labelled(field, flag(flag), findings(field));
            case RowsField rows -> new RowsView(rows, this, places, pageTitle);
            case NamespacesField namespaces -> namespaces(namespaces);
            case CapabilitiesField capabilities -> new CapabilitiesView(capabilities);
        };
        places.put(field.pointer(), node);
        return node;
    }

    /** A field's words to the left, what edits it to the right, and below it a sentence and the findings. */
    static HBox labelled(Field field, Node control, Node findings) {
        Label label = label(field);
        label.getStyleClass().add("field-label");
        VBox right = new VBox(control);
        right.getStyleClass().add("field-content");
        boolean saidAlready = field instanceof FlagField && !Texts.has("form." + field.key() + ".on");
        if (!saidAlready) {
            Label help = new Label(field.help());
            help.getStyleClass().add("field-help");
            help.setWrapText(true);
            right.getChildren().add(help);
        }
        right.getChildren().add(findings);
        HBox.setHgrow(right, Priority.ALWAYS);
        HBox box = new HBox(new VBox(label, resetter(field)), right);
        box.getStyleClass().add("field");
        return box;
    }

    /** The field's words: strong while the member is there, faint while its default holds; all that is known of it on hover. */
    static Label label(Field field) {
        Label label = new Label(Texts.of("form." + field.key()));
        label.setWrapText(true);
        label.setTooltip(new Tooltip(field.lore()));
        field.present().subscribe(present -> label.pseudoClassStateChanged(Places.ABSENT, !present));
        return label;
    }

    /** The mark of a value that is not the default, which takes it back to that. */
    static Hyperlink resetter(Field field) {
        Hyperlink reset = new Hyperlink(Texts.of("form.reset.mark"));
        reset.setId("reset-" + field.key());
        reset.getStyleClass().add("reset");
        // going to a field means its control; by key the menu has this
        reset.setFocusTraversable(false);
        reset.setTooltip(new Tooltip(field.afterReset()));
        reset.setAccessibleText(Texts.of("form." + field.key()) + ": " + field.afterReset());
        reset.visibleProperty().bind(field.differs());
        reset.managedProperty().bind(reset.visibleProperty());
        reset.setOnAction(_ -> {
            reset.setVisited(false);
            field.reset();
        });
        return reset;
    }

    /** A user may be chosen by name, from those that the root filesystem has. */
    private static Node withPeople(ValueField field, Node control) {
        if (!field.pointer().equals("/process/user/uid")) {
            return control;
        }
        PeopleModel people = new PeopleModel(field.session);
        MenuButton choose = new MenuButton(Texts.of("form.people"));
        choose.setId("people");
        choose.getStyleClass().add("small");
        choose.setMinWidth(Region.USE_PREF_SIZE);
        choose.setTooltip(new Tooltip(Texts.of("form.people.help")));
        choose.getItems().setAll(none());
        choose.setOnShowing(_ -> people.read(found -> {
            if (found.isEmpty()) {
                choose.getItems().setAll(none());
                return;
            }
            choose.getItems()
                    .setAll(found.stream().map(person -> item(people, person)).toList());
        }));
        HBox.setHgrow(control, Priority.ALWAYS);
        HBox row = new HBox(control, choose);
        row.setAlignment(Pos.CENTER_LEFT);
        row.getStyleClass().add("row");
        return row;
    }

    private static MenuItem none() {
        MenuItem none = new MenuItem(Texts.of("form.people.none"));
        none.setDisable(true);
        return none;
    }

    private static MenuItem item(PeopleModel people, Rootfs.Person person) {
        MenuItem item = new MenuItem(Texts.of("form.people.one", person.name(), person.uid(), person.gid()));
        item.setMnemonicParsing(false);
        item.setOnAction(_ -> people.choose(person));
        return item;
    }

    private static Node withUnit(ValueField field, Node control) {
        String unit = field.codec() == Codec.NUMBER ? field.member().unit().orElse("") : "";
        if (unit.isEmpty()) {
            return control;
        }
        Label label = new Label(unit);
        label.getStyleClass().add("field-help");
        label.setMinWidth(Region.USE_PREF_SIZE);
        HBox.setHgrow(control, Priority.ALWAYS);
        HBox row = new HBox(control, label);
        row.setAlignment(Pos.CENTER_LEFT);
        row.getStyleClass().add("row");
        return row;
    }

    /** What edits a value: a list to choose from, chips, or a line of text. */
    Region cell(ValueField field, String id) {
        if (field.codec() == Codec.CHIPS) {
            return new ChipsView(field, id);
        }
        return field.choices().isEmpty() ? line(field, id) : choice(field, id);
    }

    /** A line of text that edits a value. */
    TextField line(ValueField field, String id) {
        TextField control = new TextField();
        bind(control, field, id);
        return control;
    }

    private static ComboBox<String> choice(ValueField field, String id) {
        ComboBox<String> choice = new ComboBox<>();
        choice.setEditable(true);
        choice.getItems().setAll(field.choices());
        choice.setMaxWidth(Double.MAX_VALUE);
        choice.setMinWidth(0);
        choice.setPrefWidth(120);
        choice.setVisibleRowCount(12);
        choice.getStyleClass().add("choice");
        bind(choice.getEditor(), field, id);
        choice.disableProperty().bind(field.editable().not());
        choice.setAccessibleText(Texts.of("form." + field.key()));
        // the list holds what stands in the line, so that leaving it does not put an older value back
        field.text().subscribe(text -> {
            if (!text.equals(choice.getValue())) {
                choice.setValue(text);
            }
        });
        return choice;
    }

    private static void bind(TextField control, ValueField field, String id) {
        control.setId(id);
        control.textProperty().bindBidirectional(field.text());
        control.editableProperty().bind(field.editable());
        control.setAccessibleText(Texts.of("form." + field.key()));
        field.member().standard().ifPresent(value -> control.setPromptText(Texts.of("form.default", value)));
        control.focusedProperty().subscribe(focused -> {
            if (focused) {
                field.entered();
            }
        });
        if (field.codec() != Codec.NUMBER && field.codec() != Codec.SIZE) {
            control.getStyleClass().add("mono");
        }
        Runnable mark = () -> mark(control, field);
        mark.run();
        field.understood().subscribe(mark);
        field.findings().subscribe(mark);
        Tooltip exact = new Tooltip();
        exact.textProperty()
                .bind(field.text()
                        .map(text -> field.editable().get()
                                ? exact(field, text) + field.lore()
                                : Texts.of("form.source-only")));
        control.setTooltip(exact);
    }

    static void mark(Node control, ValueField field) {
        boolean error = !field.understood().get()
                || field.findings().get().stream().anyMatch(finding -> finding.severity() == Severity.ERROR);
        control.pseudoClassStateChanged(Places.ERROR, error);
        control.pseudoClassStateChanged(
                Places.WARNING, !error && !field.findings().get().isEmpty());
    }

    private static String exact(ValueField field, String text) {
        if (field.codec() == Codec.SIZE) {
            return field.codec()
                    .read(text)
                    .map(bytes -> Texts.of("form.bytes", bytes) + "\n")
                    .orElse("");
        }
        return text.isEmpty() ? "" : text + "\n";
    }

    private static CheckBox flag(FlagField field) {
        String on = "form." + field.key() + ".on";
        CheckBox control = new CheckBox(Texts.has(on) ? Texts.of(on) : field.help());
        control.setWrapText(true);
        control.setId("field-" + field.key());
        control.setTooltip(new Tooltip(field.lore()));
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
            rows.getChildren().add(namespace(field, kind));
        }
        Label help = new Label(field.help());
        help.getStyleClass().add("field-help");
        help.setWrapText(true);
        VBox box = new VBox(help, rows, findings(field));
        box.getStyleClass().add("field-table");
        return box;
    }

    private static HBox namespace(NamespacesField field, NamespacesField.Kind kind) {
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
                field.session.select(kind.pointer(), Selected.Where.FORM);
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
        what.setWrapText(true);
        what.setMinHeight(Region.USE_PREF_SIZE);
        what.managedProperty().bind(what.visibleProperty());
        what.visibleProperty().bind(path.visibleProperty().not());
        path.managedProperty().bind(path.visibleProperty());
        HBox row = new HBox(name, choice, what, path);
        row.setAlignment(Pos.CENTER_LEFT);
        row.getStyleClass().add("row");
        return row;
    }

    private static final class Words extends StringConverter<NamespacesField.Choice> {
        @Override
        public String toString(NamespacesField.Choice choice) {
            return Texts.of("form.choice." + choice.name().toLowerCase(Locale.ROOT));
        }

        @Override
        public NamespacesField.Choice fromString(String word) {
            throw new UnsupportedOperationException("the list of choices is not typed in");
        }
    }

    /** What is wrong with a field, each finding a line of its own, with its fix where there is one. */
    static VBox findings(Field field) {
        VBox box = new VBox();
        Runnable fill = () -> {
            box.getChildren().clear();
            if (field instanceof ValueField value && !value.understood().get()) {
                String expected =
                        "✗ " + Texts.of("form.expected." + value.codec().name());
                box.getChildren().add(message("error", expected));
            }
            show(box, field, field.findings().get());
        };
        fill.run();
        field.findings().subscribe(fill);
        if (field instanceof ValueField value) {
            value.understood().subscribe(fill);
        }
        return box;
    }

    /** Adds findings to a box, which is there only while something is in it. */
    static void show(VBox box, Field field, List<Finding> findings) {
        for (Finding finding : findings) {
            String text = FindingText.mark(finding.severity()) + " " + FindingText.sentence(finding);
            Label message = message(FindingText.styleClass(finding.severity()), text);
            if (finding.fix().isEmpty()) {
                box.getChildren().add(message);
                continue;
            }
            Hyperlink fix = new Hyperlink(Texts.of("problems.fix"));
            fix.getStyleClass().add("fix");
            fix.setMinWidth(Region.USE_PREF_SIZE);
            fix.setTooltip(new Tooltip(FindingText.fix(finding.fix().get())));
            fix.setOnAction(_ -> field.fix(finding));
            HBox.setHgrow(message, Priority.SOMETIMES);
            HBox row = new HBox(message, fix);
            row.getStyleClass().add("finding-row");
            box.getChildren().add(row);
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

    /** A small button that takes something away. */
    static Button remover(String id, String words, Runnable action) {
        Button remove = new Button("✕");
        remove.setId(id);
        remove.getStyleClass().addAll("flat", "small", "row-end");
        remove.setAccessibleText(words);
        remove.setTooltip(new Tooltip(words));
        remove.setOnAction(_ -> action.run());
        return remove;
    }
}

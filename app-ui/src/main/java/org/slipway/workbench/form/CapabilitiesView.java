package org.slipway.workbench.form;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javafx.geometry.HPos;
import javafx.scene.Node;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.slipway.model.finding.Finding;
import org.slipway.model.finding.SpecTable;
import org.slipway.model.plan.Capability;
import org.slipway.workbench.text.Said;
import org.slipway.workbench.text.Texts;

/** The matrix of capabilities: a row for each, with what it allows, and a column for each set. */
final class CapabilitiesView extends VBox {

    private final CapabilitiesField field;
    private final GridPane grid = new GridPane();
    private final TextField search = new TextField();
    private final CheckBox used = new CheckBox(Texts.of("form.capabilities.used"));

    CapabilitiesView(CapabilitiesField field) {
        this.field = field;
        getStyleClass().add("field-table");
        Label help = new Label(field.help());
        help.getStyleClass().add("field-help");
        help.setWrapText(true);
        search.setId("capabilities-search");
        search.setPromptText(Texts.of("form.capabilities.search"));
        search.setAccessibleText(Texts.of("form.capabilities.search"));
        search.textProperty().subscribe(this::show);
        used.setId("capabilities-used");
        used.setMinWidth(USE_PREF_SIZE);
        used.selectedProperty().subscribe(this::show);
        HBox.setHgrow(search, Priority.ALWAYS);
        HBox tools = new HBox(search, used);
        tools.getStyleClass().add("tools");
        grid.getStyleClass().add("matrix");
        ColumnConstraints name = new ColumnConstraints();
        name.setHgrow(Priority.ALWAYS);
        name.setMinWidth(60);
        grid.getColumnConstraints().add(name);
        for (int i = 0; i < CapabilitiesField.SETS.size(); i++) {
            ColumnConstraints set = new ColumnConstraints();
            set.setHalignment(HPos.CENTER);
            set.setMinWidth(36);
            grid.getColumnConstraints().add(set);
        }
        getChildren().addAll(help, tools, grid, findings());
        show();
    }

    private VBox findings() {
        VBox box = new VBox();
        field.findings().subscribe(_ -> {
            box.getChildren().clear();
            List<Finding> all = field.findings().get();
            FieldViews.show(box, field, all);
        });
        return box;
    }

    /** The rows that are looked for; made anew, so that the grid has no gaps. */
    private void show() {
        List<Node> cells = new ArrayList<>();
        for (int i = 0; i < CapabilitiesField.SETS.size(); i++) {
            cells.add(heading(CapabilitiesField.SETS.get(i), i + 1));
        }
        int row = 1;
        for (String capability : Capability.NAMES) {
            if (wanted(capability)) {
                cells.add(name(capability, row));
                for (int i = 0; i < CapabilitiesField.SETS.size(); i++) {
                    cells.add(cell(capability, CapabilitiesField.SETS.get(i), i + 1, row));
                }
                row++;
            }
        }
        grid.getChildren().setAll(cells);
    }

    private boolean wanted(String capability) {
        String words = (capability + " " + what(capability)).toLowerCase(Locale.ROOT);
        boolean found = words.contains(search.getText().strip().toLowerCase(Locale.ROOT));
        return found
                && (!used.isSelected()
                        || CapabilitiesField.SETS.stream()
                                .anyMatch(set -> field.cell(capability, set).get()));
    }

    private static String what(String capability) {
        return Texts.of("capability." + capability);
    }

    private static Label heading(String set, int column) {
        Label label = new Label(Texts.of("form.capabilities." + set));
        label.getStyleClass().add("matrix-heading");
        label.setTooltip(new Tooltip(set + ": "
                + Said.SENTENCES.help(
                        SpecTable.get().at("/process/capabilities/" + set).orElseThrow())));
        GridPane.setConstraints(label, column, 0);
        return label;
    }

    private static VBox name(String capability, int row) {
        Label name = new Label(capability.substring("CAP_".length()));
        name.getStyleClass().add("mono");
        name.setMinWidth(0);
        Label what = new Label(what(capability));
        what.getStyleClass().add("field-help");
        what.setWrapText(true);
        VBox box = new VBox(name, what);
        GridPane.setConstraints(box, 0, row);
        return box;
    }

    private CheckBox cell(String capability, String set, int column, int row) {
        CheckBox box = new CheckBox();
        box.setId("capability-" + capability + "-" + set);
        box.setAccessibleText(capability + " " + set);
        box.selectedProperty().bindBidirectional(field.cell(capability, set));
        box.focusedProperty().subscribe(focused -> {
            if (focused) {
                field.entered(set);
            }
        });
        GridPane.setConstraints(box, column, row);
        return box;
    }
}

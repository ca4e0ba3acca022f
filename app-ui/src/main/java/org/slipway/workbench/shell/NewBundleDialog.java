package org.slipway.workbench.shell;

import java.io.File;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ButtonBar;
import javafx.scene.control.ButtonType;
import javafx.scene.control.Dialog;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.TextField;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.stage.Stage;
import org.slipway.workbench.bundle.NewBundleModel;
import org.slipway.workbench.bundle.Template;
import org.slipway.workbench.text.Texts;

/** Asks which bundle is to be made; the button that makes it says why not. */
final class NewBundleDialog extends Dialog<ButtonType> {

    NewBundleDialog(Stage owner, NewBundleModel model, Function<String, Optional<Path>> chooseFolder) {
        initOwner(owner);
        setTitle(Texts.of("new.title"));
        ListView<Template> templates = new ListView<>();
        templates.setId("templates");
        templates.getItems().setAll(Template.values());
        templates.setCellFactory(_ -> new Cell());
        templates.setPrefSize(560, 400);
        templates.getSelectionModel().select(model.template().get());
        templates.getSelectionModel().selectedItemProperty().subscribe(chosen -> {
            if (chosen != null) {
                model.template().set(chosen);
            }
        });
        TextField name = line("new-name", "new.name");
        name.textProperty().bindBidirectional(model.name());
        TextField parent = line("new-parent", "new.parent");
        parent.getStyleClass().add("mono");
        parent.textProperty().bindBidirectional(model.parent());
        Button browse = new Button(Texts.of("new.browse"));
        browse.setOnAction(_ -> chooseFolder
                .apply("dialog.sample")
                .map(Path::toFile)
                .map(File::getPath)
                .ifPresent(model.parent()::set));
        HBox place = new HBox(8, parent, browse);
        HBox.setHgrow(parent, Priority.ALWAYS);
        GridPane lines = new GridPane(12, 8);
        lines.addRow(0, label("new.name", name), name);
        lines.addRow(1, label("new.parent", parent), place);
        GridPane.setHgrow(place, Priority.ALWAYS);
        Label why = new Label();
        why.setId("new-why");
        why.getStyleClass().addAll("finding", "error");
        why.textProperty().bind(model.whyNot());
        why.setMinHeight(20);
        VBox content = new VBox(12, templates, lines, why);
        content.getStyleClass().add("new-bundle");
        getDialogPane().setContent(content);
        getDialogPane().getStyleClass().add("workbench");
        getDialogPane().getStylesheets().setAll(owner.getScene().getStylesheets());
        ButtonType make = new ButtonType(Texts.of("new.make"), ButtonBar.ButtonData.OK_DONE);
        getDialogPane().getButtonTypes().setAll(make, ButtonType.CANCEL);
        Node button = getDialogPane().lookupButton(make);
        button.setId("new-make");
        button.disableProperty().bind(model.whyNot().isNotEmpty());
        setOnShown(_ -> templates.requestFocus());
    }

    private static TextField line(String id, String words) {
        TextField line = new TextField();
        line.setId(id);
        line.setAccessibleText(Texts.of(words));
        return line;
    }

    private static Label label(String words, Node control) {
        Label label = new Label(Texts.of(words));
        label.setLabelFor(control);
        label.setMinWidth(Label.USE_PREF_SIZE);
        return label;
    }

    private static final class Cell extends ListCell<Template> {

        Cell() {
            setPrefWidth(0);
        }

        @Override
        protected void updateItem(Template template, boolean empty) {
            super.updateItem(template, empty);
            if (empty || template == null) {
                setGraphic(null);
                return;
            }
            Label title = new Label(template.title());
            title.getStyleClass().add("template-title");
            Label about = new Label(template.about());
            about.getStyleClass().add("field-help");
            about.setWrapText(true);
            setGraphic(new VBox(2, title, about));
        }
    }
}

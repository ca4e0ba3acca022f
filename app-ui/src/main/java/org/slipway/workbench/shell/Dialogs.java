package org.slipway.workbench.shell;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javafx.scene.Scene;
import javafx.scene.control.Alert;
import javafx.scene.control.ButtonBar;
import javafx.scene.control.ButtonType;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.Region;
import javafx.stage.DirectoryChooser;
import javafx.stage.FileChooser;
import javafx.stage.Stage;
import org.slipway.model.wire.Container;
import org.slipway.workbench.bundle.NewBundleModel;
import org.slipway.workbench.bundle.Session;
import org.slipway.workbench.compare.CompareModel;
import org.slipway.workbench.compare.CompareView;
import org.slipway.workbench.helper.HelperPort;
import org.slipway.workbench.helper.Refused;
import org.slipway.workbench.lifecycle.Ending;
import org.slipway.workbench.task.Tasks;
import org.slipway.workbench.text.ProblemText;
import org.slipway.workbench.text.Texts;

/** What is asked in a window of its own: which folder, whether to save, whether to leave containers alone. */
final class Dialogs {

    private final Stage owner;
    private final Desk desk;
    private final Tasks tasks;

    /** Whether containers are being ended, after which the window closes. */
    private boolean ending;

    Dialogs(Stage owner, Desk desk) {
        this.owner = owner;
        this.desk = desk;
        this.tasks = desk.tasks();
    }

    private Session session() {
        return desk.front().get().session();
    }

    void open() {
        folder("dialog.open").ifPresent(this::open);
    }

    private void open(Path folder) {
        desk.open(folder, this::tell);
    }

    void newBundle() {
        Path beside = session().folder().map(Path::getParent).orElseGet(() -> Path.of(System.getProperty("user.home")));
        NewBundleModel model = new NewBundleModel(tasks, beside);
        boolean make = new NewBundleDialog(owner, model, this::folder)
                .showAndWait()
                .filter(answer -> answer != ButtonType.CANCEL)
                .isPresent();
        if (make) {
            model.make(this::open, this::tell);
        }
    }

    void saveCopy() {
        FileChooser chooser = new FileChooser();
        chooser.setTitle(Texts.of("dialog.save-copy"));
        chooser.setInitialFileName("config.json");
        Optional.ofNullable(chooser.showSaveDialog(owner))
                .ifPresent(file -> session().saveCopy(file.toPath(), () -> {}, this::tell));
    }

    /** Compares the text as it is now with the config.json of another bundle. */
    void compareWith() {
        folder("dialog.compare")
                .ifPresent(folder -> tasks.run(
                        () -> Session.textOf(folder),
                        text -> compare(session(), folder.getFileName().toString(), text),
                        this::tell));
    }

    /** Compares the text as it is now with another, in a window beside this one. */
    void compare(Session session, String name, String text) {
        CompareModel model = new CompareModel(session, name, text);
        Scene scene = new Scene(new CompareView(model), 900, 500);
        scene.getRoot().getStyleClass().add("workbench");
        scene.getStylesheets().setAll(owner.getScene().getStylesheets());
        Stage beside = new Stage();
        beside.initOwner(owner);
        beside.setTitle(Texts.of(
                "compare.title",
                session.folder().map(folder -> folder.getFileName().toString()).orElse(""),
                name));
        beside.setScene(scene);
        beside.setOnHidden(_ -> model.close());
        scene.setOnKeyPressed(event -> {
            if (event.getCode() == KeyCode.ESCAPE) {
                beside.hide();
            }
        });
        beside.show();
    }

    private Optional<Path> folder(String title) {
        DirectoryChooser chooser = new DirectoryChooser();
        chooser.setTitle(Texts.of(title));
        session()
                .folder()
                .map(Path::getParent)
                .map(Path::toFile)
                .filter(File::isDirectory)
                .ifPresent(chooser::setInitialDirectory);
        return Optional.ofNullable(chooser.showDialog(owner)).map(File::toPath);
    }

    void save() {
        save(session(), () -> {});
    }

    private void save(Session session, Runnable then) {
        session.save(false, then, failure -> {
            if (Session.changedOutside(failure)) {
                ButtonType overwrite = new ButtonType(Texts.of("dialog.overwrite"), ButtonBar.ButtonData.OK_DONE);
                ButtonType compare = new ButtonType(Texts.of("notice.outside-compare"), ButtonBar.ButtonData.OTHER);
                ButtonType answer = ask(text(failure), overwrite, compare, ButtonType.CANCEL);
                if (answer == overwrite) {
                    session.save(true, then, this::tell);
                } else if (answer == compare) {
                    session.folder()
                            .ifPresent(folder -> tasks.run(
                                    () -> Session.textOf(folder),
                                    text -> compare(session, Texts.of("compare.disk"), text),
                                    this::tell));
                }
            } else {
                tell(failure);
            }
        });
    }

    /** Asks about edits that are not saved, then goes on unless the person would rather stay. */
    void leave(Session session, Runnable then) {
        if (!session.dirty().get()) {
            then.run();
            return;
        }
        ButtonType save = new ButtonType(Texts.of("dialog.save"), ButtonBar.ButtonData.YES);
        ButtonType drop = new ButtonType(Texts.of("dialog.drop"), ButtonBar.ButtonData.NO);
        String name = session.folder()
                .map(folder -> String.valueOf(folder.getFileName()))
                .orElse("");
        ButtonType answer = ask(Texts.of("dialog.unsaved", name), save, drop, ButtonType.CANCEL);
        if (answer == save) {
            save(session, then);
        } else if (answer == drop) {
            then.run();
        }
    }

    /** Asks about edits of each bundle, and once about live containers, before the window closes. */
    void closeRequested(Runnable close) {
        if (!ending) {
            leaveAll(List.copyOf(desk.open()), () -> closing(close));
        }
    }

    private void leaveAll(List<Workbench> benches, Runnable then) {
        if (benches.isEmpty()) {
            then.run();
            return;
        }
        Workbench first = benches.getFirst();
        if (first.session().dirty().get()) {
            desk.show(first);
        }
        leave(first.session(), () -> leaveAll(benches.subList(1, benches.size()), then));
    }

    private void closing(Runnable close) {
        List<Container> alive = Ending.alive(desk.helper());
        Optional<HelperPort> port = desk.helper().port();
        if (alive.isEmpty() || port.isEmpty()) {
            close.run();
            return;
        }
        String names = alive.stream().map(Container::id).collect(Collectors.joining(", "));
        ButtonType keep = new ButtonType(Texts.of("dialog.keep-running"), ButtonBar.ButtonData.YES);
        ButtonType end = new ButtonType(Texts.of("dialog.end-them"), ButtonBar.ButtonData.NO);
        ButtonType answer = ask(Texts.of("dialog.alive", names), keep, end, ButtonType.CANCEL);
        if (answer == keep) {
            close.run();
        } else if (answer == end) {
            ending = true;
            tasks.run(
                    () -> {
                        Ending.all(port.get(), alive);
                        return alive;
                    },
                    _ -> close.run(),
                    failure -> {
                        ending = false;
                        tell(failure);
                    });
        }
    }

    /** Says why something could not be done. */
    void tell(Exception failure) {
        ask(
                failure instanceof Refused refused ? ProblemText.sentence(refused.problem()) : text(failure),
                ButtonType.OK);
    }

    private static String text(Exception failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    private ButtonType ask(String text, ButtonType... answers) {
        Alert alert = new Alert(Alert.AlertType.NONE, text, answers);
        alert.initOwner(owner);
        alert.setTitle("Slipway");
        alert.getDialogPane().setMinHeight(Region.USE_PREF_SIZE);
        return alert.showAndWait().orElse(ButtonType.CANCEL);
    }
}

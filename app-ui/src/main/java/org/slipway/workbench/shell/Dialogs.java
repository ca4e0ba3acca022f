package org.slipway.workbench.shell;

import java.io.File;
import java.nio.file.Path;
import java.util.Optional;
import javafx.scene.control.Alert;
import javafx.scene.control.ButtonBar;
import javafx.scene.control.ButtonType;
import javafx.scene.layout.Region;
import javafx.stage.DirectoryChooser;
import javafx.stage.Stage;
import org.slipway.model.wire.Container;
import org.slipway.workbench.bundle.SampleBundle;
import org.slipway.workbench.bundle.Session;
import org.slipway.workbench.task.Tasks;
import org.slipway.workbench.text.Texts;

/** What is asked in a window of its own: which folder, whether to save, whether to leave containers alone. */
final class Dialogs {

    private final Stage owner;
    private final Session session;
    private final Tasks tasks = Tasks.real();

    Dialogs(Stage owner, Session session) {
        this.owner = owner;
        this.session = session;
    }

    void open() {
        leave(() -> folder("dialog.open").ifPresent(this::open));
    }

    private void open(Path folder) {
        session.open(folder, () -> {}, this::tell);
    }

    void makeSample() {
        leave(() -> folder("dialog.sample")
                .ifPresent(folder -> tasks.run(
                        () -> SampleBundle.make(folder.resolve(Texts.of("dialog.sample.name"))),
                        this::open,
                        this::tell)));
    }

    private Optional<Path> folder(String title) {
        DirectoryChooser chooser = new DirectoryChooser();
        chooser.setTitle(Texts.of(title));
        session.folder()
                .map(Path::getParent)
                .map(Path::toFile)
                .filter(File::isDirectory)
                .ifPresent(chooser::setInitialDirectory);
        return Optional.ofNullable(chooser.showDialog(owner)).map(File::toPath);
    }

    void save() {
        save(() -> {});
    }

    private void save(Runnable then) {
        session.save(false, then, failure -> {
            if (Session.changedOutside(failure)) {
                ButtonType overwrite = new ButtonType(Texts.of("dialog.overwrite"), ButtonBar.ButtonData.OK_DONE);
                if (ask(text(failure), overwrite, ButtonType.CANCEL) == overwrite) {
                    session.save(true, then, this::tell);
                }
            } else {
                tell(failure);
            }
        });
    }

    /** Asks about edits that are not saved, then goes on unless the person would rather stay. */
    private void leave(Runnable then) {
        if (!session.dirty().get()) {
            then.run();
            return;
        }
        ButtonType save = new ButtonType(Texts.of("dialog.save"), ButtonBar.ButtonData.YES);
        ButtonType drop = new ButtonType(Texts.of("dialog.drop"), ButtonBar.ButtonData.NO);
        ButtonType answer = ask(Texts.of("dialog.unsaved"), save, drop, ButtonType.CANCEL);
        if (answer == save) {
            save(then);
        } else if (answer == drop) {
            then.run();
        }
    }

    /** Asks about edits and about live containers before the window closes. */
    void closeRequested(Workbench bench, Runnable close) {
        leave(() -> {
            long alive = bench.helper().containers().stream()
                    .filter(Dialogs::isAlive)
                    .count();
            ButtonType leave = new ButtonType(Texts.of("dialog.leave-running"), ButtonBar.ButtonData.OK_DONE);
            if (alive == 0 || ask(Texts.of("dialog.alive", alive), leave, ButtonType.CANCEL) == leave) {
                close.run();
            }
        });
    }

    private static boolean isAlive(Container container) {
        return !container.status().equals("stopped");
    }

    /** Says why something could not be done. */
    void tell(Exception failure) {
        ask(text(failure), ButtonType.OK);
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

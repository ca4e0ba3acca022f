package org.slipway.workbench.shell;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javafx.scene.control.Alert;
import javafx.scene.control.ButtonBar;
import javafx.scene.control.ButtonType;
import javafx.scene.layout.Region;
import javafx.stage.DirectoryChooser;
import javafx.stage.Stage;
import org.slipway.model.wire.Container;
import org.slipway.workbench.bundle.SampleBundle;
import org.slipway.workbench.bundle.Session;
import org.slipway.workbench.helper.HelperPort;
import org.slipway.workbench.helper.Refused;
import org.slipway.workbench.lifecycle.Ending;
import org.slipway.workbench.task.Tasks;
import org.slipway.workbench.text.ProblemText;
import org.slipway.workbench.text.Texts;

/** What is asked in a window of its own: which folder, whether to save, whether to leave containers alone. */
final class Dialogs {

    private final Stage owner;
    private final Session session;
    private final Tasks tasks = Tasks.real();

    /** Whether containers are being ended, after which the window closes. */
    private boolean ending;

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

    /** Asks about edits, and once about live containers, before the window closes. */
    void closeRequested(Workbench bench, Runnable close) {
        if (!ending) {
            leave(() -> closing(bench, close));
        }
    }

    private void closing(Workbench bench, Runnable close) {
        List<Container> alive = Ending.alive(bench.helper());
        Optional<HelperPort> port = bench.helper().port();
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

package org.slipway.workbench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javafx.application.Application;
import javafx.application.Platform;
import javafx.stage.Stage;
import org.slipway.model.finding.Rules;
import org.slipway.workbench.disk.DiskCheck;
import org.slipway.workbench.helper.SocketDoor;
import org.slipway.workbench.image.Importing;
import org.slipway.workbench.image.Watch;
import org.slipway.workbench.memory.StateFolder;
import org.slipway.workbench.plan.Explain;
import org.slipway.workbench.shell.Desk;
import org.slipway.workbench.shell.MainWindow;
import org.slipway.workbench.shell.Workbench;
import org.slipway.workbench.task.Tasks;
import org.slipway.workbench.text.Texts;
import org.slipway.workbench.tour.Tour;

/** Starts the window. It must not itself be an {@link Application}: from a class path such a main class does not start. */
public final class Main {

    private static final int MISUSE = 2;

    /** What the program ends with; set by the tour before the window closes. */
    private static volatile int status;

    private Main() {}

    /** See {@code usage} in the resource bundle. */
    public static void main(String[] arguments) {
        if (arguments.length > 0 && arguments[0].equals("import")) {
            System.exit(importImage(List.of(arguments).subList(1, arguments.length)));
        }
        try {
            Options.parse(List.of(arguments));
        } catch (Options.Misuse e) {
            System.err.println(e.getMessage());
            System.err.println(Texts.of("usage"));
            System.exit(MISUSE);
        }
        Application.launch(Window.class, arguments);
        System.exit(status);
    }

    /** Without a window: no display is needed, no helper and no rights. */
    private static int importImage(List<String> arguments) {
        if (arguments.size() != 2 || arguments.stream().anyMatch(argument -> argument.startsWith("--"))) {
            System.err.println(Texts.of("usage.import"));
            return MISUSE;
        }
        try {
            Importing.Made made =
                    Importing.run(Path.of(arguments.getFirst()), Path.of(arguments.getLast()), Watch.NOBODY);
            Importing.notes(made).forEach(note -> System.err.println("slipway-workbench: " + note));
            return 0;
        } catch (IOException e) {
            System.err.println("slipway-workbench: " + e.getMessage());
            return 1;
        }
    }

    /** The JavaFX side of it. */
    public static final class Window extends Application {

        @Override
        public void start(Stage stage) throws Options.Misuse {
            Options options = Options.parse(getParameters().getRaw());
            // pictures of the tour do not depend on what the person did before
            StateFolder state = options.tour()
                    .map(folder -> new StateFolder(folder.resolve(".state")))
                    .orElseGet(() -> StateFolder.ofPerson(System::getenv, System.getProperty("user.home")));
            Desk desk = Workbench.desk(
                    Tasks.real(), Rules::check, DiskCheck::of, new Explain(), SocketDoor.of(options.socket()), state);
            // the headless toolkit has a screen of 1000 by 1000, and breaks on a larger window
            boolean small = "Headless".equals(System.getProperty("glass.platform"));
            MainWindow window = new MainWindow(stage, desk, small ? 1000 : 1280, small ? 1000 : 900);
            window.show();
            desk.helper().connect();
            if (options.tour().isPresent()) {
                tour(desk, window, options);
            } else {
                options.bundles().forEach(window::open);
            }
        }

        private static void tour(Desk desk, MainWindow window, Options options) {
            Path bundle = options.bundles().isEmpty()
                    ? Path.of("")
                    : options.bundles().getFirst();
            Tour tour =
                    new Tour(desk.front().get(), window, bundle, options.tour().orElseThrow(), System.out);
            Thread.ofPlatform().name("tour").daemon().start(() -> {
                status = tour.run();
                Platform.runLater(window::close);
            });
        }
    }
}

package org.slipway.workbench;

import java.util.List;
import javafx.application.Application;
import javafx.application.Platform;
import javafx.stage.Stage;
import org.slipway.model.finding.Rules;
import org.slipway.workbench.helper.SocketDoor;
import org.slipway.workbench.plan.Explain;
import org.slipway.workbench.shell.MainWindow;
import org.slipway.workbench.shell.Workbench;
import org.slipway.workbench.task.Tasks;
import org.slipway.workbench.text.Texts;

/** Starts the window. It must not itself be an {@link Application}: from a class path such a main class does not start. */
public final class Main {

    private static final int MISUSE = 2;

    private Main() {}

    /** See {@code usage} in the resource bundle. */
    public static void main(String[] arguments) {
        try {
            Options.parse(List.of(arguments));
        } catch (Options.Misuse e) {
            System.err.println(e.getMessage());
            System.err.println(Texts.of("usage"));
            System.exit(MISUSE);
        }
        Application.launch(Window.class, arguments);
    }

    /** The JavaFX side of it. */
    public static final class Window extends Application {

        @Override
        public void start(Stage stage) throws Options.Misuse {
            Options options = Options.parse(getParameters().getRaw());
            Workbench bench = Workbench.of(Tasks.real(), Rules::check, new Explain(), SocketDoor.of(options.socket()));
            MainWindow window = new MainWindow(stage, bench, 1280, 860);
            window.show();
            bench.helper().connect();
            options.bundle().ifPresent(window::open);
        }

        @Override
        public void stop() {
            Platform.exit();
        }
    }
}

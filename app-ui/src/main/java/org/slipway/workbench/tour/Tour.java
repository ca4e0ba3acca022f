package org.slipway.workbench.tour;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javafx.scene.control.ListView;
import org.slipway.model.finding.Severity;
import org.slipway.model.wire.Container;
import org.slipway.workbench.form.FormModel;
import org.slipway.workbench.lifecycle.Stage;
import org.slipway.workbench.plan.StepRow;
import org.slipway.workbench.shell.MainWindow;
import org.slipway.workbench.shell.Workbench;
import org.slipway.workbench.text.ProblemText;

/**
 * The main path through the real window: a bundle is opened, edited, broken and mended; its container is created, started,
 * killed and deleted; and one that can't be created says why. Each stop leaves a picture. Everything is done by firing what
 * a person would click, and nothing goes on before the window shows that the last thing happened.
 */
public final class Tour {

    /** A stop on the way. */
    private interface Stop {
        void visit() throws TourFailure, IOException;
    }

    /** The field of the mount that is broken and mended. */
    private static final String MOUNT = "mounts-destination-1";

    private final Workbench bench;
    private final MainWindow window;
    private final Path bundle;
    private final Path folder;
    private final PrintStream out;
    private final Hand hand;
    private final Record record;
    private String destination = "";
    private boolean kept;

    /** A tour that has not begun. */
    public Tour(Workbench bench, MainWindow window, Path bundle, Path folder, PrintStream out) {
        this.bench = bench;
        this.window = window;
        this.bundle = bundle;
        this.folder = folder;
        this.out = out;
        this.hand = new Hand(window.scene());
        this.record = new Record(folder);
    }

    /**
     * Makes the tour; not on the window's thread.
     *
     * @return 0, or 1 after saying which stop failed; the pictures made so far stay
     */
    public int run() {
        String at = "begin";
        try {
            Files.createDirectories(folder);
            List<Named> stops = List.of(
                    new Named("open", this::open),
                    new Named("edit", this::edit),
                    new Named("break", this::breakMount),
                    new Named("mend", this::mend),
                    new Named("plan", this::plan),
                    new Named("create", this::create),
                    new Named("start", this::start),
                    new Named("trace", this::trace),
                    new Named("hooks", this::hooks),
                    new Named("dark", this::dark),
                    new Named("drift", this::drift),
                    new Named("kill", this::kill),
                    new Named("delete", this::delete),
                    new Named("error", this::error),
                    new Named("forms", this::forms));
            for (Named stop : stops) {
                at = stop.name();
                stop.stop().visit();
            }
            record.write(Optional.empty());
            out.println("tour complete: " + folder);
            return 0;
        } catch (TourFailure | IOException | RuntimeException e) {
            String why = at + ": " + e.getMessage();
            out.println("tour failed at " + why);
            broken(at, why);
            return 1;
        }
    }

    private record Named(String name, Stop stop) {}

    /** Keeps what there is: the picture of the failure above all. */
    private void broken(String at, String why) {
        try {
            picture("failed-" + at, "the tour broke off here");
        } catch (TourFailure | IOException e) {
            out.println("no picture of it: " + e.getMessage());
        }
        try {
            if (!kept) {
                keep();
            }
            record.write(Optional.of(why));
        } catch (TourFailure | IOException e) {
            out.println("no record of it: " + e.getMessage());
        }
    }

    /** The trace and the hooks of the container that went the whole way. */
    private void keep() throws TourFailure, IOException {
        kept = true;
        record.trace(hand.ask(() -> bench.trace().lines()));
        record.hooks(hand.ask(() -> List.copyOf(bench.hooks().runs())));
    }

    private void open() throws TourFailure, IOException {
        hand.ask(() -> {
            window.open(bundle);
            return true;
        });
        hand.await("the bundle is open", () -> bench.session().folder().isPresent());
        hand.await("the plan is there", () -> bench.plan().count().get() > 0);
        hand.await("the helper answers", () -> bench.helper().info().get().isPresent());
        hand.ask(() -> {
            bench.helper().info().get().ifPresent(record::helper);
            return true;
        });
        picture("open", "a bundle is open: form, source and plan");
    }

    private void edit() throws TourFailure, IOException {
        hand.press("outline-root");
        hand.type("field-hostname", "lathe");
        hand.await("the source follows", () -> window.source().text().contains("\"lathe\""));
        picture("edit", "the host name was typed into the form, and the source followed");
    }

    private void breakMount() throws TourFailure, IOException {
        hand.press("outline-mounts");
        destination = hand.read(MOUNT);
        hand.type(MOUNT, "/proc/elsewhere");
        hand.await("the finding is there", () -> bench.problems().count(Severity.ERROR) > 0);
        hand.menu("menu-problems");
        picture("broken-mount", "a mount inside /proc: a finding at the field, in the source and in the list");
    }

    private void mend() throws TourFailure, IOException {
        hand.type(MOUNT, destination);
        hand.await("no error is left", () -> bench.problems().count(Severity.ERROR) == 0);
        picture("mended", "the mount is mended");
    }

    private void plan() throws TourFailure, IOException {
        hand.menu("menu-plan");
        hand.ask(() -> {
            ListView<?> list = (ListView<?>) window.scene().lookup("#plan");
            int row = rowFor("/mounts/1");
            list.scrollTo(Math.max(0, row - 2));
            list.getSelectionModel().select(row);
            return true;
        });
        hand.await(
                "the field is selected",
                () -> bench.session().selected().get().pointer().startsWith("/mounts/1"));
        picture("plan", "a step of the plan is selected, and with it the field that asked for it");
    }

    private int rowFor(String pointer) throws TourFailure {
        List<StepRow> rows = bench.plan().rows().get();
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i) instanceof StepRow.Line line
                    && line.pointer().filter(field -> field.startsWith(pointer)).isPresent()) {
                return i;
            }
        }
        throw new TourFailure("no step for " + pointer, null);
    }

    private void create() throws TourFailure, IOException {
        hand.ask(() -> {
            bench.lifecycle().id().set(freeId(bench.lifecycle().id().get()));
            return true;
        });
        hand.press("create");
        reach(Stage.CREATED);
        picture("created", "the container is created; its program waits at the gate");
    }

    /** This id, or the first of id-2, id-3 … that no container has: one of an earlier tour may still be there. */
    private String freeId(String wanted) {
        Set<String> taken =
                bench.helper().containers().stream().map(Container::id).collect(Collectors.toSet());
        String free = wanted;
        for (int i = 2; taken.contains(free); i++) {
            free = wanted + "-" + i;
        }
        return free;
    }

    private void start() throws TourFailure, IOException {
        hand.menu("menu-console");
        hand.press("start");
        reach(Stage.RUNNING);
        hand.await("there is output", () -> bench.console().lines().size() > 1);
        hand.ask(() -> {
            bench.lifecycle().container().get().ifPresent(record::container);
            return true;
        });
        picture("running", "the container runs; its output is in the console");
    }

    private void trace() throws TourFailure, IOException {
        hand.menu("menu-trace");
        hand.await(
                "the trace is there",
                () -> bench.trace().lines().stream()
                        .anyMatch(line -> line.record().isPresent()));
        picture("trace", "what became of each step, and how long it took");
    }

    private void hooks() throws TourFailure, IOException {
        boolean any = hand.ask(() ->
                bench.session().document().get().at("/hooks/createRuntime/0").isPresent());
        hand.menu("menu-hooks");
        if (any) {
            hand.await(
                    "the hook's output is there",
                    () -> bench.hooks().runs().stream()
                            .anyMatch(run -> run.status().isPresent()));
        }
        picture("hooks", "what the hooks printed");
    }

    private void dark() throws TourFailure, IOException {
        hand.menu("menu-console");
        hand.menu("menu-dark");
        picture("dark", "the same window, dark");
        hand.menu("menu-dark");
    }

    private void drift() throws TourFailure, IOException {
        hand.press("outline-root");
        hand.type("field-hostname", "changed");
        hand.await("the drift mark", () -> bench.lifecycle().drift().get());
        picture("drift", "the configuration was changed since the container was created");
        hand.menu("menu-undo");
        hand.await("the drift mark is gone", () -> !bench.lifecycle().drift().get());
    }

    private void kill() throws TourFailure, IOException {
        hand.choose("kill", "kill-KILL");
        reach(Stage.STOPPED);
        picture("stopped", "the container was killed");
    }

    private void delete() throws TourFailure, IOException {
        hand.menu("menu-hooks");
        hand.press("delete");
        reach(Stage.GONE);
        hand.await(
                "it is not listed any more",
                () -> bench.helper().containers().stream().noneMatch(this::isOurs));
        picture("gone", "the container is deleted");
        keep();
    }

    private boolean isOurs(Container container) {
        return container.id().equals(bench.lifecycle().id().get());
    }

    private void error() throws TourFailure, IOException {
        hand.press("outline-process");
        hand.type("args-0", "/bin/nothing");
        hand.await("the source follows", () -> window.source().text().contains("/bin/nothing"));
        hand.press("create");
        hand.await(
                "the failure is pinned", () -> bench.lifecycle().failure().get().isPresent());
        picture("error", "a container whose program is missing: what failed, and the field to look at");
        hand.press("dismiss");
        hand.menu("menu-undo");
    }

    /** Every page of the form, light and dark. */
    private void forms() throws TourFailure, IOException {
        List<String> pages = hand.ask(() ->
                bench.form().sections().stream().map(FormModel.Section::key).toList());
        hand.menu("menu-plan");
        for (String look : List.of("light", "dark")) {
            for (String page : pages) {
                hand.press("outline-" + page);
                picture("form-" + page + "-" + look, "the form, page " + page + ", " + look);
            }
            hand.menu("menu-dark");
        }
    }

    /** Waits for a stage; a refusal ends the waiting at once. */
    private void reach(Stage stage) throws TourFailure {
        hand.await(
                "the container is " + stage.name().toLowerCase(Locale.ROOT),
                () -> bench.lifecycle().stage().get() == stage
                        || bench.lifecycle().failure().get().isPresent());
        Optional<String> refused = hand.ask(() ->
                bench.lifecycle().failure().get().map(failed -> ProblemText.sentence(failed.verb(), failed.problem())));
        if (refused.isPresent()) {
            throw new TourFailure(refused.get(), null);
        }
        hand.await("nothing is under way", () -> bench.lifecycle().busy().get().isEmpty());
    }

    private void picture(String name, String about) throws TourFailure, IOException {
        hand.settle();
        String file = String.format(Locale.ROOT, "%02d-%s.png", record.next(), name);
        BufferedImage image = hand.ask(() -> {
            String stage = bench.lifecycle().stage().get().name().toLowerCase(Locale.ROOT);
            record.add(new Picture(file, about, stage, Seen.in(window.scene())));
            return Picture.take(window.scene());
        });
        Picture.write(image, folder.resolve(file));
        out.println(file + "  " + about);
    }
}

package org.slipway.workbench.tour;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javafx.stage.Stage;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.model.finding.Rules;
import org.slipway.model.plan.Plan;
import org.slipway.model.plan.PlanJson;
import org.slipway.model.plan.PlanKind;
import org.slipway.model.trace.StepRecord;
import org.slipway.model.wire.Fault;
import org.slipway.model.wire.Problem;
import org.slipway.model.wire.Wire;
import org.slipway.workbench.bundle.SampleBundle;
import org.slipway.workbench.helper.FakeHelper;
import org.slipway.workbench.memory.StateFolder;
import org.slipway.workbench.plan.Explain;
import org.slipway.workbench.shell.Desk;
import org.slipway.workbench.shell.MainWindow;
import org.slipway.workbench.shell.Workbench;
import org.slipway.workbench.task.Tasks;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import tools.jackson.databind.JsonNode;

/** The tour through the real window, beside a helper in memory. */
@Tag("display")
@ExtendWith(ApplicationExtension.class)
class TourTest {

    @TempDir
    static Path temporary;

    private final FakeHelper fake = new FakeHelper();
    private Workbench bench;
    private MainWindow window;
    private Path folder;

    @Start
    void start(Stage stage) throws IOException {
        folder = Path.of(System.getProperty(
                "slipway.tour", Files.createTempDirectory(temporary, "tour").toString()));
        Desk desk = Workbench.desk(
                Tasks.real(),
                Rules::check,
                new Explain(),
                fake,
                new StateFolder(Files.createTempDirectory(temporary, "state")));
        bench = desk.front().get();
        window = new MainWindow(stage, desk, 1000, 1000);
        window.show();
        bench.helper().connect();
    }

    @AfterEach
    void close(FxRobot robot) {
        robot.interact(() -> bench.helper().close());
    }

    private int tour(ByteArrayOutputStream said) throws IOException {
        Path bundle =
                SampleBundle.make(Files.createTempDirectory(temporary, "b").resolve("hello"));
        return new Tour(bench, window, bundle, folder, new PrintStream(said, true, StandardCharsets.UTF_8)).run();
    }

    private void created(String id) {
        if (fake.config().contains("/bin/nothing")) {
            return;
        }
        Plan plan = bench.plan().plans().getFirst();
        List<StepRecord> records = plan.steps().stream()
                .map(step -> new StepRecord(
                        PlanKind.CREATE,
                        step.index(),
                        StepRecord.Result.OK,
                        0,
                        1000L * step.index(),
                        1017L * step.index() + 420,
                        ""))
                .toList();
        fake.trace(id, PlanJson.tree(plan), records);
        fake.hook(id, "createRuntime", 0, "created with state:\n{\"id\":\"hello\"}\n");
    }

    private void started(String id) {
        fake.print(id, "hello from lathe");
        fake.print(id, "uid=0(root) gid=0(root)");
        fake.failNext(
                "create",
                new Problem(
                        "program-missing",
                        Fault.CALLER,
                        Map.of("path", "/bin/nothing"),
                        Optional.of("create"),
                        Optional.of(80),
                        Optional.of("execveat"),
                        Optional.of("ENOENT"),
                        Optional.of("/process/args/0"),
                        Optional.of("config.md §Process"),
                        List.of()));
    }

    @Test
    void itLeavesPicturesAndClaimsThatCanBeChecked() throws IOException {
        fake.meanwhile(this::created, this::started);
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        assertEquals(0, tour(said), said.toString(StandardCharsets.UTF_8));
        JsonNode tour = Wire.object();
        try {
            tour = Wire.tree(Files.readAllBytes(folder.resolve("tour.json")));
        } catch (org.slipway.model.wire.WireException e) {
            throw new AssertionError(e);
        }
        assertEquals(40, tour.path("pictures").size());
        for (JsonNode picture : tour.path("pictures")) {
            assertEquals(
                    1000,
                    ImageIO.read(folder.resolve(picture.path("file").asString(""))
                                    .toFile())
                            .getWidth());
        }
        assertEquals(4711, tour.path("container").path("pid").asInt(0));
        String running = tour.path("pictures").get(6).toString();
        assertTrue(running.contains("hello from lathe"), "the output can be seen: " + running);
        assertTrue(running.contains("running, pid 4711"), "the state can be seen");
        assertTrue(tour.path("pictures").get(2).toString().contains("✗ 1"), "the finding can be seen");
        assertTrue(Files.readString(folder.resolve("hooks.txt")).contains("created with state:"));
        assertTrue(Files.readString(folder.resolve("trace.json")).contains("\"result\" : \"ok\""));
        assertEquals(
                List.of("create hello", "start hello", "kill hello KILL", "delete hello", "create hello"),
                fake.asked());
    }

    @Test
    void aStepThatFailsIsNamedAndThePicturesStay() throws IOException {
        fake.failNext("create", Problem.of("id-taken", Fault.STATE, Map.of("id", "hello")));
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        assertEquals(1, tour(said));
        assertTrue(said.toString(StandardCharsets.UTF_8).contains("tour failed at create: "), said::toString);
        assertTrue(Files.exists(folder.resolve("05-plan.png")));
        assertTrue(Files.exists(folder.resolve("06-failed-create.png")));
        assertTrue(Files.readString(folder.resolve("tour.json")).contains("\"failed\" : \"create: "));
    }
}

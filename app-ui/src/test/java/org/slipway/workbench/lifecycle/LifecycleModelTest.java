package org.slipway.workbench.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.model.state.Verb;
import org.slipway.model.test.Requirement;
import org.slipway.model.wire.Fault;
import org.slipway.model.wire.Problem;
import org.slipway.workbench.bundle.Bundles;
import org.slipway.workbench.bundle.Session;
import org.slipway.workbench.console.ConsoleModel;
import org.slipway.workbench.helper.FakeHelper;
import org.slipway.workbench.helper.HelperSession;
import org.slipway.workbench.hooks.HooksModel;
import org.slipway.workbench.task.Tasks;
import org.slipway.workbench.text.Texts;

class LifecycleModelTest {

    @TempDir
    private Path folder;

    private final FakeHelper fake = new FakeHelper();
    private final Tasks tasks = Tasks.immediate();
    private final HelperSession helper = new HelperSession(tasks, fake);
    private Session session;
    private LifecycleModel model;

    @BeforeEach
    void open() throws IOException {
        session = Bundles.open(folder.resolve("web"), Bundles.SMALL);
        model = new LifecycleModel(session, helper);
    }

    private String allowed() {
        return (model.whyNotCreate().get().isEmpty() ? "CREATE " : "")
                + List.of(Verb.values()).stream()
                        .filter(verb -> model.whyNot(verb).get().isEmpty())
                        .toList();
    }

    @Test
    void whenTheHelperIsGoneWhatWasSeenStaysUntilItIsSeenAnew() {
        helper.connect();
        model.create();
        fake.die();
        assertTrue(model.seen().get());
        assertEquals(Stage.CREATED, model.stage().get());
        assertEquals("[]", allowed());
        fake.forget("web");
        fake.run();
        helper.connect();
        assertFalse(model.seen().get());
        assertEquals(Stage.NONE, model.stage().get());
        assertEquals("CREATE []", allowed());
    }

    @Test
    void withoutAHelperEveryButtonSaysSo() {
        assertEquals("[]", allowed());
        assertEquals(Texts.of("lifecycle.no-helper"), model.whyNotCreate().get());
        model.create();
        model.start();
        assertEquals(List.of(), fake.asked());
    }

    @Test
    @Requirement("WB-04")
    void eachStateAllowsWhatTheSpecificationAllows() {
        helper.connect();
        assertEquals("web", model.id().get());
        assertEquals("CREATE []", allowed());
        model.create();
        assertEquals(Stage.CREATED, model.stage().get());
        assertEquals("[START, KILL, UPDATE]", allowed());
        model.start();
        assertEquals(Stage.RUNNING, model.stage().get());
        assertEquals("[KILL, PAUSE, UPDATE]", allowed());
        model.kill("INT");
        assertEquals(Stage.STOPPED, model.stage().get());
        assertEquals("[DELETE]", allowed());
        model.delete();
        assertEquals(Stage.GONE, model.stage().get());
        assertEquals("CREATE []", allowed());
        assertEquals(List.of("create web", "start web", "kill web INT", "delete web"), fake.asked());
    }

    @Test
    void errorsAndBrokenTextStandAgainstCreate() {
        helper.connect();
        session.type(Bundles.SMALL.replace("\"cwd\": \"/\"", "\"cwd\": \"x\""));
        assertEquals(Texts.of("lifecycle.one-error"), model.whyNotCreate().get());
        session.type("{");
        assertEquals(Texts.of("lifecycle.broken"), model.whyNotCreate().get());
        session.undo();
        model.id().set("a/b");
        assertEquals(Texts.of("lifecycle.bad-id"), model.whyNotCreate().get());
    }

    @Test
    void aRefusalIsPinnedWithItsFieldUntilTheNextAttempt() {
        helper.connect();
        fake.failNext(new Problem(
                "program-missing",
                Fault.CALLER,
                Map.of("path", "/bin/nothing"),
                Optional.of("create"),
                Optional.of(3),
                Optional.empty(),
                Optional.of("ENOENT"),
                Optional.of("/process/args/0"),
                Optional.of("config.md §Process"),
                List.of()));
        model.create();
        assertEquals(
                Optional.of("/process/args/0"),
                model.failure().get().orElseThrow().pointer());
        assertEquals(Stage.NONE, model.stage().get());
        model.create();
        assertTrue(model.failure().get().isEmpty());
        assertEquals(Stage.CREATED, model.stage().get());
    }

    @Test
    void anEditAfterCreateIsDriftAndRecreateTakesItUp() {
        helper.connect();
        model.createAndStart();
        assertFalse(model.drift().get());
        session.type(Bundles.SMALL.replace("\"one\"", "\"two\""));
        assertTrue(model.drift().get());
        model.recreate();
        assertFalse(model.drift().get());
        assertEquals(session.text().get(), fake.config());
        assertEquals(Stage.RUNNING, model.stage().get());
        session.undo();
        assertTrue(model.drift().get());
    }

    @Test
    @Requirement("WB-03")
    void driftIsKnownOfAContainerThatAnotherWindowMade() throws IOException {
        helper.connect();
        model.createAndStart();
        LifecycleModel later = new LifecycleModel(session, helper);
        later.id().set("web");
        assertFalse(later.drift().get());
        session.type(Bundles.SMALL.replace("\"one\"", "\"two\""));
        assertTrue(later.drift().get());
        Session other = Bundles.open(folder.resolve("elsewhere/web"), Bundles.SMALL);
        LifecycleModel stranger = new LifecycleModel(other, helper);
        assertEquals("web", stranger.id().get());
        assertFalse(stranger.drift().get(), "it was made from another bundle");
        assertEquals(folder.resolve("web").toString(), stranger.elsewhere().get());
    }

    @Test
    void carriageReturnsAreNoDrift() throws IOException {
        helper.connect();
        Session windows = Bundles.open(folder.resolve("crlf"), Bundles.SMALL.replace("\n", "\r\n"));
        LifecycleModel life = new LifecycleModel(windows, helper);
        life.create();
        assertTrue(fake.config().contains("\r\n"), "the helper gets the bytes of the file");
        assertFalse(life.drift().get());
    }

    @Test
    void whoFellBehindReadsAnewWhatWasMissed() {
        helper.connect();
        ConsoleModel console = new ConsoleModel(helper, model);
        model.createAndStart();
        fake.print("web", "heard");
        fake.printUnheard("missed");
        fake.dropSlowWatcher();
        assertTrue(helper.info().get().isPresent(), "the helper is there all the time");
        assertEquals(
                List.of("heard", "missed"),
                console.lines().stream().map(ConsoleModel.Line::text).toList());
        fake.print("web", "after");
        assertEquals("after", console.lines().getLast().text());
    }

    @Test
    void theHelperComesAndGoesAndIsFoundAgain() {
        helper.connect();
        model.createAndStart();
        fake.die();
        assertTrue(helper.info().get().isEmpty());
        assertEquals(Texts.of("lifecycle.no-helper"), model.whyNot(Verb.KILL).get());
        tasks.runDelayed();
        assertEquals("helper-not-running", helper.absence().get().orElseThrow().code());
        fake.run();
        tasks.runDelayed();
        assertTrue(helper.info().get().isPresent());
        assertEquals(Stage.RUNNING, model.stage().get(), "the container went on, and is listed again");
    }

    @Test
    void theEndIsSeenAfterTheGarbageCollectorRan() {
        helper.connect();
        model.createAndStart();
        System.gc();
        fake.exit("web", 3);
        assertEquals(Stage.STOPPED, model.stage().get());
    }

    @Test
    void outputAndHooksArriveAsTheyHappen() {
        helper.connect();
        ConsoleModel console = new ConsoleModel(helper, model);
        HooksModel hooks = new HooksModel(session, helper, model);
        model.createAndStart();
        fake.print("web", "hello");
        fake.print("other", "not mine");
        fake.hook("web", "poststart", 0, "runs");
        fake.hook("web", "createRuntime", 0, "made");
        assertEquals(
                List.of("hello"),
                console.lines().stream().map(ConsoleModel.Line::text).toList());
        assertEquals("made", hooks.runs().getFirst().output());
        assertEquals("/hooks/createRuntime/0", hooks.runs().getFirst().pointer());
        console.send("ls");
        assertEquals("input ls", fake.asked().getLast());
        fake.exit("web", 3);
        assertNotEquals("", console.whyNoInput().get());
    }
}

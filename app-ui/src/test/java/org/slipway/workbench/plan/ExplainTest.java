package org.slipway.workbench.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.model.finding.Rules;
import org.slipway.model.plan.HostFacts;
import org.slipway.model.plan.PlanJson;
import org.slipway.workbench.bundle.Bundles;
import org.slipway.workbench.helper.FakeHelper;
import org.slipway.workbench.memory.StateFolder;
import org.slipway.workbench.shell.Workbench;
import org.slipway.workbench.task.Tasks;
import tools.jackson.databind.node.ObjectNode;

/** The plan of an edit is the one that create would carry out: for this person, under this name, on this host. */
class ExplainTest {

    @TempDir
    private Path folder;

    private final FakeHelper fake = new FakeHelper();

    private Workbench open() throws IOException {
        StateFolder state = new StateFolder(folder.resolve("state"));
        Workbench bench = Workbench.desk(Tasks.immediate(), Rules::check, new Explain(), fake, state)
                .front()
                .get();
        bench.session().open(Bundles.write(folder.resolve("web"), Bundles.SMALL), () -> {}, failure -> {
            throw new AssertionError(failure);
        });
        return bench;
    }

    private static String plan(Workbench bench) {
        return PlanJson.tree(bench.plan().plans().getFirst()).toString();
    }

    @Test
    void aNameThatCannotBeLeavesAPlanAllTheSame() throws IOException {
        Workbench bench = open();
        bench.lifecycle().id().set("a/b");
        assertTrue(plan(bench).contains("/container"), plan(bench));
        assertEquals("", bench.plan().reason().get());
    }

    @Test
    void withoutAHelperThePlanIsOursAndFollowsTheName() throws IOException {
        Workbench bench = open();
        Object self = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        assertTrue(plan(bench).contains("/run/slipway/" + self + "/web"), plan(bench));
        bench.lifecycle().id().set("web-2");
        assertTrue(plan(bench).contains("/run/slipway/" + self + "/web-2"), plan(bench));
        assertFalse(plan(bench).contains("/container"), plan(bench));
    }

    @Test
    void theStateDirectoryIsTheHelpersOwn() throws IOException {
        ObjectNode facts = (ObjectNode) PlanJson.tree(HostFacts.v2());
        facts.putObject("helper").put("directory", "/srv/state");
        fake.facts(facts);
        Workbench bench = open();
        bench.helper().connect();
        assertTrue(plan(bench).contains("/srv/state/1000/web"), plan(bench));
        assertFalse(plan(bench).contains("/run/slipway"), plan(bench));
    }

    private static List<String> lines(Workbench bench, StepRow.Change change) {
        return bench.plan().rows().get().stream()
                .filter(row -> row instanceof StepRow.Line line && line.change() == change)
                .map(row -> ((StepRow.Line) row).step().op().call())
                .toList();
    }

    @Test
    void anEditThatIsNotSavedShowsWhatItBringsAndTakesAway() throws IOException {
        Workbench bench = open();
        assertEquals(Optional.empty(), bench.plan().changed().get());
        bench.session().type(Bundles.SMALL.replace("\"one\"", "\"two\""));
        assertEquals(
                Optional.of(new PlanModel.Changed(1, 1)), bench.plan().changed().get());
        assertTrue(lines(bench, StepRow.Change.REMOVED).getFirst().contains("one"));
        assertTrue(lines(bench, StepRow.Change.ADDED).getFirst().contains("two"));
        assertEquals(
                bench.plan().count().get() - 1,
                lines(bench, StepRow.Change.SAME).size());
        bench.session().save(false, () -> {}, failure -> {
            throw new AssertionError(failure);
        });
        assertEquals(Optional.empty(), bench.plan().changed().get());
        assertEquals(List.of(), lines(bench, StepRow.Change.REMOVED));
    }

    @Test
    void withAHelperThePlanIsForWhomItTakesUsAndOnItsHost() throws IOException {
        fake.facts((ObjectNode) PlanJson.tree(HostFacts.hybrid()));
        Workbench bench = open();
        bench.helper().connect();
        assertTrue(plan(bench).contains("/run/slipway/1000/web"), plan(bench));
        assertTrue(plan(bench).contains("/sys/fs/cgroup/pids"), plan(bench));
    }
}

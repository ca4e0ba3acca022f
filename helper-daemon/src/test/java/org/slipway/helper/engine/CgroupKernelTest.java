package org.slipway.helper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.helper.cgroup.Host;
import org.slipway.helper.lifecycle.Caller;
import org.slipway.helper.lifecycle.CreateRequest;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.lifecycle.Streams;
import org.slipway.helper.reactor.Reactor;
import org.slipway.helper.run.Permits;
import org.slipway.model.plan.HostFacts;
import org.slipway.model.plan.Plan;
import org.slipway.model.plan.ResctrlOp.RemoveResctrlGroup;
import org.slipway.model.plan.Step;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Owned;
import org.slipway.model.test.Requirement;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Groups that containers share, on the real kernel; resource control in a directory that stands for its filesystem. */
@Tag("kernel")
@Timeout(60)
class CgroupKernelTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Caller ROOT = new Caller(0, true);
    private static final Owned NAME = new Owned(0, new ContainerId("group-" + Leftovers.TAG));

    @TempDir
    Path temp;

    private TestBundle bundle;
    private Path resctrl;

    @BeforeEach
    void makeBundle() throws IOException {
        bundle = TestBundle.in(Files.createDirectories(temp.resolve("bundle"))).args("sleep", "1000");
        resctrl = Files.createDirectories(temp.resolve("resctrl"));
        files(resctrl);
    }

    private Engine engine(String state, HostFacts facts, Reactor reactor, Permits permits) throws IOException {
        Path directory = Files.createDirectories(temp.resolve(state));
        return Engine.open(directory, EngineKernelTest.launcher(), facts, reactor, permits);
    }

    private CreateRequest request() {
        return CreateRequest.of(NAME, bundle.path.toString(), bundle.bytes(), new Streams.None());
    }

    private ObjectNode linux() {
        return (ObjectNode) bundle.config.get("linux");
    }

    private static Path top() {
        Path unified = Path.of("/sys/fs/cgroup/unified");
        return Files.exists(unified) ? unified : Path.of("/sys/fs/cgroup");
    }

    @Test
    @Requirement("CG-06")
    void aParentGoesWithItsLastUserWhicheverHelperMadeIt() throws Exception {
        String shared = "slipway-shared-" + Leftovers.TAG;
        try (Reactor reactor = Reactor.start();
                Engine one = engine("slipway-test-one", Host.facts(), reactor, Permits.ALL);
                Engine other = engine("slipway-test-other", Host.facts(), reactor, Permits.ALL)) {
            linux().put("cgroupsPath", "/" + shared + "/first");
            one.create(ROOT, request());
            linux().put("cgroupsPath", "/" + shared + "/second");
            other.create(ROOT, request());
            one.delete(ROOT, NAME, true);
            assertTrue(Files.exists(top().resolve(shared).resolve("second")));
            other.delete(ROOT, NAME, true);
            assertFalse(Files.exists(top().resolve(shared)));
        }
    }

    /** The kernel's part: a group has its files at once, and takes them along when it goes. */
    private void kernel(Plan plan, Step step) {
        try {
            for (Path group : List.of(
                    resctrl.resolve(NAME.id().value()),
                    resctrl.resolve("gold"),
                    resctrl.resolve("mon_groups").resolve(NAME.id().value()))) {
                if (!Files.isDirectory(group)) {
                    continue;
                }
                if (step.op() instanceof RemoveResctrlGroup remove
                        && remove.path().equals(group.toString())) {
                    Files.deleteIfExists(group.resolve("tasks"));
                    Files.deleteIfExists(group.resolve("schemata"));
                } else {
                    files(group);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void files(Path group) throws IOException {
        for (String file : List.of("tasks", "schemata")) {
            if (!Files.exists(group.resolve(file))) {
                Files.createFile(group.resolve(file));
            }
        }
    }

    private String tasks(String group) throws IOException {
        return Files.readString(resctrl.resolve(group).resolve("tasks"));
    }

    @Test
    @Requirement({"RDT-01", "RDT-04", "RDT-11", "RDT-12"})
    void initIsInItsGroupsBeforeCreateReturnsAndTheyGoWithIt() throws Exception {
        Files.createDirectory(resctrl.resolve("mon_groups"));
        try (Reactor reactor = Reactor.start();
                Engine engine = engine(
                        "slipway-test-state",
                        Host.facts().withResctrl(Optional.of(resctrl.toString())),
                        reactor,
                        this::kernel)) {
            linux().set("intelRdt", JSON.readTree("{\"closID\":\"/\",\"enableMonitoring\":true}"));
            String pid = "" + engine.create(ROOT, request()).pid().getAsInt();
            assertEquals(pid, tasks("."));
            assertEquals(pid, tasks("mon_groups/" + NAME.id().value()));
            engine.delete(ROOT, NAME, true);
            assertFalse(
                    Files.exists(resctrl.resolve("mon_groups").resolve(NAME.id().value())));

            linux().set("intelRdt", JSON.createObjectNode());
            String own = "" + engine.create(ROOT, request()).pid().getAsInt();
            assertEquals(own, tasks(NAME.id().value()));
            engine.delete(ROOT, NAME, true);
            assertFalse(Files.exists(resctrl.resolve(NAME.id().value())));
        }
    }

    @Test
    @Requirement({"RDT-09", "RDT-10", "RDT-11"})
    void aGroupOfSomebodyElsesIsJoinedOrRefusedAndStays() throws Exception {
        try (Reactor reactor = Reactor.start();
                Engine engine = engine(
                        "slipway-test-state",
                        Host.facts().withResctrl(Optional.of(resctrl.toString())),
                        reactor,
                        this::kernel)) {
            linux().set("intelRdt", JSON.readTree("{\"closID\":\"gold\"}"));
            assertEquals("rdt-group-missing", refused(engine).code());
            Path gold = Files.createDirectory(resctrl.resolve("gold"));
            Files.writeString(gold.resolve("schemata"), "    L3:0=000ff\n");
            String pid = "" + engine.create(ROOT, request()).pid().getAsInt();
            assertEquals(pid, tasks("gold"));
            engine.delete(ROOT, NAME, true);
            assertTrue(Files.exists(gold));

            linux().set("intelRdt", JSON.readTree("{\"closID\":\"gold\",\"l3CacheSchema\":\"L3:0=f\"}"));
            Failure differs = refused(engine);
            assertEquals("rdt-group-differs", differs.code());
            assertEquals(
                    Optional.of("/linux/intelRdt/closID"),
                    differs.at().orElseThrow().pointer());

            linux().set("intelRdt", JSON.createObjectNode());
            Path taken = Files.createDirectory(resctrl.resolve(NAME.id().value()));
            assertEquals("rdt-group-exists", refused(engine).code());
            assertTrue(Files.exists(taken), "it is somebody else's");
        }
    }

    private Failure refused(Engine engine) {
        return assertThrows(Failure.class, () -> engine.create(ROOT, request()));
    }
}

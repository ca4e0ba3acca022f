package org.slipway.helper.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.helper.libc.Descriptors;
import org.slipway.helper.libc.ErrnoException;
import org.slipway.helper.store.Entry;
import org.slipway.model.plan.Actor;
import org.slipway.model.plan.CgroupOp;
import org.slipway.model.plan.Origin;
import org.slipway.model.plan.Phase;
import org.slipway.model.plan.Plan;
import org.slipway.model.plan.PlanKind;
import org.slipway.model.plan.Step;
import org.slipway.model.state.Status;
import org.slipway.model.test.Requirement;

/** Parents of cgroups that come and go while a plan runs, in directories that stand for them. */
class CgroupDeedsTest {

    @TempDir
    Path root;

    private CgroupDeeds deeds(Status status, List<String> present, CgroupOp... ops) {
        List<Step> steps = new ArrayList<>();
        for (CgroupOp op : ops) {
            steps.add(new Step(
                    steps.size(),
                    Actor.HELPER,
                    Phase.CGROUP,
                    new Origin.Default("default-cgroup"),
                    op,
                    Optional.empty()));
        }
        Entry entry = new Entry(
                1,
                0,
                "x",
                "1.3.0",
                "/b",
                "/b/rootfs",
                Map.of(),
                "",
                status,
                Optional.empty(),
                Optional.empty(),
                present,
                List.of(),
                "1.3",
                false,
                Optional.empty());
        return new CgroupDeeds(
                new Subject(null, null, new byte[0], null, entry), new Plan(PlanKind.CREATE, "1.3", steps));
    }

    private String path(String name) {
        return root.resolve(name).toString();
    }

    /** Killed between mkdir and setxattr. */
    @Test
    @Requirement({"CG-06", "STATE-13"})
    void aParentThatACrashLeftUnmarkedIsTakenAwayByTheUndoOfItsCreate() throws Exception {
        CgroupOp remove = new CgroupOp.RemoveCgroupParent(path("parent"));
        Files.createDirectory(root.resolve("parent"));
        assertFalse(deeds(Status.CREATING, List.of(path("parent")), remove).run(remove, 0), "it was there before");
        assertFalse(deeds(Status.CREATED, List.of(), remove).run(remove, 0), "its create has ended");
        assertTrue(Files.exists(root.resolve("parent")));
        assertTrue(deeds(Status.CREATING, List.of(), remove).run(remove, 0));
        assertFalse(Files.exists(root.resolve("parent")));
        assertFalse(deeds(Status.CREATING, List.of(), remove).run(remove, 0));
    }

    @Test
    @Requirement("CG-06")
    void aParentThatWasTakenAwayMeanwhileIsMadeOnceMoreForEveryStepThatNeedsIt() throws Exception {
        CgroupOp parent = new CgroupOp.MakeCgroupParent(path("parent"));
        CgroupOp first = new CgroupOp.WriteFirstCgroupFile(
                List.of(path("parent/limit"), path("parent/other")), List.of("1", "2"), false);
        CgroupDeeds deeds = deeds(Status.CREATING, List.of(), parent, first);
        assertFalse(deeds.run(first, 1), "there is no such file, but a directory");
        assertTrue(Files.isDirectory(root.resolve("parent")));
        assertTrue(Descriptors.hasAttribute(path("parent"), "trusted.slipway")
                || Descriptors.hasAttribute(path("parent"), "user.slipway"));
        CgroupOp raise = new CgroupOp.RaiseRealtime(path("gone"), 100, 10);
        CgroupOp its = new CgroupOp.MakeCgroupParent(path("gone"));
        CgroupDeeds others = deeds(Status.CREATING, List.of(), its, raise);
        assertThrows(ErrnoException.class, () -> others.run(raise, 1)); // what stands for the kernel makes no files
        assertTrue(Files.isDirectory(root.resolve("gone")));
        file("gone/cpu.rt_runtime_us", "0\n");
        file("gone/cpu.rt_period_us", "0\n");
        assertTrue(others.run(raise, 1));
        assertEquals(
                "10", Files.readString(root.resolve("gone/cpu.rt_runtime_us")).strip());
    }

    private void file(String name, String text) throws IOException {
        Files.writeString(root.resolve(name), text);
    }
}

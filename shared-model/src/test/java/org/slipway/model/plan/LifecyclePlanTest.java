package org.slipway.model.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slipway.model.check.Checked;
import org.slipway.model.json.Document;
import org.slipway.model.plan.HookOp.RunHook;
import org.slipway.model.plan.MountOp.MakeDevice;
import org.slipway.model.plan.MountOp.MakeTarget;
import org.slipway.model.plan.MountOp.MountFilesystem;
import org.slipway.model.profile.Profiles;
import org.slipway.model.test.Requirement;

/** What the plan does otherwise for a configuration of another version. */
class LifecyclePlanTest {

    private static final String OLD = """
            {"ociVersion":"0.3.0","platform":{"os":"linux","arch":"amd64"},
             "process":{"user":{"uid":0,"gid":0},"args":["sh"],"env":["PATH=/bin"],"cwd":"/"},
             "root":{"path":"rootfs"},
             "mounts":[{"destination":"/proc","type":"proc","source":"proc"},
                       {"destination":"/dev","type":"tmpfs","source":"tmpfs"},
                       {"destination":"/dev/mqueue","type":"mqueue","source":"mqueue"}],
             "hooks":{"prestart":[{"path":"/bin/true"}],"poststart":[{"path":"/bin/true"}]},
             "linux":{"namespaces":[{"type":"mount"},{"type":"pid"}],"capabilities":["CAP_KILL"]}}""";

    private static Compiled.Ready plans(String config, String profile) {
        Checked checked = Checked.of(
                Document.parse(config),
                profile.isEmpty() ? Optional.empty() : Profiles.named(profile),
                spec -> PlanRequest.explain(spec, "/bundle", "web", HostFacts.v2()));
        return checked.plans().orElseThrow(() -> new AssertionError(checked.findings()));
    }

    private static List<RunHook> prestart(Plan plan) {
        return Plans.ops(plan, RunHook.class).stream()
                .filter(hook -> hook.kind() == HookOp.Kind.PRESTART)
                .toList();
    }

    @Test
    @Requirement({"DRAFT-1.X-01", "DRAFT-0430AAF-21", "DRAFT-0.3-10"})
    void prestartHooksRunWhereTheirVersionHasThem() {
        String release = Specs.minimal("{'ociVersion':'1.0.2','hooks':{'prestart':[{'path':'/bin/true'}]}}");
        assertEquals(1, prestart(plans(release, "").create()).size());
        assertEquals(List.of(), prestart(plans(release, "1.0").create()));
        Plan start = plans(release, "1.0").start().orElseThrow();
        assertTrue(start.steps().getFirst().op() instanceof RunHook, "before the gate opens");
        assertTrue(prestart(start).getFirst().stateHead().contains("\"status\":\"created\""));
        assertEquals(1, prestart(plans(OLD, "").create()).size());
        assertEquals(
                1,
                prestart(plans(OLD.replace("0.3.0", "0.6.0-dev"), "").start().orElseThrow())
                        .size());
    }

    @Test
    @Requirement({"DRAFT-0.3-13", "DRAFT-0.3-27"})
    void hooksReadTheStateInTheShapeOfTheirVersion() {
        RunHook hook = prestart(plans(OLD, "").create()).getFirst();
        assertEquals(
                "{\"version\":\"0.3.0\",\"id\":\"web\",\"pid\":7,\"bundlePath\":\"/bundle\"}",
                hook.stateHead() + 7 + hook.stateTail());
    }

    @Test
    @Requirement({"DRAFT-0.3-08"})
    void targetsOfMountsHaveToExistIn03() {
        Plan create = plans(OLD, "").create();
        List<String> made = Plans.ops(create, MakeTarget.class).stream()
                .map(MakeTarget::target)
                .toList();
        assertFalse(made.contains("/proc"), made::toString);
        assertFalse(made.contains("/dev"), made::toString);
        assertTrue(made.contains("/dev/mqueue"), "in a new filesystem nothing can be there");
        assertTrue(Plans.ops(plans(OLD, "0.4").create(), MakeTarget.class).stream()
                .anyMatch(make -> make.target().equals("/proc")));
    }

    @Test
    @Requirement({"DRAFT-0.3-17", "DRAFT-0.3-18"})
    void filesystemsAndConsoleAreThereIn03() {
        Plan create = plans(OLD, "").create();
        List<String> mounted = Plans.ops(create, MountFilesystem.class).stream()
                .map(MountFilesystem::target)
                .toList();
        assertEquals(List.of("/proc", "/dev", "/dev/mqueue", "/sys", "/dev/pts", "/dev/shm"), mounted);
        assertTrue(Plans.ops(create, MakeDevice.class).stream()
                .anyMatch(node -> node.path().equals("/dev/console")));
        Plan later = plans(OLD, "0.4").create();
        assertFalse(Plans.ops(later, MakeDevice.class).stream()
                .anyMatch(node -> node.path().equals("/dev/console")));
        assertEquals(3, Plans.ops(later, MountFilesystem.class).size());
    }

    @Test
    @Requirement({"DRAFT-03", "DRAFT-02"})
    void stepsAreAskedForByThePlaceInTheUsersFileAndThePlanNamesItsProfile() {
        Compiled.Ready plans = plans(OLD, "");
        assertEquals("0.3", plans.create().profile());
        assertFalse(
                Plans.ops(plans.start().orElseThrow(), "/linux/capabilities").isEmpty());
        assertTrue(
                Plans.ops(plans.start().orElseThrow(), "/process/capabilities").isEmpty());
    }
}

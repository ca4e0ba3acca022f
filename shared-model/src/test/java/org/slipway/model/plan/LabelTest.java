package org.slipway.model.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slipway.model.plan.MountOp.LabelMount;
import org.slipway.model.plan.MountOp.MountFilesystem;
import org.slipway.model.plan.ProcessOp.DropBounding;
import org.slipway.model.plan.ProcessOp.SetApparmorProfile;
import org.slipway.model.plan.ProcessOp.SetSelinuxLabel;
import org.slipway.model.test.Requirement;

/** Labels of AppArmor and SELinux in plans, on hosts that have them and on hosts that do not. */
class LabelTest {

    private static final HostFacts GUARDED = HostFacts.v2().with(new HostFacts.Security(true, true, -1L));

    @Test
    @Requirement({"PROC-12", "PROC-13"})
    void profileAndLabelAreAskedForBeforeTheRightsGo() {
        Plan start = Plans.ready(
                        Specs.minimal("{'process':{'apparmorProfile':'box','selinuxLabel':'u:r:t:s0'}}"), GUARDED)
                .start()
                .orElseThrow();
        assertEquals(List.of(new SetApparmorProfile("box")), Plans.ops(start, "/process/apparmorProfile"));
        assertEquals(List.of(new SetSelinuxLabel("u:r:t:s0")), Plans.ops(start, "/process/selinuxLabel"));
        List<Op> ops = Plans.all(start).toList();
        assertTrue(ops.indexOf(new SetApparmorProfile("box")) < ops.indexOf(new DropBounding(0)));
    }

    @Test
    @Requirement({"PROC-12", "PROC-13", "PATH-06"})
    void aHostWithoutTheModuleIsAProblemOfTheMember() {
        assertEquals(
                List.of(
                        new PlanProblem("selinux-missing", "/linux/mountLabel", Map.of("label", "m")),
                        new PlanProblem("apparmor-missing", "/process/apparmorProfile", Map.of("profile", "box")),
                        new PlanProblem("selinux-missing", "/process/selinuxLabel", Map.of("label", "l"))),
                Plans.problems(
                        Specs.minimal(
                                "{'process':{'apparmorProfile':'box','selinuxLabel':'l'},'linux':{'mountLabel':'m'}}"),
                        HostFacts.v2()));
    }

    @Test
    @Requirement({"PROC-12", "PROC-13", "PATH-06"})
    void emptyNamesAskForNothing() {
        Compiled.Ready ready = Plans.ready(
                Specs.minimal("{'process':{'apparmorProfile':'','selinuxLabel':''},'linux':{'mountLabel':''}}"),
                HostFacts.v2());
        assertEquals(List.of(), Plans.ops(ready.start().orElseThrow(), SetApparmorProfile.class));
        assertEquals(List.of(), Plans.ops(ready.start().orElseThrow(), SetSelinuxLabel.class));
    }

    @Test
    @Requirement("PATH-06")
    void newFilesystemsGetTheContextAndBindsKeepTheirs() {
        Plan create = Plans.ready(Specs.minimal("""
                        {'linux':{'mountLabel':'u:r:t:s0:c1,c2'},
                         'mounts':[{'destination':'/proc','type':'proc','source':'proc'},
                                   {'destination':'/tmp','type':'tmpfs','source':'tmpfs','options':['size=1k']},
                                   {'destination':'/own','type':'tmpfs','source':'tmpfs','options':['context=mine']},
                                   {'destination':'/dev/mqueue','type':'mqueue','source':'mqueue'},
                                   {'destination':'/srv','source':'/srv','options':['bind']}]}"""), GUARDED).create();
        assertEquals(
                List.of(List.of(), List.of("size=1k", "context=u:r:t:s0:c1,c2"), List.of("context=mine"), List.of()),
                Plans.ops(create, MountFilesystem.class).stream()
                        .map(MountFilesystem::options)
                        .toList());
        assertEquals(List.of(new LabelMount("/dev/mqueue", "u:r:t:s0:c1,c2")), Plans.ops(create, "/linux/mountLabel"));
    }
}

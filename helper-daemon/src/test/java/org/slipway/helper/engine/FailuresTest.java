package org.slipway.helper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.helper.command.Sentences;
import org.slipway.helper.libc.Errno;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.run.StepFailure;
import org.slipway.model.plan.Actor;
import org.slipway.model.plan.Blob;
import org.slipway.model.plan.Compiled;
import org.slipway.model.plan.Op;
import org.slipway.model.plan.Origin;
import org.slipway.model.plan.Phase;
import org.slipway.model.plan.Plan;
import org.slipway.model.plan.PlanKind;
import org.slipway.model.plan.ProcessOp;
import org.slipway.model.plan.Step;
import org.slipway.model.test.Requirement;

/** What is told about a step that failed. */
class FailuresTest {

    @ParameterizedTest
    @CsvSource({
        "ENOENT, 0, program-missing, /process/args",
        "ENOTDIR, 0, program-missing, /process/args",
        "EACCES, 0, program-not-executable, /process/args",
        "ENOENT, 1, program-interpreter-missing, /process/args",
        "EACCES, 1, program-interpreter-missing, /process/args",
        "ENOENT, 2, program-carriage-return, /process/args",
        "ENOENT, 3, program-loader-missing, /process/args",
        "ENOEXEC, 4, program-other-machine, /process/args",
        "ENOEXEC, 5, program-without-format, /process/args",
        "ENOENT, 6, rootfs-empty, /root/path",
        "E2BIG, 0, step-failed, /process/args"
    })
    @Requirement("PROC-03")
    void eachTrapHasACodeAndItsMember(String errno, long detail, String code, String pointer) {
        for (Op op : List.of(
                new ProcessOp.ProbeProgram("/x", List.of(), "/"),
                new ProcessOp.LoadSeccompAndExec(List.of("/x"), List.of(), Blob.EMPTY, 0, false))) {
            Failure failure = of(op, "/process/args", errno, detail, "/what");
            assertEquals(code, failure.code());
            assertEquals(Optional.of(pointer), failure.at().orElseThrow().pointer());
            assertEquals(code.equals("step-failed") ? Failure.Fault.HOST : Failure.Fault.CALLER, failure.fault());
        }
    }

    @Test
    @Requirement("PROC-03")
    void sentencesNameTheProgramAndHoldTheWordsThatCallersSearchFor() {
        for (int detail : List.of(0, 1, 2, 3, 6)) {
            String sentence = sentence(probe("/opt/run me", "ENOENT", detail));
            assertTrue(sentence.contains("'/opt/run me'"), sentence);
            assertTrue(
                    sentence.contains("no such file or directory") || sentence.contains("executable file not found"),
                    sentence);
        }
        assertTrue(sentence(probe("/x", "EACCES", 0)).contains("permission denied"));
        assertTrue(sentence(probe("/x", "ENOEXEC", 4)).contains("exec format error"));
        assertEquals("program-not-split", probe("sh -c ls", "ENOENT", 0).code());
    }

    @Test
    void everyTrapHasAdvice() {
        var shared = org.slipway.model.text.Sentences.of(Locale.ENGLISH);
        IntStream.rangeClosed(0, 6)
                .mapToObj(detail -> probe("/x", "ENOENT", detail).code())
                .forEach(code ->
                        assertTrue(shared.advice(code, java.util.Map.of()).isPresent(), code));
    }

    @ParameterizedTest
    @CsvSource({
        "EPERM, rlimit-not-raisable, CALLER",
        "EINVAL, step-failed, CALLER",
    })
    @Requirement("RLIM-05")
    void aLimitThatMayNotBeRaisedIsTheCallers(String errno, String code, Failure.Fault fault) {
        Failure failure =
                of(new ProcessOp.SetRlimit(7, 1, 2), "/process/rlimits/3", errno, 0, "set resource limit 7 to 1, 2");
        assertEquals(code, failure.code());
        assertEquals(fault, failure.fault());
        assertEquals(
                Optional.of("/process/rlimits/3"), failure.at().orElseThrow().pointer());
    }

    @Test
    @Requirement({"PROC-12", "PROC-13", "MPOL-04", "SCHED-01"})
    void labelsPrioritiesAndNodesHaveCodesOfTheirOwn() {
        assertEquals(
                "apparmor-profile-unloaded",
                of(new ProcessOp.SetApparmorProfile("box"), "/process/apparmorProfile", "ENOENT", 0, "")
                        .code());
        assertEquals(
                "the AppArmor profile 'box' is not loaded: no such file or directory (/process/apparmorProfile);"
                        + " load it: apparmor_parser --replace FILE",
                sentence(of(new ProcessOp.SetApparmorProfile("box"), "/process/apparmorProfile", "ENOENT", 0, "x")));
        assertEquals(
                "selinux-label-unknown",
                of(new ProcessOp.SetSelinuxLabel("l"), "/process/selinuxLabel", "EINVAL", 0, "")
                        .code());
        assertEquals(
                "memory-policy-missing",
                of(new ProcessOp.SetMemoryPolicy(2, 0, List.of(0)), "/linux/memoryPolicy", "ENOSYS", 0, "")
                        .code());
        assertEquals(
                "memory-nodes-missing",
                of(new ProcessOp.SetMemoryPolicy(2, 0, List.of(9)), "/linux/memoryPolicy", "EINVAL", 0, "")
                        .code());
        assertEquals(
                "priority-not-permitted",
                of(new ProcessOp.SetScheduler(1, 0, 1, 0, 0, 0, 0), "/process/scheduler", "EPERM", 0, "")
                        .code());
        assertEquals(
                "priority-not-permitted",
                of(new ProcessOp.SetIoPriority(1, 0), "/process/ioPriority", "EPERM", 0, "")
                        .code());
    }

    private static Failure probe(String program, String errno, long detail) {
        return of(new ProcessOp.ProbeProgram(program, List.of(), "/"), "/process/args/0", errno, detail, "/what");
    }

    private static String sentence(Failure failure) {
        return Sentences.of(failure);
    }

    private static Failure of(Op op, String pointer, String errno, long detail, String text) {
        Step step = new Step(0, Actor.INIT, Phase.PROGRAM, new Origin.Field(pointer), op, Optional.empty());
        Plan plan = new Plan(PlanKind.CREATE, "1.3", List.of(step));
        return Failures.of(
                new StepFailure(PlanKind.CREATE, 0, StepFailure.Kind.REFUSED, Errno.named(errno), text, detail, null),
                plan,
                new Compiled.Ready(plan, Optional.empty(), List.of(), Optional.empty(), Optional.empty()));
    }
}

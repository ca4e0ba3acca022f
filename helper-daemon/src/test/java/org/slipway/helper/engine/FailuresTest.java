package org.slipway.helper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.helper.command.Sentences;
import org.slipway.helper.libc.Errno;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.run.StepFailure;
import org.slipway.model.plan.Actor;
import org.slipway.model.plan.Blob;
import org.slipway.model.plan.CgroupOp;
import org.slipway.model.plan.Compiled;
import org.slipway.model.plan.HookOp;
import org.slipway.model.plan.HookOp.RunHook;
import org.slipway.model.plan.KeeperOp;
import org.slipway.model.plan.MountOp;
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

    @Test
    @Requirement({"RLIM-05", "MPOL-04"})
    void limitsAndPoliciesHaveTheirNames() {
        String limit = sentence(of(
                new ProcessOp.SetRlimit(7, 1, 2048),
                "/process/rlimits/3",
                "EPERM",
                0,
                "set resource limit 7 to 1, 2048"));
        assertTrue(limit.startsWith("the hard limit RLIMIT_NOFILE may not be raised to 2048"), limit);
        String other = sentence(of(
                new ProcessOp.SetRlimit(7, 1, 2), "/process/rlimits/3", "EINVAL", 0, "set resource limit 7 to 1, 2"));
        assertTrue(other.startsWith("can't limit RLIMIT_NOFILE to 1, at most 2: setrlimit"), other);
        String nodes = sentence(of(
                new ProcessOp.SetMemoryPolicy(2, 0, List.of(9)),
                "/linux/memoryPolicy",
                "EINVAL",
                0,
                "set memory policy 2 on 1 nodes"));
        assertTrue(nodes.startsWith("the memory nodes 9 of MPOL_BIND are not all there"), nodes);
        assertTrue(nodes.contains("this host has " + Present.nodes()), nodes);
    }

    @ParameterizedTest
    @CsvSource({
        "cpuset.cpus, ERANGE, processors-not-there, the processors '4000'",
        "cpuset.cpus, EINVAL, processors-not-there, the processors '4000'",
        "cpuset.mems, EINVAL, memory-nodes-not-there, the memory nodes '4000'",
        "cpuset.cpus, EACCES, processors-not-there, or not the parent cgroup's",
        "cpuset.cpus, ENOENT, limit-not-offered, cpuset.cpus",
        "pids.max, EINVAL, limit-refused, the kernel does not take '4000'"
    })
    @Requirement("ERR-04")
    void aListThatIsNotThereIsToldWithWhatIs(String file, String errno, String code, String words) {
        Failure failure = of(
                new CgroupOp.WriteCgroupFile("/sys/fs/cgroup/web/" + file, "4000"),
                "/linux/resources/cpu",
                errno,
                0,
                "");
        assertEquals(code, failure.code());
        assertTrue(sentence(failure).contains(words), sentence(failure));
        if (code.endsWith("-there")) {
            assertTrue(sentence(failure).contains("this host has 0"), sentence(failure));
        }
    }

    @Test
    @Requirement({"MNT-06", "ERR-04"})
    void aMissingSourceIsToldFirst() {
        String sentence = sentence(of(
                new MountOp.MakeTarget("/data", MountOp.Target.LIKE_SOURCE, "/srv/none"),
                "/mounts/7",
                "ENOENT",
                0,
                "open bind source '/srv/none'"));
        assertTrue(
                sentence.startsWith("the mount source '/srv/none' is not there: no such file or directory (/mounts/7)"),
                sentence);
    }

    @Test
    @Requirement("HOOK-19")
    void aHookOfInitIsToldAsOneOfTheHelper() {
        RunHook hook = new RunHook(HookOp.Kind.CREATE_CONTAINER, 0, "/h", List.of("h"), List.of(), 0, "", "");
        Failure ended = of(hook, "/hooks/createContainer/0", "ECHILD", 3, "run hook '/h', which ended with status 3");
        assertEquals("the createContainer hook '/h' failed: status 3 (/hooks/createContainer/0)", sentence(ended));
        Failure died = of(hook, "/hooks/createContainer/0", "ECHILD", 137, "run hook '/h', which died of signal 9");
        assertEquals("the createContainer hook '/h' failed: signal 9 (/hooks/createContainer/0)", sentence(died));
    }

    @Test
    @Requirement("ERR-04")
    void anInitThatTheKernelKilledForItsMemoryNamesTheLimit(@TempDir Path cgroup) throws Exception {
        Failure died = Failures.of(
                new StepFailure(PlanKind.CREATE, 0, StepFailure.Kind.INIT_DIED, Optional.empty(), "9", null),
                plan(new KeeperOp.OpenGate(), "/process"),
                ready(plan(new KeeperOp.OpenGate(), "/process")));
        assertEquals("init-died-before-exec", died.code());
        Failure told = Failures.outOfMemory(died);
        assertEquals("init-out-of-memory", told.code());
        assertEquals(
                Optional.of("/linux/resources/memory/limit"),
                told.at().orElseThrow().pointer());
        Failure other = probe("/x", "ENOENT", 0);
        assertEquals(other, Failures.outOfMemory(other));
        List<String> places = List.of("/nonexistent", cgroup.toString());
        assertFalse(OomWatch.killed(places));
        Files.writeString(cgroup.resolve("memory.events"), "low 0\nmax 5\noom 1\noom_kill 0\n");
        assertFalse(OomWatch.killed(places));
        Files.writeString(cgroup.resolve("memory.oom_control"), "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n");
        assertTrue(OomWatch.killed(places));
    }

    private static Failure probe(String program, String errno, long detail) {
        return of(new ProcessOp.ProbeProgram(program, List.of(), "/"), "/process/args/0", errno, detail, "/what");
    }

    private static String sentence(Failure failure) {
        return Sentences.of(failure);
    }

    private static Failure of(Op op, String pointer, String errno, long detail, String text) {
        Plan plan = plan(op, pointer);
        return Failures.of(
                new StepFailure(PlanKind.CREATE, 0, StepFailure.Kind.REFUSED, Errno.named(errno), text, detail, null),
                plan,
                ready(plan));
    }

    private static Plan plan(Op op, String pointer) {
        return new Plan(
                PlanKind.CREATE,
                "1.3",
                List.of(new Step(0, Actor.INIT, Phase.PROGRAM, new Origin.Field(pointer), op, Optional.empty())));
    }

    private static Compiled.Ready ready(Plan plan) {
        return new Compiled.Ready(plan, Optional.empty(), List.of(), Optional.empty(), Optional.empty());
    }
}

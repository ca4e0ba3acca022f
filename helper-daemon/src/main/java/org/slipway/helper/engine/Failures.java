package org.slipway.helper.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slipway.helper.hook.HookRun;
import org.slipway.helper.hook.RuntimeHooks;
import org.slipway.helper.libc.Errno;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.lifecycle.Failure.Fault;
import org.slipway.helper.run.StepFailure;
import org.slipway.model.plan.CgroupOp;
import org.slipway.model.plan.Compiled;
import org.slipway.model.plan.ExecOp;
import org.slipway.model.plan.HookOp.RunHook;
import org.slipway.model.plan.KeeperOp;
import org.slipway.model.plan.ListenerOp;
import org.slipway.model.plan.LiveOp;
import org.slipway.model.plan.MountOp;
import org.slipway.model.plan.NamespaceOp;
import org.slipway.model.plan.NetworkOp;
import org.slipway.model.plan.Origin;
import org.slipway.model.plan.Plan;
import org.slipway.model.plan.PlanKind;
import org.slipway.model.plan.ProcessOp;
import org.slipway.model.plan.RecordOp;
import org.slipway.model.plan.ResctrlOp;
import org.slipway.model.plan.Step;
import org.slipway.model.text.Sentences;

/** From a step that was not done to what is told about it: whose fault, which code, which member of the configuration. */
final class Failures {

    /** Errors that a wrong configuration brings about, when a member of it asked for the step. */
    private static final Set<String> OF_THE_CALLER =
            Set.of("ENOENT", "ENOTDIR", "EISDIR", "ELOOP", "EINVAL", "ENAMETOOLONG", "ERANGE", "ENODEV", "ENOEXEC");

    private static final int LONGEST_QUOTE = 200;

    /** As the launcher's step says it. */
    private static final Pattern ENDED = Pattern.compile(", which (?:ended with status (\\d+)|died of signal (\\d+))$");

    private static final String MEMORY_LIMIT = "/linux/resources/memory/limit";
    private static final String NO_SOURCE = "open bind source ";

    private Failures() {}

    /** A code with its fault. */
    record Verdict(String code, Fault fault) {}

    /** The failure of a step of this container's plans, or of another plan that was run on it. */
    static Failure of(StepFailure failure, Plan plan, Compiled.Ready plans) {
        return of(failure, plan, plans, List.of());
    }

    /** The same; a hook that failed is quoted with the last line it wrote to its standard error. */
    static Failure of(StepFailure failure, Plan plan, Compiled.Ready plans, List<HookRun> hooks) {
        Plan its = failure.plan() == plan.kind()
                ? plan
                : failure.plan() == PlanKind.CREATE
                        ? plans.create()
                        : plans.start().orElse(plan);
        if (failure.step() < 0 || failure.step() >= its.steps().size()) {
            return Failure.bug("launcher-protocol", Map.of("text", failure.getMessage() + ""), failure);
        }
        Step step = its.steps().get(failure.step());
        Verdict verdict = verdict(failure, step);
        Optional<String> pointer = verdict.code().equals("rootfs-empty")
                ? Optional.of("/root/path")
                : step.origin() instanceof Origin.Field field ? Optional.of(field.pointer()) : Optional.empty();
        Failure.At at = new Failure.At(its.kind(), step.index(), step.op().call(), failure.errno(), pointer);
        return Failure.step(verdict.code(), verdict.fault(), arguments(failure, step, hooks), at, failure);
    }

    /** The same of a container whose first process the kernel killed because its memory was at the limit. */
    static Failure outOfMemory(Failure failure) {
        return failure.at()
                .filter(_ -> failure.code().equals("init-died-before-exec"))
                .map(at -> Failure.step(
                        "init-out-of-memory",
                        Fault.CALLER,
                        failure.arguments(),
                        new Failure.At(at.plan(), at.step(), at.call(), at.errno(), Optional.of(MEMORY_LIMIT)),
                        failure))
                .orElse(failure);
    }

    private static Map<String, String> arguments(StepFailure failure, Step step, List<HookRun> hooks) {
        Map<String, String> arguments = new HashMap<>(Sentences.facts(step.op()));
        arguments.put("text", failure.kind() == StepFailure.Kind.HOOK ? "status " + failure.text() : failure.text());
        arguments.put("present", "");
        arguments.put("errno", "");
        arguments.put("what", failure.text());
        failure.errno().ifPresent(errno -> arguments.put("errno", errno.name()));
        switch (step.op()) {
            case RunHook hook -> {
                arguments.put("kind", hook.kind().member());
                arguments.put("position", Integer.toString(hook.position()));
                arguments.put("path", hook.path());
                arguments.put("timeout", Long.toString(hook.timeoutMillis()));
                ended(failure).ifPresent(how -> arguments.put("text", how));
                lastWords(hook, hooks).ifPresent(words -> arguments.merge("text", ": '" + words + "'", String::concat));
            }
            case ProcessOp.SetRlimit _ -> arguments.put("text", ""); // the sentence says it in words
            case ProcessOp.SetMemoryPolicy _ -> {
                arguments.put("text", "");
                arguments.put("present", Present.nodes());
            }
            case ProcessOp.ProbeProgram probe -> arguments.put("program", probe.program());
            case ProcessOp.SetApparmorProfile set -> arguments.put("profile", set.profile());
            case ProcessOp.SetSelinuxLabel set -> arguments.put("label", set.label());
            case ProcessOp.LoadSeccompAndExec exec ->
                arguments.put("program", exec.args().getFirst());
            case NamespaceOp.WriteSysctl sysctl -> arguments.put("name", sysctl.path());
            case NetworkOp.ProbeNetDevice probe -> arguments.put("name", probe.name());
            case NetworkOp.MoveNetDevice move -> arguments.put("name", move.target());
            case NetworkOp.ReturnNetDevice back -> arguments.put("name", back.name());
            case ListenerOp.ProbeListener probe -> arguments.put("path", probe.path());
            case ListenerOp.SendListener send -> arguments.put("path", send.path());
            case MountOp.AttachRoot root -> arguments.put("path", root.path());
            case CgroupOp.MakeCgroup make -> arguments.put("path", make.path());
            case CgroupOp.WriteCgroupFile write -> {
                arguments.put("file", write.file());
                arguments.put("value", write.value());
                arguments.put("present", Present.in(write.file()));
            }
            case CgroupOp.WriteFirstCgroupFile write -> {
                arguments.put("file", String.join("' or '", write.files()));
                arguments.put("value", String.join("' or '", write.values()));
                arguments.put("present", Present.in(write.files().getFirst()));
            }
            case LiveOp.SetScopeProperties set -> arguments.put("unit", set.unit());
            case CgroupOp.StartScope scope -> arguments.put("unit", scope.unit());
            case ResctrlOp.MakeResctrlGroup make -> arguments.put("path", make.path());
            default -> {}
        }
        if (failure.text().startsWith(NO_SOURCE)) {
            arguments.put("path", failure.text().substring(NO_SOURCE.length()).replaceAll("^'|'$", ""));
        }
        arguments.put("signal", failure.kind() == StepFailure.Kind.INIT_DIED ? failure.text() : "?");
        return arguments;
    }

    /** How a hook that init ran has ended, in the words for every hook. */
    private static Optional<String> ended(StepFailure failure) {
        Matcher said = ENDED.matcher(failure.text());
        return said.find()
                ? Optional.of(said.group(2) == null ? "status " + said.group(1) : "signal " + said.group(2))
                : Optional.empty();
    }

    /** The last line of a hook's standard error, without control characters and not endless. */
    static Optional<String> lastWords(RunHook hook, List<HookRun> hooks) {
        return hooks.stream()
                .filter(run -> run.kind() == hook.kind() && run.position() == hook.position())
                .reduce((_, last) -> last)
                .flatMap(run -> new String(run.errors().bytes(), UTF_8)
                        .lines()
                        .filter(line -> !line.isBlank())
                        .reduce((_, last) -> last))
                .map(line -> line.replaceAll("\\p{Cntrl}", " ").strip())
                .map(line -> line.length() <= LONGEST_QUOTE ? line : line.substring(0, LONGEST_QUOTE) + "…");
    }

    private static Verdict verdict(StepFailure failure, Step step) {
        return switch (failure.kind()) {
            case KEEPER_DIED -> new Verdict("keeper-died", Fault.HOST);
            case LAUNCHER_DIED -> new Verdict("launcher-died", Fault.HOST);
            case INIT_DIED -> new Verdict("init-died-before-exec", Fault.HOST);
            case BUG -> new Verdict("internal-error", Fault.BUG);
            case PROTOCOL -> new Verdict("launcher-protocol", Fault.BUG);
            case HOOK -> hook(failure.text());
            case REFUSED -> refused(failure, failure.errno().orElse(Errno.EIO), step);
        };
    }

    private static Verdict hook(String status) {
        if (status.equals(Integer.toString(RuntimeHooks.TIMED_OUT))) {
            return new Verdict("hook-timed-out", Fault.CALLER);
        } else if (status.equals("126") || status.equals("127")) {
            return new Verdict("hook-not-executable", Fault.CALLER);
        }
        return new Verdict("hook-failed", Fault.CALLER);
    }

    private static Verdict refused(StepFailure failure, Errno errno, Step step) {
        if (errno.equals(Errno.ENOSPC)) {
            return new Verdict("disk-full", Fault.HOST);
        }
        if (errno.equals(Errno.ENOENT) && failure.text().startsWith(NO_SOURCE)) {
            return new Verdict("mount-source-not-there", Fault.CALLER);
        }
        Optional<Verdict> special = special(errno, step, failure.detail());
        if (special.isPresent()) {
            return special.get();
        }
        boolean asked = step.origin() instanceof Origin.Field && OF_THE_CALLER.contains(errno.name());
        return new Verdict("step-failed", asked ? Fault.CALLER : Fault.HOST);
    }

    private static Optional<Verdict> special(Errno errno, Step step, long detail) {
        boolean missing = errno.equals(Errno.ENOENT) || errno.equals(Errno.ENOTDIR);
        return Optional.ofNullable(
                switch (step.op()) {
                    case RecordOp.ReserveState _ ->
                        errno.equals(Errno.EEXIST) ? new Verdict("container-exists", Fault.STATE) : null;
                    case CgroupOp cgroup -> CgroupFailures.code(cgroup, errno);
                    case ExecOp.OpenContainer _, ExecOp.EnterContainer _ ->
                        errno.equals(Errno.ESRCH) ? new Verdict("exec-gone", Fault.STATE) : null;
                    case ExecOp.SetCpuAffinity _ ->
                        errno.equals(Errno.EINVAL) ? new Verdict("exec-processors-missing", Fault.CALLER) : null;
                    case LiveOp live -> CgroupFailures.live(live, errno);
                    case ResctrlOp.MakeResctrlGroup _ -> CgroupFailures.resctrl(errno);
                    case RunHook _ ->
                        missing || errno.equals(Errno.EACCES)
                                ? new Verdict("hook-not-executable", Fault.CALLER)
                                : errno.name().equals("ETIMEDOUT")
                                                || errno.name().equals("ETIME")
                                        ? new Verdict("hook-timed-out", Fault.CALLER)
                                        : new Verdict("hook-failed", Fault.CALLER);
                    case ProcessOp.ProbeProgram probe -> program(errno, detail, probe.program());
                    case ProcessOp.LoadSeccompAndExec exec ->
                        program(errno, detail, exec.args().getFirst());
                    case ProcessOp.SetScheduler _, ProcessOp.SetIoPriority _ ->
                        errno.equals(Errno.EPERM) ? new Verdict("priority-not-permitted", Fault.HOST) : null;
                    case ProcessOp.SetRlimit _ ->
                        errno.equals(Errno.EPERM) ? new Verdict("rlimit-not-raisable", Fault.CALLER) : null;
                    case ProcessOp.SetMemoryPolicy _ ->
                        errno.equals(Errno.EINVAL)
                                ? new Verdict("memory-nodes-missing", Fault.CALLER)
                                : errno.name().equals("ENOSYS")
                                        ? new Verdict("memory-policy-missing", Fault.HOST)
                                        : null;
                    case ProcessOp.SetApparmorProfile _ ->
                        missing ? new Verdict("apparmor-profile-unloaded", Fault.CALLER) : null;
                    case ProcessOp.SetSelinuxLabel _ ->
                        errno.equals(Errno.EINVAL) ? new Verdict("selinux-label-unknown", Fault.CALLER) : null;
                    case NamespaceOp.WriteSysctl _ ->
                        errno.equals(Errno.EXDEV)
                                ? new Verdict("sysctl-of-the-host", Fault.CALLER)
                                : missing ? new Verdict("sysctl-unknown", Fault.CALLER) : null;
                    case NetworkOp.ProbeNetDevice _ ->
                        errno.equals(Errno.ENODEV) ? new Verdict("net-device-missing", Fault.CALLER) : null;
                    case NetworkOp.PinNetwork _ ->
                        errno.equals(Errno.EXDEV) ? new Verdict("net-device-needs-own-namespace", Fault.CALLER) : null;
                    case NetworkOp.MoveNetDevice _ ->
                        errno.equals(Errno.EEXIST) ? new Verdict("net-device-name-taken", Fault.CALLER) : null;
                    case NetworkOp.ReturnNetDevice _ ->
                        errno.equals(Errno.ESTALE)
                                ? new Verdict("net-device-exchanged", Fault.HOST)
                                : errno.equals(Errno.ENODEV) ? new Verdict("net-device-lost", Fault.HOST) : null;
                    case ListenerOp _ -> new Verdict("listener-unreachable", Fault.CALLER);
                    case MountOp.CopyUp _ ->
                        errno.equals(Errno.EPERM) ? new Verdict("copy-up-not-permitted", Fault.CALLER) : null;
                    case MountOp.AttachRoot _ -> missing ? new Verdict("rootfs-missing", Fault.CALLER) : null;
                    case KeeperOp.OpenGate _ ->
                        errno.equals(Errno.ESRCH) ? new Verdict("init-died-before-exec", Fault.HOST) : null;
                    default -> null;
                });
    }

    /**
     * Why a program can't be executed.
     *
     * @param detail what init saw in the file, if anything; docs/protocols.md section 4
     */
    private static @Nullable Verdict program(Errno errno, long detail, String program) {
        return switch ((int) detail) {
            case 1 -> new Verdict("program-interpreter-missing", Fault.CALLER);
            case 2 -> new Verdict("program-carriage-return", Fault.CALLER);
            case 3 -> new Verdict("program-loader-missing", Fault.CALLER);
            case 4 -> new Verdict("program-other-machine", Fault.CALLER);
            case 5 -> new Verdict("program-without-format", Fault.CALLER);
            case 6 -> new Verdict("rootfs-empty", Fault.CALLER);
            default -> {
                if (errno.equals(Errno.EACCES)) {
                    yield new Verdict("program-not-executable", Fault.CALLER);
                } else if (!errno.equals(Errno.ENOENT) && !errno.equals(Errno.ENOTDIR)) {
                    yield null;
                }
                yield program.contains(" ")
                        ? new Verdict("program-not-split", Fault.CALLER)
                        : new Verdict("program-missing", Fault.CALLER);
            }
        };
    }
}

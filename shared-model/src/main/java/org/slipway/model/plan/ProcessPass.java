package org.slipway.model.plan;

import static org.slipway.model.plan.Draft.field;
import static org.slipway.model.plan.Draft.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slipway.model.plan.CallerOp.LoadFloor;
import org.slipway.model.plan.ProcessOp.AttachStreams;
import org.slipway.model.plan.ProcessOp.ChangeDirectory;
import org.slipway.model.plan.ProcessOp.CloseDescriptors;
import org.slipway.model.plan.ProcessOp.DropBounding;
import org.slipway.model.plan.ProcessOp.JoinSessionKeyring;
import org.slipway.model.plan.ProcessOp.LoadSeccompAndExec;
import org.slipway.model.plan.ProcessOp.NewSession;
import org.slipway.model.plan.ProcessOp.ProbeProgram;
import org.slipway.model.plan.ProcessOp.SetAmbient;
import org.slipway.model.plan.ProcessOp.SetApparmorProfile;
import org.slipway.model.plan.ProcessOp.SetCapabilities;
import org.slipway.model.plan.ProcessOp.SetGroups;
import org.slipway.model.plan.ProcessOp.SetIds;
import org.slipway.model.plan.ProcessOp.SetListenPid;
import org.slipway.model.plan.ProcessOp.SetNoNewPrivileges;
import org.slipway.model.plan.ProcessOp.SetOomScoreAdj;
import org.slipway.model.plan.ProcessOp.SetRlimit;
import org.slipway.model.plan.ProcessOp.SetSelinuxLabel;
import org.slipway.model.plan.ProcessOp.SetUmask;
import org.slipway.model.spec.Process;
import org.slipway.model.spec.Process.Capabilities;
import org.slipway.model.spec.Process.Rlimit;
import org.slipway.model.spec.Process.User;
import org.slipway.model.spec.Seccomp;

/** Everything of {@code process}: limits, identity, rights, the filter and the program. */
final class ProcessPass {

    /** RLIMIT_… in the order of their numbers, the same on x86-64 and arm64; see getrlimit(2). */
    private static final List<String> RLIMITS = List.of(
            "CPU",
            "FSIZE",
            "DATA",
            "STACK",
            "CORE",
            "RSS",
            "NPROC",
            "NOFILE",
            "MEMLOCK",
            "AS",
            "LOCKS",
            "SIGPENDING",
            "MSGQUEUE",
            "NICE",
            "RTPRIO",
            "RTTIME");

    private static final int TSYNC = 1;
    private static final int WAIT_KILLABLE = 32;

    /** Without it the result of seccomp(2) could be a thread as well as a listener, and both together are refused. */
    private static final int TSYNC_ESRCH = 16;

    private static final Map<String, Integer> FILTER_FLAGS = Map.of(
            "SECCOMP_FILTER_FLAG_TSYNC",
            TSYNC,
            "SECCOMP_FILTER_FLAG_LOG",
            2,
            "SECCOMP_FILTER_FLAG_SPEC_ALLOW",
            4,
            "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV",
            WAIT_KILLABLE);

    private final Compilation c;
    private final Process process;
    private final List<Draft> steps = new ArrayList<>();

    /** The names of the flags that a filter may be loaded with. */
    static List<String> filterFlags() {
        return FILTER_FLAGS.keySet().stream().sorted().toList();
    }

    private ProcessPass(Compilation c, Process process) {
        this.c = c;
        this.process = process;
    }

    /** At the end of create, so that a missing program is found before anyone waits for it. */
    static Draft probe(Process process) {
        return Draft.init(
                Phase.GATE,
                field("/process/args/0"),
                new ProbeProgram(process.args().getFirst(), process.env(), Paths.clean(process.cwd())));
    }

    /** Init's steps from the gate to the program, without the hooks. */
    static List<Draft> of(Compilation c, Process process) {
        ProcessPass pass = new ProcessPass(c, process);
        pass.session();
        pass.limits();
        pass.steps.addAll(SchedulingPass.of(c, process));
        pass.identity();
        pass.program();
        return pass.steps;
    }

    private void session() {
        if (!c.request.noNewKeyring() || c.confined()) {
            add(
                    Phase.LIMITS,
                    rule("own-keyring"),
                    new JoinSessionKeyring("_ses." + c.request.name().id()));
        }
        add(Phase.LIMITS, rule("session-leader"), new NewSession());
        add(
                Phase.LIMITS,
                process.terminal() ? field("/process/terminal") : rule("required-by-runtime"),
                new AttachStreams(process.terminal()));
    }

    private void limits() {
        process.oomScoreAdj()
                .filter(_ -> !c.confined())
                .ifPresent(score -> add(Phase.LIMITS, field("/process/oomScoreAdj"), new SetOomScoreAdj(score)));
        for (int i = 0; i < process.rlimits().size(); i++) {
            Rlimit limit = process.rlimits().get(i);
            String pointer = "/process/rlimits/" + i;
            int number = RLIMITS.indexOf(limit.type().substring("RLIMIT_".length()));
            add(Phase.LIMITS, field(pointer), new SetRlimit(number, limit.soft(), limit.hard()));
        }
    }

    private void identity() {
        User user = process.user();
        add(
                Phase.CREDENTIALS,
                user.umask().isPresent() ? field("/process/user/umask") : rule("callers-umask"),
                new SetUmask(user.umask().map(Long::intValue).orElse(c.request.umask())));
        if (!NamespacePass.deniesSetgroups(c)) {
            add(
                    Phase.CREDENTIALS,
                    user.additionalGids().isEmpty() ? rule("no-groups") : field("/process/user/additionalGids"),
                    new SetGroups(
                            user.additionalGids().stream().map(Long::intValue).toList()));
        } else if (!user.additionalGids().isEmpty()) {
            c.problem("groups-denied", "/process/user/additionalGids");
        }
        labels();
        rights(user);
        if (process.noNewPrivileges()) {
            add(Phase.CREDENTIALS, field("/process/noNewPrivileges"), new SetNoNewPrivileges());
        }
    }

    /** Before the rights go: a procfs may still have to be made for it. */
    private void labels() {
        process.apparmorProfile().ifPresent(profile -> {
            if (!c.facts.security().apparmor()) {
                c.problem("apparmor-missing", "/process/apparmorProfile", Map.of("profile", profile));
            }
            add(Phase.CREDENTIALS, field("/process/apparmorProfile"), new SetApparmorProfile(profile));
        });
        process.selinuxLabel().ifPresent(label -> {
            if (!c.facts.security().selinux()) {
                c.problem("selinux-missing", "/process/selinuxLabel", Map.of("label", label));
            }
            add(Phase.CREDENTIALS, field("/process/selinuxLabel"), new SetSelinuxLabel(label));
        });
    }

    /** Only what the kernel can grant: names it lacks are left out, and so is what a set needs another for (CAP-03, CAP-06). */
    private void rights(User user) {
        Capabilities sets =
                process.capabilities().orElse(new Capabilities(List.of(), List.of(), List.of(), List.of(), List.of()));
        Origin origin = process.capabilities().isPresent() ? field("/process/capabilities") : rule("no-capabilities");
        long bounding = bits(sets.bounding());
        long permitted = bits(sets.permitted());
        long inheritable = bits(sets.inheritable()) & bounding;
        boolean forFilter = (c.linux.seccomp().isPresent() || c.confined()) && !process.noNewPrivileges();
        add(Phase.CREDENTIALS, origin, new DropBounding(bounding));
        add(Phase.CREDENTIALS, field("/process/user"), new SetIds((int) user.uid(), (int) user.gid()));
        add(
                Phase.CREDENTIALS,
                origin,
                new SetCapabilities(bits(sets.effective()) & permitted, permitted, inheritable, forFilter));
        add(Phase.CREDENTIALS, origin, new SetAmbient(bits(sets.ambient()) & permitted & inheritable));
    }

    private void program() {
        add(Phase.PROGRAM, field("/process/cwd"), new ChangeDirectory(Paths.clean(process.cwd())));
        add(Phase.PROGRAM, rule("nothing-leaks"), new CloseDescriptors(3 + c.request.preserve()));
        if (!c.request.activation().isEmpty()) {
            add(Phase.PROGRAM, rule("socket-activation"), new SetListenPid());
        }
        floor();
        if (c.linux.seccomp().isPresent() && !c.facts.seccomp()) {
            c.problem("seccomp-missing", "/linux/seccomp");
        }
        add(
                Phase.PROGRAM,
                field("/process/args"),
                new LoadSeccompAndExec(
                        process.args(),
                        environment(),
                        c.linux.seccomp().map(this::filter).orElse(Blob.EMPTY),
                        c.linux.seccomp().map(this::filterFlags).orElse(0),
                        ListenerPass.needed(c)));
    }

    /** With activated descriptors what the configuration says of others counts no more. */
    private List<String> environment() {
        if (c.request.activation().isEmpty()) {
            return process.env();
        }
        List<String> env = new ArrayList<>(process.env());
        env.removeIf(variable -> variable.matches("(?s)LISTEN_(FDS|PID|FDNAMES)=.*"));
        env.addAll(c.request.activation());
        env.add(SetListenPid.VARIABLE);
        return env;
    }

    private void floor() {
        if (!c.confined()) {
            return;
        }
        if (!c.facts.seccomp()) {
            c.problem("seccomp-missing", "/linux/seccomp");
        }
        try {
            Blob filter = c.request.seccomp().compile(Floor.filter(c.facts.arch()));
            add(Phase.PROGRAM, rule("confined-tier"), new LoadFloor(filter));
        } catch (SeccompCompiler.Refused e) {
            c.problems.add(e.problem());
        }
    }

    private Blob filter(Seccomp seccomp) {
        try {
            return c.request.seccomp().compile(seccomp);
        } catch (SeccompCompiler.Refused e) {
            c.problems.add(e.problem());
            return Blob.EMPTY;
        }
    }

    /** What the kernel takes: a flag that is about notifications goes only with a listener, see seccomp(2). */
    private int filterFlags(Seccomp seccomp) {
        int flags = seccomp.flags().stream().mapToInt(FILTER_FLAGS::get).reduce(0, (one, other) -> one | other);
        if (!ListenerPass.needed(c)) {
            return flags & ~WAIT_KILLABLE;
        }
        return (flags & TSYNC) != 0 ? flags | TSYNC_ESRCH : flags;
    }

    private long bits(List<String> names) {
        return names.stream().flatMap(name -> Capability.bit(name).stream()).reduce(0L, (left, right) -> left | right)
                & GrantableCapabilities.mask(c);
    }

    private void add(Phase phase, Origin origin, Op op) {
        steps.add(Draft.init(phase, origin, op));
    }
}

package org.slipway.model.spec;

import java.util.List;
import java.util.Optional;

/**
 * The program and what it runs with.
 *
 * @param oomScoreAdj absent: left as it is
 */
@SuppressWarnings("AvoidCommonTypeNames") // the specification's own name
public record Process(
        boolean terminal,
        Optional<ConsoleSize> consoleSize,
        User user,
        List<String> args,
        List<String> env,
        String cwd,
        Optional<Capabilities> capabilities,
        List<Rlimit> rlimits,
        boolean noNewPrivileges,
        Optional<Integer> oomScoreAdj,
        Optional<String> apparmorProfile,
        Optional<String> selinuxLabel,
        Optional<Scheduler> scheduler,
        Optional<IoPriority> ioPriority,
        Optional<ExecCpuAffinity> execCpuAffinity) {

    static Process read(Member process) {
        return new Process(
                process.flag("terminal").orElse(false),
                process.get("consoleSize").map(ConsoleSize::read),
                process.get("user").map(User::read).orElse(User.ROOT),
                process.texts("args"),
                process.texts("env"),
                process.require("cwd").text(),
                process.get("capabilities").map(Capabilities::read),
                process.list("rlimits", Rlimit::read),
                process.flag("noNewPrivileges").orElse(false),
                process.i32("oomScoreAdj"),
                process.text("apparmorProfile").filter(text -> !text.isEmpty()),
                process.text("selinuxLabel").filter(text -> !text.isEmpty()),
                process.get("scheduler").map(Scheduler::read),
                process.get("ioPriority").map(IoPriority::read),
                process.get("execCPUAffinity").map(ExecCpuAffinity::read));
    }

    /** The size of the terminal in characters. */
    public record ConsoleSize(long height, long width) {

        static ConsoleSize read(Member size) {
            return new ConsoleSize(
                    size.require("height").u32(), size.require("width").u32());
        }
    }

    /**
     * Ids as seen inside the container.
     *
     * @param umask absent: the caller's
     */
    public record User(long uid, long gid, Optional<Long> umask, List<Long> additionalGids) {

        /** The user when the member is absent. */
        public static final User ROOT = new User(0, 0, Optional.empty(), List.of());

        static User read(Member user) {
            return new User(
                    user.u32("uid").orElse(0L),
                    user.u32("gid").orElse(0L),
                    user.u32("umask"),
                    user.list("additionalGids", Member::u32));
        }
    }

    /** The five capability sets, by name. */
    public record Capabilities(
            List<String> bounding,
            List<String> effective,
            List<String> inheritable,
            List<String> permitted,
            List<String> ambient) {

        static Capabilities read(Member sets) {
            return new Capabilities(
                    sets.texts("bounding"),
                    sets.texts("effective"),
                    sets.texts("inheritable"),
                    sets.texts("permitted"),
                    sets.texts("ambient"));
        }
    }

    /**
     * One resource limit.
     *
     * @param type such as {@code RLIMIT_NOFILE}
     * @param soft unsigned; all bits set: unlimited
     */
    public record Rlimit(String type, long soft, long hard) {

        static Rlimit read(Member limit) {
            return new Rlimit(
                    limit.require("type").text(),
                    limit.require("soft").u64(),
                    limit.require("hard").u64());
        }
    }

    /** Scheduling policy, see sched_setattr(2). */
    public record Scheduler(
            String policy,
            Optional<Integer> nice,
            Optional<Integer> priority,
            List<String> flags,
            Optional<Long> runtime,
            Optional<Long> deadline,
            Optional<Long> period) {

        static Scheduler read(Member scheduler) {
            return new Scheduler(
                    scheduler.require("policy").text(),
                    scheduler.i32("nice"),
                    scheduler.i32("priority"),
                    scheduler.texts("flags"),
                    scheduler.u64("runtime"),
                    scheduler.u64("deadline"),
                    scheduler.u64("period"));
        }
    }

    /** I/O priority, see ioprio_set(2); the member is named {@code class} in the file. */
    public record IoPriority(String category, int priority) {

        static IoPriority read(Member priority) {
            return new IoPriority(
                    priority.require("class").text(), priority.i32("priority").orElse(0));
        }
    }

    /** The CPUs of processes that are executed in the container later. */
    public record ExecCpuAffinity(Optional<String> initial, Optional<String> last) {

        static ExecCpuAffinity read(Member affinity) {
            return new ExecCpuAffinity(affinity.text("initial"), affinity.text("final"));
        }
    }
}

package org.slipway.model.plan;

import static org.slipway.model.plan.Draft.field;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slipway.model.plan.ProcessOp.SetIoPriority;
import org.slipway.model.plan.ProcessOp.SetMemoryPolicy;
import org.slipway.model.plan.ProcessOp.SetPersonality;
import org.slipway.model.plan.ProcessOp.SetScheduler;
import org.slipway.model.spec.Linux.MemoryPolicy;
import org.slipway.model.spec.Linux.Personality;
import org.slipway.model.spec.NumberList;
import org.slipway.model.spec.Process;
import org.slipway.model.spec.Process.IoPriority;
import org.slipway.model.spec.Process.Scheduler;

/**
 * How the program is scheduled, where its memory lies, and which machine it believes to be on. All of it is inherited by what it executes.
 *
 * <p>Init does it itself, in the container's cgroup and session, and while it still has its capabilities: real-time policies and the class
 * IOPRIO_CLASS_RT need CAP_SYS_NICE over the host, memory nodes must lie in the cgroup's cpuset, and an I/O priority goes to the whole
 * process group, which before the new session is the helper's.
 */
final class SchedulingPass {

    /** SCHED_… by number; see sched(7). */
    private static final Map<String, Integer> POLICIES = Map.of(
            "SCHED_OTHER", 0,
            "SCHED_FIFO", 1,
            "SCHED_RR", 2,
            "SCHED_BATCH", 3,
            "SCHED_ISO", 4,
            "SCHED_IDLE", 5,
            "SCHED_DEADLINE", 6);

    /** SCHED_FLAG_… bits; see sched_setattr(2) and the header linux/sched.h. */
    private static final Map<String, Integer> SCHEDULER_FLAGS = Map.of(
            "SCHED_FLAG_RESET_ON_FORK", 1,
            "SCHED_FLAG_RECLAIM", 2,
            "SCHED_FLAG_DL_OVERRUN", 4,
            "SCHED_FLAG_KEEP_POLICY", 8,
            "SCHED_FLAG_KEEP_PARAMS", 16,
            "SCHED_FLAG_UTIL_CLAMP_MIN", 32,
            "SCHED_FLAG_UTIL_CLAMP_MAX", 64);

    /** IOPRIO_CLASS_… by number; see ioprio_set(2). */
    private static final Map<String, Integer> IO_CLASSES =
            Map.of("IOPRIO_CLASS_RT", 1, "IOPRIO_CLASS_BE", 2, "IOPRIO_CLASS_IDLE", 3);

    /** MPOL_… by number; see set_mempolicy(2) and the header linux/mempolicy.h. */
    private static final Map<String, Integer> MEMORY_MODES = Map.of(
            "MPOL_DEFAULT", 0,
            "MPOL_PREFERRED", 1,
            "MPOL_BIND", 2,
            "MPOL_INTERLEAVE", 3,
            "MPOL_LOCAL", 4,
            "MPOL_PREFERRED_MANY", 5,
            "MPOL_WEIGHTED_INTERLEAVE", 6);

    /** MPOL_F_… bits that go with a mode. */
    private static final Map<String, Integer> MEMORY_FLAGS = Map.of(
            "MPOL_F_NUMA_BALANCING", 1 << 13,
            "MPOL_F_RELATIVE_NODES", 1 << 14,
            "MPOL_F_STATIC_NODES", 1 << 15);

    /** PER_… by number; see personality(2). */
    private static final Map<String, Integer> DOMAINS = Map.of("LINUX", 0, "LINUX32", 8);

    private final List<Draft> steps = new ArrayList<>();

    private SchedulingPass() {}

    /** The modes of memory policies that plans can be made for, in the order of their names. */
    static List<String> memoryModes() {
        return MEMORY_MODES.keySet().stream().sorted().toList();
    }

    /** The flags of memory policies likewise. */
    static List<String> memoryFlags() {
        return MEMORY_FLAGS.keySet().stream().sorted().toList();
    }

    /** Init's steps, after those that make its session. */
    static List<Draft> of(Compilation c, Process process) {
        SchedulingPass pass = new SchedulingPass();
        process.scheduler().ifPresent(pass::scheduler);
        process.ioPriority().ifPresent(pass::ioPriority);
        c.linux.memoryPolicy().ifPresent(pass::memoryPolicy);
        c.linux.personality().ifPresent(pass::personality);
        return pass.steps;
    }

    /** Members that are absent count as 0 (SCHED-02). */
    private void scheduler(Scheduler scheduler) {
        add(
                "/process/scheduler",
                new SetScheduler(
                        number(POLICIES, scheduler.policy()),
                        scheduler.nice().orElse(0),
                        scheduler.priority().orElse(0),
                        bits(SCHEDULER_FLAGS, scheduler.flags()),
                        scheduler.runtime().orElse(0L),
                        scheduler.deadline().orElse(0L),
                        scheduler.period().orElse(0L)));
    }

    private void ioPriority(IoPriority priority) {
        add("/process/ioPriority", new SetIoPriority(number(IO_CLASSES, priority.category()), priority.priority()));
    }

    private void memoryPolicy(MemoryPolicy policy) {
        List<Integer> nodes =
                NumberList.parse(policy.nodes().orElse(""), NumberList.NODES).orElseThrow();
        add(
                "/linux/memoryPolicy",
                new SetMemoryPolicy(number(MEMORY_MODES, policy.mode()), bits(MEMORY_FLAGS, policy.flags()), nodes));
    }

    private void personality(Personality personality) {
        add("/linux/personality", new SetPersonality(number(DOMAINS, personality.domain())));
    }

    private static int bits(Map<String, Integer> known, List<String> words) {
        return words.stream().mapToInt(word -> number(known, word)).reduce(0, (one, other) -> one | other);
    }

    /** The rules let only known words pass. */
    private static int number(Map<String, Integer> known, String word) {
        return Objects.requireNonNull(known.get(word), word);
    }

    private void add(String pointer, Op op) {
        steps.add(Draft.init(Phase.LIMITS, field(pointer), op));
    }
}

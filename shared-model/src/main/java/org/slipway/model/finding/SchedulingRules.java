package org.slipway.model.finding;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slipway.model.finding.Config.Item;
import org.slipway.model.json.Edit;

/** What the kernel takes of scheduling (SCHED); see sched_setattr(2). */
final class SchedulingRules {

    private static final String SECTION = "config.md §Linux Process";
    private static final Set<String> NICE = Set.of("SCHED_OTHER", "SCHED_BATCH");
    private static final Set<String> REAL_TIME = Set.of("SCHED_FIFO", "SCHED_RR");
    private static final String DEADLINE = "SCHED_DEADLINE";

    /** With these flags the kernel takes what there was before. */
    private static final Set<String> KEEPING = Set.of("SCHED_FLAG_KEEP_POLICY", "SCHED_FLAG_KEEP_PARAMS");

    /** Nanoseconds; below, the kernel's clock is too coarse for SCHED_DEADLINE. */
    private static final long SHORTEST_RUNTIME = 1024;

    private SchedulingRules() {}

    static void check(Config config, Report report) {
        Item scheduler = config.at("/process/scheduler");
        Optional<String> policy = scheduler.text("policy");
        boolean keeps = scheduler.elements("flags").stream()
                .anyMatch(flag -> flag.text().filter(KEEPING::contains).isPresent());
        if (policy.isPresent() && !keeps) {
            niceness(scheduler.child("nice"), policy.get(), report);
            priority(scheduler, policy.get(), report);
            deadline(scheduler, policy.get(), report);
        }
    }

    private static void niceness(Item nice, String policy, Report report) {
        long value = nice.number().orElse(0L);
        if (value < -20 || value > 19) {
            report.error(
                    "number-out-of-range",
                    nice.pointer(),
                    SECTION,
                    Map.of("value", Long.toString(value), "min", "-20", "max", "19"));
        } else if (value != 0 && !NICE.contains(policy)) {
            unused(nice, policy, report);
        }
    }

    /** The kernel takes no other combination (EINVAL). */
    private static void priority(Item scheduler, String policy, Report report) {
        Item priority = scheduler.child("priority");
        long value = priority.number().orElse(0L);
        if (REAL_TIME.contains(policy)) {
            if (value < 1 || value > 99) {
                report.error(
                        "scheduler-priority-needed",
                        priority.present() ? priority.pointer() : scheduler.pointer(),
                        SECTION,
                        Map.of("policy", policy, "value", Long.toString(value)));
            }
        } else if (value != 0) {
            report.error(
                    "scheduler-priority-unused",
                    priority.pointer(),
                    SECTION,
                    Map.of("policy", policy),
                    new Edit.Remove(priority.pointer()));
        }
    }

    private static void deadline(Item scheduler, String policy, Report report) {
        if (!policy.equals(DEADLINE)) {
            for (String member : List.of("runtime", "deadline", "period")) {
                Item item = scheduler.child(member);
                if (item.number().orElse(0L) != 0) {
                    unused(item, policy, report);
                }
            }
            return;
        }
        long runtime = scheduler.number("runtime").orElse(0L);
        long deadline = scheduler.number("deadline").orElse(0L);
        long period = scheduler.number("period").filter(value -> value != 0).orElse(deadline);
        if (runtime < SHORTEST_RUNTIME || runtime > deadline || deadline > period) {
            report.error(
                    "scheduler-deadline-disordered",
                    scheduler.pointer(),
                    SECTION,
                    Map.of(
                            "runtime", Long.toString(runtime),
                            "deadline", Long.toString(deadline),
                            "period", Long.toString(period)));
        }
    }

    private static void unused(Item item, String policy, Report report) {
        report.warning(
                "scheduler-member-unused",
                item.pointer(),
                SECTION,
                Map.of("member", item.name(), "policy", policy),
                new Edit.Remove(item.pointer()));
    }
}

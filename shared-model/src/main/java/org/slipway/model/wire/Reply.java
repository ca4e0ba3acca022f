package org.slipway.model.wire;

import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** What a method answers; each has the name of its {@link Call}. */
public sealed interface Reply {

    /** Version, the caller's tier, the helper's pid, and the host's facts as the compiler takes them. */
    record Info(String version, String tier, long uid, long pid, ObjectNode facts) implements Reply {}

    /** The container as created. */
    record Create(Container container) implements Reply {}

    /** The container as started. */
    record Start(Container container) implements Reply {}

    /** The signal was sent. */
    record Kill() implements Reply {}

    /** The container is gone. */
    record Delete() implements Reply {}

    /** To {@link Call.Abort}. */
    record Abort() implements Reply {}

    /** The container as paused. */
    record Pause(Container container) implements Reply {}

    /** The container as it goes on. */
    record Resume(Container container) implements Reply {}

    /** The container as changed, what the kernel made something else of, and the plan. */
    record Update(Container container, java.util.List<Finding> notices, ObjectNode plan) implements Reply {}

    /** The text that it was made from, and what updates have made of it. */
    record Configuration(String recorded, String effective) implements Reply {}

    /** The table of live changes. */
    record Changeable(ObjectNode table) implements Reply {}

    /** What it uses, in the names of runc-events(8). */
    record Statistics(ObjectNode statistics) implements Reply {}

    /** It has ended; warnings about its signal. */
    record Stop(java.util.List<Finding> notices) implements Reply {}

    /** The container now. */
    record State(Container container) implements Reply {}

    /** All containers the caller may see, and those whose record cannot be used: owner, id, reason. */
    record List(java.util.List<Container> containers, Optional<java.util.List<ObjectNode>> broken) implements Reply {}

    /** The plans as recorded, and what became of each step. */
    record Trace(java.util.List<ObjectNode> plans, java.util.List<ObjectNode> records) implements Reply {}

    /** Runs of hooks with kind, position, step, status, nanoseconds, stdout and stderr (Base64). */
    record Hooks(java.util.List<ObjectNode> runs) implements Reply {}

    /** Some lines of output. */
    record Logs(java.util.List<Log> lines) implements Reply {}

    /** One thing that happened. */
    record Watch(Event event) implements Reply {}

    /** The input was taken. */
    record Input() implements Reply {}

    /** The size was set. */
    record Resize() implements Reply {}

    /** The process as it runs. */
    record Exec(Executed exec) implements Reply {}

    /** The processes, in the order in which they were executed. */
    record Processes(java.util.List<Executed> processes) implements Reply {}

    /** How it ended. */
    record WaitProcess(Exit exit) implements Reply {}

    /** How it had ended. */
    record DeleteProcess(Exit exit) implements Reply {}

    /** Pids on the host, those of cgroups below the container's among them. */
    record Pids(java.util.List<Long> pids) implements Reply {}

    /** From here on the connection carries frames. */
    record Command() implements Reply {}

    /** The helper will end. */
    record Shutdown() implements Reply {}
}

package org.slipway.helper.lifecycle;

import java.util.List;
import org.slipway.helper.hook.HookRun;
import org.slipway.helper.log.LogLine;
import org.slipway.model.plan.Plan;
import org.slipway.model.state.Owned;
import org.slipway.model.trace.StepRecord;

/** One thing that happened to a container. */
public sealed interface Event {

    /** Whose it is. */
    Owned name();

    /** About how many bytes it holds in memory: what waits for a slow listener is bounded by it. */
    default long weight() {
        return 512;
    }

    /** A container is there, or changed. */
    record Changed(ContainerView container) implements Event {
        @Override
        public Owned name() {
            return container.name();
        }
    }

    /** A container is gone. */
    record Removed(Owned name) implements Event {}

    /** Something is executed in a container beside its first process, or has ended. */
    record Executed(ExecView exec) implements Event {
        @Override
        public Owned name() {
            return exec.container();
        }
    }

    /** A plan is about to be run. */
    record Planned(Owned name, Plan plan) implements Event {
        @Override
        public long weight() {
            return 512L * (1 + plan.steps().size());
        }
    }

    /** Steps began or ended. */
    record Traced(Owned name, List<StepRecord> records) implements Event {
        @Override
        public long weight() {
            return 128L * (1 + records.size());
        }
    }

    /** A hook wrote something or ended: all of it so far. */
    record HookRan(Owned name, HookRun run) implements Event {
        @Override
        public long weight() {
            return 512L + run.output().size() + run.errors().size();
        }
    }

    /** Output came. */
    record Logged(Owned name, List<LogLine> lines) implements Event {
        @Override
        public long weight() {
            return 512L
                    + lines.stream()
                            .mapToLong(line -> 256L + line.data().size())
                            .sum();
        }
    }

    /** The kernel killed a process of it, or could not give it memory. */
    record OutOfMemory(Owned name) implements Event {}

    /** Something failed, or a warning. */
    record Trouble(Owned name, Failure failure) implements Event {}
}

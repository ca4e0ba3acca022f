package org.slipway.helper.lifecycle;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slipway.helper.log.LogLine;
import org.slipway.helper.log.LogStream;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Owned;

/** Executed processes that exist only in a table, and end when they are told to. */
public final class FakeExecs implements Execs {

    private static final int PID = 4800;

    private final Queue<String> asked;
    private final Map<String, ExecView> table = new ConcurrentSkipListMap<>();

    /** How a process ends at once. */
    public volatile Optional<ExitView> exit = Optional.empty();

    /** Thrown by exec. */
    public volatile Optional<Failure> failure = Optional.empty();

    /** The last one that was asked for. */
    public volatile Execution last;

    FakeExecs(Queue<String> asked) {
        this.asked = asked;
    }

    @Override
    public ExecView exec(Caller caller, Execution execution) throws Failure {
        asked.add("exec " + execution.container());
        last = execution;
        if (failure.isPresent()) {
            throw failure.get();
        }
        ContainerId id = execution.id().orElse(new ContainerId("made-up"));
        ExecView view = new ExecView(execution.container(), id, OptionalInt.of(PID), exit);
        table.put(id.value(), view);
        try {
            execution.born().born(PID);
        } catch (Failure e) {
            table.remove(id.value());
            throw e;
        } catch (IOException e) {
            table.remove(id.value());
            throw Failure.bug("internal-error", Map.of("what", e.toString()), e);
        }
        return view;
    }

    @Override
    public List<ExecView> list(Caller caller, Owned container) {
        return List.copyOf(table.values());
    }

    private ExecView known(ContainerId exec) throws Failure {
        return Optional.ofNullable(table.get(exec.value()))
                .orElseThrow(() -> Failure.state("exec-unknown", Map.of("id", "x", "exec", exec.value())));
    }

    @Override
    public void kill(Caller caller, Owned container, ContainerId exec, int signal) throws Failure {
        asked.add("exec kill " + known(exec).id() + " " + signal);
    }

    @Override
    public ExitView awaitExit(Caller caller, Owned container, ContainerId exec) throws Failure {
        return known(exec).exit().orElse(new ExitView(0, 0, true, true, Optional.of(Instant.EPOCH)));
    }

    @Override
    public ExitView delete(Caller caller, Owned container, ContainerId exec) throws Failure {
        asked.add("exec delete " + known(exec).id());
        ExitView end = awaitExit(caller, container, exec);
        table.remove(exec.value());
        return end;
    }

    @Override
    public TraceView trace(Caller caller, Owned container, ContainerId exec) throws Failure {
        return new TraceView(List.of(), List.of());
    }

    @Override
    public LogStream logs(Caller caller, Owned container, ContainerId exec, boolean follow) throws Failure {
        asked.add("exec logs " + known(exec).id());
        return new LogStream() {
            @Override
            public Optional<LogLine> next() {
                return Optional.empty();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void input(Caller caller, Owned container, ContainerId exec, byte[] data, boolean end) throws Failure {
        asked.add("exec input " + known(exec).id() + " " + data.length + " " + end);
    }

    @Override
    public void resize(Caller caller, Owned container, ContainerId exec, int rows, int columns) throws Failure {
        asked.add("exec resize " + known(exec).id() + " " + rows + "x" + columns);
    }

    @Override
    public String table(Caller caller, Owned container, List<String> options) {
        return "table of " + container + " " + options + "\n";
    }

    @Override
    public List<Integer> pids(Caller caller, Owned container) {
        return List.of(17, 4);
    }
}

package org.slipway.helper.door;

import java.util.List;
import java.util.Map;
import org.slipway.helper.lifecycle.ExecView;
import org.slipway.helper.lifecycle.Execs;
import org.slipway.helper.lifecycle.Execution;
import org.slipway.helper.lifecycle.ExitView;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.lifecycle.TraceView;
import org.slipway.helper.log.LogStream;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Owned;

/** What is executed in containers, as one peer may use it: each question passes the {@link Gate}'s judgement. */
public final class ExecGate {

    private final Gate gate;
    private final Execs execs;

    ExecGate(Gate gate, Execs execs) {
        this.gate = gate;
        this.execs = execs;
    }

    public ExecView exec(Execution execution) throws Failure {
        gate.permit(Ask.EXEC, execution.container());
        if (execution.spawner().isPresent() && !gate.peer().spawns()) {
            throw Failure.caller("spawn-not-yours", Map.of());
        }
        return execs.exec(gate.peer().caller(), execution);
    }

    public List<ExecView> list(Owned container) throws Failure {
        gate.permit(Ask.PROCESSES, container);
        return execs.list(gate.peer().caller(), container);
    }

    public void kill(Owned container, ContainerId exec, int signal) throws Failure {
        gate.permit(Ask.KILL, container);
        execs.kill(gate.peer().caller(), container, exec, signal);
    }

    public ExitView awaitExit(Owned container, ContainerId exec) throws Failure, InterruptedException {
        gate.permit(Ask.WAIT, container);
        return execs.awaitExit(gate.peer().caller(), container, exec);
    }

    public ExitView delete(Owned container, ContainerId exec) throws Failure {
        gate.permit(Ask.EXEC, container);
        return execs.delete(gate.peer().caller(), container, exec);
    }

    public TraceView trace(Owned container, ContainerId exec) throws Failure {
        gate.permit(Ask.TRACE, container);
        return execs.trace(gate.peer().caller(), container, exec);
    }

    public LogStream logs(Owned container, ContainerId exec, boolean follow) throws Failure {
        gate.permit(Ask.LOGS, container);
        return execs.logs(gate.peer().caller(), container, exec, follow);
    }

    public void input(Owned container, ContainerId exec, byte[] data, boolean end) throws Failure {
        gate.permit(Ask.INPUT, container);
        execs.input(gate.peer().caller(), container, exec, data, end);
    }

    public void resize(Owned container, ContainerId exec, int rows, int columns) throws Failure {
        gate.permit(Ask.RESIZE, container);
        execs.resize(gate.peer().caller(), container, exec, rows, columns);
    }

    public String table(Owned container, List<String> options) throws Failure {
        gate.permit(Ask.PIDS, container);
        return execs.table(gate.peer().caller(), container, options);
    }

    public List<Integer> pids(Owned container) throws Failure {
        gate.permit(Ask.PIDS, container);
        return execs.pids(gate.peer().caller(), container);
    }
}

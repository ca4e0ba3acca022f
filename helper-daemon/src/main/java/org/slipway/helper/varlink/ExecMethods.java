package org.slipway.helper.varlink;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slipway.helper.door.Ask;
import org.slipway.helper.door.Gate;
import org.slipway.helper.lifecycle.ExecView;
import org.slipway.helper.lifecycle.Execution;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.varlink.Method.InvalidCall;
import org.slipway.helper.varlink.Method.Result;
import org.slipway.model.plan.ExecProcess;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Owned;
import org.slipway.model.wire.Call;
import org.slipway.model.wire.Reply;

/** The methods about what is executed in containers. */
final class ExecMethods {

    private final Gate gate;

    ExecMethods(Gate gate) {
        this.gate = gate;
    }

    List<Method<?, ?>> rows() {
        return List.of(
                new Method<>(Ask.EXEC, Call.Exec.class, this::exec),
                new Method<>(Ask.PROCESSES, Call.Processes.class, this::processes),
                new Method<>(Ask.WAIT, Call.WaitProcess.class, this::await),
                new Method<>(Ask.EXEC, Call.DeleteProcess.class, this::delete),
                new Method<>(Ask.PIDS, Call.Pids.class, this::pids));
    }

    private Result<Reply.Exec> exec(Call.Exec call, boolean more) throws Failure, InvalidCall {
        Owned name = Methods.resolve(gate, call.name(), "name");
        Optional<ContainerId> id =
                call.id().isPresent() ? Optional.of(id(call.id().get())) : Optional.empty();
        ExecView made = gate.execs()
                .exec(Execution.of(name, id, ExecProcess.of(call.process()), Methods.streams(call.streams())));
        return Result.of(new Reply.Exec(Views.exec(made)));
    }

    private Result<Reply.Processes> processes(Call.Processes call, boolean more) throws Failure, InvalidCall {
        Owned name = Methods.resolve(gate, call.name(), "name");
        return Result.of(new Reply.Processes(
                gate.execs().list(name).stream().map(Views::exec).toList()));
    }

    private Result<Reply.WaitProcess> await(Call.WaitProcess call, boolean more)
            throws Failure, InvalidCall, InterruptedException {
        Owned name = Methods.resolve(gate, call.name(), "name");
        return Result.of(new Reply.WaitProcess(Views.exit(gate.execs().awaitExit(name, id(call.exec())))));
    }

    private Result<Reply.DeleteProcess> delete(Call.DeleteProcess call, boolean more) throws Failure, InvalidCall {
        Owned name = Methods.resolve(gate, call.name(), "name");
        return Result.of(new Reply.DeleteProcess(Views.exit(gate.execs().delete(name, id(call.exec())))));
    }

    private Result<Reply.Pids> pids(Call.Pids call, boolean more) throws Failure, InvalidCall {
        Owned name = Methods.resolve(gate, call.name(), "name");
        return Result.of(new Reply.Pids(
                gate.execs().pids(name).stream().map(Integer::longValue).toList()));
    }

    static ContainerId id(String text) throws Failure {
        return ContainerId.parse(text).orElseThrow(() -> Failure.caller("exec-id-illegal", Map.of("exec", text)));
    }
}

package org.slipway.model.plan;

import static org.slipway.model.plan.Draft.rule;

import java.util.List;
import java.util.Map;
import org.slipway.model.plan.KeeperOp.MakeGate;
import org.slipway.model.plan.KeeperOp.OpenStreams;
import org.slipway.model.plan.KeeperOp.SpawnKeeper;
import org.slipway.model.plan.KeeperOp.SpawnLauncher;
import org.slipway.model.plan.KeeperOp.Streams;
import org.slipway.model.plan.RecordOp.RemoveState;
import org.slipway.model.plan.RecordOp.ReserveState;

/** The record, the keeper and the launcher. */
final class SpawnPass {

    private SpawnPass() {}

    static List<Draft> reserve(Compilation c) {
        String directory = c.request.stateDirectory();
        return List.of(Draft.helper(Phase.RESERVE, rule("required-by-runtime"), new ReserveState(directory))
                .undoneBy(new RemoveState(directory)));
    }

    static List<Draft> spawn(Compilation c) {
        Origin required = rule("required-by-runtime");
        OpenStreams streams = new OpenStreams(streams(c), c.request.preserve());
        return List.of(
                Draft.helper(Phase.SPAWN, required, new SpawnKeeper()),
                Draft.of(Actor.KEEPER, Phase.SPAWN, terminal(c) ? Draft.field("/process/terminal") : required, streams),
                Draft.of(Actor.KEEPER, Phase.SPAWN, required, new MakeGate()),
                Draft.of(Actor.KEEPER, Phase.SPAWN, required, new SpawnLauncher()));
    }

    static boolean terminal(Compilation c) {
        return c.spec.process().map(process -> process.terminal()).orElse(false);
    }

    private static Streams streams(Compilation c) {
        Streams asked = c.request.streams();
        return switch (asked) {
            case NONE, LOG -> terminal(c) ? Streams.TERMINAL : asked;
            case TERMINAL -> terminal(c) ? Streams.TERMINAL : Streams.LOG;
            case INHERIT -> {
                if (terminal(c)) {
                    c.problem("terminal-needs-holder", "/process/terminal");
                }
                yield asked;
            }
            case CONSOLE_SOCKET -> {
                if (!terminal(c)) {
                    c.problem("console-socket-needs-terminal", "/process/terminal", Map.of());
                }
                yield asked;
            }
        };
    }
}

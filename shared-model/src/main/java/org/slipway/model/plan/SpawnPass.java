package org.slipway.model.plan;

import static org.slipway.model.plan.Draft.rule;

import java.util.List;
import java.util.Map;
import org.slipway.model.plan.KeeperOp.HandOver;
import org.slipway.model.plan.KeeperOp.MakeFifos;
import org.slipway.model.plan.KeeperOp.MakeGate;
import org.slipway.model.plan.KeeperOp.OpenStreams;
import org.slipway.model.plan.KeeperOp.SpawnByCaller;
import org.slipway.model.plan.KeeperOp.SpawnKeeper;
import org.slipway.model.plan.KeeperOp.SpawnLauncher;
import org.slipway.model.plan.KeeperOp.Streams;
import org.slipway.model.plan.RecordOp.RemoveState;
import org.slipway.model.plan.RecordOp.ReserveState;

/** The record, and what init comes from: keeper and launcher, or the launcher alone. */
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
        Origin asked = terminal(c) ? Draft.field("/process/terminal") : required;
        if (c.request.spawner() == Spawner.CALLER) {
            return List.of(
                    Draft.helper(Phase.SPAWN, required, new HandOver()),
                    Draft.of(Actor.CALLER, Phase.SPAWN, rule("engine-waits"), new SpawnByCaller()),
                    Draft.launcher(Phase.SPAWN, asked, streams),
                    Draft.launcher(Phase.SPAWN, required, new MakeFifos()));
        }
        return List.of(
                Draft.helper(Phase.SPAWN, required, new SpawnKeeper()),
                Draft.of(Actor.KEEPER, Phase.SPAWN, asked, streams),
                Draft.of(Actor.KEEPER, Phase.SPAWN, required, new MakeGate()),
                Draft.of(Actor.KEEPER, Phase.SPAWN, required, new SpawnLauncher()));
    }

    static boolean terminal(Compilation c) {
        return c.spec.process().map(process -> process.terminal()).orElse(false);
    }

    private static Streams streams(Compilation c) {
        Streams asked = c.request.streams();
        if (c.request.spawner() == Spawner.CALLER && asked != Streams.INHERIT && asked != Streams.CONSOLE_SOCKET) {
            c.problem("streams-need-keeper", "/process"); // nobody would hold their other ends
        }
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

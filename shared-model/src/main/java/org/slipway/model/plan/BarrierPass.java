package org.slipway.model.plan;

import java.util.ArrayList;
import java.util.List;
import org.slipway.model.plan.BarrierOp.Await;
import org.slipway.model.plan.BarrierOp.Party;
import org.slipway.model.plan.BarrierOp.Signal;
import org.slipway.model.plan.KeeperOp.HandOver;
import org.slipway.model.plan.KeeperOp.OpenGate;
import org.slipway.model.plan.KeeperOp.SpawnByCaller;
import org.slipway.model.plan.KeeperOp.SpawnKeeper;
import org.slipway.model.plan.KeeperOp.SpawnLauncher;
import org.slipway.model.plan.KeeperOp.WaitGate;
import org.slipway.model.plan.NamespaceOp.CloneInit;
import org.slipway.model.plan.ProcessOp.LoadSeccompAndExec;
import org.slipway.model.plan.VisitOp.SpawnVisitor;

/**
 * Makes a plan of a list of drafts: a barrier wherever the next step has another actor, except where the step itself hands over
 * (the next actor begins to exist by it, or by the gate, or learns of its end by the close-on-exec pipe).
 */
final class BarrierPass {

    private BarrierPass() {}

    static Plan plan(PlanKind kind, String profile, List<Draft> drafts) {
        List<Draft> all = new ArrayList<>();
        int barrier = 1;
        for (int i = 0; i < drafts.size(); i++) {
            Draft draft = drafts.get(i);
            all.add(draft);
            if (i + 1 == drafts.size()) {
                break;
            }
            Draft next = drafts.get(i + 1);
            if (next.actor() == draft.actor() || handsOver(draft.op(), next.actor())) {
                continue;
            }
            Draft signal = barrier(draft, new Signal(party(next.actor()), barrier));
            // init signals before it waits at the gate: afterwards only the gate wakes it
            all.add(draft.op() instanceof WaitGate ? all.size() - 1 : all.size(), signal);
            all.add(barrier(next, new Await(party(draft.actor()), barrier)));
            barrier++;
        }
        return number(kind, profile, all);
    }

    private static boolean handsOver(Op op, Actor next) {
        return switch (op) {
            case SpawnKeeper _ -> next == Actor.KEEPER;
            case SpawnLauncher _, SpawnByCaller _, SpawnVisitor _ -> next == Actor.LAUNCHER;
            case HandOver _ -> next == Actor.CALLER;
            case CloneInit _ -> next == Actor.INIT;
            case OpenGate _ -> next == Actor.INIT;
            case LoadSeccompAndExec _ -> next == Actor.HELPER;
            default -> false;
        };
    }

    private static Draft barrier(Draft beside, Op op) {
        return Draft.of(beside.actor(), beside.phase(), Draft.rule("order"), op);
    }

    private static Party party(Actor actor) {
        return Party.values()[actor.number()];
    }

    private static Plan number(PlanKind kind, String profile, List<Draft> drafts) {
        List<Step> steps = new ArrayList<>();
        for (Draft draft : drafts) {
            steps.add(new Step(steps.size(), draft.actor(), draft.phase(), draft.origin(), draft.op(), draft.undo()));
        }
        return new Plan(kind, profile, steps);
    }
}

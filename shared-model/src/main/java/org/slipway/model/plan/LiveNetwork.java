package org.slipway.model.plan;

import static org.slipway.model.plan.Draft.field;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slipway.model.plan.NetworkOp.PinNetwork;
import org.slipway.model.plan.NetworkOp.UnpinNetwork;
import org.slipway.model.spec.Spec;

/** Further network interfaces for a container that lives: the steps of create, with the namespace held for as long as they take. */
final class LiveNetwork {

    private static final String POINTER = "/linux/netDevices";

    private LiveNetwork() {}

    /** The steps; an interface that is there already keeps its name, or it is a problem. */
    static List<Draft> of(Spec before, Compilation c, Set<String> members, List<PlanProblem> problems) {
        if (!members.contains(POINTER)) {
            return List.of();
        }
        Map<String, Optional<String>> further = new LinkedHashMap<>(c.linux.netDevices());
        before.linux().netDevices().forEach((name, renamed) -> {
            if (!renamed.equals(further.remove(name))) {
                String pointer = NetworkPass.pointer(name);
                problems.add(new PlanProblem("live-device-moved", pointer, Map.of("member", pointer)));
            }
        });
        List<Draft> steps = new ArrayList<>();
        NetworkPass.probe(c).stream().filter(step -> concerns(step, further)).forEach(steps::add);
        for (Draft step : NetworkPass.move(c)) {
            if (!further.isEmpty() && (step.op() instanceof PinNetwork || concerns(step, further))) {
                steps.add(step);
            }
        }
        if (!further.isEmpty()) {
            String file = NetworkPass.file(c);
            steps.add(Draft.helper(Phase.LIVE, field(POINTER), new UnpinNetwork(file))
                    .undoneBy(new PinNetwork(file)));
        }
        return steps.stream()
                .map(step -> new Draft(Actor.HELPER, Phase.LIVE, step.origin(), step.op(), step.undo()))
                .toList();
    }

    private static boolean concerns(Draft step, Map<String, Optional<String>> further) {
        return switch (step.op()) {
            case NetworkOp.ProbeNetDevice op -> further.containsKey(op.name());
            case NetworkOp.MoveNetDevice op -> further.containsKey(op.name());
            case NetworkOp.AddAddresses op -> further.containsKey(op.name());
            case NetworkOp.BringUpNetDevice op -> further.containsKey(op.name());
            default -> false;
        };
    }
}

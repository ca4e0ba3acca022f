package org.slipway.model.plan;

import static org.slipway.model.plan.Draft.field;

import java.util.ArrayList;
import java.util.List;
import org.slipway.model.plan.NetworkOp.AddAddresses;
import org.slipway.model.plan.NetworkOp.BringUpNetDevice;
import org.slipway.model.plan.NetworkOp.MoveNetDevice;
import org.slipway.model.plan.NetworkOp.PinNetwork;
import org.slipway.model.plan.NetworkOp.ProbeNetDevice;
import org.slipway.model.plan.NetworkOp.ReturnNetDevice;
import org.slipway.model.plan.NetworkOp.UnpinNetwork;

/** Network interfaces that go into the container (NETDEV). All of it is done before the first hook, and none after create. */
final class NetworkPass {

    private static final String POINTER = "/linux/netDevices";

    private NetworkPass() {}

    /** Before anything is made. */
    static List<Draft> probe(Compilation c) {
        if (!c.linux.netDevices().isEmpty() && c.facts.rootless()) {
            c.problem("net-devices-rootless", POINTER);
        }
        return c.linux.netDevices().keySet().stream()
                .map(name -> Draft.helper(Phase.RESERVE, field(pointer(name)), new ProbeNetDevice(name)))
                .toList();
    }

    /** Once init lives in its namespaces. */
    static List<Draft> move(Compilation c) {
        if (c.linux.netDevices().isEmpty()) {
            return List.of();
        }
        List<Draft> steps = new ArrayList<>();
        steps.add(Draft.helper(Phase.IDENTITY, field(POINTER), new PinNetwork(file(c)))
                .undoneBy(new UnpinNetwork(file(c))));
        c.linux.netDevices().forEach((name, renamed) -> {
            String target = renamed.filter(text -> !text.isEmpty()).orElse(name);
            String pointer = pointer(name);
            steps.add(Draft.helper(
                            Phase.IDENTITY,
                            field(target.equals(name) ? pointer : pointer + "/name"),
                            new MoveNetDevice(name, target))
                    .undoneBy(new ReturnNetDevice(name)));
            steps.add(Draft.helper(Phase.IDENTITY, field(pointer), new AddAddresses(name)));
            steps.add(Draft.helper(Phase.IDENTITY, field(pointer), new BringUpNetDevice(name)));
        });
        return steps;
    }

    /** When create has succeeded. */
    static List<Draft> letGo(Compilation c) {
        return c.linux.netDevices().isEmpty()
                ? List.of()
                : List.of(Draft.helper(Phase.GATE, field(POINTER), new UnpinNetwork(file(c))));
    }

    static String file(Compilation c) {
        return c.request.stateDirectory() + "/network";
    }

    static String pointer(String name) {
        return POINTER + "/" + name.replace("~", "~0").replace("/", "~1");
    }
}

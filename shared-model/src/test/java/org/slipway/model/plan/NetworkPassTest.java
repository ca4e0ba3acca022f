package org.slipway.model.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.slipway.model.plan.NetworkOp.AddAddresses;
import org.slipway.model.plan.NetworkOp.BringUpNetDevice;
import org.slipway.model.plan.NetworkOp.MoveNetDevice;
import org.slipway.model.plan.NetworkOp.PinNetwork;
import org.slipway.model.plan.NetworkOp.ProbeNetDevice;
import org.slipway.model.plan.NetworkOp.ReturnNetDevice;
import org.slipway.model.plan.NetworkOp.UnpinNetwork;
import org.slipway.model.test.Requirement;

class NetworkPassTest {

    private static String config(String devices) {
        return Specs.minimal("{'linux':{'namespaces':[{'type':'mount'},{'type':'network'}],'netDevices':" + devices
                + "},'hooks':{'createRuntime':[{'path':'/bin/true'}]}}");
    }

    @Test
    @Requirement({"NETDEV-01", "NETDEV-02", "NETDEV-07"})
    void interfacesAreMovedBeforeTheFirstHookAndUndoneInReverse() {
        Plan create = Plans.create(config("{'eth0':{},'eth1':{'name':'net%d'}}"));
        String pin = Plans.ops(create, PinNetwork.class).getFirst().file();
        assertEquals(
                List.of(
                        new ProbeNetDevice("eth0"),
                        new ProbeNetDevice("eth1"),
                        new PinNetwork(pin),
                        new MoveNetDevice("eth0", "eth0"),
                        new AddAddresses("eth0"),
                        new BringUpNetDevice("eth0"),
                        new MoveNetDevice("eth1", "net%d"),
                        new AddAddresses("eth1"),
                        new BringUpNetDevice("eth1"),
                        new UnpinNetwork(pin)),
                Plans.ops(create, NetworkOp.class));
        assertEquals(
                List.of(new ReturnNetDevice("eth1"), new ReturnNetDevice("eth0"), new UnpinNetwork(pin)),
                create.undo().stream().filter(NetworkOp.class::isInstance).toList());
        List<Op> ops = Plans.all(create).toList();
        assertTrue(ops.indexOf(new BringUpNetDevice("eth1"))
                < ops.indexOf(Plans.ops(create, HookOp.RunHook.class).getFirst()));
        assertTrue(ops.indexOf(new ProbeNetDevice("eth1"))
                < ops.indexOf(Plans.ops(create, KeeperOp.SpawnKeeper.class).getFirst()));
        assertTrue(ops.indexOf(new UnpinNetwork(pin)) > ops.indexOf(new RecordOp.RecordStatus("created")));
        assertEquals(List.of(new MoveNetDevice("eth1", "net%d")), Plans.ops(create, "/linux/netDevices/eth1/name"));
    }

    @Test
    @Requirement({"NETDEV-08", "NETDEV-09"})
    void nothingIsDoneToThemAfterCreate() {
        assertEquals(List.of(), Plans.ops(Plans.start(config("{'eth0':{}}")), NetworkOp.class));
    }

    @Test
    @Requirement("NETDEV-03")
    void whoIsNotRootMovesNone() {
        HostFacts v2 = HostFacts.v2();
        HostFacts rootless = new HostFacts(v2.cgroups(), v2.kernel(), v2.arch(), v2.lastCapability(), true, true);
        assertTrue(Plans.problems(config("{'eth0':{}}"), rootless).stream()
                .anyMatch(problem -> problem.code().equals("net-devices-rootless")));
    }
}

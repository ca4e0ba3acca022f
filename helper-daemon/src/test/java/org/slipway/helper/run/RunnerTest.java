package org.slipway.helper.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.helper.libc.Errno;
import org.slipway.model.plan.NetworkOp;
import org.slipway.model.plan.Op;
import org.slipway.model.plan.PlanKind;
import org.slipway.model.test.Requirement;

class RunnerTest {

    /** A further try would fail in the same way for ever, and the container could not be deleted. */
    @ParameterizedTest
    @CsvSource({
        "DELETE, true, ESTALE, true",
        "DELETE, true, ENODEV, true",
        "DELETE, true, EPERM, false",
        "DELETE, false, ENODEV, false",
        "CREATE, true, ENODEV, false"
    })
    @Requirement("NETDEV-10")
    void anInterfaceThatCannotComeBackDoesNotKeepADelete(PlanKind plan, boolean back, String errno, boolean lost) {
        Op op = back ? new NetworkOp.ReturnNetDevice("eth7") : new NetworkOp.UnpinNetwork("/run/slipway/0/x/network");
        Errno error = switch (errno) {
            case "ESTALE" -> Errno.ESTALE;
            case "ENODEV" -> Errno.ENODEV;
            default -> Errno.EPERM;
        };
        assertEquals(lost, Runner.lost(plan, op, Optional.of(error)));
    }
}

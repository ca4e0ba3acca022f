package org.slipway.model.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slipway.model.spec.Process.Capabilities;

/** Which capabilities a container can be given on this host, and which of those asked for it can not (CAP-03, CAP-04). */
final class GrantableCapabilities {

    private GrantableCapabilities() {}

    /** Those that this kernel has and that the helper may pass on; in a user namespace the kernel gives all (user_namespaces(7)). */
    static long mask(Compilation c) {
        long known = c.facts.lastCapability() >= 63 ? -1L : (1L << (c.facts.lastCapability() + 1)) - 1;
        return c.userNamespace() || c.facts.rootless()
                ? known
                : known & c.facts.security().grantable();
    }

    /** The names that the kernel headers know and this host can't grant, each where it stands. Unknown names are findings of the text. */
    static List<PlanProblem> doubts(Compilation c) {
        List<PlanProblem> doubts = new ArrayList<>();
        c.spec.process().flatMap(process -> process.capabilities()).ifPresent(sets -> doubts(c, sets, doubts));
        return doubts;
    }

    private static void doubts(Compilation c, Capabilities sets, List<PlanProblem> doubts) {
        doubts(c, "bounding", sets.bounding(), doubts);
        doubts(c, "effective", sets.effective(), doubts);
        doubts(c, "inheritable", sets.inheritable(), doubts);
        doubts(c, "permitted", sets.permitted(), doubts);
        doubts(c, "ambient", sets.ambient(), doubts);
    }

    private static void doubts(Compilation c, String set, List<String> names, List<PlanProblem> doubts) {
        long mask = mask(c);
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (Capability.bit(name).filter(bit -> (bit & mask) == 0).isPresent()) {
                doubts.add(new PlanProblem(
                        "capability-not-grantable",
                        "/process/capabilities/" + set + "/" + i,
                        Map.of("capability", name)));
            }
        }
    }
}

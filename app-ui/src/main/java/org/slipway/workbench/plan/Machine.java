package org.slipway.workbench.plan;

import java.util.List;
import java.util.Locale;
import org.slipway.model.plan.HostFacts;
import org.slipway.workbench.text.Texts;

/** The machine, and the person, that a plan is shown for. */
public enum Machine {
    /** The one that the window runs on, with its helper if there is one. */
    THIS,
    /** A usual machine with control groups of version 2. */
    CGROUP_V2,
    /** A usual machine with control groups of version 1 alone. */
    CGROUP_V1,
    /** This machine, for somebody without an administrator: the container becomes its caller. */
    ROOTLESS;

    /** What it is called. */
    String title() {
        return Texts.of("plan.machine." + name().toLowerCase(Locale.ROOT));
    }

    /** The facts of the machine, where {@code own} are those of this one. */
    HostFacts facts(HostFacts own) {
        return switch (this) {
            case THIS, ROOTLESS -> own;
            case CGROUP_V2 -> HostFacts.v2();
            case CGROUP_V1 -> v1();
        };
    }

    private static HostFacts v1() {
        HostFacts both = HostFacts.hybrid();
        List<HostFacts.Hierarchy> hierarchies =
                both.cgroups() instanceof HostFacts.Hybrid hybrid ? hybrid.hierarchies() : List.of();
        return new HostFacts(
                new HostFacts.V1(hierarchies),
                both.kernel(),
                both.arch(),
                both.lastCapability(),
                both.rootless(),
                both.seccomp());
    }
}

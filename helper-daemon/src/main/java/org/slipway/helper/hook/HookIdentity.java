package org.slipway.helper.hook;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slipway.model.plan.Actor;
import org.slipway.model.plan.CallerOp.BecomeCaller;
import org.slipway.model.plan.Confinement;
import org.slipway.model.plan.Plan;
import org.slipway.model.plan.ProcessOp.SetRlimit;

/** Whom a hook of the runtime namespace becomes: the one whom its container's plan became, by the record. */
public final class HookIdentity {

    private HookIdentity() {}

    /** Arguments of the hook role, {@code docs/protocols.md} section 7; none for a container of an administrator. */
    public static List<String> arguments(Plan create) {
        List<String> arguments = new ArrayList<>();
        create.caller().ifPresent(caller -> {
            arguments.addAll(List.of("--as", as(caller)));
            List<String> limits = create.steps().stream()
                    .filter(step -> step.actor() == Actor.LAUNCHER && step.op() instanceof SetRlimit)
                    .map(step -> limit((SetRlimit) step.op()))
                    .toList();
            if (!limits.isEmpty()) {
                arguments.add("--limits");
                arguments.addAll(limits);
            }
        });
        return arguments;
    }

    /** Whom another program becomes that is run for somebody; none for an administrator. */
    public static List<String> arguments(Optional<Confinement> caller) {
        return caller.map(who -> List.of("--as", as(who.uid(), who.gid(), who.nice(), who.groups())))
                .orElse(List.of());
    }

    private static String as(BecomeCaller caller) {
        return as(caller.uid(), caller.gid(), caller.nice(), caller.groups());
    }

    private static String as(int uid, int gid, int nice, List<Integer> groups) {
        return Integer.toUnsignedString(uid) + ":" + Integer.toUnsignedString(gid) + ":" + nice + ":"
                + groups.stream().map(Integer::toUnsignedString).collect(Collectors.joining(","));
    }

    private static String limit(SetRlimit limit) {
        return limit.resource() + ":" + Long.toUnsignedString(limit.soft()) + ":" + Long.toUnsignedString(limit.hard());
    }
}

package org.slipway.helper.hook;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.slipway.model.plan.Actor;
import org.slipway.model.plan.CallerOp.BecomeCaller;
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

    private static String as(BecomeCaller caller) {
        return Integer.toUnsignedString(caller.uid()) + ":" + Integer.toUnsignedString(caller.gid()) + ":"
                + caller.nice() + ":"
                + caller.groups().stream().map(Integer::toUnsignedString).collect(Collectors.joining(","));
    }

    private static String limit(SetRlimit limit) {
        return limit.resource() + ":" + Long.toUnsignedString(limit.soft()) + ":" + Long.toUnsignedString(limit.hard());
    }
}

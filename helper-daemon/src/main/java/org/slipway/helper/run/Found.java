package org.slipway.helper.run;

import java.util.ArrayList;
import java.util.List;
import org.slipway.helper.cgroup.Cgroups;
import org.slipway.helper.libc.ErrnoException;
import org.slipway.model.plan.CgroupOp.MakeCgroup;
import org.slipway.model.plan.CgroupOp.MakeCgroupParent;
import org.slipway.model.plan.CgroupOp.StartScope;
import org.slipway.model.plan.Op;
import org.slipway.model.plan.Plan;
import org.slipway.model.plan.ResctrlOp.Group;
import org.slipway.model.plan.ResctrlOp.MakeResctrlGroup;
import org.slipway.model.plan.Step;

/**
 * What a create finds where its own groups and their parents are to be: its undo must not touch it.
 *
 * @param present those that are there, and stay; parents that were made for containers go with the last of them
 * @param taken those of them that somebody else lives in
 */
public record Found(List<String> present, List<String> taken) {

    public Found {
        present = List.copyOf(present);
        taken = List.copyOf(taken);
    }

    /** Looks, before the first deed. */
    public static Found before(Plan create) {
        List<String> present = new ArrayList<>();
        List<String> taken = new ArrayList<>();
        for (Step step : create.steps()) {
            if (step.op() instanceof MakeCgroupParent parent && Cgroups.exists(parent.path())) {
                present.add(parent.path());
            }
            String path = own(step.op());
            if (!path.isEmpty() && Cgroups.exists(path)) {
                present.add(path);
                if (taken(path)) {
                    taken.add(path);
                }
            }
        }
        return new Found(present, taken);
    }

    /** The groups that a create makes as the container's own, without their parents. */
    public static List<String> own(Plan create) {
        return create.steps().stream()
                .map(step -> own(step.op()))
                .filter(path -> !path.isEmpty())
                .toList();
    }

    private static String own(Op op) {
        return switch (op) {
            case MakeCgroup make -> make.path();
            case StartScope scope -> scope.cgroup();
            case MakeResctrlGroup make -> make.kind() == Group.OWN ? make.path() : "";
            default -> "";
        };
    }

    private static boolean taken(String path) {
        try {
            return Cgroups.taken(path);
        } catch (ErrnoException e) {
            return true; // what cannot be looked at is not ours
        }
    }
}

package org.slipway.helper.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slipway.helper.cgroup.Cgroups;
import org.slipway.model.plan.CgroupOp.MakeCgroup;
import org.slipway.model.plan.CgroupOp.MakeCgroupParent;
import org.slipway.model.plan.Plan;

/**
 * Whose the parents of cgroups are. Several containers may share one that the first of them made: it goes with the last. One that
 * was there before any of them is nobody's to remove.
 */
public final class Parents {

    /** Guarded by this. */
    private final Map<String, Integer> users = new HashMap<>();

    /** Before the first deed of a create: the parents that its delete shall remove, which are now in use by it. */
    public List<String> claim(Plan create) {
        List<String> claimed = new ArrayList<>();
        for (var step : create.steps()) {
            if (step.op() instanceof MakeCgroupParent parent
                    && (mine(parent.path()) || !Cgroups.exists(parent.path()))) {
                claimed.add(parent.path());
            }
        }
        adopt(claimed);
        return claimed;
    }

    /** Which of the container's own cgroups are there before its create. */
    public static List<String> present(Plan create) {
        return create.steps().stream()
                .map(step -> step.op())
                .filter(MakeCgroup.class::isInstance)
                .map(op -> ((MakeCgroup) op).path())
                .filter(Cgroups::exists)
                .toList();
    }

    /** Those that a record on disk claims. */
    public synchronized void adopt(List<String> paths) {
        paths.forEach(path -> users.merge(path, 1, Integer::sum));
    }

    /** A container that claimed them is gone. */
    public synchronized void leave(List<String> paths) {
        paths.forEach(path -> users.computeIfPresent(path, (_, count) -> count > 1 ? count - 1 : null));
    }

    private synchronized boolean mine(String path) {
        return users.containsKey(path);
    }
}

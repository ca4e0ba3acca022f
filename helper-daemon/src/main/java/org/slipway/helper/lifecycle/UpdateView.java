package org.slipway.helper.lifecycle;

import java.util.List;
import org.slipway.model.finding.Finding;
import org.slipway.model.plan.Plan;

/**
 * What became of an update.
 *
 * @param notices where the kernel made something else of a value than was asked for (LIVE-R-04)
 * @param plan what was done, or would be
 */
public record UpdateView(ContainerView container, List<Finding> notices, Plan plan) {

    public UpdateView {
        notices = List.copyOf(notices);
    }
}

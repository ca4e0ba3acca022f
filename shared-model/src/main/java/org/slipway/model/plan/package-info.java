/**
 * The plan: what will be done to the kernel, as data, and the record of having done it.
 *
 * <p>{@code config.json} is compiled into a {@link org.slipway.model.plan.Plan}, a totally ordered list of
 * {@link org.slipway.model.plan.Step}s. Each step says who does it ({@link org.slipway.model.plan.Actor}), when
 * ({@link org.slipway.model.plan.Phase}), which member of the configuration asked for it
 * ({@link org.slipway.model.plan.Origin}), what is done ({@link org.slipway.model.plan.Op}) and how it is undone. The
 * same list is explained, stepped, run, traced and tested. Nothing here touches the kernel.
 */
@NullMarked
package org.slipway.model.plan;

import org.jspecify.annotations.NullMarked;

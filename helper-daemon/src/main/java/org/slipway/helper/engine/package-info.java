/**
 * How the lifecycle is done: requests become plans, plans are run, and what came of them is told.
 *
 * <p>An {@link org.slipway.helper.engine.Engine} owns all {@link org.slipway.helper.engine.Container}s. An operation that changes
 * a container takes it by a flag and gives it back; a second one is refused meanwhile. Queries and signals take nothing: they read
 * values that are written whole.
 */
@NullMarked
package org.slipway.helper.engine;

import org.jspecify.annotations.NullMarked;

/** The record of a plan that was run: one entry a step, with result and time. */
@NullMarked
package org.slipway.model.trace;

import org.jspecify.annotations.NullMarked;

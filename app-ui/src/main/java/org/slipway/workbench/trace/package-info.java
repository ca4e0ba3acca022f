/** What became of each step. */
@NullMarked
package org.slipway.workbench.trace;

import org.jspecify.annotations.NullMarked;

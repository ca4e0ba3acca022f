/** Everything that can be done or edited, found by a few letters. */
@NullMarked
package org.slipway.workbench.palette;

import org.jspecify.annotations.NullMarked;

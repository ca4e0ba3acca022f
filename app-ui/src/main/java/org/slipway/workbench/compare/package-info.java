/** Two configurations side by side, field by field. */
@NullMarked
package org.slipway.workbench.compare;

import org.jspecify.annotations.NullMarked;

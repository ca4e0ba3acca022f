/** The containers that the helper pushes. */
@NullMarked
package org.slipway.workbench.containers;

import org.jspecify.annotations.NullMarked;

/** Where the container is in its life, and what may be done now. */
@NullMarked
package org.slipway.workbench.lifecycle;

import org.jspecify.annotations.NullMarked;

/** The helper as the window sees it: a connection that comes back by itself, and what it pushes. */
@NullMarked
package org.slipway.workbench.helper;

import org.jspecify.annotations.NullMarked;

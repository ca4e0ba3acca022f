/** What the hooks ran and printed. */
@NullMarked
package org.slipway.workbench.hooks;

import org.jspecify.annotations.NullMarked;

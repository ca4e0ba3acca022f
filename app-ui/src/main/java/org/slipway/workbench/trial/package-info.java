/** Trying one hook as the person at the window, with a state that a container might have; no helper, no privilege. */
@NullMarked
package org.slipway.workbench.trial;

import org.jspecify.annotations.NullMarked;

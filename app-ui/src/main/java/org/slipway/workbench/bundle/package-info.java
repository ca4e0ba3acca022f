/** The bundle that is open: its folder, its document, what was edited, undone and saved, and what is selected in it. */
@NullMarked
package org.slipway.workbench.bundle;

import org.jspecify.annotations.NullMarked;

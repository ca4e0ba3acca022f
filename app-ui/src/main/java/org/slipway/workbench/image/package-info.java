/** Images and root filesystems from elsewhere become bundles; nothing here knows a control, and the command line uses it too. */
@NullMarked
package org.slipway.workbench.image;

import org.jspecify.annotations.NullMarked;

/** Work off the window's thread, and its results back on it. */
@NullMarked
package org.slipway.workbench.task;

import org.jspecify.annotations.NullMarked;

/** The output of the container, and a line for its input. */
@NullMarked
package org.slipway.workbench.console;

import org.jspecify.annotations.NullMarked;

/** Hooks: those of the runtime namespace are run here, the output of all is collected here. */
@NullMarked
package org.slipway.helper.hook;

import org.jspecify.annotations.NullMarked;

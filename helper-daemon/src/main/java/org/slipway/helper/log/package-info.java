/** The output of containers, as their keepers write it to the log. */
@NullMarked
package org.slipway.helper.log;

import org.jspecify.annotations.NullMarked;

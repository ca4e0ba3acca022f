/** A configuration judged as a whole: by its text, and by what the machine can do. */
@NullMarked
package org.slipway.model.check;

import org.jspecify.annotations.NullMarked;

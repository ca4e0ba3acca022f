/** What the window remembers between one start and the next, in the person's state folder. */
@NullMarked
package org.slipway.workbench.memory;

import org.jspecify.annotations.NullMarked;

/** What the disk says to a configuration: looked at as the person, in the background, never as root. */
@NullMarked
package org.slipway.workbench.disk;

import org.jspecify.annotations.NullMarked;

/** What a container is at a moment: its id, its status, and the state object of the specification. */
@NullMarked
package org.slipway.model.state;

import org.jspecify.annotations.NullMarked;

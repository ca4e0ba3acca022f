/** What happens to containers, told to everyone who listens. */
@NullMarked
package org.slipway.helper.event;

import org.jspecify.annotations.NullMarked;

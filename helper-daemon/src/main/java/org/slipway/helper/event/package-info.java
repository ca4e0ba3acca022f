/** Telling everybody who listens what happens to containers. */
@NullMarked
package org.slipway.helper.event;

import org.jspecify.annotations.NullMarked;

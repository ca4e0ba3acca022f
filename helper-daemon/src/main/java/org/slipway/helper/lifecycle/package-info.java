/**
 * A container's life as it is offered: create, start, kill, delete and what is told about it, in values. How it is done stands in
 * {@code org.slipway.helper.engine}.
 *
 * <p>Each container is worked on by one operation at a time; a second one is refused, not queued. No lock is held across I/O: an
 * operation owns its container by a flag that is taken and given back.
 */
@NullMarked
package org.slipway.helper.lifecycle;

import org.jspecify.annotations.NullMarked;

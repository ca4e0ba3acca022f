/**
 * Waiting without a thread for each wait: one platform thread sits in epoll, virtual threads park until their descriptor is ready.
 *
 * <p>A native call that blocks pins its carrier thread, and as many of them as there are cores stop everything; so nothing but
 * {@link org.slipway.helper.reactor.Reactor}'s own thread ever blocks in one.
 */
@NullMarked
package org.slipway.helper.reactor;

import org.jspecify.annotations.NullMarked;

/**
 * The client library: asks the helper over its socket.
 *
 * <p>Plain blocking calls, safe from any thread; a call never runs on a thread of this package. Each subscription owns a
 * connection and a virtual thread of its own, which carries the name of what it waits for and calls the consumer. Nothing
 * reconnects by itself: when the helper is gone, calls throw {@link org.slipway.model.client.HelperGone} and
 * subscriptions end with it.
 */
@NullMarked
package org.slipway.model.client;

import org.jspecify.annotations.NullMarked;

/**
 * The two doors: sockets, who comes in, and what each may ask.
 *
 * <p>A tier is decided once, when the connection is accepted, from what the kernel says about the peer; nothing a message
 * says changes it. {@link org.slipway.helper.door.Gate} is the only way from a connection to the containers.
 */
@NullMarked
package org.slipway.helper.door;

import org.jspecify.annotations.NullMarked;

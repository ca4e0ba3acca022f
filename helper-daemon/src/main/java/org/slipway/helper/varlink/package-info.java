/**
 * The server: NUL-ended JSON messages on the two sockets.
 *
 * <p>One virtual thread a connection reads, judges and answers; a stream of events is sent by the thread that brings
 * them while the first one listens for the end. A broken connection never touches another, and no message, however
 * broken, touches the helper.
 */
@NullMarked
package org.slipway.helper.varlink;

import org.jspecify.annotations.NullMarked;

/**
 * The command line, parsed and done here for a caller who sits at the other end of a socket, or in this very process.
 *
 * <p>Whatever of the caller's a command needs (files, streams, a connected socket) is asked of the {@link
 * org.slipway.helper.command.Client}, who has the caller's own rights; what it wants of containers goes through the gate.
 */
@NullMarked
package org.slipway.helper.command;

import org.jspecify.annotations.NullMarked;

/**
 * The messages of {@code org.slipway.Helper.varlink} as values, and the mapper between them and JSON.
 *
 * <p>A test holds these records and the interface file together. Nothing here opens a socket.
 */
@NullMarked
package org.slipway.model.wire;

import org.jspecify.annotations.NullMarked;

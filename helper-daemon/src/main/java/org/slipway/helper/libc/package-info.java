/**
 * The C library, as far as the helper needs it: thin, typed calls that throw {@link org.slipway.helper.libc.ErrnoException}.
 *
 * <p>Everything is direct-mapped by JNA. A native call pins the carrier of a virtual thread, so nothing here may block for
 * long: sockets and pidfds are opened non-blocking and waited for by {@code org.slipway.helper.reactor}. Buffers that the kernel fills
 * are larger than its present structures need.
 */
@NullMarked
package org.slipway.helper.libc;

import org.jspecify.annotations.NullMarked;

/**
 * The configuration of a bundle as values: {@code config.json} of specification 1.x, up to 1.3.
 *
 * <p>Reading assumes that the structural rules found no error; members that nobody knows stay in the document, not here.
 * Absent objects and lists are empty, absent values are {@link java.util.Optional}; {@code null} is absence (CFG-10).
 * Ids and other unsigned 32-bit numbers are {@code long}; unsigned 64-bit numbers are {@code long} with all its bits.
 */
@NullMarked
package org.slipway.model.spec;

import org.jspecify.annotations.NullMarked;

/**
 * Versions of the specification. A profile is data and rules: how its configuration differs from the next version's, where it is
 * stricter, how it writes the state, which operations it has. Nobody outside asks for a version.
 */
@NullMarked
package org.slipway.model.profile;

import org.jspecify.annotations.NullMarked;

/** Sentences for people, out of resource bundles. Everything else carries stable codes and named arguments. */
@NullMarked
package org.slipway.model.text;

import org.jspecify.annotations.NullMarked;

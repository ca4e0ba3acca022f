/**
 * The text of {@code config.json}, kept byte for byte: what it says, where each value stands, and edits that touch
 * nothing else.
 */
@NullMarked
package org.slipway.model.json;

import org.jspecify.annotations.NullMarked;

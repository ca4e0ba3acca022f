package org.slipway.helper.lifecycle;

import org.slipway.model.state.Owned;

/**
 * A container of which there is a record that cannot be used.
 *
 * @param reason what is wrong with it
 */
public record BrokenView(Owned name, String reason) {}

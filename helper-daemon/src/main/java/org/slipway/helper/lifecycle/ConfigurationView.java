package org.slipway.helper.lifecycle;

/**
 * The configuration of a container.
 *
 * @param recorded the text that it was made from
 * @param effective what updates have made of it
 */
public record ConfigurationView(String recorded, String effective) {}

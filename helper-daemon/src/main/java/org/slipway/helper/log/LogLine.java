package org.slipway.helper.log;

import org.slipway.model.plan.Blob;

/**
 * A line of a container's output, or a part of one.
 *
 * @param stream {@code stdout} or {@code stderr}
 * @param at RFC 3339 time with nanoseconds
 * @param partial the line goes on in the next record of its stream
 */
public record LogLine(String stream, String at, boolean partial, Blob data) {}

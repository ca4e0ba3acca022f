package org.slipway.helper.lifecycle;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * How a container is stopped.
 *
 * @param signal instead of the one that its configuration names
 * @param grace how long its program may take before it is killed
 * @param delete whether it is deleted then
 */
public record StopRequest(OptionalInt signal, Duration grace, boolean delete) {}

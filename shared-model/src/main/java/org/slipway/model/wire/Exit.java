package org.slipway.model.wire;

/**
 * How a container's first process ended.
 *
 * @param status exit status, or 128 + signal
 * @param signal the signal that ended it, 0 for none
 * @param executed whether the program itself had been executed
 * @param known false when nobody was there to see the end: the numbers then mean nothing
 * @param at RFC 3339
 */
public record Exit(int status, int signal, boolean executed, boolean known, String at) {}

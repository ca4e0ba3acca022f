package org.slipway.model.spec;

/** By how much a clock is shifted in a new time namespace. */
public record TimeOffset(long secs, long nanosecs) {

    static TimeOffset read(Member offset) {
        return new TimeOffset(
                offset.i64("secs").orElse(0L), offset.u32("nanosecs").orElse(0L));
    }
}

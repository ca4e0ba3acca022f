package org.slipway.helper.lifecycle;

import org.slipway.helper.libc.Fd;

/** Where the standard streams of a container lead. The descriptors stay the caller's, who closes them after create. */
public sealed interface Streams {

    /** All three are {@code /dev/null}. */
    record None() implements Streams {}

    /** The keeper holds pipes and writes the container's log. */
    record Log() implements Streams {}

    /** The keeper holds a pseudoterminal and writes the container's log. */
    record Terminal() implements Streams {}

    /** The caller's own. */
    record Inherit(Fd input, Fd output, Fd error) implements Streams {}

    /** A pseudoterminal whose master goes to a connected stream socket. */
    record ConsoleSocket(Fd socket) implements Streams {}
}

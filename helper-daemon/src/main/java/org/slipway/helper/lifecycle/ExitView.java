package org.slipway.helper.lifecycle;

import java.time.Instant;
import java.util.Optional;

/**
 * How a container's first process ended.
 *
 * @param status exit status, or 128 + signal; 0 when not known
 * @param signal what killed it, or 0
 * @param executed whether the program itself had been executed
 * @param known false when nobody saw the end
 */
public record ExitView(int status, int signal, boolean executed, boolean known, Optional<Instant> at) {

    public static final ExitView UNKNOWN = new ExitView(0, 0, false, false, Optional.empty());
}
